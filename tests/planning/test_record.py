"""The record of the plan: whatever three people do, at once or one after another, nothing acknowledged is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pd_core.access import Actor, Visitor
from pd_core.actions.plan_record import StaleBase, change_plan, record_of, take_step, undo_change
from pd_core.codebook import Codebook
from pd_core.entities import PlanSession, SessionChange
from pd_core.errors import RefusedAccess, UserError
from pd_core.planning.record import STEPS, at_version, differences, replay, stepped
from pd_core.storage import Store, open_store, reference, training_lists
from pd_core.storage.plans import plan_changes
from tests.conftest import SCHOOLS

NOW = datetime(2026, 12, 1, 9)
STARTS, ENDS = datetime(2027, 1, 19, 15, 30), datetime(2027, 1, 19, 17)


def session(number: int, **other: Any) -> PlanSession:
    found = PlanSession(f"S{number:03}", "proposed", ("lincoln",), "word-entry", "mie1", "jan19", STARTS, ENDS, 8)
    return replace(found, **other)


def change(number: int, base: int | None, what: PlanSession) -> SessionChange:
    return SessionChange(number, base, what, "someone", NOW)


def visitor(role: str = "facilitator", *school_ids: str) -> Visitor:
    return Visitor.as_oneself(Actor(f"{role}@example.org", role, frozenset(school_ids)))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path, codebook: Codebook) -> Store:
    found = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    reference.set_schools(found, SCHOOLS, "test")
    put_lists(found)
    change_plan(found, visitor(), "proposed", lambda _: [session(1), session(2), session(3, training_id="word-impl")])
    return found


def put_lists(store: Store) -> None:
    trainings = [
        ("word-entry", "Word", "word", "entry", 60.0, 20, "Try it", ""),
        ("word-impl", "Word in class", "word", "implementation", 60.0, 20, "Try it", ""),
    ]
    names = list(training_lists.COLUMNS["training"])
    training_lists.set_training_list(store, "training", pl.DataFrame(trainings, schema=names, orient="row"), "test")
    slots = pl.DataFrame([("jan19", STARTS, ENDS, "")], schema=training_lists.COLUMNS["slot"], orient="row")
    training_lists.set_training_list(store, "slot", slots, "test")


def test_of_two_changes_decided_from_the_same_version_the_first_counts() -> None:
    first, agreed, cancelled = session(1), session(1, state="agreed"), session(1, state="cancelled")
    record = replay([change(1, None, first), change(3, 1, cancelled), change(2, 1, agreed)])
    assert record.session("S001") == agreed
    assert [one.session for one in record.lost] == [cancelled]
    assert at_version(record, 1).session("S001") == first


@pytest.mark.parametrize("state", STEPS)
def test_only_the_next_steps_can_follow(state: Any) -> None:
    for to in STEPS:
        if to in STEPS[state]:
            assert stepped(session(1, state=state), to).state == to
        else:
            with pytest.raises(UserError, match=f"is {state} and can't become {to}"):
                stepped(session(1, state=state), to)


def test_differences_are_said_part_by_part() -> None:
    assert differences(session(1), session(1, reached=9, note="In the gym")) == [
        "people 8 → 9",
        "note none → In the gym",
    ]
    assert differences(session(1), session(1)) == []


@pytest.mark.parametrize(
    ("who", "session_id", "step", "is_allowed"),
    [
        (visitor("facilitator"), "S001", "agreed", True),
        (visitor("facilitator"), "S003", "agreed", True),
        (visitor("mie", "lincoln"), "S001", "agreed", True),
        (visitor("mie", "lincoln"), "S001", "cancelled", True),
        (visitor("mie", "lincoln"), "S003", "agreed", False),
        (visitor("mie", "madrona"), "S001", "agreed", False),
        (visitor("principal", "lincoln"), "S001", "agreed", True),
        (visitor("principal", "lincoln"), "S003", "agreed", True),
        (visitor("principal", "lincoln"), "S001", "cancelled", False),
        (visitor("principal", "madrona"), "S001", "agreed", False),
        (visitor("guest", "lincoln"), "S001", "agreed", False),
    ],
)
def test_each_role_decides_on_what_is_its_own(
    store: Store, who: Visitor, session_id: str, step: Any, is_allowed: bool
) -> None:
    if is_allowed:
        assert take_step(store, who, [session_id], step, NOW, note="why").sessions[0].state == step
    else:
        with pytest.raises(RefusedAccess):
            take_step(store, who, [session_id], step, NOW, note="why")
        assert replay(plan_changes(store)).session(session_id).state == "proposed"


def test_people_see_the_sessions_of_their_own_schools_alone(store: Store) -> None:
    change_plan(store, visitor(), "proposed", lambda _: [session(4, school_ids=("madrona", "lincoln"))])
    assert [one.session_id for one in record_of(store, visitor("principal", "madrona")).sessions()] == ["S004"]
    assert len(record_of(store, visitor()).sessions()) == 4


class ThreePeople(RuleBasedStateMachine):
    """Three people change the plan, from the latest version or from one that they saw earlier."""

    codebook: Codebook
    folder: Path

    @initialize()
    def begin(self) -> None:
        ThreePeople.count = getattr(ThreePeople, "count", 0) + 1
        self.store = open_store(str(self.folder / f"{ThreePeople.count}.duckdb"), list(self.codebook.items.values()))
        reference.set_schools(self.store, SCHOOLS, "test")
        put_lists(self.store)
        change_plan(self.store, visitor(), "proposed", lambda _: [session(1), session(2)])
        self.seen = {name: replay(plan_changes(self.store)) for name in "abc"}
        self.acknowledged: list[tuple[str, str]] = [("S001", "proposed"), ("S002", "proposed")]

    @rule(name=st.sampled_from("abc"))
    def look(self, name: str) -> None:
        self.seen[name] = replay(plan_changes(self.store))

    @rule(
        name=st.sampled_from("abc"),
        session_id=st.sampled_from(["S001", "S002"]),
        to=st.sampled_from(["agreed", "scheduled", "cancelled"]),
    )
    def step(self, name: str, session_id: str, to: Any) -> None:
        base = self.seen[name].change_of(session_id).number
        latest = replay(plan_changes(self.store)).change_of(session_id)
        try:
            take_step(self.store, visitor(), [session_id], to, NOW, note="why", bases={session_id: base})
        except StaleBase:
            assert base != latest.number
        except UserError:
            assert to not in STEPS[latest.session.state]
        else:
            assert base == latest.number
            self.acknowledged.append((session_id, to))

    @rule()
    def undo_the_last(self) -> None:
        record = replay(plan_changes(self.store))
        last = record.changes[-1]
        before = record.before(last)
        if before is None:
            return
        undo_change(self.store, visitor(), last.number)
        self.acknowledged.append((last.session.session_id, before.session.state))
        assert replay(plan_changes(self.store)).session(last.session.session_id) == before.session

    @invariant()
    def every_acknowledged_change_is_there_once(self) -> None:
        if not hasattr(self, "store"):
            return
        record = replay(plan_changes(self.store))
        assert [(one.session.session_id, one.session.state) for one in record.changes] == self.acknowledged
        assert not record.lost
        assert at_version(record, record.changes[-1].number).current == record.current

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


def test_three_people_lose_no_change(tmp_path: Path, codebook: Codebook) -> None:
    ThreePeople.codebook, ThreePeople.folder = codebook, tmp_path
    run_state_machine_as_test(ThreePeople, settings=settings(max_examples=6, stateful_step_count=12, deadline=None))
