"""What people expected of a school before they saw its results, compared with what its staff answered.

A guess is private to the person who made it. All guesses together give the district's calibration figure: how much
people over- or underestimate. Someone could read that figure before and after another person guesses, and find that
guess by subtraction. So guesses count in groups of `GROUP` people, in the order in which they came, and the latest wait
until their group is full. Someone in a group knows one of its guesses, and `FEWEST` others remain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pd_core.disclosure.suppression import FEWEST
from pd_core.storage.guesses import all_guesses
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import whole

OF = 10
"""People guess how many of this many colleagues use a skill."""
GROUP = FEWEST + 1
STEP = 100 // OF
"""Points between two possible guesses: a guess that is closer than that was right."""


@dataclass(frozen=True)
class Calibration:
    """How well `people` guessed, over schools and skills: `difference` in points, each person's mean counted once.

    Above 0, they expected more than was so. How far they were off on either side is not said: with a changed share of
    one school, it would reveal the guesses about it.
    """

    people: int
    difference: int


def skills_to_guess(survey: Survey, school_id: str) -> dict[str, str]:
    """Skill to name, in the codebook's order: the skills of a school that its page will show.

    Empty if no one answered, or if all of it is hidden.
    """
    shown = _shown(survey).filter(pl.col("school_id") == school_id)
    return dict(shown.select("skill_id", "skill_name").iter_rows())


def guess_and_answers(survey: Survey, school_id: str, guesses: Mapping[str, float]) -> pl.DataFrame:
    """Someone's guesses of a school (skill to share, 0-1) with the answers, most overestimated first.

    skill_name, guess_share, share (0-1), difference (whole points, above 0: guessed too high), respondents. Skills that
    are not shown are left out.
    """
    guessed = pl.DataFrame(
        {"skill_id": list(guesses), "guess_share": list(guesses.values())},
        schema={"skill_id": pl.String, "guess_share": pl.Float64},
    )
    rows = _shown(survey).filter(pl.col("school_id") == school_id)
    return (
        rows.join(guessed, on="skill_id", maintain_order="left")
        .with_columns(difference=_points("guess_share") - _points("share"))
        .sort("difference", descending=True, maintain_order=True)
        .select("skill_name", "guess_share", "share", "difference", "respondents")
    )


def calibration(survey: Survey) -> Calibration | None:
    """How well people guessed in this wave, from `GROUP` people on; null for those who do not see the whole district.

    Guesses of what is hidden do not count.
    """
    if survey.scope.school_ids is not None:
        return None
    guesses = all_guesses(store_of(survey), survey.wave_id)
    answers = _shown(survey).select("school_id", "skill_id", "share")
    sheets = _in_groups(guesses.select("person", "school_id").unique(maintain_order=True))
    rows = guesses.join(answers, on=["school_id", "skill_id"], how="left", maintain_order="left").join(
        sheets, on=["person", "school_id"], maintain_order="left"
    )
    # A group counts as a whole or not at all: what a single guess changes would reveal it.
    rows = rows.filter(pl.col("share").is_not_null().all().over("group"))
    if rows.is_empty():
        return None
    off = 100 * (pl.col("guess_share") - pl.col("share"))
    people = rows.group_by("person").agg(difference=off.mean())
    return Calibration(people.height, whole(people.select(pl.col("difference").mean()).item()))


def _shown(survey: Survey) -> pl.DataFrame:
    return survey.skill_summary.filter(pl.col("share").is_not_null())


def _points(column: str) -> pl.Expr:
    """A share in whole percent, halves rounded up, as `percent` and the charts do."""
    return (100 * pl.col(column) + 0.5).floor().cast(pl.Int64)


def _in_groups(sheets: pl.DataFrame) -> pl.DataFrame:
    """Put all guesses (person, school_id, in the order in which they came) in groups of `GROUP` people.

    Adds group. The last group is left out until it is full; who is in a group never changes.
    """
    groups: list[int] = []
    people: set[str] = set()
    for person in sheets["person"]:
        groups.append(groups[-1] + (len(people) == GROUP) if groups else 0)
        if len(people) == GROUP:
            people.clear()
        people.add(person)
    number = pl.Series("group", groups, pl.Int64)
    last = groups[-1] if groups and len(people) < GROUP else None
    return sheets.with_columns(number).filter(pl.col("group").ne_missing(last))
