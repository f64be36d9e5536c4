"""Files that somebody made to do harm are refused in plain words, or read as the harmless text that they hold."""

import time

import pytest

from pd_core.actions import schools
from pd_core.errors import RefusedFile
from pd_core.reports.files import render
from pd_core.storage import queries
from tests.actions.people import ADMINISTRATOR
from tests.forms import forms_csv, forms_workbook, survey_csv, survey_headers, survey_workbook, word_document

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\x/../../etc/passwd.xlsx", "passwd.xlsx"),
        ("/etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\Users\\x\\our file.xlsx", "our file.xlsx"),
        ("folder/..", "file"),
        ("../", "file"),
        ("", "file"),
        ("one\nERROR two\x1b[31m.xlsx", "one ERROR two [31m.xlsx"),
        ("harmless\u202excod.xlsx", "harmless xcod.xlsx"),
        ("x" * 5000, "x" * 200),
    ],
)
def test_a_path_in_a_files_name_is_stored_as_a_plain_name(given, kept, desk):
    receipt = desk.take(survey_workbook(n=2), given)
    assert receipt.file == kept
    assert queries.uploads(desk.store)["file"].to_list() == [kept]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_of_ten_thousand_columns_is_refused_at_once(kind, desk):
    headers = [*survey_headers(), *(f"Question {number}" for number in range(10_000))]
    rows = [["x"] * len(headers)]
    export = forms_workbook(headers, rows) if kind == "xlsx" else forms_csv(headers, rows)
    began = time.process_time()
    with pytest.raises(RefusedFile, match=r"too large: .* 10,0\d\d columns") as refusal:
        desk.look(export, f"wide.{kind}")
    assert time.process_time() - began < 1.5
    assert "Delete" in refusal.value.remedy


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("survey.xlsx", b"MZ\x90\x00" + bytes(2000)),
        ("survey.csv", b"MZ\x90\x00" + bytes(2000)),
        ("survey.xlsx", b"#!/bin/sh\necho hello\n"),
        ("survey.csv", word_document()),
        ("survey.csv", b"<html><body>Timestamp,Completion time</body></html>"),
    ],
    ids=["a program", "a program called CSV", "a script", "a letter called CSV", "a web page called CSV"],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, content, desk):
    with pytest.raises(RefusedFile, match="is not"):
        desk.look(content, name)


def test_an_export_is_read_by_what_it_holds_and_not_by_its_name(desk):
    assert desk.look(survey_workbook(n=3), "survey.csv").responses.height == 3
    assert desk.look(survey_csv(n=3), "survey.xlsx", date_order="mdy").responses.height == 3
    assert desk.look(survey_workbook(n=3), "survey.exe").responses.height == 3


def test_a_script_in_a_schools_name_is_a_name_like_any_other(desk):
    export = survey_workbook(n=4, school=SCRIPT)
    assert desk.look(export).unknown_schools == {SCRIPT: 4}
    school_id = schools.add_school(desk.store, ADMINISTRATOR, SCRIPT)
    assert school_id == "script_alert_1_script"
    assert desk.take(export).schools == {school_id: 4}


FORMULA = '=HYPERLINK("http://example.org","Click")'


def test_a_formula_in_a_comment_is_kept_as_text_and_runs_in_no_file(desk):
    export = survey_workbook(n=2, answers={"comment": FORMULA, "school": ["Lincoln High", "Nowhere"]})
    preview = desk.look(export)
    assert preview.responses["comment"].to_list() == [FORMULA]
    away = render(preview.set_aside(), "csv", bom=True).decode("utf-8-sig")
    assert "'=HYPERLINK" in away and ",=HYPERLINK" not in away and ',"=HYPERLINK' not in away


def test_a_formula_that_was_set_aside_comes_back_as_the_same_row(desk):
    export = survey_workbook(n=2, respondents="anonymous", answers={"comment": FORMULA, "school": "Nowhere"})
    away = render(desk.look(export).set_aside(), "csv", bom=True)
    desk.take(away.replace(b"Nowhere", b"JMS"), "set aside.csv", date_order="mdy")
    schools.match_school(desk.store, ADMINISTRATOR, "Nowhere", "jefferson")
    assert desk.take(export).status == "unchanged"
