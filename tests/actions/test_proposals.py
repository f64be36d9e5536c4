"""Proposals are searched for once for the same inputs, around what people agreed to, from the proposal before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pd_core.actions.proposals import Asked, Proposals, begin, usual_seconds
from pd_core.entities import PlanSession
from pd_core.errors import RefusedAccess, UserError
from pd_core.planning.problem import Rule
from tests.actions.people import FACILITATOR, GUEST, IMPERSONATING, MIE, PRINCIPAL
from tests.planning.made_up import district
from tests.summaries.test_plan_tables import NOW, SHARED

AGREED = PlanSession("S1", "agreed", ("a",), "t", "m", "x", SHARED.slots[0].starts_at, SHARED.slots[0].ends_at, 9)
WAIT = 120


def test_the_same_inputs_have_one_search_and_others_their_own() -> None:
    kept = Proposals(SHARED)
    assert kept.known(NOW, Asked()) is None
    first = kept.begin(NOW, Asked())
    assert kept.begin(NOW + timedelta(hours=1), Asked()) is first is kept.known(NOW, Asked())
    assert kept.begin(NOW, Asked(fewest=6)) is not first
    assert kept.begin(NOW + timedelta(days=9), Asked()) is not first, "a slot has begun"
    first.result(WAIT)
    assert kept.begin(NOW, Asked(), again=True) is not first


def test_what_people_agreed_to_is_kept_and_what_they_did_not_is_not() -> None:
    kept = Proposals(SHARED)
    first = kept.begin(NOW, Asked())
    kept.plan_around([AGREED])
    problem, _ = kept.at(NOW, Asked())
    assert problem.rules == (Rule("lock", "a", "t", "m", "x"),)
    assert kept.begin(NOW, Asked()) is not first
    for state in ("proposed", "cancelled", "delivered"):
        kept.plan_around([replace(AGREED, state=state)])
        assert kept.at(NOW, Asked())[0].rules == (), "its people, hours and time are free again"
    assert kept.begin(NOW, Asked()) is first


def test_a_proposal_with_rules_starts_from_the_one_without() -> None:
    kept = Proposals(SHARED)
    kept.begin(NOW, Asked(rules=(Rule("lock", "a"),), variant="day"))
    assert kept.known(NOW, Asked(rules=(Rule("lock", "a"),))) is not None
    assert kept.known(NOW, Asked()) is not None


@pytest.mark.parametrize("who", [MIE, PRINCIPAL, GUEST, IMPERSONATING], ids=lambda who: who.actor.role)
def test_people_who_do_not_plan_have_the_usual_proposal_and_no_other(who) -> None:
    kept = Proposals(SHARED)
    assert begin(kept, who, NOW, Asked()).result(WAIT).plan.sessions
    for asked in (Asked(fewest=6), Asked(rules=(Rule("lock", "a"),)), Asked(seconds=300), Asked(variant="day")):
        with pytest.raises(RefusedAccess):
            begin(kept, who, NOW, asked)
    with pytest.raises(RefusedAccess):
        begin(kept, who, NOW, Asked(), again=True)


@pytest.mark.parametrize("asked", [Asked(fewest=0), Asked(budget=100), Asked(seconds=99_999), Asked(rate=-1)])
def test_a_number_that_cannot_be_planned_with_is_refused(asked: Asked) -> None:
    with pytest.raises(UserError):
        begin(Proposals(SHARED), FACILITATOR, NOW, asked)


def test_a_large_district_is_searched_longer() -> None:
    assert [usual_seconds(district(number, 1)) for number in (12, 60, 300)] == [10, 20, 60]


def test_what_the_lists_can_do_is_worked_out_again_when_a_slot_begins() -> None:
    kept = Proposals(SHARED)
    assert kept.staffing(NOW) is kept.staffing(NOW + timedelta(hours=1))
    assert kept.staffing(NOW + timedelta(days=9)).idle_slots
