"""How files of outcomes write values and periods: shares, numbers, bounds, marks of suppression."""

from __future__ import annotations

import pytest

from pd_core.reference.outcome_values import Value, read_value
from pd_core.reference.periods import converted, read_period


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("67.7%", Value(0.677, has_percent=True)),
        ("0.677", Value(0.677)),
        ("1,234", Value(1234)),
        ("*", Value()),
        ("NULL", Value()),
        ("N<10", Value()),
        ("Suppressed: N<10", Value()),
        ("Cross Student Group - N<10", Value()),
        ("<10%", Value(upper=0.1, has_percent=True)),
        ("<4.4%", Value(upper=0.044, has_percent=True)),
        ("Suppressed: >95%", Value(lower=0.95, has_percent=True)),
        ("Top/Bottom Range: >72.7%", Value(lower=0.727, has_percent=True)),
        ("10%-20%", Value(lower=0.1, upper=0.2, has_percent=True)),
        ("Top/Bottom Range >72.7%", Value(lower=0.727, has_percent=True)),
        ("less than 5%", Value(upper=0.05, has_percent=True)),
        ("Suppressed: at least 95%", Value(lower=0.95, has_percent=True)),
        ("<10 students", Value()),
        ("Cross Organization", Value()),
        ("Redacted for privacy", Value()),
        ("\u2014", Value()),
        ("NaN", Value()),
        ("-9", Value(-9)),
        ("many", None),
    ],
)
def test_a_value_is_a_share_a_number_a_bound_or_hidden_and_never_0(text: str, value: Value | None) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025-09", ("2025-09", "month")),
        ("2025-09-01 00:00:00", ("2025-09", "month")),
        ("2025-26", ("2025-26", "school year")),
        ("2024-2025", ("2024-25", "school year")),
        ("2025-26 T1", ("2025-26 T1", "term")),
        ("2025-13", None),
        ("Fall", None),
    ],
)
def test_periods_are_months_school_years_and_terms(text: str, period: tuple[str, str] | None) -> None:
    assert read_period(text) == period


def test_a_month_and_a_term_lie_in_their_school_year() -> None:
    assert [converted(one, "school year") for one in ("2025-09", "2026-06", "2025-26 T2")] == ["2025-26"] * 3
    assert converted("2025-26", "month") is None
