"""Tables as files, read back by other programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pd_core.errors import UserError
from pd_core.presentation.section import Column
from pd_core.reports.files import EXCEL_ROWS, FORMATS, Format, format_of, render, without_formulas

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]
TABLE = pl.DataFrame(
    {
        "school_name": ["École Lincoln", 'Ruby, "the" Lab', None],
        "level": pl.Series(["S", "A", None], dtype=pl.Enum(["S", "A"])),
        "respondents": [12, -3, None],
        "share": [0.25, -0.5, None],
        "suppressed": [False, True, None],
        "uploaded_at": [datetime(2026, 10, 5, 8, 3, 12), datetime(2026, 10, 5, 8, 3, 12, 500_000), None],
        "closes": [date(2026, 10, 31), None, None],
    }
)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_a_csv_holds_plain_utf8_iso_times_and_numbers_as_they_are() -> None:
    first, second, third = csv_rows(render(TABLE, "csv"))
    assert first["school_name"] == "École Lincoln"
    assert second["school_name"] == 'Ruby, "the" Lab'
    assert (second["respondents"], second["share"]) == ("-3", "-0.5"), "a negative number is no formula"
    assert (first["uploaded_at"], first["closes"]) == ("2026-10-05T08:03:12", "2026-10-31")
    assert second["uploaded_at"] == "2026-10-05T08:03:12.500"
    assert set(third.values()) == {""}


def test_a_csv_has_a_byte_order_mark_only_where_it_is_asked_for() -> None:
    assert render(TABLE, "csv").startswith(b"school_name,")
    assert render(TABLE, "csv", bom=True).startswith(b"\xef\xbb\xbfschool_name,")
    assert render(TABLE, "json", bom=True).startswith(b"[")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_is_disarmed_in_csv(text: str) -> None:
    content = render(pl.DataFrame({"comment": [text]}), "csv")
    assert csv_rows(content)[0]["comment"] == "'" + text


@pytest.mark.parametrize("text", ["a=1", "1-2", "me@example.org", "'=1", "", " =1"])
def test_a_text_that_no_spreadsheet_would_run_is_left_alone(text: str) -> None:
    assert csv_rows(render(pl.DataFrame({"comment": [text], "n": [1]}), "csv"))[0]["comment"] == text


def test_a_header_is_disarmed_too() -> None:
    assert list(csv_rows(render(pl.DataFrame({"=cmd()": [1]}), "csv"))[0]) == ["'=cmd()"]


def test_json_is_a_list_of_rows_with_null_for_what_is_not_known() -> None:
    rows = json.loads(render(TABLE, "json"))
    assert rows[0] == {
        "school_name": "École Lincoln",
        "level": "S",
        "respondents": 12,
        "share": 0.25,
        "suppressed": False,
        "uploaded_at": "2026-10-05T08:03:12",
        "closes": "2026-10-31",
    }
    assert set(rows[2].values()) == {None}


def test_a_number_that_is_not_finite_is_null() -> None:
    frame = pl.DataFrame({"share": [float("nan"), float("inf"), 0.5]})
    assert [row["share"] for row in json.loads(render(frame, "json"))] == [None, None, 0.5]
    assert [cell.value for cell in sheet_of(render(frame, "xlsx"))["A"]] == ["share", None, None, 0.5]


def test_a_time_with_a_zone_keeps_it() -> None:
    frame = pl.DataFrame({"at": [datetime(2026, 10, 5, 8, tzinfo=UTC)]})
    assert json.loads(render(frame, "json")) == [{"at": "2026-10-05T08:00:00+00:00"}]
    assert sheet_of(render(frame, "xlsx"))["A2"].value == datetime(2026, 10, 5, 8)


def test_parquet_keeps_every_value_and_type() -> None:
    assert_frame_equal(pl.read_parquet(io.BytesIO(render(TABLE, "parquet"))), TABLE)


def test_a_workbook_holds_numbers_times_and_texts_as_what_they_are() -> None:
    headers, first, second = sheet_of(render(TABLE.head(2), "xlsx")).iter_rows(values_only=True)
    assert list(headers) == TABLE.columns
    assert first == ("École Lincoln", "S", 12, 0.25, False, datetime(2026, 10, 5, 8, 3, 12), datetime(2026, 10, 31))
    assert second[:5] == ('Ruby, "the" Lab', "A", -3, -0.5, True)
    assert second[6] is None


@pytest.mark.parametrize("text", [*FORMULAS, "https://example.org", "mailto:me@example.org", "00123"])
def test_a_text_in_a_workbook_is_neither_formula_nor_link_nor_number(text: str) -> None:
    cell = sheet_of(render(pl.DataFrame({"comment": [text]}), "xlsx"))["A2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value.replace("_x000D_", "\r") == text, "Excel reads _x000D_ as the carriage return that it stands for"


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    cell = sheet_of(render(pl.DataFrame({"comment": ["x" * 40_000]}), "xlsx"))["A2"]
    assert cell.value == "x" * 32_767


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("skill-summary", "skill-summary"),
        ("", "Table"),
        ("a/b:c[d]*?\\", "a b c d"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 31),
    ],
)
def test_a_sheet_is_named_by_the_title_as_far_as_excel_allows(title: str, name: str) -> None:
    assert sheet_of(render(TABLE, "xlsx", title)).title == name


def test_more_rows_than_a_sheet_holds_are_refused_with_a_way_out() -> None:
    with pytest.raises(UserError, match=r"1,048,576 rows.*csv or parquet"):
        render(pl.select(n=pl.int_range(EXCEL_ROWS)), "xlsx")


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_without_rows_is_a_file_with_its_columns(format: Format) -> None:
    content = render(TABLE.clear(), format)
    found = {
        "csv": lambda: content.decode().strip().split(","),
        "json": lambda: TABLE.columns if json.loads(content) == [] else json.loads(content),
        "parquet": lambda: pl.read_parquet(io.BytesIO(content)).columns,
        "xlsx": lambda: [cell.value for cell in sheet_of(content)[1]],
    }[format]()
    assert found == TABLE.columns


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.csv", "csv"), ("A.XLSX", "xlsx"), ("a.b.parquet", "parquet"), ("a.txt", None), ("csv", None)],
)
def test_a_files_ending_says_its_format(name: str, format: Format | None) -> None:
    assert format_of(name) == format


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "＝1"])
def test_a_table_that_a_browser_saves_by_itself_holds_no_formula(text):
    assert without_formulas(pl.DataFrame({"comment": [text, "fine"]}))["comment"].to_list() == [f"'{text}", "fine"]
    assert without_formulas([{"comment": text, "row": 3}]) == [{"comment": f"'{text}", "row": 3}]


def test_a_workbook_for_people_has_headings_and_percent() -> None:
    columns = {"school_name": Column("School"), "share": Column("Share", "share"), "absent": Column("Nothing")}
    sheet = sheet_of(render(TABLE, "xlsx", columns=columns))
    assert [cell.value for cell in sheet[1]] == ["School", "Share"]
    assert (sheet["B2"].value, sheet["B2"].number_format) == (0.25, "0%")
    assert csv_rows(render(TABLE, "csv", columns=columns))[0].keys() == set(TABLE.columns), "for programs"


@pytest.mark.parametrize("format", ["csv", "json"])
def test_people_are_whole_and_other_figures_have_four_digits(format: Format) -> None:
    frame = pl.DataFrame({"people": [388.77799, None], "people_low": [3.5, 2.0], "share": [2 / 3, 0.05], "n": [7, 8]})
    content = render(frame, format)
    first, second = json.loads(content) if format == "json" else csv_rows(content)
    assert {name: str(value) for name, value in first.items()} == {
        "people": "389", "people_low": "4", "share": "0.6667", "n": "7",
    }  # fmt: skip
    assert str(second["share"]) == "0.05"


def test_what_people_brought_in_goes_out_as_it_came() -> None:
    rows = json.loads(render(pl.DataFrame({"value": [0.123456], "hours": [12.34567]}), "json"))
    assert rows == [{"value": 0.123456, "hours": 12.34567}]
