"""Growth of schools that were merged: where their answers count, in sentences."""

from __future__ import annotations

from typing import NamedTuple

from pd_core.summaries.growth import Growth
from pd_core.survey.merged_schools import merged_schools


class Successor(NamedTuple):
    """The school that another became: its id, and its name."""

    school_id: str
    name: str


def successor(pair: Growth, school_id: str) -> Successor | None:
    """The school under which this one's answers count; null where it was not merged, or is not seen."""
    became = merged_schools(pair.earlier, pair.later).get(school_id)
    name = _names(pair).get(became) if became else None
    return Successor(became, name) if became and name else None


def merged_sentence(pair: Growth, school_id: str) -> str:
    """That a school was merged, without a period; empty where it was not. A school that is not seen is not named."""
    became = merged_schools(pair.earlier, pair.later).get(school_id)
    names = _names(pair)
    return _said(names[school_id], names.get(became)) if became else ""


def merged_notes(pair: Growth, school_id: str | None = None) -> list[str]:
    """A note for each school that was merged; with a school, only those whose answers count there."""
    names, notes = _names(pair), []
    unseen = False
    for merged, became in sorted(merged_schools(pair.earlier, pair.later).items()):
        if became not in names or school_id not in (None, became):
            continue
        if merged in names:
            notes.append(f"{_said(names[merged], names[became])}.")
        unseen |= merged not in names and school_id is not None
    if unseen and school_id is not None:
        notes.append(f"Answers of a school that was merged into {names[school_id]} count here too.")
    return notes


def _said(name: str, became: str | None) -> str:
    return f"{name} was merged into {became or 'another school'}, where its answers count"


def _names(pair: Growth) -> dict[str, str]:
    return dict(pair.later.schools.select("school_id", "name").iter_rows())
