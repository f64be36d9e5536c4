"""Credentials from files as their issuers write them: counted by code, never twice, and not when they were revoked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import pd
from tests.cli.recorded import copied

HEADER = "email,credential,issuer,earned_on,expires_on,skill_id,iste"
SCHOOL = "cedar_hollow"


def person(number: int, school: str = SCHOOL) -> str:
    return f"sample.person{number}.{school}@example.org"


@pytest.fixture
def store(district: Path, tmp_path: Path) -> Path:
    copied(district, tmp_path / "pd.duckdb")
    return tmp_path / "pd.duckdb"


def take(store: Path, text: str, *options: object, name: str = "c.csv") -> dict[str, Any]:
    file = store.with_name(name)
    file.write_text(text, encoding="utf-8")
    answer = pd("credentials", file, "--json", *options, store=store)
    (receipt,) = answer.json
    assert answer.code == (1 if receipt["status"] == "rejected" else 0)
    parts = ("rows_added", "rows_existing", "rows_replaced", "rows_set_aside")
    assert receipt["rows_read"] == sum(receipt[part] for part in parts)
    found: dict[str, Any] = receipt
    return found


def counts(receipt: dict[str, Any]) -> tuple[int, ...]:
    return tuple(receipt[f"rows_{name}"] for name in ("added", "existing", "replaced", "set_aside"))


def awards(store: Path, by: str) -> dict[str, str]:
    rows = pd("export", "credentials", store=store).rows
    return {row["school_id" if by == "all" else by]: row["awards"] for row in rows if row["by"] == by}


def listed(people: range, credential: str = "MIE Trainer", school: str = SCHOOL) -> list[str]:
    return [f"{person(number, school)},{credential},Microsoft,2026-09-10,,teams,2.4" for number in people]


def test_credentials_are_counted_by_school_skill_month_and_issuer(store: Path) -> None:
    rows = [*listed(range(1, 8)), *listed(range(1, 6), school="driftwood_bay")]
    receipt = take(store, "\n".join([HEADER, *rows]))
    assert counts(receipt) == (12, 0, 0, 0)
    assert "not verified" in receipt["message"]
    assert awards(store, "school_id") == {SCHOOL: "7", "driftwood_bay": "5"}
    assert awards(store, "issuer") == {"Microsoft": "12"} and awards(store, "month") == {"2026-09": "12"}
    assert counts(take(store, "\n".join([HEADER, *rows]))) == (0, 12, 0, 0)
    for file in store.parent.glob("pd.duckdb*"):
        assert b"person1." not in file.read_bytes()


def test_a_small_group_is_hidden_and_so_is_one_from_which_it_would_follow(store: Path) -> None:
    rows = [*listed(range(1, 8)), *listed(range(1, 4), school="driftwood_bay")]
    take(store, "\n".join([HEADER, *rows]))
    shown = awards(store, "school_id")
    assert shown["driftwood_bay"] == ""
    assert "" in (shown[SCHOOL], awards(store, "all")["district"])


def test_what_was_revoked_rejected_or_has_expired_does_not_count(store: Path) -> None:
    take(store, "\n".join([HEADER, *listed(range(1, 9))]))
    old = f"{person(9)},MIE Trainer,Microsoft,2020-09-10,2021-09-10,teams,2.4"
    take(store, "\n".join([HEADER, old]))
    assert awards(store, "all") == {"district": "8"}
    credly = "Badge Name,Issued by,Issued to Email,Status,Expired,Issue Date\n"
    revoked = f"MIE Trainer,Microsoft,{person(1)},revoked,FALSE,09/10/26\n"
    rejected = f"Cloud,Microsoft,{person(2)},rejected,FALSE,09/10/26\n"
    receipt = take(store, credly + revoked + rejected)
    assert counts(receipt) == (1, 0, 1, 0)
    assert receipt["form"] == "Credly issued badges" and "don't count" in receipt["message"]
    assert awards(store, "all") == {"district": "7"}


def test_rows_that_cannot_be_used_are_set_aside_without_an_address(store: Path) -> None:
    receipt = take(
        store,
        f"{HEADER}\nstranger@example.org,A,B,2026-01-01,,,\n{person(1)},A,B,soon,,,\n{person(1)},,B,2026-01-01,,,\n"
        f"{person(1)},A,B,2026-01-01,,juggling,\n{person(1)},A,B,2026-01-01,,,9.9\n,A,B,2026-01-01,,,\n",
    )
    assert (receipt["status"], counts(receipt)) == ("rejected", (0, 0, 0, 6))
    assert receipt["problems"][0]["reason"] == "no one on the staff list has this address"
    assert "@" not in json.dumps(receipt["problems"])


def test_hashed_badges_are_matched_with_a_staff_list_that_is_not_stored(store: Path) -> None:
    def identity(number: int) -> str:
        return "sha256$" + hashlib.sha256(f"{person(number)}salt".encode()).hexdigest()

    second = [
        {
            "recipient": {"type": "email", "hashed": True, "salt": "salt", "identity": identity(number)},
            "badge": {"name": "MCE", "issuer": {"name": "Certiport"}},
            "issuedOn": "2026-03-04T10:00:00Z",
        }
        for number in range(1, 7)
    ]
    subject = {
        "achievement": {"name": "MCE"},
        "identifier": [{"hashed": True, "identityHash": identity(7), "identityType": "emailAddress", "salt": "salt"}],
    }
    third = {"type": ["OpenBadgeCredential"], "credentialSubject": subject, "issuer": {"name": "Certiport"}}
    third["validFrom"] = "2026-03-04T10:00:00Z"
    without = take(store, json.dumps(second), name="b.json")
    assert counts(without) == (0, 0, 0, 6) and "--staff" in without["problems"][0]["reason"]
    staff = store.with_name("staff.csv")
    staff.write_text("email\n" + "\n".join(person(number) for number in range(1, 9)), encoding="utf-8")
    assert counts(take(store, json.dumps(second), "--staff", staff, name="b.json")) == (6, 0, 0, 0)
    assert counts(take(store, json.dumps(third), "--staff", staff, name="c.json")) == (1, 0, 0, 0)
    assert awards(store, "credential") == {"MCE": "7"}


def test_a_transcript_and_a_canvas_file_are_taken(store: Path) -> None:
    transcript = {
        "certificationData": {
            "activeCertifications": [{"name": "Azure", "dateEarned": "2026-01-05", "expiration": "2099-01-05"}],
            "historicalCertifications": [{"name": "Old", "dateEarned": "2019-01-05", "expiration": "2020-01-05"}],
        },
        "appliedSkillsData": {"appliedSkillsCredentials": [{"title": "Build", "awardedOn": "2026-02-05T00:00:00Z"}]},
    }
    assert counts(take(store, json.dumps(transcript), name="t.json")) == (0, 0, 0, 3)
    assert counts(take(store, json.dumps(transcript), "--email", person(1), name="t.json")) == (3, 0, 0, 0)
    canvas = f"Badge Class ID,Identifier,First Name,Issue Date\nabc,{person(2)},Ada,2026-05-05\n"
    receipt = take(store, canvas)
    assert receipt["form"] == "Canvas Badges bulk file" and counts(receipt) == (1, 0, 0, 0)


def test_standards_say_what_covers_them(store: Path) -> None:
    file = store.with_name("map.csv")
    file.write_text("credential,skill_id,iste\nMCE,,2.2;2.7\n", encoding="utf-8")
    assert pd("standards", file, store=store).code == 0
    rows = [f"{person(number)},MCE,Certiport,2026-01-01,,," for number in range(1, 7)]
    others = [f"{person(number)},Ambassador,Wakelet,2026-01-01,,," for number in range(1, 4)]
    take(store, "\n".join([HEADER, *rows, *others, *listed(range(1, 3))]))
    found = {row["standard"]: row for row in pd("export", "standards", store=store).rows}
    assert list(found) == ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"]
    assert (found["2.2"]["name"], found["2.2"]["awards"], found["2.2"]["covered_by"]) == ("Leader", "6", "credentials")
    assert (found["2.4"]["awards"], found["2.4"]["suppressed"]) == ("", "true")
    assert found["2.1"]["covered_by"] == "no one"
    file.write_text("credential,skill_id,iste\nMCE,juggling,9\n", encoding="utf-8")
    answer = pd("standards", file, store=store)
    assert answer.code == 1 and "expected 2.1 to 2.7" in answer.err


def test_a_standard_does_not_tell_of_a_hidden_credential(store: Path) -> None:
    rows = [*listed(range(1, 21), "MCE"), *listed(range(1, 4), "Wakelet Ambassador")]
    take(store, "\n".join([HEADER, *rows]))
    by_credential = awards(store, "credential")
    standards = {row["standard"]: row["awards"] for row in pd("export", "standards", store=store).rows}
    assert by_credential["Wakelet Ambassador"] == ""
    assert not (by_credential["MCE"] and standards["2.4"]), "23 less 20 would be the three of the other"
