"""The attack on who attended: what is published gives no small group away, and a careless total would be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pd_core.attack import by_held
from pd_core.attack.by_held import found_by_held
from pd_core.codebook import Codebook
from pd_core.entities import Delivery
from pd_core.storage import open_store
from pd_core.storage.deliveries import Written, put_deliveries
from pd_core.summaries.held import held_sessions

PEOPLE = {"a": ("lincoln", 12), "b": ("lincoln", 3), "c": ("madrona", 8), "d": ("madrona", 9)}


@pytest.fixture
def store(tmp_path: Path, codebook: Codebook):
    opened = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    held = [
        Delivery(name, date(2026, 10, 5), people, 60.0, "", True, school, f"training-{name}", "mia")
        for name, (school, people) in PEOPLE.items()
    ]
    put_deliveries(opened, "delivery", "test", lambda _: Written((), held, None, [], "held"))
    yield opened
    opened.close()


def test_no_small_group_follows_from_what_is_shown(store) -> None:
    assert held_sessions(store).hidden.any()
    assert found_by_held(store) == []


def test_a_sum_that_is_shown_carelessly_is_found(store, monkeypatch: pytest.MonkeyPatch) -> None:
    careful = held_sessions(store)
    totals = careful.matrix @ careful.parts["people"].to_numpy()
    careless = replace(careful, hidden=(totals > 0) & (totals < 5))
    monkeypatch.setattr(by_held, "held_sessions", lambda _: careless)
    (found,) = found_by_held(store)
    assert (found.school, found.item) == ("lincoln", "attended")
    assert "adding and subtracting" in found.how
    assert isinstance(careless.hidden, np.ndarray)
