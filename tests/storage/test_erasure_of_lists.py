"""Erasure in the lists of trainers and applicants, whose people stand there by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pd_core.entities import Delivery
from pd_core.errors import UserError
from pd_core.storage import Store, erasure
from pd_core.storage.audit import audit
from pd_core.storage.calendar_feeds import make_feed
from pd_core.storage.deliveries import Written, deliveries, put_deliveries
from pd_core.storage.training_lists import COLUMNS, set_training_list, trainer_history, training_list

from .made_up import traces

ADA = "code-of-ada"


def lists_with_ada(store: Store) -> None:
    """Ada trains under an id of her own, applied twice, and taught a session; Ben has the same list."""
    for hours in (1.0, 2.0):  # two lists, of which the later one counts
        rows = [("ada@example.org", "Ada Lake", "mie", "lincoln", "teams", hours, "")]
        rows += [("ben", "Ben", "mie", "lincoln", "", hours, "")]
        set_training_list(store, "trainer", pl.DataFrame(rows, schema=COLUMNS["trainer"], orient="row"), "Mia")
    applied = [("ADA LAKE", "mie", "lincoln", date(2026, 5, day), "applied") for day in (1, 2)]
    set_training_list(store, "applicant", pl.DataFrame(applied, schema=COLUMNS["applicant"], orient="row"), "Mia")
    held = Delivery("X1", date(2026, 9, 1), 12, 60.0, "", True, "lincoln", "word-1", "ada@example.org")
    put_deliveries(store, "delivery", "Mia", lambda _: Written((), [held], None, [], "held"))
    make_feed(store, "trainer", "ada@example.org", "Mia")


@pytest.mark.parametrize("location", ["file", pytest.param("ducklake", marks=pytest.mark.slow)], indirect=True)
def test_a_trainers_name_and_id_become_a_code_and_what_they_taught_still_counts(
    location: str, opened: Callable[[object], Store], tmp_path: Path
) -> None:
    store = opened(location)
    lists_with_ada(store)
    found = erasure.forget(store, ADA, "IT", address="ADA@example.org")
    assert (found.was_trainer, found.applications) == (True, 2)
    former, ben = trainer_history(store).sort("name", descending=True).select("trainer_id", "name").rows()
    assert ben == ("ben", "Ben") and former[1] == erasure.FORMER and former[0].startswith("former-")
    assert deliveries(store)["X1"].trainer_id == former[0] and deliveries(store)["X1"].attended == 12
    assert training_list(store, "applicant").is_empty()
    assert audit(store).row(0, named=True)["subject"] == "0 answers in 0 waves, trainer, applications"
    store.close()
    erasure.rewrite(location)
    assert not traces(tmp_path, ("Ada Lake", "ADA LAKE"))


def test_of_two_trainers_with_one_name_the_id_says_who_is_meant(store: Store) -> None:
    lists_with_ada(store)
    rows = training_list(store, "trainer").with_columns(name=pl.lit("Kim"))
    set_training_list(store, "trainer", rows, "Mia")
    with pytest.raises(UserError, match=r"2 trainers have this name: ada@example\.org, ben"):
        erasure.forget(store, "no one", "IT", name="kim")
    assert erasure.forget(store, "no one", "IT", name="Ben").was_trainer
    assert {one.split("-")[0] for one in training_list(store, "trainer")["trainer_id"]} == {"ada@example.org", "former"}
