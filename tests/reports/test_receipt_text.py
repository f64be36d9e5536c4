"""A receipt as a person reads it in a terminal."""

from __future__ import annotations

from typing import Any

from pd_core.ingestion import Receipt
from pd_core.reports.receipt_text import receipt_text


def problem(row: int, **others: Any) -> dict[str, Any]:
    return {"row": row, "column": "", "value": "", "reason": "no time of completion", "suggestion": ""} | others


def receipt(**others: Any) -> Receipt:
    counts = {"rows_read": 10, "rows_added": 5, "rows_existing": 2, "rows_replaced": 1, "rows_set_aside": 2}
    known = {"file": "lincoln.xlsx", "status": "committed", "upload_id": "abc", "wave_id": "Fall 2026", "form": "f"}
    return Receipt(**{**known, **counts, **others})


def test_it_says_the_file_the_wave_and_counts_that_add_up() -> None:
    text = receipt_text(receipt(schools={"lincoln": 8}, message="5 answers were added."))
    assert text.splitlines() == [
        "lincoln.xlsx: committed",
        "  5 answers were added.",
        "  Wave: Fall 2026",
        "  Upload: abc",
        "  Rows: 10 read = 5 added + 2 stored before + 1 replaced + 2 with problems",
        "  Schools: lincoln 8",
    ]


def test_a_problem_says_where_what_why_and_what_was_meant() -> None:
    one = problem(7, column="What is your role?", value="Techer", reason="no answer of the codebook")
    text = receipt_text(receipt(problems=[one | {"suggestion": "Teacher"}]))
    assert "row 7, “What is your role?”: “Techer”: no answer of the codebook. Did you mean “Teacher”?" in text


def test_ten_problems_are_spelled_out_and_the_others_counted() -> None:
    text = receipt_text(receipt(problems=[problem(row, value=f"{row}") for row in range(2, 15)]))
    assert text.count("no time of completion") == 10
    assert "and 3 more: --json lists all." in text


def test_ten_problems_leave_no_others_to_count() -> None:
    assert "more" not in receipt_text(receipt(problems=[problem(row, value=f"{row}") for row in range(10)]))


def test_the_same_problem_in_many_rows_is_one_line() -> None:
    text = receipt_text(receipt(problems=[problem(row, value="Nowhere School") for row in range(2, 40)]))
    assert "row 2 and 37 more: “Nowhere School”: no time of completion." in text
    assert text.count("Nowhere School") == 1


def test_a_long_header_with_line_breaks_is_one_short_line() -> None:
    text = receipt_text(receipt(unmapped_columns=["How\nwell " + "x" * 300]))
    line = text.splitlines()[-1]
    assert line.startswith("    “How well xxx") and line.endswith("…”") and len(line) < 180
