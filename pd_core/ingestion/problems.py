"""Which rows of a file are set aside, each with the column, the value, the reason and the nearest right answer."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.ingestion.reading import Table
from pd_core.ingestion.suggestions import one_line

PROBLEM_SCHEMA = {
    "row": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "suggestion": pl.String,
}


class Problems:
    """What is wrong in the rows of one table, in the order in which it was found."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._found: list[pl.DataFrame] = []
        # Rows of other people's schools, and rows of headers: nothing more is said about them.
        self.is_told = pl.repeat(False, table.cells.height, eager=True, dtype=pl.Boolean)

    def set_aside(
        self,
        where: pl.Series,
        column: str,
        values: pl.Series | None,
        reason: str | pl.Series,
        suggestions: Mapping[str, str] | None = None,
    ) -> None:
        """Sets the rows aside in which `where` is true; `values` are the column's texts, `suggestions` what is near.

        `reason` is that of all these rows, or a text for each row of the table.
        """
        where = where.fill_null(False) & ~self.is_told
        if not where.any():
            return
        rows = self.table.cells["row"].filter(where).cast(pl.Int64)
        value = (
            values.filter(where)
            if values is not None
            else pl.Series([""], dtype=pl.String).new_from_index(0, len(rows))
        )
        suggestion = value.replace_strict(dict(suggestions or {}), default="", return_dtype=pl.String)
        shown = value.fill_null("").set(value.str.contains("[@＠]").fill_null(False), "(an address)")
        self._found.append(
            pl.DataFrame({"row": rows, "value": shown, "suggestion": suggestion}).select(
                "row",
                pl.lit(one_line(column)).alias("column"),
                "value",
                (pl.lit(reason) if isinstance(reason, str) else reason.filter(where)).alias("reason"),
                "suggestion",
            )
        )

    def tell_once(self, where: pl.Series, column: str, values: pl.Series | None, reason: str) -> None:
        """Sets rows aside of which nothing else is to be said."""
        self.set_aside(where, column, values, reason)
        self.is_told = self.is_told | where.fill_null(False)

    def frame(self) -> pl.DataFrame:
        """Every reason for which a row is set aside, by row: the columns of `PROBLEM_SCHEMA`."""
        if not self._found:
            return pl.DataFrame(schema=PROBLEM_SCHEMA)
        found = pl.concat(self._found).sort("row", maintain_order=True)
        places = {row: self.table.place(row) for row in found["row"].unique()}
        if not any(sheet for sheet, _ in places.values()):
            return found
        texts = {row: f" (sheet {sheet}, row {number})" for row, (sheet, number) in places.items()}
        where = pl.col("row").replace_strict(texts, return_dtype=pl.String)
        return found.with_columns(column=(pl.col("column") + where).str.strip_chars())
