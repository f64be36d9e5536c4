"""Who may be given which role: the same rules for the page, one person at a time, and for a list."""

from __future__ import annotations

import polars as pl
import pytest

from pd_core.access import Actor
from pd_core.actions import roles
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.storage import Store
from pd_core.storage import roles as stored
from tests.actions.people import ADMINISTRATOR, COMMAND_LINE, FIRST


def people(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(("email", "role", "school_ids"), pl.String), orient="row")


def test_a_list_cannot_give_a_role_for_a_school_that_is_not_there(store: Store) -> None:
    before = stored.people(store)
    with pytest.raises(RefusedName, match="There is no school nowhere"):
        roles.set_roles(store, COMMAND_LINE, (), people(("mia@example.org", "mie", "lincoln;nowhere")))
    assert stored.people(store).equals(before)


def test_a_list_cannot_give_another_role_than_a_setting_says(store: Store) -> None:
    with pytest.raises(RefusedName, match="PD_ADMINISTRATORS makes one of the people listed an administrator") as error:
        roles.set_roles(store, COMMAND_LINE, {FIRST}, people((FIRST, "principal", "lincoln")))
    assert FIRST not in error.value.text(), "a refusal of a list shows no address"
    assert roles.set_roles(store, COMMAND_LINE, {FIRST}, people((FIRST, "administrator", ""))) == ["old@example.org"]


def test_a_list_cannot_change_the_role_of_the_person_who_loads_it(store: Store) -> None:
    me = ADMINISTRATOR.actor.name
    stored.put_person(store, me, "administrator", (), "test")
    for listed in (people(("mia@example.org", "mie", "lincoln")), people((me, "principal", "lincoln"))):
        with pytest.raises(RefusedAccess, match="your own role"):
            roles.set_roles(store, ADMINISTRATOR, (), listed)
    roles.set_roles(store, ADMINISTRATOR, (), people((me, "administrator", "")))
    assert stored.people(store)["email"].to_list() == [me]


@pytest.mark.parametrize("email", ["ada@example.org", " ADA@Example.org "])
def test_one_s_own_role_is_neither_given_nor_removed(store: Store, email: str) -> None:
    with pytest.raises(RefusedAccess, match="your own role"):
        roles.give_role(store, ADMINISTRATOR, (), email, "principal", ["lincoln"])
    with pytest.raises(RefusedAccess, match="your own role"):
        roles.remove_role(store, ADMINISTRATOR, email)


def test_a_setting_goes_before_a_given_role(store: Store) -> None:
    assert roles.actor_of(store, {FIRST}, FIRST) == Actor(FIRST, "administrator")
    assert roles.actor_of(store, {FIRST}, "old@example.org") == Actor(
        "old@example.org", "principal", frozenset({"lincoln"})
    )
    assert roles.actor_of(store, {FIRST}, "new@example.org") is None
