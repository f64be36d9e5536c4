"""What is deleted for good: one person's answers, or all that is past its time."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from pd_core.config import load_settings
from pd_core.pseudonyms import respondent_code, respondent_key
from pd_core.storage import queries
from pd_core.storage.guesses import all_guesses, put_guesses
from tests.cli.command import audited, opened, pd, process, uploads, version
from tests.forms import Survey, survey_workbook

COPIES = "Backups and earlier exports are not changed"
WAVES = {
    "Fall 2019": {"n": 9, "seed": 3, "start": datetime(2019, 10, 7, 8)},
    "Fall 2026": {"n": 12, "seed": 1, "start": datetime(2026, 10, 5, 8)},
    "Spring 2027": {"n": 6, "seed": 2, "start": datetime(2027, 3, 1, 8)},
}
ADDRESS = str(Survey(n=1).persons()[0].email)
"""Of somebody who answered in each wave."""


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three waves, to be copied."""
    folder = tmp_path_factory.mktemp("answered")
    (folder / "schools.csv").write_text("school_id,name\nlincoln,Lincoln High\n", encoding="utf-8")
    assert pd("schools", folder / "schools.csv", store=folder / "pd.duckdb").code == 0
    for wave, options in WAVES.items():
        (folder / "export.xlsx").write_bytes(survey_workbook(**options))
        assert pd("ingest", folder / "export.xlsx", store=folder / "pd.duckdb").code == 0, wave
    return folder / "pd.duckdb"


@pytest.fixture
def answered(master: Path, tmp_path: Path) -> Path:
    shutil.copy(master.with_suffix(".key"), tmp_path / "pd.key")
    return Path(shutil.copy(master, tmp_path / "pd.duckdb"))


def respondents(store: Path) -> dict[str, int]:
    now = opened(store)
    try:
        return dict(queries.waves(now).select("wave_id", "respondents").iter_rows())
    finally:
        now.close()


def code(store: Path, address: str = ADDRESS) -> str:
    return respondent_code(address, respondent_key(load_settings({}, store=str(store)), has_uploads=True)) or ""


def test_a_person_is_taken_out_of_every_wave_and_out_of_the_file(answered: Path) -> None:
    assert code(answered).encode() in answered.read_bytes()
    before = version(answered)
    answer = pd("forget", ADDRESS, store=answered)
    assert answer.code == 0 and answer.err == ""
    assert answer.out.startswith("Permanently deleted: 3 answers in 3 waves.")
    assert COPIES in answer.out and "Microsoft Forms" in answer.out
    assert respondents(answered) == {"Fall 2019": 8, "Fall 2026": 11, "Spring 2027": 5}
    assert code(answered).encode() not in answered.read_bytes()
    assert version(answered) != before
    assert len(uploads(answered)) == 3
    assert sorted(path.name for path in answered.parent.iterdir()) == ["pd.duckdb", "pd.key"]


@pytest.mark.parametrize("written", [ADDRESS.upper(), f"  {ADDRESS} "])
def test_an_address_may_be_written_in_another_way(answered: Path, written: str) -> None:
    assert pd("forget", written, "--json", store=answered).json["answers"] == 3


def test_an_address_can_stay_out_of_the_shells_history(answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ADDRESS}\n"))
    assert pd("forget", "-", "--json", store=answered).json["answers"] == 3


def test_who_has_no_answers_is_no_failure_and_nothing_changes(answered: Path) -> None:
    before = version(answered)
    answer = pd("forget", "nobody@example.org", store=answered)
    assert answer.code == 0
    assert answer.out.startswith("No answers are stored under this address.")
    assert "without an address cannot be found" in answer.out and "nobody@" not in answer.out
    assert version(answered) == before and "forget" not in [row["kind"] for row in audited(answered)]


@pytest.mark.parametrize("written", ["ada", "", "@", "ada@", "a@b@c", "%@%@%", "-"])
def test_what_is_no_address_is_refused(answered: Path, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    answer = pd("forget", written, store=answered)
    assert answer.code == 1 and "not an e-mail address" in answer.err
    assert respondents(answered)["Fall 2026"] == 12


def test_neither_audit_nor_answer_say_who_was_forgotten(answered: Path) -> None:
    secret = code(answered)
    answer = pd("forget", ADDRESS, "--json", store=answered)
    (row,) = [row for row in audited(answered) if row["kind"] == "forget"]
    assert (row["school_ids"], row["subject"]) == ("district", "3 answers in 3 waves")
    said = answer.out + answer.err + str(audited(answered))
    assert ADDRESS not in said and secret not in said


def test_a_role_is_no_answer_and_stays_until_it_is_taken_back(answered: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(f"email,role,school_ids\n{ADDRESS},mie,lincoln\n")
    assert pd("people", tmp_path / "people.csv", store=answered).code == 0
    answer = pd("forget", ADDRESS, "--json", store=answered)
    assert answer.json["has_role"] is True
    assert "remove it on the Administration page" in answer.json["message"]


def test_what_somebody_guessed_of_results_goes_as_well(answered: Path) -> None:
    now = opened(answered)
    put_guesses(now, "Fall 2026", "lincoln", ADDRESS.upper(), {"teams": 0.5})
    now.close()
    answer = pd("forget", ADDRESS, "--json", store=answered).json
    assert answer["had_guessed"] is True and "guesses are deleted too" in answer["message"]
    now = opened(answered)
    try:
        assert all_guesses(now, "Fall 2026").is_empty()
    finally:
        now.close()


def test_a_name_is_taken_out_of_the_applications(answered: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,school_id,applied_on\nMia Lane,lincoln,2026-05-01\n")
    assert pd("applicants", tmp_path / "a.csv", store=answered).code == 0
    answer = pd("forget", "mia@example.org", "--name", "mia lane", "--json", store=answered).json
    assert (answer["applications"], answer["was_trainer"]) == (1, False)
    assert b"Mia Lane" not in answered.read_bytes()
    again = pd("forget", "mia@example.org", "--name", "Mia Lane", store=answered)
    assert "No trainer and no application has this name." in again.out


def test_the_staff_list_forgets_too(answered: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(f"email,school_id\n{ADDRESS},lincoln\nben@example.org,lincoln\n")
    assert pd("roster", tmp_path / "roster.csv", store=answered).code == 0
    secret = code(answered)
    answer = pd("forget", ADDRESS, store=answered)
    assert "off the staff list too" in answer.out
    assert secret.encode() not in answered.read_bytes()
    rates = pd("export", "response-rates", "--school", "lincoln", "--json", store=answered).json
    assert {row["headcount"] for row in rates} == {1}


def test_nobody_is_forgotten_while_the_server_holds_the_store(answered: Path) -> None:
    held = opened(answered)
    try:
        answer = process("forget", ADDRESS, "--store", answered)
    finally:
        held.close()
    assert answer.returncode == 1 and b"in use by another program" in answer.stderr
    assert respondents(answered)["Fall 2026"] == 12


def test_nobody_is_looked_for_with_another_secret_than_that_of_the_answers(answered: Path) -> None:
    answered.with_suffix(".key").unlink()
    answer = pd("forget", ADDRESS, store=answered)
    assert answer.code == 1 and "is missing" in answer.err and "from a backup" in answer.err
    assert not answered.with_suffix(".key").exists()


def test_nothing_is_taken_in_under_a_new_secret_where_answers_are_stored(answered: Path, export: Path) -> None:
    answered.with_suffix(".key").unlink()
    answer = pd("ingest", export, store=answered)
    assert answer.code == 1 and "is missing" in answer.err
    assert not answered.with_suffix(".key").exists() and len(uploads(answered)) == 3


def test_without_a_setting_nothing_is_past_its_time(answered: Path) -> None:
    answer = pd("retain", store=answered)
    assert answer.code == 1 and "PD_KEEP_YEARS is not set" in answer.err
    assert len(respondents(answered)) == 3


def test_what_is_past_its_time_is_said_then_deleted(answered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    years = date.today().year - 2021
    monkeypatch.setenv("PD_KEEP_YEARS", str(years))
    before = version(answered)
    dry = pd("retain", "--dry-run", "--json", store=answered).json
    assert (dry["waves"], dry["answers"], dry["is_dry_run"]) == (["Fall 2019"], 9, True)
    assert version(answered) == before and len(respondents(answered)) == 3
    answer = pd("retain", store=answered)
    assert answer.out.startswith("Permanently deleted: 9 answers of Fall 2019. Their settings and guesses")
    assert "the audit are kept" in answer.out and COPIES in answer.out
    assert list(respondents(answered)) == ["Fall 2026", "Spring 2027"]
    assert version(answered) != before and len(uploads(answered)) == 3
    (row,) = [row for row in audited(answered) if row["kind"] == "retain"]
    assert row["subject"] == f"{years} years: 9 answers of Fall 2019"
    again = pd("retain", store=answered)
    assert again.code == 0 and again.out.startswith(f"No wave is older than {years} years.")
