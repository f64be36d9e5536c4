"""Every column that leaves the program has a heading and a meaning for people."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pd_core.access import EVERYTHING
from pd_core.presentation.data_dictionary import described, in_words
from pd_core.reference.plan_file import PLAN_FILE
from pd_core.reports.files import render
from pd_core.summaries.growth_tables import Filters, growth_table
from pd_core.summaries.tables import ALL_TABLES, OUTCOMES, export_table
from tests.district import District

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("table", ALL_TABLES)
def test_every_column_of_a_table_of_a_wave_is_described(district: District, table: str) -> None:
    frame = export_table(district.store, district.codebook, table, target_share=0.6, scope=EVERYTHING)
    assert [name for name, _, meaning in described(table, frame.columns) if not meaning] == []


def test_every_column_of_the_outcomes_is_described(district: District) -> None:
    found = growth_table(
        district.store, district.codebook, OUTCOMES, Filters(), target_share=0.6, scope=EVERYTHING
    )  # fmt: skip
    assert [name for name, _, meaning in described(OUTCOMES, found.frame.columns) if not meaning] == []


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("sample/*.csv")), ids=lambda path: path.stem)
def test_every_column_of_the_samples_tables_is_described(path: Path) -> None:
    columns = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    table = path.stem.removesuffix("-teacher")
    assert [name for name, _, meaning in described(table, columns) if not meaning] == []


def test_every_column_of_the_plan_is_described() -> None:
    assert [name for name, _, meaning in described("plan", PLAN_FILE) if not meaning] == []


def test_a_column_means_what_its_table_says() -> None:
    assert described("topics", ["respondents"])[0][2] == "people who chose the answer"
    assert described("response-rates", ["respondents"])[0][2] == "people who answered"


def test_an_unknown_column_is_called_by_its_id_in_words() -> None:
    assert described("anything", ["left_over"]) == [("left_over", "Left over", "")]
    assert in_words("share_low") == "Share low"


def test_a_workbook_says_in_a_second_sheet_what_its_columns_are_and_keeps_their_ids(district: District) -> None:
    frame = export_table(district.store, district.codebook, "response-rates", target_share=0.6, scope=EVERYTHING)
    workbook = openpyxl.load_workbook(io.BytesIO(render(frame, "xlsx", title="response-rates")))
    assert workbook.sheetnames == ["response-rates", "About the columns"]
    assert [cell.value for cell in workbook.worksheets[0][1]] == frame.columns
    heading, *lines = workbook.worksheets[1].iter_rows(values_only=True)
    assert heading == ("Column", "Heading", "What it holds")
    assert [line[0] for line in lines] == frame.columns
    assert lines[frame.columns.index("rate")][1:] == ("Response rate", "answered divided by staff, 0 to 1")
