"""Text that a spreadsheet would take for a formula."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import polars as pl
import polars.selectors as cs

Table = TypeVar("Table", pl.DataFrame, list[dict[str, Any]])
# Spreadsheets take a cell of a CSV that begins like this for a formula, also in full width.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


def without_formula(text: str) -> str:
    """A text with an apostrophe in front where a spreadsheet would run it."""
    return re.sub(_FORMULA, r"'\g<0>", text)


def without_formulas(table: Table) -> Table:
    """A table, or its rows, in which a text that a spreadsheet would run as a formula has an apostrophe in front.

    For what a browser may save as CSV by itself, as Streamlit's tables let people do.
    """
    if isinstance(table, pl.DataFrame):
        texts = cs.string() | cs.categorical() | cs.enum()
        return table.with_columns(texts.cast(pl.String).str.replace(_FORMULA, "'${0}"))
    return [
        {name: without_formula(cell) if isinstance(cell, str) else cell for name, cell in row.items()} for row in table
    ]
