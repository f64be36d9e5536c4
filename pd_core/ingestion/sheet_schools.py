"""A sheet a building: where no question asks for the school, the names of the sheets may say it."""

from __future__ import annotations

import polars as pl

from pd_core.ingestion.reading import Table
from pd_core.school_names import SchoolNames


def sheet_names(table: Table) -> pl.Series:
    """The sheet on which each row is."""
    names = pl.Series([table.sheet], dtype=pl.String).new_from_index(0, table.cells.height)
    for start, sheet, _ in table.places:
        names = names.set(table.cells["row"] >= start, sheet)
    return names


def named_schools(table: Table, schools: SchoolNames) -> list[str]:
    """The sheets with answers that have a school's name."""
    sheets = dict.fromkeys([table.sheet, *(sheet for _, sheet, _ in table.places)])
    return [sheet for sheet in sheets if schools.is_known(sheet)]
