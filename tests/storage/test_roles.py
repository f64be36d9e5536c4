"""Who has a role: the latest word on an address counts, and nobody is lost sight of."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import pytest

from pd_core.errors import RefusedName
from pd_core.storage import Store
from pd_core.storage.audit import audit
from pd_core.storage.roles import people, person, put_person, remove_person, set_people
from pd_core.storage.store import Change


def listed(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["email", "role", "school_ids"], orient="row")


ADA = ("ada@example.org", "administrator", "")
BEN = ("ben@example.org", "mie", "lincoln;ruby")
CY = ("cy@example.org", "principal", "ruby")


def test_a_list_says_who_has_a_role_and_who_has_none_any_more(store: Store):
    assert people(store).is_empty() and people(store).columns == ["email", "role", "school_ids"]
    assert set_people(store, listed(BEN, ADA), "IT") == []
    assert people(store).rows() == [ADA, BEN]
    assert set_people(store, listed(ADA, CY), "IT") == [BEN[0]]
    assert people(store).rows() == [ADA, CY]
    assert person(store, BEN[0]) is None


def test_the_same_list_again_leaves_no_trace(store: Store):
    set_people(store, listed(ADA, BEN), "IT")
    before = store.version()
    set_people(store, listed(BEN, ADA), "IT")
    assert store.version() == before and audit(store).height == 1


def test_the_latest_word_on_a_person_counts(store: Store):
    put_person(store, BEN[0], "mie", {"ruby", "lincoln"}, "IT")
    put_person(store, BEN[0], "principal", {"ruby"}, "IT")
    assert person(store, BEN[0]) == {"email": BEN[0], "role": "principal", "school_ids": "ruby"}
    remove_person(store, BEN[0], "IT")
    assert person(store, BEN[0]) is None and people(store).is_empty()
    put_person(store, BEN[0], "mie", {"ruby", "lincoln"}, "IT")
    assert people(store).rows() == [BEN]


def test_an_address_is_found_in_any_case_and_no_other_is(store: Store):
    put_person(store, BEN[0], "mie", {"ruby", "lincoln"}, "IT")
    assert person(store, "  Ben@Example.ORG ") == dict(zip(("email", "role", "school_ids"), BEN, strict=True))
    for other in ("", "ben", "en@example.org", "ben@example.org.evil.example", "%", "' or true --"):
        assert person(store, other) is None


def test_a_role_for_the_whole_district_keeps_no_schools(store: Store):
    put_person(store, " Ada@Example.org ", "administrator", {"lincoln"}, "IT")
    assert people(store).rows() == [ADA]


@pytest.mark.parametrize("location", ["file"], indirect=True)  # it is refused before any store is asked
@pytest.mark.parametrize(
    ("email", "role", "school_ids"),
    [
        ("ada", "administrator", ()),
        ("", "administrator", ()),
        ("ada@example.org", "guest", {"lincoln"}),
        ("ada@example.org", "Administrator", ()),
        ("ada@example.org", "mie", ()),
        ("ada@example.org", "principal", ()),
    ],
)
def test_a_role_that_cannot_be_given_is_refused(store: Store, email: str, role: str, school_ids: Collection[str]):
    with pytest.raises(RefusedName):
        put_person(store, email, role, school_ids, "IT")
    assert people(store).is_empty()


def test_taking_a_role_back_that_nobody_has_leaves_no_trace(store: Store):
    before = store.version()
    remove_person(store, "nobody@example.org", "IT")
    assert store.version() == before and audit(store).is_empty()


def test_who_was_given_what_is_in_the_audit(store: Store):
    set_people(store, listed(ADA, BEN), "IT")
    set_people(store, listed(ADA), "Ada")
    kinds = audit(store).select("actor", "kind", "school_ids", "subject").rows()
    assert kinds == [
        ("Ada", "people", "lincoln;ruby", "ben@example.org: no role"),
        ("IT", "people", "district;lincoln;ruby", "ada@example.org: administrator; ben@example.org: mie"),
    ]


def test_a_long_list_is_not_spelled_out_in_the_audit(store: Store):
    set_people(store, listed(*((f"p{number}@example.org", "facilitator", "") for number in range(50))), "IT")
    assert audit(store)["subject"].item().endswith("; and 30 more")
    assert people(store).height == 50


def test_a_role_that_is_taken_back_is_gone_even_where_the_clock_was_set_back(store: Store):
    def of_tomorrow(change: Change) -> None:
        change.number += 10**12
        change.insert("dead", pl.DataFrame([{"kind": "upload", "id": "none"}]))

    store.write("undo", "test", of_tomorrow)
    put_person(store, "pat@example.org", "principal", ["lincoln"], "test")
    remove_person(store, "pat@example.org", "test")
    assert person(store, "pat@example.org") is None
