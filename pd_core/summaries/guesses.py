"""What people expected of a building before they looked, beside what its staff answered: their own, and everybody's.

A guess is private to whoever made it. Everybody's together are the district's calibration figure: how much people over-
or underestimate. It could be read before and after somebody guessed, and that guess be had by subtraction. Hence it
grows by groups of `GROUP` people: guesses count in the order in which they came, and the latest wait until their group
is full. Whoever guessed too knows one of a group, and `FEWEST` others remain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pd_core.disclosure.suppression import FEWEST
from pd_core.storage.guesses import all_guesses
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, whole

OF = 10
"""People are asked how many of so many colleagues."""
GROUP = FEWEST + 1
STEP = 100 // OF
"""Points between two guesses: whoever is nearer than that was right."""
_MOST = 2


@dataclass(frozen=True)
class Calibration:
    """How well so many `people` guessed, over buildings and skills: `difference` (points, above 0: they expected more
    than was so), each person's mean counted once. Not how far they were off on either side: with a school's share
    changed, that tells its guesses."""

    people: int
    difference: int


def skills_to_guess(survey: Survey, school_id: str) -> dict[str, str]:
    """Skill to name, in the codebook's order: what can be guessed of a school, which is what its page will show.

    Empty where nobody answered, or all is hidden.
    """
    shown = _shown(survey).filter(pl.col("school_id") == school_id)
    return dict(shown.select("skill_id", "skill_name").iter_rows())


def guess_and_answers(survey: Survey, school_id: str, guesses: Mapping[str, float]) -> pl.DataFrame:
    """Somebody's guesses of a school (skill to share, 0-1) beside the answers, what was overestimated most first.

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


def guess_sentence(rows: pl.DataFrame) -> str:
    """Where somebody expected more than is so, where less, and by how much, of `guess_and_answers`; empty without
    any."""
    if rows.is_empty():
        return ""
    high = rows.filter(pl.col("difference") >= STEP)["skill_name"].to_list()
    low = rows.filter(pl.col("difference") <= -STEP)["skill_name"].to_list()[::-1]
    if not high and not low:
        return f"Your guess was close: less than {STEP} points off in every skill"
    points = whole(rows["difference"].to_numpy().mean())
    sides = [("more", high), ("less", low)][:: 1 if points >= 0 else -1]
    expected = ", and ".join(_expected(word, names) for word, names in sides if names)
    average = "" if rows.height == 1 else "on average "
    side = f"{_said(abs(points))} too {'high' if points > 0 else 'low'}" if points else "right"
    return f"You expected {expected}, {average}{side}"


def calibration(survey: Survey) -> Calibration | None:
    """How well people guessed in this wave: for those who see the whole district, from `GROUP` people on; else null.

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
    # A group counts as a whole or not at all: what one guess adds or takes away is somebody's own.
    rows = rows.filter(pl.col("share").is_not_null().all().over("group"))
    if rows.is_empty():
        return None
    off = 100 * (pl.col("guess_share") - pl.col("share"))
    people = rows.group_by("person").agg(difference=off.mean())
    return Calibration(people.height, whole(people.select(pl.col("difference").mean()).item()))


def calibration_sentence(found: Calibration) -> str:
    """The calibration figure as people read it."""
    side = f"{_said(abs(found.difference))} {'more' if found.difference > 0 else 'less'} than was so"
    expected = f"expected {side} on average" if found.difference else "were right on average"
    return f"{found.people:,} people who guessed before they looked {expected}."


def _shown(survey: Survey) -> pl.DataFrame:
    return survey.skill_summary.filter(pl.col("share").is_not_null())


def _points(column: str) -> pl.Expr:
    """A share in whole per cent, halves up, as `percent` and the charts round."""
    return (100 * pl.col(column) + 0.5).floor().cast(pl.Int64)


def _in_groups(sheets: pl.DataFrame) -> pl.DataFrame:
    """Puts everybody's guesses (person, school_id, in the order in which they came) in groups of `GROUP` people.

    Adds group; the last group is left out until it is full. Who is in a group never changes.
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


def _expected(word: str, names: list[str]) -> str:
    most = "most of all " if len(names) > _MOST else ""
    return f"{word} than people said{',' if most else ''} {most}in {listed(names[:_MOST])}"


def _said(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"
