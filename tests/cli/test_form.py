"""The form is written on the command line: one format to the file that is named, several next to each other."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from tests.cli.command import pd


def test_one_format_is_written_to_the_file_that_is_named(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "survey.any"
    done = pd("form", "--format", "docx", "--output", file, "--json", store=store)
    assert done.code == 0, done.err
    assert done.json == {"questions": 24, "schools": 2, "files": {"docx": str(file)}}
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(file.read_bytes())).paragraphs]
    assert "A. Jefferson Middle" in lines or "A. Lincoln High" in lines
    assert [path.name for path in tmp_path.glob("survey*")] == ["survey.any"]


def test_several_formats_are_written_next_to_each_other(store: Path, tmp_path: Path) -> None:
    done = pd("form", "--format", "docx,google,limesurvey,qualtrics", "--output", tmp_path / "survey.docx", store=store)
    assert done.code == 0, done.err
    assert sorted(path.name for path in tmp_path.glob("survey*")) == [
        "survey-docx.docx",
        "survey-google.gs",
        "survey-limesurvey.txt",
        "survey-qualtrics.txt",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "dox", "--output", "x"], "There is no format dox."),
        (["--format", ",", "--output", "x"], "No format is named."),
        (["--output", "/nowhere/at/all.docx"], "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_explained(store: Path, arguments: list[str], said: str) -> None:
    done = pd("form", *arguments, store=store)
    assert done.code == 1 and said in done.err


def test_a_form_without_a_file_is_wrong_usage(store: Path) -> None:
    assert pd("form", "--format", "docx", store=store).code == 2
