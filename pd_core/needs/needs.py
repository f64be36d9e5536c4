"""What each school needs most, how sure that is, and who would teach it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.estimates import trainings
from pd_core.needs.posterior import posterior
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

_URN = {
    "training": pl.String,
    "skill_id": pl.String,
    **dict.fromkeys(("expected", "likely", "likely_low", "likely_high", "top_two", "certainty"), pl.Float64),
    "decision": pl.String,
}
_ROUNDING = 1e-6
STRESS = 0.15
"""How much less skilled people who did not answer may be, to see how far a need depends on them."""


def needs(survey: Survey, school_ids: Sequence[str] | None = None) -> pl.DataFrame:
    """A row per school, class and skill, greatest need first within a school and class.

    wave_id, school_id, school_name, skill_id, skill_name, training (entry, implementation), trainer (MIE, Facilitator),
    respondents, people, people_low, people_high, top_two, headcount, suppressed, reason, people_stressed, not_used,
    substituted, certainty, decision, staff. Only for `school_ids` (null: all in scope): each school's draws take some
    milliseconds when they are first asked for.

    An entry class is for people below proficient: they say that they need help or do not use it. An implementation
    class could be offered to people with a role that teaches who are proficient and either do not use the skill with
    students (SAMR none; `not_used` of the respondents) or use it for the same task as before (S; `substituted`).
    `respondents` are the people who answered about the skill; for an implementation class, all of the school. People
    who say nothing about students, or do not teach, do not need it.

    `people` is how many of the headcount need the class, with the missing staff drawn from the school's posterior (see
    `measures.polya_posterior`); people_low and people_high are the ends of its 80% range, or of the share's interval if
    all who are drawn agree and that is wider. All are whole people. `people_stressed` is `people` if those who did not
    answer are `STRESS` less skilled.

    `top_two` (0-1) is the probability that the class is among the two of its kind that most people need, or tied with
    them; `certainty` (0-1, the same for all classes of the kind) that no other is needed by more people than the two;
    `decision` is what follows from it: safe, leaning, too early, or unknown. They are null, and the decision unknown,
    if a class of the kind is hidden, for the district, and without a headcount.

    The district's people are its weighted share, with its 80% interval, times the headcount of the schools behind that
    share (null if there are none or it is hidden); `staff` is the number of all staff, as far as it is known. Without a
    headcount `people` counts respondents only, without a range. People are null if no one answered (for an
    implementation class: both questions) or the group is hidden; an implementation class is also hidden if either of
    its questions is.
    """
    places = [*survey.schools["school_id"], DISTRICT]
    wanted = places if school_ids is None else [place for place in places if place in school_ids]
    empty = _of_school(district_of(survey), "")
    return survey.coarse(pl.concat([empty, *(_of_school(district_of(survey), place) for place in wanted)]))


def needed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of `needs` that at least one person has, in whole people."""
    return rows.filter(pl.col("people") >= 0.5)


@kept_by_district
def _of_school(whole: DistrictSurvey, school_id: str) -> pl.DataFrame:
    """As `needs`, of one school or of the district; no rows for an id that is neither."""
    rows = trainings(whole).filter(pl.col("school_id") == school_id)
    rows = rows.join(_drawn(whole, school_id), on=["training", "skill_id"], how="left", maintain_order="left")
    is_drawn = pl.col("people").is_not_null() & pl.col("likely").is_not_null()
    # If all who can be drawn agree, the draws have no range; the share's own interval has.
    has_no_width = (pl.col("likely_low") == pl.col("likely_high")) & (pl.col("respondents") < pl.col("headcount"))
    low, high = pl.min_horizontal("likely_low", "people_low"), pl.max_horizontal("likely_high", "people_high")
    rows = rows.with_columns(
        likely_low=pl.when(has_no_width).then(low.round()).otherwise("likely_low"),
        likely_high=pl.when(has_no_width).then(high.round()).otherwise("likely_high"),
    )
    drawn = {"people": "likely", "people_low": "likely_low", "people_high": "likely_high"}
    rows = rows.with_columns(
        _order=pl.when(is_drawn).then("expected").otherwise("people"),
        top_two=pl.when(is_drawn).then("top_two"),
        decision=pl.col("decision").fill_null("unknown"),
        staff=pl.lit(_staff(whole, school_id), pl.Int64),
        **{name: pl.when(is_drawn).then(likely).otherwise(name) for name, likely in drawn.items()},
    )
    return (
        rows.with_columns(
            people=pl.col("people").round(),
            people_low=(pl.col("people_low") + _ROUNDING).floor(),
            people_high=(pl.col("people_high") - _ROUNDING).ceil(),
        )
        .with_columns(people_stressed=_stressed())
        .sort("training", "_order", descending=[False, True], nulls_last=True, maintain_order=True)
        .select(
            "wave_id", "school_id", "school_name", "skill_id", "skill_name", "training", "trainer", "respondents",
            "people", "people_low", "people_high", "top_two", "headcount", "suppressed", "reason",
            "people_stressed", "not_used", "substituted", "certainty", "decision", "staff",
        )
    )  # fmt: skip


def _stressed() -> pl.Expr:
    """People if those who did not answer are `STRESS` less skilled: at least those seen, at most those possible."""
    unseen = pl.col("headcount") - pl.col("respondents")
    people = pl.col("people") + (STRESS * unseen * pl.col("lean").fill_null(0)).round()
    return (
        pl.when(pl.col("people").is_not_null() & (unseen > 0))
        .then(pl.min_horizontal(pl.max_horizontal(people, "seen"), pl.col("seen") + unseen))
        .when(pl.col("people").is_not_null() & pl.col("headcount").is_not_null())
        .then("people")
        .cast(pl.Float64)
    )


def _staff(whole: DistrictSurvey, school_id: str) -> int | None:
    found = whole.response_rates.filter(pl.col("school_id") == school_id)["headcount"]
    return None if found.is_empty() else found.item()


def _drawn(whole: DistrictSurvey, school_id: str) -> pl.DataFrame:
    found = posterior(whole, school_id) if school_id in whole.school_ids else None
    if found is None:
        return pl.DataFrame(schema=_URN)
    training, skill = zip(*found.columns, strict=True)
    numbers = (found.expected, found.people, found.people_low, found.people_high, found.in_top_two)
    of_kind = [found.certainties.get(kind) for kind in training]
    certainty = [None if kind is None else kind.probability for kind in of_kind]
    decision = [None if kind is None else kind.verdict for kind in of_kind]
    columns = [training, skill, *(np.asarray(one, dtype=np.float64) for one in numbers), certainty, decision]
    return pl.DataFrame(columns, schema=_URN).fill_nan(None)
