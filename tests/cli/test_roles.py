"""Who has a role, by a list: taken as a whole, or refused with every bad row and nobody's address."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pd_core.reports.files import render
from pd_core.storage import roles
from tests.cli.command import Answer, audited, opened, pd, version

HEAD = "email,role,school_ids"


def run(store: Path, *rows: str, head: str = HEAD) -> Answer:
    file = store.parent / "people.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return pd("people", file, "--json", store=store)


def kept(store: Path) -> list[tuple[str, ...]]:
    now = opened(store)
    try:
        return roles.people(now).rows()
    finally:
        now.close()


def test_a_list_says_who_has_which_role_for_which_schools(store: Path) -> None:
    answer = run(
        store,
        "Ada@Example.org,Administrator,",
        " ben@example.org ,MIE,LHS; Ruby Elementary;lincoln",
        "cy@example.org,principal,ruby",
        "dee@example.org,FACILITATOR,lincoln",
    )
    assert answer.code == 0, answer.err
    assert answer.json == {
        "people": 4,
        "roles": {"administrator": 1, "mie": 1, "principal": 1, "facilitator": 1},
        "removed": 0,
    }
    assert kept(store) == [
        ("ada@example.org", "administrator", ""),
        ("ben@example.org", "mie", "lincoln;ruby"),
        ("cy@example.org", "principal", "ruby"),
        ("dee@example.org", "facilitator", ""),
    ]


def test_a_workbook_is_a_list_as_well(store: Path, tmp_path: Path) -> None:
    rows = pl.DataFrame({"school_ids": ["ruby"], "ROLE": ["Principal"], "Email": ["cy@example.org"]})
    (tmp_path / "people.xlsx").write_bytes(render(rows, "xlsx", title="people"))
    assert pd("people", tmp_path / "people.xlsx", store=store).code == 0
    assert kept(store) == [("cy@example.org", "principal", "ruby")]


def test_whoever_is_not_listed_any_more_has_no_role(store: Path) -> None:
    run(store, "ada@example.org,administrator,", "ben@example.org,mie,ruby")
    file = store.parent / "people.csv"
    file.write_text(f"{HEAD}\nben@example.org,principal,lincoln\n")
    answer = pd("people", file, store=store)
    assert kept(store) == [("ben@example.org", "principal", "lincoln")]
    assert "1 who were not listed no longer have a role." in answer.out
    assert "There is no administrator now" in answer.out and "PD_ADMINISTRATORS" in answer.out


def test_an_administrator_by_setting_is_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PD_ADMINISTRATORS", "ada@example.org")
    file = store.parent / "people.csv"
    file.write_text(f"{HEAD}\nben@example.org,principal,lincoln\n")
    assert "There is no administrator" not in pd("people", file, store=store).out


def test_a_list_gives_an_administrator_by_setting_no_other_role(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PD_ADMINISTRATORS", "ada@example.org")
    answer = run(store, "ada@example.org,principal,lincoln")
    assert answer.code == 1 and "PD_ADMINISTRATORS makes one of the people listed" in answer.err
    assert "ada@example.org" not in answer.err and kept(store) == []
    assert run(store, "ada@example.org,administrator,").code == 0


def test_the_same_list_again_changes_nothing(store: Path) -> None:
    run(store, "ben@example.org,mie,ruby;lincoln")
    before = version(store)
    assert run(store, "BEN@example.org,MIE,Lincoln High;ruby").code == 0
    assert version(store) == before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ben,mie,ruby", "email is not an e-mail address"),
        (",mie,ruby", "email is not an e-mail address"),
        ("ben@example.org;eve@example.org,mie,ruby", "email is not an e-mail address"),
        ("ben@example.org,boss,ruby", "role is “boss”; the roles are administrator, facilitator, mie, principal"),
        ("ben@example.org,guest,ruby", "role is “guest”"),
        ("ben@example.org,,ruby", "role is “”"),
        ("ben@example.org,mie,", "the role mie needs at least one school"),
        ("ben@example.org,principal, ; ", "the role principal needs at least one school"),
        ("ben@example.org,mie,Lincon High", "school “Lincon High” is not in the list of schools"),
        ("ben@example.org,mie,Lincon High", "Did you mean “lincoln”?"),
        ("ben@example.org,mie,district", "school “district” is not in the list of schools"),
        ("ben@example.org,mie,ruby;nowhere", "school “nowhere” is not in the list of schools"),
        ("ada@example.org,mie,ruby", "this address is already in row 2"),
        ("ADA@example.org ,principal,ruby", "this address is already in row 2"),
        ("mie,ben@example.org,ruby", "email is not an e-mail address"),
        ("cy@example.org,ben@example.org,ruby", "role is an address"),
        ("cy@example.org,mie,ben@example.org", "school an address is not in the list of schools"),
    ],
)
def test_a_bad_row_refuses_the_list_and_shows_no_address(store: Path, row: str, told: str) -> None:
    before = version(store)
    answer = run(store, "ada@example.org,administrator,", row)
    assert answer.code == 1
    assert "row 3: " in answer.err and told in answer.err
    assert "example.org" not in answer.out + answer.err
    assert version(store) == before and kept(store) == []


def test_every_bad_row_is_named(store: Path) -> None:
    answer = run(
        store, "ben,mie,ruby", "ada@example.org,administrator,", "cy@example.org,boss,", "dee@example.org,mie,"
    )
    assert "3 row(s)" in answer.err
    assert [f"row {number}:" in answer.err for number in (2, 3, 4, 5)] == [True, False, True, True]


@pytest.mark.parametrize(
    ("head", "told"), [("email,role", "school_ids is missing"), ("name,role,school_ids", "email is")]
)
def test_a_list_of_something_else_is_refused(store: Path, head: str, told: str) -> None:
    assert told in run(store, "a,b,c", head=head).err


def test_a_list_of_nobody_is_refused(store: Path) -> None:
    run(store, "ada@example.org,administrator,")
    assert "lists no people" in run(store).err
    assert len(kept(store)) == 1, "an empty file takes no role away"


def test_giving_roles_is_in_the_audit(store: Path) -> None:
    run(store, "ben@example.org,mie,ruby")
    (row,) = [row for row in audited(store) if row["kind"] == "people"]
    assert row["subject"].startswith("ben@example.org: mie") and "(command line)" in row["actor"]
