"""Erasure and retention: what they take out is in no table and in no file any more, and everything else stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.entities import Wave
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage import Store, erasure, queries, reference, undo_upload
from pd_core.storage.audit import audit, end_session
from pd_core.storage.erasure import Expired, Forgotten
from pd_core.storage.guesses import all_guesses, guesses_of, put_guesses
from pd_core.storage.waves import put_wave, wave

from .made_up import FALL, SPRING, answers, counting, live, people, put, row, staff, traces

Open = Callable[[object], Store]
ADA = "code-of-ada"
WORDS = (ADA, "what Ada wrote first", "what Ada wrote later")
OLD = "Fall 2019"
YEAR = 24 * 365
IN_FILES = pytest.mark.parametrize(
    "location", ["file", pytest.param("ducklake", marks=pytest.mark.slow)], indirect=True
)
"""Stores whose files are here to be read; PostgreSQL keeps its own."""


def set_roster(store: Store, *respondents: str) -> None:
    columns = {"respondent": list(respondents), "school_id": "lincoln"}
    texts = dict.fromkeys(("role", "grade_band"), pl.lit(None, pl.String))
    reference.set_roster(store, pl.DataFrame(columns).with_columns(**texts), "Mia")


def fill(store: Store) -> None:
    """Ada answered in two waves, in three files, one of which was taken out; and stands on two staff lists."""
    put(store, "many", staff(f"person {number}" for number in range(3000)))
    later = answers(*(row(f"later {n}", f"person {n}") for n in range(50)), row(f"9|{ADA}", ADA, comment=WORDS[1]))
    put(store, "later", later, SPRING)
    put(store, "few", answers(row(f"1|{ADA}", ADA, comment=WORDS[1]), row("of Ben", "Ben")))
    put(store, "newer", answers(row(f"2|{ADA}", ADA, hour=5, comment=WORDS[2]), row("of Ben again", "Ben", hour=5)))
    undo_upload(store, "newer", "Mia")
    put(store, "nobody", answers(row("without a name")))
    set_roster(store, ADA, "Ben")
    set_roster(store, "Ben", "Cy", ADA)


def in_tables(store: Store, words: tuple[str, ...] = WORDS) -> set[str]:
    """Which of the words any table of a store holds."""
    tables = store.frame(
        """select table_name from duckdb_tables()
        where database_name = 'store' and schema_name in ('main', 'public')"""  # PostgreSQL has schemas of its own
    )["table_name"]
    content = "".join(str(store.frame(f"select * from store.{table}").rows()) for table in tables)
    return {word for word in words if word in content}


def test_a_person_is_forgotten_in_every_wave_and_upload_and_everybody_else_stays(store: Store, tmp_path: Path):
    fill(store)
    others, records = live(store).filter(pl.col("person") != ADA), queries.uploads(store)
    assert in_tables(store) == set(WORDS)
    assert erasure.forget(store, ADA, "IT") == Forgotten(answers=3, waves=2, was_on_roster=True)
    assert in_tables(store) == set()
    assert live(store).equals(others)
    assert queries.schools(store, EVERYTHING).is_empty() and queries.roster_headcounts(store)[
        "headcount"
    ].to_list() == [2]
    assert queries.uploads(store).equals(records), "the records of uploads stay"


@IN_FILES
def test_no_file_of_the_store_holds_a_person_who_was_forgotten(
    store: Store, location: str, tmp_path: Path, opened: Open
):
    fill(store)
    erasure.forget(store, ADA, "IT")
    everybody = live(store)
    version = store.version()
    store.close()
    assert traces(tmp_path, WORDS), "deleting alone leaves traces, or this test sees nothing"
    erasure.rewrite(location)
    assert traces(tmp_path, WORDS) == set()
    again = opened(location)
    assert live(again).equals(everybody) and again.version() == version
    assert in_tables(again) == set()
    put(again, "next", staff(["Dee"]))
    assert "Dee" in counting(again)


def test_whoever_was_forgotten_can_answer_again(store: Store):
    fill(store)
    erasure.forget(store, ADA, "IT")
    put(store, "again", answers(row("new", ADA)))
    assert counting(store)[ADA] == "new"


def test_an_upload_that_came_back_leaves_no_mark_that_holds_the_person(store: Store):
    put(store, "first", answers(row(f"1|{ADA}", ADA)))
    put(store, "second", answers(row(f"2|{ADA}", ADA, hour=1)))
    undo_upload(store, "second", "Mia")  # the first row counts again, under an id that holds its key
    put(store, "third", answers(row(f"3|{ADA}", ADA, hour=2)))
    ids = store.frame("select id from store.dead where kind = 'response'")["id"]
    assert any(ADA in marked for marked in ids)
    erasure.forget(store, ADA, "IT")
    assert in_tables(store) == set()
    assert people(store) == 0


@IN_FILES
def test_what_somebody_guessed_goes_with_them_and_with_its_wave(
    store: Store, location: str, tmp_path: Path, opened: Open
):
    old_and_new(store)
    for wave_id in (OLD, FALL):
        put_wave(store, Wave(wave_id, date(2026, 11, 6), f"https://a.b/{wave_id[-4:]}-form", True), "Mia")
        for person in ("Ada@Example.org", "ben@example.org", "mia@example.org"):
            put_guesses(store, wave_id, "lincoln", person, {} if person[0] == "m" else {"teams": 0.5})
    before = store.version()
    assert erasure.forget(store, "nobody", "IT", address=" ada@example.org ") == Forgotten(0, 0, False, True)
    assert store.version() != before and audit(store)["subject"][0] == "0 answers in 0 waves, guesses"
    assert (
        all_guesses(store, OLD)["person"].to_list()
        == all_guesses(store, FALL)["person"].to_list()
        == ["ben@example.org"]
    )
    erasure.retain(store, 3, date(2026, 11, 1), "IT")
    assert wave(store, OLD) == Wave(OLD) and guesses_of(store, OLD, "lincoln", "mia@example.org") is None
    assert all_guesses(store, OLD).is_empty() and wave(store, FALL).asks_guesses
    store.close()
    erasure.rewrite(location)
    assert traces(tmp_path, ("2019-form", "2026-form")) == {"2026-form"}
    again = opened(location)
    assert all_guesses(again, FALL)["person"].to_list() == ["ben@example.org"]
    assert guesses_of(again, FALL, "lincoln", "mia@example.org") == {}


def test_forgetting_is_on_record_without_who_it_was(store: Store):
    fill(store)
    before = store.version()
    erasure.forget(store, ADA, "IT")
    assert store.version() != before, "results that are kept in memory are asked for anew"
    latest = audit(store).row(0, named=True)
    assert (latest["kind"], latest["actor"], latest["school_ids"]) == ("forget", "IT", "district")
    assert latest["subject"] == "3 answers in 2 waves, staff list"


def test_forgetting_who_is_not_there_changes_nothing(store: Store):
    fill(store)
    before = store.version(), audit(store).height
    for nobody in ("code-of-nobody", "", "%", "code-of-ad_"):
        assert erasure.forget(store, nobody, "IT") == Forgotten(0, 0, False)
    assert (store.version(), audit(store).height) == before


def old_and_new(store: Store) -> None:
    put(store, "old", answers(*(row(f"old {n}", f"p{n}", hour=-7 * YEAR) for n in range(6))), OLD)
    put(store, "newer old", answers(row("old again", "p1", hour=-7 * YEAR + 9)), OLD)
    put(store, "across", answers(row("long ago", "p1", hour=-7 * YEAR), row("now", "p2")), FALL)


def test_waves_past_their_time_go_as_a_whole_and_the_others_stay_as_a_whole(store: Store):
    old_and_new(store)
    kept = counting(store)
    expected = Expired((OLD,), 7, 0)
    assert erasure.expired(store, 3, date(2026, 11, 1)) == expected
    assert counting(store, OLD), "looking deletes nothing"
    assert erasure.retain(store, 3, date(2026, 11, 1), "IT") == expected
    assert queries.waves(store)["wave_id"].to_list() == [FALL]
    assert counting(store) == kept and "p1" in kept, "a wave with one late answer stays whole"
    assert queries.uploads(store).height == 3, "the records of uploads stay"
    latest = audit(store).row(0, named=True)
    assert (latest["kind"], latest["subject"]) == ("retain", f"3 years: 7 answers of {OLD}")
    assert erasure.retain(store, 3, date(2026, 11, 1), "IT") == Expired((), 0, 0)


@pytest.mark.parametrize(
    ("today", "goes"),
    [(date(2029, 10, 5), False), (date(2029, 10, 6), True), (date(2028, 2, 29), False), (date(2032, 2, 29), True)],
)
def test_the_time_is_over_the_day_after_so_many_years(store: Store, today: date, goes: bool):
    put(store, "one", staff(["Ada"]))  # on October 5, 2026
    assert bool(erasure.expired(store, 3, today).waves) is goes


def test_former_staff_lists_and_ended_sign_ins_go_and_the_latest_list_stays(store: Store):
    set_roster(store, "Ada", "Ben")
    set_roster(store, "Ben")
    end_session(store, "mark", "ben@example.org")
    later = date.today().replace(year=date.today().year + 4, day=1)
    assert erasure.retain(store, 3, later, "IT") == Expired((), 0, 2)
    assert store.frame("select respondent from store.roster")["respondent"].to_list() == ["Ben"]
    assert store.frame("select * from store.dead").is_empty()
    assert audit(store)["kind"].to_list() == ["retain", "sign-out", "roster", "roster"], "the audit stays"


@IN_FILES
def test_no_file_of_the_store_holds_a_wave_past_its_time(store: Store, location: str, tmp_path: Path, opened: Open):
    fill(store)
    old_and_new(store)
    erasure.retain(store, 3, date(2029, 11, 1), "IT")
    store.close()
    erasure.rewrite(location)
    assert traces(tmp_path, (WORDS[2], "person 7")) == set()
    assert people(opened(location)) == 0


def test_a_store_that_somebody_uses_is_not_written_anew(file: Path, opened: Open):
    store = opened(file)
    put(store, "one", staff(["Ada"]))
    with pytest.raises(StoreInUse, match="already open in this program"):
        erasure.rewrite(str(file))
    put(store, "two", staff(["Ben"]))
    store.close()
    assert people(opened(file)) == 2


def test_a_copy_that_cannot_take_the_stores_place_leaves_it_as_it_was(
    file: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
):
    store = opened(file)
    put(store, "one", staff(["Ada"]))
    store.close()
    before = file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(StoreError, match="No space left on device") as error:
            erasure.rewrite(str(file))
    assert "still hold the deleted data" in error.value.remedy
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is said by its mode on POSIX only")
@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_store_that_is_written_anew_keeps_its_mode_and_leaves_nothing_beside_it(file: Path, opened: Open, mode: int):
    opened(file).close()
    file.chmod(mode)
    Path(f"{file}.tmp").mkdir()
    (Path(f"{file}.tmp") / "left.tmp").write_text("of a question that was broken off")
    erasure.rewrite(str(file))
    assert file.stat().st_mode & 0o777 == mode
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("location", ["postgresql://db.example.org/pd", "ducklake:postgres:dbname=pd"])
def test_a_store_on_a_database_server_has_no_file_here(location: str):
    assert erasure.catalogue(location) is None
