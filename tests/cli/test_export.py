"""Tables from the command line: their columns, filters and files."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.cli.command import audited, pd, version

CONTRACT = {
    "response-rates": "wave_id school_id school_name headcount respondents rate status",
    "skill-levels": "wave_id school_id school_name skill_id level level_label respondents share suppressed",
    "skill-summary": (
        "wave_id school_id school_name skill_id respondents proficient share share_low share_high suppressed"
    ),
    "samr-levels": "wave_id school_id school_name skill_id level respondents share suppressed",
    "uploads": "upload_id file wave_id uploaded_at uploaded_by rows_added status",
}


def test_the_made_up_district_goes_in_and_comes_out_as_a_table(district: Path) -> None:
    rates = pd("export", "response-rates", "--wave", "fall 2026", store=district)
    assert rates.code == 0 and rates.err == ""
    whole = [row for row in rates.rows if row["school_id"] == "district"]
    assert len(whole) == 1 and 0 < float(whole[0]["rate"]) < 1
    others = [row for row in rates.rows if row["school_id"] != "district"]
    assert sum(int(row["respondents"]) for row in others) == int(whole[0]["respondents"])


@pytest.mark.parametrize("table", CONTRACT)
def test_a_table_has_at_least_the_columns_that_were_promised(district: Path, table: str) -> None:
    rows = pd("export", table, store=district).rows
    assert rows and [name for name in CONTRACT[table].split() if name not in rows[0]] == []


def test_samr_levels_are_named_by_their_letters(district: Path) -> None:
    rows = pd("export", "samr-levels", "--skill", "Teams", "--school", "district", store=district).rows
    assert [row["level"] for row in rows[:5]] == ["none", "S", "A", "M", "R"]
    assert {row["skill_id"] for row in rows} == {"teams"}


def test_a_group_of_three_is_hidden_on_the_command_line_too(district: Path) -> None:
    rows = pd("export", "skill-summary", "--school", "trillium", "--wave", "Fall 2026", "--json", store=district).json
    assert {row["suppressed"] for row in rows} == {True}
    assert {row["respondents"] for row in rows} == {row["share"] for row in rows} == {None}


@pytest.mark.parametrize(
    ("option", "value", "near"),
    [
        ("--wave", "Fall 2062", "Fall 2026"),
        ("--school", "Kelp Harbour", "Kelp Harbor High School"),
        ("--skill", "Team", "Teams"),
        ("--role", "Techer", "Teacher"),
    ],
)
def test_a_filter_that_names_nothing_is_refused_with_the_nearest(
    district: Path, option: str, value: str, near: str
) -> None:
    answer = pd("export", "skill-summary", option, value, store=district)
    assert (answer.code, answer.out) == (1, "")
    assert value in answer.err and near in answer.err


def test_an_unknown_table_is_refused_with_the_nearest(district: Path) -> None:
    answer = pd("export", "skills-summary", store=district)
    assert answer.code == 1 and "skill-summary" in answer.err


def test_a_workbook_is_written_to_the_file_that_was_named(district: Path, tmp_path: Path) -> None:
    file = tmp_path / "summary.xlsx"
    answer = pd("export", "skill-summary", "--output", file, store=district)
    sheet = openpyxl.load_workbook(file).active
    assert answer.code == 0 and str(file) in answer.out
    assert sheet is not None and sheet.title == "skill-summary"
    assert sheet.max_row == 1 + len(pd("export", "skill-summary", store=district).rows)


def test_all_formats_hold_the_same_rows(district: Path, tmp_path: Path) -> None:
    pd("export", "skill-levels", "--format", "parquet", "--output", tmp_path / "levels", store=district)
    frame = pl.read_parquet(tmp_path / "levels")
    rows = pd("export", "skill-levels", "--format", "json", store=district).json
    assert rows == pd("export", "skill-levels", "--json", store=district).json == frame.to_dicts()
    assert len(pd("export", "skill-levels", "--format", "csv", store=district).rows) == frame.height


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
def test_a_format_that_is_no_text_needs_a_file(district: Path, format: str) -> None:
    answer = pd("export", "uploads", "--format", format, store=district)
    assert (answer.code, answer.out) == (1, "")
    assert f"--output uploads.{format}" in answer.err


def test_a_file_that_cannot_be_written_is_refused(district: Path, tmp_path: Path) -> None:
    answer = pd("export", "uploads", "--output", tmp_path / "nowhere" / "uploads.csv", store=district)
    assert answer.code == 1 and "cannot be written" in answer.err


def test_an_export_is_in_the_audit_with_what_it_was_of(store: Path, export: Path) -> None:
    assert pd("ingest", export, store=store).code == 0
    before = version(store)
    assert pd("export", "response-rates", "--school", "LHS", "--wave", "fall 2026", store=store).code == 1
    assert pd("export", "response-rates", "--school", "Lincoln High", "--wave", "fall 2026", store=store).code == 0
    assert pd("export", "skill-levels", "--skill", "Teams", store=store).code == 0
    assert version(store) == before, "results that are kept in memory still hold"
    found = [(row["kind"], row["school_ids"], row["subject"]) for row in audited(store)]
    assert found[:2] == [
        ("export", "district", "skill-levels, all waves, Teams"),
        ("export", "lincoln", "response-rates, fall 2026"),
    ]
    assert [kind for kind, *_ in found[2:]] == ["upload", "key", "schools"], "what was refused is no export"
    assert "(command line)" in audited(store)[0]["actor"]


def test_the_audit_is_a_table_and_taking_it_away_is_in_it(store: Path, tmp_path: Path) -> None:
    assert pd("export", "audit", "--output", tmp_path / "audit.xlsx", store=store).code == 0
    (row, *_) = pd("export", "audit", "--json", store=store).json
    assert list(row) == ["recorded_at", "actor", "kind", "school_ids", "subject"]
    assert (row["kind"], row["subject"]) == ("export", "audit, all waves")


def test_the_audit_has_no_filters(store: Path) -> None:
    answer = pd("export", "audit", "--school", "lincoln", "--wave", "Fall 2026", store=store)
    assert (answer.code, answer.out) == (1, "")
    assert "no filter --wave, --school" in answer.err
