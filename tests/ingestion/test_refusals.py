"""Files that cannot be taken, whole or in part: what is wrong, where, the value, what was expected, what to do."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest

from pd_core.errors import RefusedFile
from pd_core.ingestion import refused
from pd_core.storage import queries
from tests.forms import (
    encrypted_workbook,
    forms_workbook,
    not_a_workbook,
    old_xls_workbook,
    survey_csv,
    survey_workbook,
    truncated,
    word_document,
    zip_bomb_workbook,
)

MEBIBYTE = 1024 * 1024
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook_with_cells(*cells: str) -> bytes:
    """A workbook whose sheet has just these cells, written as given."""
    model = forms_workbook(["ID"], [], prefix="", table=None, shared_strings=False)
    rows = "".join(f"<row>{cell}</row>" for cell in cells)
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(model)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            new.writestr(name, sheet if is_sheet else old.read(name))
    return written.getvalue()


def changed(name: str, change: Callable[[bytes], bytes], **more: bytes) -> bytes:
    """A workbook with one part changed."""
    written = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(survey_workbook(n=1)))
    with old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
        for part, content in more.items():
            new.writestr(f"xl/{part}.xml", content)
    return written.getvalue()


def sheets_of_one_part(sheets: int) -> bytes:
    """A workbook that lists so many more sheets, and has a part with cells at A1 and FZ99999."""
    more = b"".join(b'<sheet name="S%d" sheetId="%d"/>' % (at, at + 50) for at in range(sheets))
    cells = b'<worksheet><row><c r="A1"/></row><row><c r="FZ99999"><v>1</v></c></row></worksheet>'
    return changed("xl/workbook.xml", lambda part: part + more, large=cells)


def with_shared_text(text: bytes, uses: int, *, value: bytes = b"0", before: bytes = b"") -> bytes:
    """A workbook that keeps a text once and uses it in many cells, where its number is written so."""
    cells = b"".join(b'<row><c r="A%d" t="s"><v>%b</v></c></row>' % (row, value) for row in range(1, uses + 1))
    texts = b"<sst>" + before + b"<si><t>" + text + b"</t></si></sst>"
    return changed("xl/sharedStrings.xml", lambda _: texts, large=cells)


def wrong_checksum() -> bytes:
    """A workbook of which the directory gives another checksum for the first part."""
    packed = bytearray(survey_workbook(n=1))
    packed[packed.find(b"PK\x01\x02") + 16] ^= 1
    return bytes(packed)


def protected() -> bytes:
    """A zip whose entries say that they are encrypted."""
    packed = bytearray(survey_workbook(n=1))
    at = packed.find(b"PK\x01\x02")
    while at >= 0:
        packed[at + 8] |= 1
        at = packed.find(b"PK\x01\x02", at + 1)
    return bytes(packed)


REFUSED = {
    "a web page": (not_a_workbook, "web page", "Open in Excel"),
    "a pdf": (lambda: b"%PDF-1.7 ...", "a PDF", "Open in Excel"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n...", "a picture", "Open in Excel"),
    "a photo": (lambda: b"\xff\xd8\xff\xe0...", "a picture", "Open in Excel"),
    "a word document": (word_document, "not an Excel workbook", "Microsoft Forms"),
    "an old xls": (old_xls_workbook, "old Excel file", "Save it as .xlsx"),
    "a workbook with a password": (encrypted_workbook, "protected by a password", "without a password"),
    "a zip with a password": (protected, "protected by a password", "without one"),
    "nothing": (lambda: b"", "is empty", "Export the answers again"),
    "blanks": (lambda: b" \r\n ", "is empty", "Export the answers again"),
    "noise": (lambda: bytes(range(256)), "neither an Excel workbook nor text", "Microsoft Forms"),
    "a letter": (lambda: b"Dear all,\nplease find attached", "no row of headers", "first row left as it is"),
    "half a workbook": (lambda: truncated(survey_workbook()), "damaged or cut-off", "Export the answers again"),
    "most of a workbook": (
        lambda: truncated(survey_workbook(), 0.98),
        "damaged or cut-off",
        "Export the answers again",
    ),
    "a broken sheet": (
        lambda: workbook_with_cells('<c r="A1" t="s"><v>9</v></c>'),
        "damaged workbook",
        "Export the answers again",
    ),
    "a bomb that says so": (
        lambda: zip_bomb_workbook(MEBIBYTE, claimed_bytes=2_000_000_000),
        "2,000 MB",
        "Export the form again",
    ),
    "a bomb that lies": (lambda: zip_bomb_workbook(64 * MEBIBYTE, claimed_bytes=900), "more than it says", "Export"),
    "two cells far apart": (
        lambda: workbook_with_cells('<c r="A1"/>', '<c r="XFD1048576"><v>1</v></c>'),
        "16,384 columns",
        "stray",
    ),
    "far apart in other quotes": (
        lambda: workbook_with_cells("<c r='A1'/>", "<c r = 'XFD1048576'><v>1</v></c>"),
        "16,384",
        "stray",
    ),
    "far apart in small letters": (
        lambda: workbook_with_cells('<c r="A1"/>', '<c r="xfd104857"><v>1</v></c>'),
        "16,384",
        "stray",
    ),
    "far apart after other blanks": (
        lambda: workbook_with_cells('<c r="A1"/>', '<c r\t=\n"XFD104857"><v>1</v></c>'),
        "columns",
        "stray",
    ),
    "cells without places": (lambda: workbook_with_cells("<c/>" * 5000), "columns", "stray"),
    "cells without places, far down": (
        lambda: workbook_with_cells('<c r="A1"/></row><row r="1048000">' + "<c/>" * 30),
        "rows",
        "stray",
    ),
    "ten sheets of one large part": (lambda: sheets_of_one_part(10), "on each of 11 sheets", "added sheets"),
    "more sheets than are read": (lambda: sheets_of_one_part(60), "61 sheets", "added sheets"),
    "a long list of sheets": (
        lambda: changed("xl/workbook.xml", lambda part: part + b" " * 6 * MEBIBYTE),
        "lists its sheets in 6 MB",
        "Delete",
    ),
    "a text longer than a cell": (
        lambda: with_shared_text(b"y" * 40_000, 1),
        "40,000 letters",
        "Export",
    ),
    "a long text used very often": (lambda: with_shared_text(b"y" * 32_000, 40_000), "repeats texts", "Export"),
    "a wrong checksum": (wrong_checksum, "damaged or cut-off", "Export the answers again"),
    "wide here and long there": (
        lambda: workbook_with_cells('<c r="ZZ1"><v>1</v></c>', '<c r="A99999"><v>1</v></c>'),
        "99,999 rows",
        "stray",
    ),
    "far down": (
        lambda: workbook_with_cells('<c r="AN1"><v>1</v></c>', '<c r="A1048576"><v>1</v></c>'),
        "1,048,576 rows",
        "stray",
    ),
    "more than 100 MB": (lambda: b"PK" + bytes(100 * MEBIBYTE), "at most 100 MB", "split it by building"),
    "no visible answers": (
        lambda: b"Finished,Favorite color\r\n10/16/26 8:15:00,Blue\r\n",
        "looked for “Completion time”",
        "first row left as it is",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_no_sound_export_is_refused_with_the_way_out(kind, desk):
    make, what, remedy = REFUSED[kind]
    with pytest.raises(RefusedFile) as refusal:
        desk.look(make(), "C:\\Users\\x\\our file.xlsx")
    assert refusal.value.message.startswith("our file.xlsx "), "the file is named, without folders"
    assert what in refusal.value.message
    assert remedy in refusal.value.remedy
    receipt = refused("our file.xlsx", refusal.value)
    assert (receipt.status, receipt.rows_read) == ("rejected", 0)
    assert what in receipt.message and remedy in receipt.message


def test_a_bomb_is_refused_without_being_unpacked(desk):
    bomb = zip_bomb_workbook(256 * MEBIBYTE, claimed_bytes=900)
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFile):
            desk.look(bomb)
        assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_an_export_with_a_question_called_like_the_time_is_refused(desk):
    headers = ["ID", "Email", "Word", "Completion time"]
    with pytest.raises(RefusedFile, match="does not stand in front of the questions"):
        desk.look(forms_workbook(headers, [[1, "a@example.org", "I have not used it", "ten minutes"]]))


def test_another_form_is_refused_whole(desk):
    headers = ["ID", "Start time", "Completion time", "Email", "Name", "Favourite colour", "Lunch"]
    moment = datetime(2026, 10, 5, 9)
    receipt = desk.take(
        forms_workbook(headers, [[1, moment, moment, "a@example.org", "A", "Blue", "Soup"]]),
        "lunch.xlsx",
        surface="command",
    )
    assert (receipt.status, receipt.rows_set_aside) == ("rejected", 1)
    assert "lunch.xlsx fits another form" in receipt.message
    assert "none of its 2 questions" in receipt.message
    assert "--mapping" in receipt.message
    assert receipt.unmapped_columns == ["Favourite colour", "Lunch"]
    assert not queries.has_uploads(desk.store)


def test_a_form_that_does_not_ask_for_the_school_needs_to_be_told(desk):
    export = survey_workbook(without=["school"])
    receipt = desk.take(export, surface="command")
    assert receipt.status == "rejected"
    assert "Say which building it is from (--school ID)" in receipt.message
    assert "--school" not in desk.take(export).message, "a page has no options"
    assert desk.take(export, school_id="jefferson").schools == {"jefferson": 20}


def test_an_unknown_building_is_set_aside_with_the_nearest_name(desk):
    preview = desk.look(survey_workbook(school=["Lincoln High", "LHS", "Lincon Hihg"]))
    assert preview.unknown_schools == {"Lincon Hihg": 6}
    assert preview.schools == {"lincoln": 14}
    problem = preview.problems.row(0, named=True)
    assert (problem["row"], problem["column"]) == (4, "Which school do you work at?")
    assert (problem["value"], problem["suggestion"]) == ("Lincon Hihg", "Lincoln High")
    assert "expected a school's name" in problem["reason"]


def test_the_receipt_tells_the_first_problem_in_full(desk):
    message = desk.take(survey_workbook(n=3, school=["Lincoln High", "Lincon Hihg"])).message
    assert "1 row was set aside" in message
    for told in ("row 3", "“Which school do you work at?”", "“Lincon Hihg”", "Did you mean “Lincoln High”?"):
        assert told in message


def test_a_file_of_unknown_buildings_only_is_refused_whole(desk):
    receipt = desk.take(survey_workbook(school="Nowhere Academy"))
    assert (receipt.status, receipt.rows_set_aside) == ("rejected", 20)
    assert "None of the 20 rows" in receipt.message and "“Nowhere Academy”" in receipt.message


def test_a_row_of_another_building_is_not_taken_for_this_one(desk):
    preview = desk.look(survey_workbook(n=4, school=["Lincoln High", "JMS"]), school_id="lincoln")
    assert preview.schools == {"lincoln": 2}
    assert "another building than Lincoln High" in preview.problems["reason"][0]


def test_a_row_without_a_school_belongs_to_no_building_unless_told(desk):
    export = survey_workbook(n=3, answers={"school": ["Lincoln High", None, "JMS"]})
    preview = desk.look(export)
    assert preview.problems.select("row", "value").rows() == [(3, "")]
    assert "no school is named" in preview.problems["reason"][0]
    assert desk.look(export, school_id="lincoln").schools == {"lincoln": 2}


def test_rows_that_were_set_aside_can_be_corrected_and_dropped_again(desk):
    export = survey_workbook(n=6, answers={"school": ["Lincoln High", "Lincon Hihg", "Nowhere"]})
    preview = desk.look(export)
    desk.take(export)
    away = preview.set_aside()
    assert away.height == preview.rows_set_aside == 4
    assert "“Lincon Hihg”, no school" in away["Why this row was set aside"][0]

    corrected = away.write_csv().replace("Lincon Hihg", "Lincoln High").replace("Nowhere", "JMS")
    receipt = desk.take(corrected.encode("utf-8-sig"), "set aside.csv")
    assert (receipt.rows_added, receipt.rows_set_aside, receipt.unmapped_columns) == (4, 0, [])
    whole = desk.take(survey_workbook(n=6, answers={"school": ["Lincoln High", "Lincoln High", "JMS"]}))
    assert whole.status == "unchanged", "corrected rows are the rows of the correct file"


def test_headers_that_are_blank_or_stand_twice_survive_the_way_out_and_back(desk):
    lines = survey_csv(n=3, school="Nowhere", start=datetime(2026, 10, 16)).decode("utf-8-sig").splitlines()
    lines = [lines[0] + ",,Notes,Notes", *(f"{line},a,b,c" for line in lines[1:])]
    away = desk.look("\n".join(lines).encode(), "survey.csv").set_aside()
    again = desk.look(away.write_csv().replace("Nowhere", "JMS").encode(), "again.csv", date_order="mdy")
    assert (again.rows_read, again.rows_set_aside) == (3, 0)
