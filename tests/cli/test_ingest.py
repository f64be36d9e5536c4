"""Exports into the store by the command line: a receipt for each, whatever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import pd, process, uploads, version
from tests.forms import not_a_workbook, survey_csv, survey_workbook, truncated, zip_bomb_workbook

RECEIPT = [
    "file", "status", "upload_id", "wave_id", "form", "rows_read", "rows_added", "rows_existing", "rows_replaced",
    "rows_set_aside", "problems", "schools", "unmapped_columns", "message",
]  # fmt: skip


def test_a_receipt_has_the_promised_fields_and_adds_up(store: Path, tmp_path: Path) -> None:
    people = [1, 2, 1, 3, 4, 5, 6, 7]
    schools = ["Lincoln High", "LHS", "Lincoln High", "Ruby Elementary", "Nowhere School", "LHS", "ruby", "LHS"]
    file = tmp_path / "mixed.xlsx"
    file.write_bytes(survey_workbook(n=8, people=people, answers={"school": schools}))
    answer = pd("ingest", file, "--json", store=store)
    assert answer.code == 0 and answer.err == ""
    (receipt,) = answer.json
    assert list(receipt) == RECEIPT
    assert (receipt["file"], receipt["status"], receipt["wave_id"]) == ("mixed.xlsx", "committed", "Fall 2026")
    assert (receipt["rows_read"], receipt["rows_set_aside"]) == (8, 1)
    assert receipt["rows_read"] == sum(
        receipt[name] for name in ("rows_added", "rows_existing", "rows_replaced", "rows_set_aside")
    )
    assert set(receipt["schools"]) == {"lincoln", "ruby"} and sum(receipt["schools"].values()) == 7
    (problem,) = receipt["problems"]
    assert set(problem) == {"row", "column", "value", "reason", "suggestion"}
    assert (problem["row"], problem["value"]) == (6, "Nowhere School")


def test_a_receipt_for_people_says_what_was_taken(store: Path, export: Path) -> None:
    answer = pd("ingest", export, store=store)
    assert answer.code == 0 and answer.err == "", "one small file needs no progress"
    assert answer.out.startswith("lincoln.xlsx: committed\n")
    assert "Rows: 12 read = 12 added + 0 stored before + 0 replaced + 0 with problems" in answer.out


def test_a_process_of_its_own_says_nothing_but_the_receipt(store: Path, export: Path) -> None:
    answer = process("ingest", export, "--store", store)
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_the_same_file_again_changes_nothing_and_is_no_failure(store: Path, export: Path) -> None:
    pd("ingest", export, store=store)
    before = version(store)
    answer = pd("ingest", export, "--json", store=store)
    assert (answer.code, answer.json[0]["status"], answer.json[0]["rows_existing"]) == (0, "unchanged", 12)
    assert version(store) == before


def test_several_files_give_one_receipt_each_and_progress_beside_them(store: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"part{number}.csv").write_bytes(survey_csv(n=6, seed=number, people=range(number * 10, 99)))
    (tmp_path / "part3.csv").write_bytes(not_a_workbook())
    answer = pd("ingest", tmp_path / "part*.csv", "--json", "--dates", "mdy", store=store)
    assert answer.code == 1, "one was rejected"
    assert [receipt["status"] for receipt in answer.json] == ["committed", "committed", "rejected"]
    assert "1 of 3: part1.csv committed" in answer.err and "3 of 3: part3.csv rejected" in answer.err
    assert len(uploads(store)) == 2


def test_a_dry_run_says_the_same_and_writes_nothing(store: Path, export: Path) -> None:
    before = version(store)
    (dry,) = pd("ingest", export, "--dry-run", "--json", store=store).json
    assert version(store) == before and uploads(store) == []
    (real,) = pd("ingest", export, "--json", store=store).json
    assert dry["upload_id"] is None and real["upload_id"]
    for name in RECEIPT:
        if name not in ("upload_id", "message"):
            assert dry[name] == real[name], name


def test_wave_and_school_can_be_said(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "no_school.xlsx"
    file.write_bytes(survey_workbook(n=5, without=["school"]))
    refused = pd("ingest", file, "--json", store=store)
    assert refused.code == 1 and "--school" in refused.json[0]["message"]
    (receipt,) = pd("ingest", file, "--school", "LHS", "--wave", "Pilot", "--json", store=store).json
    assert (receipt["wave_id"], receipt["schools"]) == ("Pilot", {"lincoln": 5})


def test_an_unknown_school_is_refused_with_the_nearest_for_every_file(store: Path, export: Path) -> None:
    answer = pd("ingest", export, export, "--school", "Lincon", "--json", store=store)
    assert answer.code == 1 and "lincoln (Lincoln High)" in answer.err
    assert [receipt["status"] for receipt in answer.json] == ["rejected", "rejected"]
    assert uploads(store) == []


def test_dates_that_can_be_read_two_ways_are_refused_until_somebody_says_which(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "lincoln.csv"
    file.write_bytes(survey_csv(n=4, date_format="mdy-long"))
    answer = pd("ingest", file, "--json", store=store)
    assert answer.code == 1 and "--dates mdy" in answer.json[0]["message"]
    assert pd("ingest", file, "--dates", "mdy", "--json", store=store).json[0]["wave_id"] == "Fall 2026"


def test_a_mapping_is_used_and_remembered_for_the_form(store: Path, tmp_path: Path) -> None:
    wordings = {"proficiency_teams": "Chatting and meeting", "samr_teams": "Chatting with students"}
    for number in (1, 2):
        content = survey_workbook(n=6, seed=number, people=range(number * 10, 99), wordings=wordings)
        (tmp_path / f"own{number}.xlsx").write_bytes(content)
    mapping = tmp_path / "mapping.csv"
    lines = ["subject,answer,code", *(f"{wording},,{item}" for item, wording in wordings.items())]
    mapping.write_text("\n".join(lines), encoding="utf-8")
    (dry,) = pd("ingest", tmp_path / "own1.xlsx", "--mapping", mapping, "--dry-run", "--json", store=store).json
    (unsaid,) = pd("ingest", tmp_path / "own1.xlsx", "--dry-run", "--json", store=store).json
    assert dry["unmapped_columns"] == [] and len(unsaid["unmapped_columns"]) == 2, "a dry run remembers nothing"
    assert pd("ingest", tmp_path / "own1.xlsx", "--mapping", mapping, store=store).code == 0
    (next_building,) = pd("ingest", tmp_path / "own2.xlsx", "--json", store=store).json
    assert next_building["unmapped_columns"] == []


def test_a_mapping_to_what_the_codebook_does_not_have_is_refused(store: Path, export: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("subject,answer,code\nTeams,,proficiency_team\nproficiency,Never,9\nskill,Often,2\n")
    answer = pd("ingest", export, "--mapping", mapping, store=store)
    assert answer.code == 1 and "3 row(s)" in answer.err
    assert "proficiency_team" in answer.err and "0, 1, 2, 3" in answer.err and "“skill” is not a scale_id" in answer.err


@pytest.mark.parametrize("codes", [("0", "2"), ("0.0", "2.0"), ("I have not used it", "i use it on my own")])
def test_a_mapping_says_a_code_as_a_spreadsheet_or_a_person_writes_it(
    codes: tuple[str, str], store: Path, tmp_path: Path
) -> None:
    file, mapping = tmp_path / "own.xlsx", tmp_path / "mapping.csv"
    file.write_bytes(survey_workbook(n=6, answers={"proficiency_word": ["Seldom", "Daily"]}))
    mapping.write_text(f"subject,answer,code\nproficiency,Seldom,{codes[0]}\nproficiency,Daily,{codes[1]}\n")
    (receipt,) = pd("ingest", file, "--mapping", mapping, "--json", store=store).json
    assert "“Seldom” as level 0, “Daily” as level 2" in receipt["message"]


def test_a_mapping_that_says_two_things_of_one_answer_is_refused(store: Path, export: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("subject,answer,code\nproficiency,Daily,2\nproficiency,daily,3\nTeams,,samr_teams\nTeams,,\n")
    answer = pd("ingest", export, "--mapping", mapping, store=store)
    assert answer.code == 1 and "“daily” is mapped to “2” and to “3”" in answer.err
    assert "“Teams” is mapped to “samr_teams” and to “”" in answer.err


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "There is no file"),
        (b"", "is empty"),
        (not_a_workbook(), "web page"),
        (truncated(survey_workbook(n=5)), "damaged"),
        (b"\x00\x01\x02" * 100, "neither an Excel workbook nor text"),
        (zip_bomb_workbook(1_100_000_000), "too large"),
        (b"a,b\n1,2\n", "not a survey export"),
    ],
    ids=["missing", "empty", "web page", "cut off", "noise", "bomb", "another table"],
)
def test_a_file_that_cannot_be_taken_is_rejected_and_nothing_is_stored(
    store: Path, tmp_path: Path, content: bytes | None, expected: str
) -> None:
    file = tmp_path / "answers.xlsx"
    if content is not None:
        file.write_bytes(content)
    answer = pd("ingest", file, "--json", store=store)
    (receipt,) = answer.json
    assert (answer.code, receipt["status"], receipt["upload_id"]) == (1, "rejected", None)
    assert expected in receipt["message"] and expected in answer.err
    assert list(receipt) == RECEIPT and receipt["rows_read"] == receipt["rows_added"] == 0
    assert uploads(store) == []


def test_a_folder_is_no_file(store: Path, tmp_path: Path) -> None:
    assert "is a folder" in pd("ingest", tmp_path, store=store).err


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "vast.csv"
    with file.open("wb") as sparse:
        sparse.truncate(200 * 1024 * 1024)
    assert "has 200.0 MB; at most 100" in pd("ingest", file, store=store).err


def test_letters_that_steer_a_terminal_do_not_reach_it(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "lincoln.csv"
    header = "\x1b[2JOwn question\u202e"
    file.write_bytes(survey_csv(n=4, date_format="iso", wordings={"proficiency_sway": header}))
    answer = pd("ingest", file, store=store)
    assert "Own question" in answer.out
    assert "\x1b" not in answer.out and "\u202e" not in answer.out
