"""How many schools can be decided for, which should get the form again, and which of their roles are behind."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.measures.response_rates import needed_answers
from pd_core.survey.response_by_group import participation
from pd_core.survey.scoped_survey import Survey


def furthest_behind_first(verdicts: pl.DataFrame) -> pl.DataFrame:
    """The rows of `verdicts`, lowest response rate first, those without a rate last."""
    return verdicts.sort("rate", nulls_last=True, maintain_order=True)


def to_resend(verdicts: pl.DataFrame) -> pl.DataFrame:
    """The rows of `verdicts` of schools that should get the form again, those that need most answers first."""
    return verdicts.filter("send_again").sort("needed", descending=True, nulls_last=True, maintain_order=True)


def roles_behind(survey: Survey) -> dict[str, list[tuple[str, float | None]]]:
    """School to its roles that are known to be behind, lowest rate first: name, rate (0-1; null: hidden)."""
    found: dict[str, list[tuple[str, float | None]]] = {}
    rows = participation(survey, "role").filter("is_behind").select("school_id", "group_name", "rate")
    for school_id, name, rate in rows.iter_rows():
        found.setdefault(school_id, []).append((name, rate))
    return found


def missing_to_target(survey: Survey, verdict: Mapping[str, object]) -> int:
    """How many answers a school is missing to the district's target, of its row of `verdicts`; 0 without a headcount.

    `missing` of that row may be more: it counts up to what can be shown, too.
    """
    staff, answered = verdict["headcount"], verdict["respondents"]
    if not (isinstance(staff, int) and isinstance(answered, int)):
        return 0
    return max(0, needed_answers(survey.target_share, staff) - answered)
