"""Rows of a file that are one answer and say different things: a raw and a cleaned sheet, a row copied and changed."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.ingestion.meaning import Column
from pd_core.ingestion.problems import Problems
from pd_core.ingestion.reading import Table


def contradicting(responses: pl.DataFrame, table: Table, columns: Sequence[Column]) -> pl.DataFrame:
    """A problem for each row that another row of the same key and time contradicts: nothing says which of them holds.

    `responses` are those of `validation.Validated`, with the keys of `known_rows.once_each`. A blank contradicts
    nothing, nor does a comment. Returns the columns of `problems.PROBLEM_SCHEMA`.
    """
    found = Problems(table)
    compared = {
        column.item_id: column
        for column in columns
        if column.item_id in responses.columns and column.item_id not in (None, "comment")
    }
    twice = responses.filter(pl.len().over("row_key") > 1)
    if twice.is_empty() or not compared:
        return found.frame()
    same = ["row_key", "answered_at"]
    others = pl.when(pl.col("row") == pl.first("row").over(same)).then(pl.col("row").last().over(same))
    marked = twice.select(
        "row",
        other=others.otherwise(pl.first("row").over(same)),
        **{item: pl.col(item).drop_nulls().n_unique().over(same) > 1 for item in compared},
    )
    rows = table.cells.select(pl.col("row").cast(pl.Int64)).join(marked, on="row", how="left", maintain_order="left")
    reasons = rows["other"].replace_strict(_reasons(table, marked["other"]), default=None, return_dtype=pl.String)
    is_told = pl.repeat(False, rows.height, eager=True)
    for item, column in compared.items():
        differs = rows[item].fill_null(False) & ~is_told
        found.set_aside(differs, column.header, table.cells[f"c{column.position}"], reasons)
        is_told = is_told | differs
    return found.frame()


def _reasons(table: Table, others: pl.Series) -> dict[int, str]:
    found = {}
    for row in others.unique():
        sheet, number = table.place(row)
        where = f"row {number} of sheet “{sheet}”" if sheet else f"row {number}"
        found[row] = f"{where} is the same answer and says something else; delete the row that does not hold"
    return found
