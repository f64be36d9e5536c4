"""Share links: each opens one school or the district, until its day or until somebody revokes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pd_core.errors import UnknownName
from pd_core.storage import Store
from pd_core.storage.audit import audit
from pd_core.storage.links import find_link, links, make_link, revoke_link


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def test_a_link_is_found_by_its_id_and_opens_one_school_until_its_day(store: Store):
    made = make_link(store, "lincoln", 90, "Mia")
    assert find_link(store, made.link_id) == made
    assert (made.school_id, made.made_by, made.is_revoked) == ("lincoln", "Mia", False)
    assert made.expires_at - made.made_at == timedelta(days=90)
    assert made.is_open(now())
    assert made.is_open(made.expires_at - timedelta(seconds=1))
    assert not made.is_open(made.expires_at)


def test_each_link_has_an_id_that_cannot_be_guessed(store: Store):
    made = {make_link(store, "lincoln", 1, "Mia").link_id for _ in range(5)}
    assert len(made) == 5 and all(len(link_id) == 24 for link_id in made)


def test_the_latest_link_stands_first(store: Store):
    first, second = make_link(store, "lincoln", 1, "Mia"), make_link(store, "district", 2, "Ben")
    assert links(store) == [second, first]


def test_a_revoked_link_opens_nothing_and_stays_on_the_list(store: Store):
    kept, revoked = make_link(store, "lincoln", 90, "Mia"), make_link(store, "lincoln", 90, "Mia")
    revoke_link(store, revoked.link_id, "Ben")
    found = find_link(store, revoked.link_id)
    assert found is not None and found.is_revoked and not found.is_open(now())
    assert [link.is_open(now()) for link in links(store)] == [False, True]
    assert find_link(store, kept.link_id) == kept


@pytest.mark.parametrize("link_id", ["", "nothing", "%", "' or true --"])
def test_a_link_that_was_never_made_is_not_found_and_cannot_be_revoked(store: Store, link_id: str):
    make_link(store, "lincoln", 90, "Mia")
    assert find_link(store, link_id) is None
    before = store.version()
    with pytest.raises(UnknownName, match="There is no open link"):
        revoke_link(store, link_id, "Ben")
    assert store.version() == before


def test_a_link_is_revoked_once(store: Store):
    made = make_link(store, "lincoln", 90, "Mia")
    revoke_link(store, made.link_id, "Ben")
    with pytest.raises(UnknownName):
        revoke_link(store, made.link_id, "Ben")


def test_what_else_was_taken_out_under_the_same_id_revokes_no_link(store: Store):
    made = make_link(store, "lincoln", 90, "Mia")
    store.note("sign-out", "Ben", ended=("session", made.link_id))
    found = find_link(store, made.link_id)
    assert found is not None and not found.is_revoked


def test_making_and_revoking_are_in_the_audit(store: Store):
    made = make_link(store, "lincoln", 90, "Mia")
    revoke_link(store, made.link_id, "Ben")
    rows = audit(store).select("actor", "kind", "school_ids", "subject").rows()
    assert rows == [
        ("Ben", "link revoked", "lincoln", f"link {made.link_id}"),
        ("Mia", "link made", "lincoln", f"link {made.link_id}, until {made.expires_at:%Y-%m-%d}"),
    ]
