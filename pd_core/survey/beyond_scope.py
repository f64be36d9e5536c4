"""What lies beyond a survey's scope, small groups hidden: for summaries, which say how much of it is shown."""

from __future__ import annotations

from typing import Literal

import polars as pl

from pd_core.storage import Store
from pd_core.survey.scoped_survey import Survey

Table = Literal["schools", "skill_summary", "skill_shares", "samr_levels"]


def unscoped(survey: Survey, table: Table) -> pl.DataFrame:
    """A table of all schools, whatever the scope of `survey`."""
    found: pl.DataFrame = getattr(survey._district, table)
    return found


def store_of(survey: Survey) -> Store:
    """The store that a survey is of."""
    return survey._district.store
