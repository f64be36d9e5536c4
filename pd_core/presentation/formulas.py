"""Text that a spreadsheet would run as a formula."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import polars as pl
import polars.selectors as cs

Table = TypeVar("Table", pl.DataFrame, list[dict[str, Any]])
# Spreadsheets run a CSV cell that starts like this as a formula, full-width characters included.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


def without_formula(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would run it."""
    return re.sub(_FORMULA, r"'\g<0>", text)


def without_formulas(table: Table) -> Table:
    """A table, or its rows, with an apostrophe in front of each text that a spreadsheet would run as a formula.

    For tables that the browser itself may save as CSV, as Streamlit's tables do.
    """
    if isinstance(table, pl.DataFrame):
        texts = cs.string() | cs.categorical() | cs.enum()
        return table.with_columns(texts.cast(pl.String).str.replace(_FORMULA, "'${0}"))
    return [
        {name: without_formula(cell) if isinstance(cell, str) else cell for name, cell in row.items()} for row in table
    ]
