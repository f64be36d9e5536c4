"""The values of a sheet, by which its cells name the texts that are kept once: none may name one unseen."""

from __future__ import annotations

import re

import fastexcel
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_core.errors import RefusedFile
from pd_core.ingestion.text_files import MAX_COLUMNS
from pd_core.ingestion.workbook_limits import _named_lengths, check_workbook
from tests.ingestion.test_growth import with_part
from tests.ingestion.test_refusals import with_shared_text

LENGTHS = np.array([1_000_000, *range(1, 200)])
"""Of a text's number as many letters, so that it is seen which are named; and very many of the first."""
PARTS = st.lists(
    st.sampled_from(
        [b"<v>", b"</v>", b"<x:v>", b"</x:v>", b"<", b"/", b">", b" ", b"\n", b"0", b"17", b"123456789", b"a"]
    )
)


def named(chunk: bytes) -> int:
    return _named_lengths(chunk, LENGTHS, longest=10**9)


@given(PARTS)
def test_each_value_behind_a_tag_names_a_text_wherever_it_stands(parts: list[bytes]) -> None:
    chunk = b"".join(parts)
    values = re.findall(rb">(?=[^<])([^<>]*)(<?)", chunk)
    numbers = [value for value, end in values if end and re.fullmatch(rb"[0-9]{1,9}", value)]
    zeros = [value for value, end in values if end and re.fullmatch(rb"[0-9]+0[0-9]{9}|0[0-9]{9}", value)]
    alone = sum(int(LENGTHS[int(number)]) for number in numbers if int(number) < LENGTHS.size)
    at_least = alone + 10**9 * len(zeros) + 1_000_000 * (len(values) - len(numbers) - len(zeros))
    assert named(chunk) >= at_least


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1", "second"),
        ("0000000000000000001", "second"),
        ("1<!-- remark -->", "second"),
        ("1<?remark?>", "second"),
        (" 1", "first"),
        ("1 ", "first"),
        ("+1", "first"),
        ("1.0", "first"),
        ("x", "first"),
    ],
)
def test_what_a_value_names_for_the_reader_of_workbooks_counts(value: str, text: str) -> None:
    def with_value(part: bytes) -> bytes:
        cell = f'<row r="2000"><c r="A2000" t="s"><v>{value}</v></c></row></sheetData>'
        return part.replace(b"</sheetData>", cell.encode())

    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>first</t></si>'
    some = with_part("xl/worksheets/sheet1.xml", with_value)
    data = with_part("xl/sharedStrings.xml", lambda _: texts + b"<si><t>second</t></si>" * 5000 + b"</sst>", some)
    sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert sheet[:, 0][-1] == text
    lengths = np.array([5, *[70] * 4999])
    assert _named_lengths(f"<v>{value}</v>".encode(), lengths, 70) >= len(text)


@pytest.mark.parametrize(
    ("value", "before"),
    [
        pytest.param(b"0000000000000001", b"<si><t>a</t></si>", id="zeros in front"),
        pytest.param(b"1<!-- -->", b"<si><t>a</t></si>", id="a remark behind it"),
        pytest.param(b"x", b"", id="the first text, by no number"),
        pytest.param(b"1", b"<si/>", id="an empty text before it"),
        pytest.param(b"0", b"<!-- </si> -->", id="the end of a text that is none"),
    ],
)
def test_a_long_text_used_very_often_is_refused_however_it_is_named(value: bytes, before: bytes) -> None:
    data = with_shared_text(b"y" * 32_000, 40_000, value=value, before=before)
    with pytest.raises(RefusedFile, match="repeats texts"):
        check_workbook("survey.xlsx", data, MAX_COLUMNS)


def test_a_value_of_more_digits_may_name_any_text() -> None:
    assert named(b"<v>0000000000000000017</v>") == 10**9


def test_of_a_usual_sheet_it_is_just_the_numbers() -> None:
    lengths = np.arange(200_000)
    chunk = b"".join(b'<c r="A%d" t="s"><v>%d</v></c>' % (number, number * 37) for number in range(1, 5000))
    assert _named_lengths(chunk, lengths, 200_000) == sum(number * 37 for number in range(1, 5000))
