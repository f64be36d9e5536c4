"""The attack on credentials and on answers of the next day: nothing small follows, and careless sums would be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pd_core.attack import by_earned
from pd_core.attack.by_earned import found_by_earned, found_by_next_day
from pd_core.codebook import Codebook
from pd_core.storage import Store, open_store
from pd_core.storage.credentials import CREDENTIAL_SCHEMA, put_credentials
from pd_core.storage.next_day import put_next_day_answer
from pd_core.storage.reference import set_roster
from pd_core.summaries.credentials import earned
from pd_core.summaries.given import did_by_training
from tests.summaries.test_taught import hold

TODAY = date.today()
DAY = date(2026, 3, 4)
EARNED = {("lincoln", "MCE"): 9, ("madison", "MCE"): 7, ("lincoln", "Flip"): 2, ("madison", "Teams"): 8}
"""How many people of a school have a credential."""


@pytest.fixture
def store(tmp_path: Path, codebook: Codebook):
    opened = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    people = [(f"{school} {number}", school, None, None) for school in ("lincoln", "madison") for number in range(20)]
    columns = ["respondent", "school_id", "role", "grade_band"]
    set_roster(opened, pl.DataFrame(people, schema=columns, orient="row"), "test")
    rows = [
        (f"{school} {number}", credential, "Issuer", DAY, None, "counts", "word" if credential == "Flip" else "", "2.4")
        for (school, credential), number_of in EARNED.items()
        for number in range(number_of)
    ]
    put_credentials(opened, pl.DataFrame(rows, schema=CREDENTIAL_SCHEMA, orient="row"), "test", "test")
    yield opened
    opened.close()


def test_no_few_people_with_a_credential_follow_from_what_is_shown(store: Store, codebook: Codebook) -> None:
    rows = earned(store, TODAY).rows
    assert rows.filter(pl.col("by") == "all")["suppressed"].to_list() == [False], "the total is worth most"
    assert rows.filter(pl.col("suppressed") & (pl.col("people") >= 5)).height, "some are hidden for others"
    assert found_by_earned(store, codebook) == []


def test_a_cell_of_a_school_does_not_follow_from_a_credential_held_there_alone(
    store: Store, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful = earned(store, TODAY)
    few = (pl.col("people") > 0) & (pl.col("people") < 5)
    careless = replace(careful, rows=careful.rows.with_columns(suppressed=few))
    monkeypatch.setattr(by_earned, "earned", lambda *_: careless)
    assert ("lincoln", "credentials") in {(found.school, found.item) for found in found_by_earned(store, codebook)}


def test_no_few_answers_of_the_next_day_follow_from_their_training(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for session_id, answers in (("a", 6), ("b", 2)):
        hold(store, session_id, DAY, 12)
        for number in range(answers):
            put_next_day_answer(store, session_id, f"mark {number}", "yes", "", most=99)
    assert found_by_next_day(store) == []
    careless = did_by_training(store, TODAY).with_columns(answered=pl.lit(8, dtype=pl.Int64))
    monkeypatch.setattr(by_earned, "did_by_training", lambda *_: careless)
    (found,) = found_by_next_day(store)
    assert found.item == "word-1"
