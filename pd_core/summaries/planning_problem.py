"""What a training plan is made from, of one wave: the suppressed tables and the district's lists, nothing else.

A plan is shown and taken away, so that it may rest only on numbers that could be taken away themselves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.needs import needs
from pd_core.needs.verdicts import verdicts
from pd_core.planning.problem import Problem, Rule
from pd_core.storage import queries
from pd_core.storage.training_lists import training_list
from pd_core.summaries.coverage import to_resend
from pd_core.summaries.planning_held import less_hours_given, less_trained, trained_since
from pd_core.summaries.planning_lists import planning_lists
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.preferences import wishes
from pd_core.survey.scoped_survey import Survey


def planning_problem(
    survey: Survey,
    *,
    now: datetime,
    rules: Sequence[Rule] = (),
    fewest: int = 5,
    budget: float | None = None,
    rate: float = 0.0,
) -> Problem:
    """The problem of a wave at `now` (local time), under `rules`, for sessions of at least `fewest` people.

    Needs are the lower ends of their ranges, rounded down, less the people trained in sessions held since the wave's
    first answer; trainers' hours are those still to give. No session is planned where the form should be sent again,
    the verdict is “too early” and answers are missing. Raises NoPlan where a trainer's home is no school any more.
    """
    store = store_of(survey)
    lists = less_hours_given(store, planning_lists(store, now, survey.schools, needs_homes=True))
    problem = replace(
        lists,
        needs=_needs(survey),
        weights={(school_id, skill_id): weight for school_id, skill_id, weight in training_list(store, "goal").rows()},
        shares={
            (school_id, code): share
            for school_id, code, share in wishes(survey, "times").select("school_id", "code", "share").iter_rows()
            if share is not None and school_id != DISTRICT
        },
        resend=_resend(survey),
        rules=tuple(rules),
        fewest=fewest,
        budget=budget,
        rate=rate,
    )
    began = dict(queries.waves(store).select("wave_id", "first_at").iter_rows()).get(survey.wave_id)
    return problem if began is None else less_trained(problem, trained_since(store, problem, began.date()))


def _needs(survey: Survey) -> dict[tuple[str, str, str], int]:
    found = needs(survey).filter((pl.col("school_id") != DISTRICT) & pl.col("people_low").is_not_null())
    rows = found.select("school_id", "skill_id", "training", "people_low").iter_rows()
    # A whole number may have come out a hair below itself.
    whole = {(school_id, skill_id, kind): math.floor(people + 1e-9) for school_id, skill_id, kind, people in rows}
    return {need: people for need, people in whole.items() if people > 0}


def _resend(survey: Survey) -> dict[str, int | None]:
    found = to_resend(verdicts(survey)).filter((pl.col("verdict") == "too early") & (pl.col("missing") > 0))
    return dict(found.select("school_id", "more_answers").iter_rows())
