"""Which roles and grade bands have answered, compared with the target."""

from __future__ import annotations

import polars as pl

from pd_core.charts import responses
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.survey.response_by_group import BY, FEWEST_STAFF, By, of_school, participation
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed

_MOST_NAMED = 3
_GROUPS: Columns = {
    "group_name": Column("Group"),
    "respondents": Column("Answered", "count"),
    "headcount": Column("Staff", "count"),
    "rate": Column("Rate", "share"),
    "told": Column("In words"),
    "reason": HIDDEN_BECAUSE,
}


@kept_section
def group_sections(survey: Survey, school_id: str) -> tuple[Section, ...]:
    """Which roles and grade bands have answered, compared with the target."""
    sections = []
    for by in BY:
        rows = of_school(participation(survey, by), school_id)
        rows = rows.with_columns(
            pl.col("reason").str.replace_all("role", BY[by])
        )  # grade bands are merged as roles are
        sentence, hidden, name = behind_sentence(rows, by), hidden_sentence(rows), f"responses-by-{by}"
        if rows["suppressed"].all():
            note = hidden or "The staff list has only smaller groups."
            sections.append(Section(name, sentence, heading=sentence, note=note))
            continue
        sections.append(
            Section(
                name,
                sentence,
                heading=sentence,
                drawing=drawn(responses.rate_bars(rows, survey.target_share, "group_name")),
                table=Table(name, rows, _GROUPS),
                note=" ".join(
                    filter(
                        None,
                        [
                            f"People on the staff list, by {BY[by]}; the mark is the target.",
                            counted_sentence(rows),
                            hidden,
                        ],
                    )
                ),
            )
        )
    return tuple(sections)


def with_reasons(rows: pl.DataFrame, by: By) -> pl.DataFrame:
    """The rows of `of_school`, with the reasons of hidden ones in words of what they are: roles, or grade bands."""
    return rows.with_columns(pl.col("reason").str.replace_all("role", BY[by], literal=True))


def behind_sentence(rows: pl.DataFrame, by: By) -> str:
    """Which of a school's groups are behind, of `of_school`."""
    if rows.is_empty():
        return f"The staff list has no {BY[by]} with {FEWEST_STAFF} staff or more here"
    behind = [f"{row['group_name']} ({row['told']})" for row in rows.filter("is_behind").to_dicts()]
    if len(behind) > _MOST_NAMED:
        behind = [*behind[: _MOST_NAMED - 1], f"{len(behind) - _MOST_NAMED + 1} more"]
    if behind:
        return f"Behind by {BY[by]}: {listed(behind)}"
    if rows["suppressed"].all():
        return f"By {BY[by]} nothing can be shown here"
    if rows["suppressed"].any():
        return f"Of what can be shown, no {BY[by]} is behind"
    return f"No {BY[by]} is behind"


def counted_sentence(rows: pl.DataFrame) -> str:
    """How many of the people of these groups count in the rates that are shown; empty where all of them do."""
    counted, on_list = rows.filter(~pl.col("suppressed"))["headcount"].sum(), rows["listed"].sum()
    return (
        "" if counted == on_list else f"{counted:,} of the {on_list:,} people in these groups count in the rates shown."
    )


def hidden_sentence(rows: pl.DataFrame) -> str:
    """The groups that a chart leaves out, and why; empty if there are none."""
    hidden = rows.filter("suppressed").to_dicts()
    found = [f"{row['group_name']}: {row['told']} answered" for row in hidden if row["told"]]
    by_reason: dict[str, list[str]] = {}
    for row in hidden:
        if not row["told"]:
            by_reason.setdefault(row["reason"], []).append(row["group_name"])
    return " ".join([*(f"{one}." for one in found), *(f"{listed(n)}: hidden, {why}." for why, n in by_reason.items())])
