"""A need in words: whom a class is for, how sure that is, and which classes lead."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.estimates import IMPLEMENTATION
from pd_core.needs.needs import STRESS, needed
from pd_core.wording import listed, people_said, percent, whole

MOST_NAMED = 4
NEED_HELP = "say they need help with it or do not use it"
"""What the people whom an entry class is for say."""
_SURE = {"safe": "needed most", "leaning": "probably needed most"}


def sureness(row: Mapping[str, object]) -> str:
    """“93% sure to be among the two greatest needs, or tied with them”, of a row of `needs`; empty where not known."""
    sure = row["top_two"]
    return (
        f"{percent(sure)} sure to be among the two greatest needs, or tied with them" if isinstance(sure, float) else ""
    )


def need_sentence(row: Mapping[str, object]) -> str:
    """“About 24 of 42 people (19 to 29; 27 if …)”: how many a class is for, of a row of `needs`.

    A number that includes people who did not answer comes with what it would be if they were less skilled. For an
    implementation class the sentence says what people do with students so far.
    """
    people, low, high, staff = (row[name] for name in ("people", "people_low", "people_high", "headcount"))
    if not isinstance(people, float):
        return f"Hidden: {row['reason']}." if row["suppressed"] else "No one answered this."
    if not (isinstance(low, float) and isinstance(high, float) and isinstance(staff, int)):
        return f"{whole(people):,} of the {row['respondents']:,} who answered{_apart(row)}"
    if whole(high) == whole(low):
        return f"{whole(people):,} of {_staff(row)}{_apart(row)}"
    within = f"{whole(low):,} to {whole(high):,}{_stressed(row)}"
    return f"About {whole(people):,} of {_staff(row)} ({within}){_apart(row)}"


def need_in_short(row: Mapping[str, object]) -> str:
    """“About 24 people (19 to 29)”, of a row of `needed`: how many a class is for, where the whole sentence is too
    long. A range is not broken over lines."""
    people, low, high = (row[name] for name in ("people", "people_low", "people_high"))
    if not isinstance(people, float):
        return ""
    if not (isinstance(low, float) and isinstance(high, float)):
        return f"{whole(people):,} of the {row['respondents']:,} who answered"
    if whole(high) == whole(low):
        return people_said(whole(people))
    return f"About {people_said(whole(people))} ({whole(low):,}\u00a0to\u00a0{whole(high):,})"


def with_sentences(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of `needs` with the column sentence, as `need_sentence`."""
    return rows.with_columns(sentence=pl.Series([need_sentence(row) for row in rows.to_dicts()], dtype=pl.String))


def _staff(row: Mapping[str, object]) -> str:
    """“42 people”; for a district with schools that the number leaves out, how many are at the others."""
    counted, staff = row["headcount"], row["staff"]
    if row["school_id"] == DISTRICT and isinstance(counted, int) and isinstance(staff, int) and counted < staff:
        return f"the {counted:,} people at schools with answers ({staff:,} in all)"
    return f"{counted:,} people"


def _stressed(row: Mapping[str, object]) -> str:
    people, stressed = row["people"], row["people_stressed"]
    if not (isinstance(stressed, float) and isinstance(people, float)) or whole(stressed) == whole(people):
        return ""
    return f"; {whole(stressed):,} if those who did not answer are {whole(100 * STRESS)} points less skilled"


def _apart(row: Mapping[str, object]) -> str:
    """What respondents who could be offered an implementation class do with students so far."""
    unused, same = row["not_used"], row["substituted"]
    if row["training"] != IMPLEMENTATION or not (isinstance(unused, int) and isinstance(same, int)):
        return ""
    return f"; of those who answered, {unused:,} not with students yet and {same:,} for the same task as before"


def needs_sentence(rows: pl.DataFrame, no_one: str) -> str:
    """Which classes of one kind lead, of `needs_of`, as sure as the decision of that kind is; `no_one` if no class is
    needed.

    Needs of equally many people are one need, called tied. No class is called the most needed if another one of the
    kind is hidden: that one may be needed more.
    """
    found = needed(rows)
    hidden = rows.filter("suppressed")
    if found.is_empty():
        nothing_known = hidden.height and rows["people"].drop_nulls().is_empty()
        return f"Hidden: {hidden['reason'][0]}" if nothing_known else no_one
    if hidden.height:
        shown = listed(_names(found["skill_name"].to_list()))
        those = "1 class" if hidden.height == 1 else f"{hidden.height} classes"
        return f"{shown} can be shown; {those} cannot, so which leads cannot be said"
    sure = _SURE.get(str(rows["decision"][0]), "needed most so far")
    people, names = found["people"].to_list(), found["skill_name"].to_list()
    first = names[: people.count(people[0])]
    if len(first) > 1:
        return f"{listed(_names(first))} are {sure}, by as many people each"
    if len(names) == 1:
        return f"{names[0]} is {sure}"
    second = names[1 : 1 + people.count(people[1])]
    if len(second) == 1:
        return f"{first[0]} and {second[0]} are {sure}"
    return f"{first[0]} is {sure}; {listed(_names(second))} are tied behind it"


def _names(names: list[str]) -> list[str]:
    return names if len(names) <= MOST_NAMED else [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
