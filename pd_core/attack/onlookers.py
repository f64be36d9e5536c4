"""All who can look at a store: guests of share links, principals and MIEs under each setting of other schools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from pd_core.access import Actor, Others, Role, Scope, scope_of


@dataclass(frozen=True)
class Onlooker:
    """A person who looks: who they are in words, what they see, and the schools whose answers they have besides."""

    who: str
    scope: Scope
    knows: frozenset[str]


def onlookers(school_ids: Sequence[str], several: Sequence[frozenset[str]]) -> Iterator[Onlooker]:
    """The guest of a link to each school and to the district, and the principal and the MIE of each school and of
    `several` schools: each under every setting of `PD_OTHER_SCHOOLS`. An MIE has the exports of their schools.
    """
    alone = [frozenset({school_id}) for school_id in school_ids]
    for others in get_args(Others):
        setting = f"with other schools {others}"
        for schools in [frozenset[str](), *alone]:
            yield Onlooker(
                f"a guest of a link to {_named(schools)}, {setting}", _scope("guest", schools, others), frozenset()
            )
        for schools in [*alone, *several]:
            yield Onlooker(
                f"the principal of {_named(schools)}, {setting}", _scope("principal", schools, others), frozenset()
            )
            yield Onlooker(f"the MIE of {_named(schools)}, {setting}", _scope("mie", schools, others), schools)


def _scope(role: Role, schools: frozenset[str], others: Others) -> Scope:
    return scope_of(Actor("somebody", role, schools), "view", others)


def _named(schools: frozenset[str]) -> str:
    return " and ".join(sorted(schools)) or "the district"
