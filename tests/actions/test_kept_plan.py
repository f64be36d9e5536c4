"""The plan and its lists are read once, until something that they are made of is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pd_core.access import EVERYTHING, Actor, Visitor
from pd_core.actions import training_lists
from pd_core.actions.plan_record import change_plan, record_of, take_step
from pd_core.codebook import Codebook
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries, roles
from pd_core.summaries.planning_lists import planning_lists
from tests.actions.people import FACILITATOR, MIE, PRINCIPAL
from tests.pages.planned import TRAINERS, load_lists
from tests.pages.test_sessions import NOW, SESSIONS

ELSEWHERE = Visitor.as_oneself(Actor("wil@example.org", "principal", frozenset({"washington"})))


def test_the_lists_are_read_again_when_one_changes_and_not_with_the_time(store: Store, codebook: Codebook) -> None:
    load_lists(store, codebook)
    first, later = (planning_lists(store, NOW + timedelta(hours=hours)) for hours in (0, 5))
    assert (first.now, later.now) == (NOW, NOW + timedelta(hours=5))
    assert later.trainers is first.trainers and later.ways is first.ways
    roles.put_person(store, "new@example.org", "principal", ("lincoln",), "test")
    assert planning_lists(store, NOW).trainers is first.trainers, "a role is in no list"
    names = SchoolNames(queries.schools(store, EVERYTHING))
    changed = read_trainers("trainers.csv", TRAINERS.replace(b"Mia Lane", b"Mia Hill"), codebook, names)
    training_lists.set_trainers(store, FACILITATOR, changed)
    assert "Mia Hill" in [one.name for one in planning_lists(store, NOW).trainers]
    some = queries.schools(store, EVERYTHING).head(1)
    assert len(planning_lists(store, NOW, some).schools) == 1 < len(first.schools)


def test_each_scope_has_the_plan_that_it_sees_made_once(store: Store, codebook: Codebook) -> None:
    load_lists(store, codebook)
    shared = replace(SESSIONS[0], session_id="S009", school_ids=("lincoln", "washington"), reached=9)
    change_plan(store, FACILITATOR, "proposed", lambda _: [*SESSIONS, shared])
    seen = {who: record_of(store, who) for who in (FACILITATOR, MIE, PRINCIPAL, ELSEWHERE)}
    assert all(record_of(store, who) is record for who, record in seen.items())
    assert seen[PRINCIPAL].session("S009").reached is None and seen[FACILITATOR].session("S009").reached == 9
    assert "S001" not in seen[ELSEWHERE].current and "S001" in seen[PRINCIPAL].current
    take_step(store, FACILITATOR, ["S009"], "agreed", NOW)
    assert record_of(store, PRINCIPAL).session("S009").state == "agreed"
