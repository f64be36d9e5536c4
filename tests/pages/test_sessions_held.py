"""The Sessions page: who says that a session was held, and who learns how many came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pages.components import data
from pd_core.access import Visitor
from pd_core.actions import deliveries
from pd_core.actions.plan_record import change_plan
from pd_core.errors import RefusedAccess
from pd_core.reference.delivery_file import DeliverRow
from pd_core.summaries.held import delivery_rows
from tests.pages.recorded import NOW, PLANNER, SESSIONS, states
from tests.pages.seen import words
from tests.pages.test_access import MIE, PRINCIPAL


def test_a_trainer_says_that_a_session_was_held_and_types_the_sign_in_sheet(recorded) -> None:
    page = recorded(as_=MIE)
    page.button(key="held_S001").click().run()
    page.button(key="held_S001").click()
    page.text_area(key="held_S001_typed").set_value("\n".join(f"p{number}@example.org" for number in range(6)))
    page.date_input(key="held_S001_day").set_value(date.today())
    page.button(key="held_S001_yes").click().run()
    assert states()["S001"] == "delivered"
    assert "6 people on the list of S001. 6 people not on the staff list" in words(page)
    assert "90 minutes; 6 people attended." in words(page)
    assert "held_S002" not in {button.key for button in page.button}, "another trainer's session"


def test_only_its_trainer_or_a_facilitator_says_that_a_session_was_held(recorded) -> None:
    page = recorded(as_=PRINCIPAL)
    assert not [button for button in page.button if (button.key or "").startswith("held_")]
    for who in (PRINCIPAL, MIE):
        with pytest.raises(RefusedAccess):
            deliveries.deliver(
                data.store(), Visitor.as_oneself(who), DeliverRow(1, "S003", date.today(), 9, None, ""), NOW, "UTC"
            )
    assert states()["S003"] == "agreed"


def test_of_a_shared_session_the_number_is_for_its_trainer_and_those_who_see_both_schools(recorded) -> None:
    recorded(as_=PRINCIPAL)
    shared = replace(SESSIONS[0], school_ids=("lincoln", "washington"))
    change_plan(data.store(), PLANNER, "moved", lambda _: [shared])
    row = DeliverRow(1, "S001", date.today(), 12, None, "")
    deliveries.deliver(data.store(), Visitor.as_oneself(MIE), row, NOW, "UTC")
    store = data.store()
    assert delivery_rows(store, PLANNER.scope)["attended"].to_list() == [12]
    mine = Visitor.as_oneself(PRINCIPAL).scope
    assert delivery_rows(store, mine)["attended"].to_list() == [None]
    assert delivery_rows(store, mine, "mia")["attended"].to_list() == [12]
