"""What an attack finds: a group whose answers a person can have, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pd_core.access import DISTRICT
from pd_core.attack.published import Published, Question
from pd_core.disclosure.suppression import Flags

BY_SUMS = "by adding and subtracting what is shown"
ELSEWHERE = "another table shows it"
BY_WHOLE_NUMBERS = "since no other whole numbers fit what is shown"
BY_WEIGHTS = "by the district's weighted share"
NO_ROLE = "?"


@dataclass(frozen=True)
class Found:
    """A group whose answers can be had, in `tables` that tell of the question `item`; not what they are.

    `school` and `role` are ids (of several, with “;” between; school “district” for the whole, role “” for all and “?”
    for people of no role). `how` says in words how it was had.
    """

    wave_id: str
    tables: tuple[str, ...]
    item: str
    school: str
    role: str
    how: str


def finding(published: Published, question: Question, groups: Iterable[tuple[int, int]], how: str) -> Found:
    """What is found of the people of `groups`: place of the school (or, last, the district), place of the filter."""
    schools, roles = [*published.school_ids, DISTRICT], [*published.filters, NO_ROLE]
    groups = list(groups)
    return Found(
        question.wave_id,
        question.tables,
        question.name,
        ";".join(dict.fromkeys(schools[place] for place, _ in groups)),
        ";".join(dict.fromkeys(roles[role] for _, role in groups)),
        how,
    )


def knowing(published: Published, known: Flags) -> str:
    """Which schools' answers (school) the attacker had, to put behind how something was found."""
    schools = [school for school, is_known in zip(published.school_ids, known, strict=True) if is_known]
    return f", with the answers of {' and '.join(schools)}" if schools else ""
