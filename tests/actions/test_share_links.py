"""A link opens what is there, for the times that are offered."""

from __future__ import annotations

import pytest

from pd_core.access import DISTRICT, Actor, scope_of
from pd_core.actions import share_links
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.storage import Store
from tests.actions.people import FACILITATOR, KEY, PRINCIPAL


@pytest.mark.parametrize(("school_id", "days"), [("nowhere", 90), ("", 90), ("lincoln", 0), ("lincoln", 36_500)])
def test_a_link_to_nothing_or_for_another_time_is_refused(store: Store, school_id: str, days: int) -> None:
    before = share_links.open_links(store, FACILITATOR)
    with pytest.raises(RefusedName):
        share_links.make_link(store, FACILITATOR, school_id, days)
    assert share_links.open_links(store, FACILITATOR) == before


@pytest.mark.parametrize(("school_id", "seen"), [("lincoln", {"lincoln"}), ("district", set())])
def test_a_visitor_who_comes_with_a_link_is_its_guest(store: Store, school_id: str, seen: set[str]) -> None:
    link = share_links.make_link(store, FACILITATOR, school_id)
    found = share_links.carried_link(store, share_links.token(link, KEY), KEY)
    assert found == link
    guest = share_links.guest_of(link)
    assert guest == Actor(f"Link {link.link_id}", "guest", frozenset(seen))
    assert share_links.link_of(store, guest) == link
    assert share_links.link_of(store, FACILITATOR.actor) is None
    assert share_links.carried_link(store, share_links.token(link, b"another key"), KEY) is None


def test_a_principals_link_shows_no_more_than_the_principal_sees(store: Store) -> None:
    guest = share_links.guest_of(share_links.make_link(store, PRINCIPAL, "lincoln"))
    for others in ("hidden", "unnamed", "named"):
        shown, seen = scope_of(guest, others=others), scope_of(PRINCIPAL.actor, others=others)
        assert shown.school_ids and seen.school_ids and shown.school_ids <= seen.school_ids
        assert shown.others == "hidden"


def test_a_principal_lists_and_revokes_own_links_only(store: Store) -> None:
    for place in ("lincoln", DISTRICT):
        share_links.make_link(store, FACILITATOR, place)
    others = share_links.open_links(store, FACILITATOR)
    own = share_links.make_link(store, PRINCIPAL, "lincoln")
    assert share_links.open_links(store, PRINCIPAL) == [own]
    for link in others:
        with pytest.raises(RefusedAccess):
            share_links.revoke_link(store, PRINCIPAL, link.link_id)
    share_links.revoke_link(store, PRINCIPAL, own.link_id)
    assert share_links.open_links(store, FACILITATOR) == others
