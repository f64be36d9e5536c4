"""`report`: documents written by the command."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest

from tests.cli.command import audited, pd
from tests.reports.documents.reading import reader, words

SCHOOLS = 12


def test_a_brief_is_written_in_the_format_of_its_name_and_audited(district: Path, tmp_path: Path) -> None:
    for shape, begin in (("pdf", b"%PDF"), ("html", b"<!doctype html>"), ("pptx", b"PK"), ("docx", b"PK")):
        path = tmp_path / f"brief.{shape}"
        assert pd("report", "brief", "--school", "Cedar Hollow Elementary", "--output", path, store=district).code == 0
        assert path.read_bytes().startswith(begin)
    assert "34 of 42" in words((tmp_path / "brief.pdf").read_bytes())
    latest = audited(district)[0]
    assert (latest["kind"], latest["school_ids"], latest["subject"]) == (
        "export", "cedar_hollow", "brief, docx, Fall 2026",
    )  # fmt: skip


def test_all_briefs_are_one_pdf_an_archive_or_a_folder(district: Path, tmp_path: Path) -> None:
    together = pd("report", "brief", "--all", "--output", tmp_path / "all.pdf", store=district)
    assert together.code == 0 and "12 of 12: Trillium Learning Lab" in together.err
    assert len(reader((tmp_path / "all.pdf").read_bytes()).pages) == SCHOOLS
    assert pd("report", "brief", "--all", "--format", "html", "--output", tmp_path / "a.zip", store=district).code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len(archive.namelist()) == SCHOOLS and "cedar_hollow.html" in archive.namelist()
    folder = tmp_path / "new" / "folder"
    answer = pd("report", "brief", "--all", "--format", "html", "--output", folder, "--json", store=district)
    assert len(answer.json["schools"]) == SCHOOLS
    assert sorted(path.stem for path in folder.glob("*.html")) == sorted(answer.json["schools"])


def test_the_board_deck_and_the_technology_plan_are_written(proposed: Path, tmp_path: Path) -> None:
    assert pd("report", "board", "--output", tmp_path / "board.pdf", store=proposed).code == 0
    said = words((tmp_path / "board.pdf").read_bytes())
    assert re.search(r"\d of 12 schools (is|are) safe to decide on", said) and re.search(
        r"\d sessions: \d+ proposed", said
    )
    plan = tmp_path / "plan.docx"
    assert pd("report", "techplan", "--school", "cedar_hollow", "--output", plan, store=proposed).code == 0
    made = docx.Document(str(plan))
    planned = [table for table in made.tables if table.rows[0].cells[0].text == "When"]
    assert len(planned) == 1 and "The next day: " in planned[0].rows[1].cells[1].text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--output", "x.pdf"), 1, "Neither --school nor --all"),
        (("--all", "--school", "trillium", "--output", "x.pdf"), 1, "Both --school and --all"),
        (("--school", "cedar holow", "--output", "x.pdf"), 1, "Did you mean “Cedar Hollow Elementary”"),
        (("--school", "trillium", "--wave", "Fall 2020", "--output", "x.pdf"), 1, "Known: Fall 2025, Fall 2026"),
        (("--school", "trillium", "--format", "pfd", "--output", "x.pdf"), 2, 'Did you mean "pdf"'),
        (("--school", "trillium", "--format", "html", "--output", "x.pdf"), 1, "but the format is html"),
        (("--school", "trillium", "--output", "x.zip"), 1, "Add --all"),
        (("--all", "--output", "x.docx"), 1, "One docx file holds one school"),
        (("--school", "trillium", "--output", "no/such/folder/x.pdf"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_written_says_why(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = pd("report", "brief", *arguments, store=district)
    assert answer.code == code and said in answer.err
    assert not list(tmp_path.iterdir())
