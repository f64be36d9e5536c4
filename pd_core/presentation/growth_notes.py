"""What one must know to read the figures of two waves, in sentences."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.presentation.growth_merged import merged_notes
from pd_core.summaries.growth import Growth
from pd_core.survey.wave_pair import wave_pair
from pd_core.wording import listed, plural


def growth_notes(growth: Growth, school_id: str = DISTRICT) -> list[str]:
    """The notes on a school's growth; the district's are all of them."""
    found = _wave_notes(growth, school_id)
    return found + (_school_notes(growth) if school_id == DISTRICT else merged_notes(growth, school_id))


def _wave_notes(growth: Growth, school_id: str) -> list[str]:
    """About both waves as a whole: who can be matched, and questions that were added, dropped or reworded."""
    earlier, later = growth.earlier, growth.later
    pair = wave_pair(earlier, later)
    found = [f"{wave} is anonymous: no one can be matched, so changes are less sure." for wave in pair.anonymous]
    partly = pair.partly.filter((pl.col("school_id") == school_id) & ~pl.col("wave_id").is_in(pair.anonymous))
    found += [
        f"Some or all of these answers in {wave} are anonymous: the people who gave them cannot be matched, and count "
        "as leavers and newcomers."
        for wave in partly["wave_id"]
    ]
    if not pair.anonymous and no_one_twice(growth, school_id):
        found.append(f"{_no_one(growth, school_id)}.")
    labels = {skill_id: skill.name for skill_id, skill in later.codebook.skills.items()}
    reworded = growth.reworded.filter(pl.col("school_id") == school_id)["skill_id"]
    if changed := sorted(labels[skill] for skill in reworded):
        found.append(f"The question was reworded, which may move answers by itself: {listed(changed)}.")
    for wave in (earlier, later):
        if only := growth.only_in(wave):
            found.append(f"Only {wave.wave_id} asks about {listed(sorted(labels[skill] for skill in only))}.")
    return found


def no_one_twice(growth: Growth, school_id: str) -> bool:
    """Whether a school (or each that is seen) has answers in both waves and is shown to have no one in both."""
    is_asked = pl.col("school_id") != DISTRICT if school_id == DISTRICT else pl.col("school_id") == school_id
    has_both = (pl.col("respondents_from") > 0) & (pl.col("respondents_to") > 0)
    rows = growth.changes.filter(is_asked & (pl.col("suppressed") | has_both))
    return bool(rows.height) and bool((rows["matched"].fill_null(1) == 0).all())


def _no_one(growth: Growth, school_id: str) -> str:
    where = "" if school_id != DISTRICT or growth.scope.school_ids is None else " at the schools shown here"
    return (
        f"No one{where} is known to have answered in both waves: all who answered first have left, did not answer "
        "again, or cannot be recognized"
    )


def _school_notes(growth: Growth) -> list[str]:
    """About schools in scope: which have answers in one wave only, which were merged, and, if every school is seen, how
    many people moved or have another role."""
    earlier, later = growth.earlier, growth.later
    pair, rows = wave_pair(earlier, later), growth.changes.filter(pl.col("school_id") != DISTRICT)
    names, found = dict(later.schools.select("school_id", "name").iter_rows()), []
    for wave, column in ((earlier, "respondents_from"), (later, "respondents_to")):
        absent = rows.group_by("school_id", maintain_order=True).agg((pl.col(column) == 0).fill_null(value=False).all())
        if ids := absent.filter(column)["school_id"].to_list():
            missing = listed([names.get(school, school) for school in ids])
            found.append(f"{plural(len(ids), 'school')} without answers in {wave.wave_id}: {missing}.")
    found += merged_notes(growth)
    if later.scope.school_ids is None and pair.moved:
        found.append(
            f"About {pair.moved} people answered in another school than before; they count as leavers of the one and "
            "newcomers of the other."
        )
    if later.scope.school_ids is None and pair.new_role:
        found.append(f"About {pair.new_role} people have another role than before.")
    return found
