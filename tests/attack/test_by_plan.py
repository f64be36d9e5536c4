"""The attack on the plan's sessions finds what a school would learn of another, were the rule not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pd_core.actions.plan_record import change_plan
from pd_core.attack.by_plan import found_by_plan
from pd_core.codebook import Codebook
from pd_core.disclosure import plan_sessions
from pd_core.storage import Store, open_store
from tests.planning.test_record import session, visitor

DISTRICT: Any = SimpleNamespace(school_ids=("lincoln", "madrona", "washington"))


@pytest.fixture
def store(tmp_path: Path, codebook: Codebook) -> Store:
    found = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    shared = session(1, school_ids=("lincoln", "madrona"), reached=12)
    change_plan(found, visitor(), "proposed", lambda _: [shared, session(2), session(3, school_ids=("madrona",))])
    change_plan(found, visitor(), "moved", lambda _: [replace(shared, school_ids=("lincoln",), reached=9)])
    return found


def test_no_school_learns_how_many_of_another_need_a_class(store: Store) -> None:
    assert found_by_plan(store, DISTRICT) == []


def test_without_the_rule_both_schools_of_a_shared_session_learn_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_sessions, "without_others", lambda session, scope: session)
    found = found_by_plan(store, DISTRICT)
    assert {one.school for one in found} == {"madrona"}, "the earlier version of a session counts too"
    change_plan(store, visitor(), "moved", lambda _: [session(3, school_ids=("madrona", "lincoln"), reached=12)])
    assert {one.school for one in found_by_plan(store, DISTRICT)} == {"lincoln", "madrona"}
