"""The mapping file by the command line: written, never over another, and taken again; and another key is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.cli.command import pd
from tests.forms import survey_workbook

RATED = {f"proficiency_{skill}": ["1 Never", "2 Rarely", "3 Daily"] for skill in ("outlook", "excel", "sway")}


def test_a_mapping_file_is_written_beside_the_export_filled_in_and_taken(store: Path, tmp_path: Path) -> None:
    export = tmp_path / "own.xlsx"
    export.write_bytes(survey_workbook(n=6, blank_share=0, answers=RATED))
    answer = pd("mapping", export, store=store)
    written = tmp_path / "own.mapping.csv"
    assert answer.code == 0 and f"--mapping {written}" in answer.out
    head = written.read_text(encoding="utf-8-sig").splitlines()[0]
    assert head == "subject,answer,code,suggestion,labels"
    rows = pl.read_csv(written, infer_schema=False)
    filled = rows.with_columns(code=pl.when(code="?").then("suggestion").otherwise("code"))
    assert filled.filter(subject="proficiency")["code"].to_list() == ["1", "2", "3"]
    filled.write_csv(written, include_bom=True)
    (receipt,) = pd("ingest", export, "--mapping", written, "--json", store=store).json
    assert (receipt["status"], receipt["rows_added"], receipt["unmapped_columns"]) == ("committed", 6, [])


def test_a_mapping_file_is_not_written_over_another(store: Path, tmp_path: Path) -> None:
    export = tmp_path / "own.xlsx"
    export.write_bytes(survey_workbook(n=2))
    (tmp_path / "own.mapping.csv").write_text("mine")
    answer = pd("mapping", export, store=store)
    assert answer.code == 1 and "is there already" in answer.err and "--output" in answer.err
    assert (tmp_path / "own.mapping.csv").read_text() == "mine"


def test_another_key_is_refused_by_each_command_that_needs_it(store: Path, export: Path, tmp_path: Path) -> None:
    pd("ingest", export, store=store)
    key = store.with_suffix(".key")
    kept = key.read_text()
    key.write_text("x" * 64)
    roster = tmp_path / "roster.csv"
    roster.write_text("email,school_id\nann@example.org,lincoln\n")
    for command in (("ingest", export), ("roster", roster), ("forget", "ann@example.org"), ("doctor",)):
        answer = pd(*command, store=store)
        assert answer.code == 1 and "is not the one that this store started with" in answer.out + answer.err
    key.write_text(kept)
    assert pd("ingest", export, store=store).code == 0
