"""Methods: the page says what the code does."""

from __future__ import annotations

from typing import get_args

import polars as pl
import pytest

from pd_core.access import Others
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import FEWEST, FEWEST_FOR_COMMENTS, REASONS
from pd_core.measures.intervals import with_wilson_interval
from pd_core.measures.response_rates import RESPONSE_STATUSES
from tests.pages.seen import OpenPage, title, words


def test_the_worked_example_is_what_the_code_works_out(app: OpenPage) -> None:
    example = pl.DataFrame({"proficient": [12], "answered": [20], "staff": [60]})
    found = with_wilson_interval(example, count="proficient", base="answered", population="staff").row(0, named=True)
    low, high = round(100 * found["share_low"]), round(100 * found["share_high"])
    said = " ".join(words(app("methods")).split())
    assert "20 of 60 staff answered and 12 of them are proficient" in said
    assert f"the range is {low}% to {high}%" in said


def test_every_status_of_a_response_rate_is_explained(app: OpenPage) -> None:
    said = words(app("methods"))
    assert [status for status in RESPONSE_STATUSES if f"| {status} |" not in said] == []


def test_every_reason_for_hiding_is_explained_with_the_number_of_the_code(app: OpenPage) -> None:
    said = words(app("methods"))
    assert [reason for reason in REASONS.values() if reason and f"*{reason}*" not in said] == []
    assert f"fewer than {FEWEST} respondents" in said
    assert f"Comments are shown once a school has {FEWEST_FOR_COMMENTS} respondents" in " ".join(said.split())


@pytest.mark.parametrize("others", get_args(Others))
def test_it_says_how_other_buildings_stand_beside(app: OpenPage, monkeypatch: pytest.MonkeyPatch, others: str) -> None:
    monkeypatch.setenv("PD_OTHER_SCHOOLS", others)
    assert {"hidden": "do not appear", "unnamed": "without a name", "named": "by name"}[others] in words(app("methods"))


def test_the_proficiency_levels_are_those_of_the_codebook(app: OpenPage, codebook: Codebook) -> None:
    said = words(app("methods"))
    for level, label in codebook.level_labels("proficiency").items():
        assert f"{level} “{label}”" in said


def test_the_target_is_that_of_the_settings(app: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PD_TARGET_SHARE", "0.75")
    assert "less than 75% of the staff answered" in words(app("methods"))


def test_it_has_one_title_and_formulas(app: OpenPage) -> None:
    page = app("methods")
    assert title(page)
    assert len(page.latex) >= 3
