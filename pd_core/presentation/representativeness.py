"""Whether respondents are like a school's staff, and how far that could move what it needs most."""

from __future__ import annotations

from typing import Any

import polars as pl

from pd_core.needs.representativeness import representation, weighted_needs
from pd_core.presentation.section import Column, Columns, Section, Table, kept_section
from pd_core.survey.response_by_group import BY, By
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent

HEADING = "Are those who answered like the staff?"
GUESS_FIRST = "Make your guess on the overview first to see how far that could move the needs."
MOST_OF_STAFF = 0.5
"""The share of the staff that must be in groups that are shown before it can be said that the answers are like it."""
_SHARES: Columns = {
    "group_name": Column("Group"),
    "headcount": Column("Staff", "count"),
    "staff_share": Column("Share of staff", "share"),
    "respondents": Column("Answered", "count"),
    "answer_share": Column("Share of answers", "share"),
}
_WEIGHTED: Columns = {
    "skill_name": Column("Skill"),
    "people": Column("People, as answered", "people"),
    "people_weighted": Column("People, weighted by role", "people"),
}


@kept_section
def likeness_sections(survey: Survey, school_id: str) -> tuple[Section, ...]:
    """Whether respondents are like a school's staff, by role and grade band."""
    sections = []
    for by in BY:
        rows = representation(survey, school_id, by)
        sentence = representation_sentence(rows, by) + "."
        name = f"representation-by-{by}"
        table = Table(name, rows, _SHARES, f"The shares by {BY[by]} as a table") if rows.height else None
        sections.append(Section(name, sentence, table=table, lines=(sentence,)))
    return tuple(sections)


@kept_section
def weighted_section(survey: Survey, school_id: str) -> Section:
    """How far a school's needs would move if its answers were weighted by role to match the staff list."""
    rows = weighted_needs(survey, school_id)
    sentence = weighted_sentence(rows) + "."
    if not rows.height:
        return Section("needs-weighted-by-role", sentence, lines=(sentence,))
    note = "The needs on the planning page already simulate missing staff from their own role."
    table = Table("needs-weighted-by-role", rows, _WEIGHTED, "The needs weighted by role as a table")
    return Section("needs-weighted-by-role", sentence, table=table, note=note, lines=(sentence,))


def representation_sentence(rows: pl.DataFrame, by: By) -> str:
    """Which groups make up clearly more or less of the answers than of the staff, of `representation`."""
    if rows.is_empty():
        return f"By {BY[by]}, nothing can be compared with the staff list"
    apart = rows.filter("differs").to_dicts()
    if not apart:
        covered = rows["staff_share"].sum()
        if covered < MOST_OF_STAFF:
            return f"By {BY[by]}, too few groups are large enough to be compared with the staff list"
        shown = ", as far as groups are large enough to be shown" if covered < 0.995 else ""
        return f"By {BY[by]}, those who answered differ from the staff list no more than chance explains{shown}"
    parts = [
        f"{row['group_name']} is {percent(row['answer_share'])} of the answers and {percent(row['staff_share'])} of "
        "the staff"
        for row in apart[:3]
    ]
    return f"By {BY[by]}, those who answered differ from the staff list: {listed(parts)}"


def weighted_sentence(rows: pl.DataFrame) -> str:
    """How far weighting by role moves the two greatest needs, of `weighted_needs`."""
    found = rows.filter(pl.col("people_weighted").is_not_null()).to_dicts()
    if len(found) < min(2, rows.height) or not found:
        return "Whether that would change what is needed most cannot be said: it takes two roles that can be shown"
    before = sorted(found, key=lambda row: -row["people"])
    after = sorted(before, key=lambda row: -row["people_weighted"])
    moves = listed([_move(row, "would be needed " if row is before[0] else "") for row in before[:2]])
    # Needs of equally many people are the same need: neither comes first.
    least = after[min(1, len(after) - 1)]["people_weighted"]
    entered = [row["skill_name"] for row in after[:2] if row not in before[:2]]
    if entered and any(row["people_weighted"] < least for row in before[:2]):
        order = f"{listed(entered)} would be among the two that are needed most"
    else:
        stays = before[0]["people_weighted"] >= before[min(1, len(before) - 1)]["people_weighted"]
        order = "the order stays" if stays else "they would change places"
    return f"Weighted by role as on the staff list, {moves}; {order}"


def _move(row: dict[str, Any], verb: str) -> str:
    """A need before and after it is weighted: “OneNote would be needed by 26 instead of 24 people”."""
    old, new = row["people"], row["people_weighted"]
    people = (
        "1 person" if new == old == 1 else f"{new:,} people" if new == old else f"{new:,} instead of {old:,} people"
    )
    return f"{row['skill_name']} {verb}by {people}{' as before' if new == old else ''}"
