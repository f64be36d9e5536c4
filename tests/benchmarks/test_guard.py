"""How much longer a page takes because somebody asks first who is there."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core.access import Actor
from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import fill
from tests.pages.conftest import OF_A_STORE, SECRET, sign_in

pytestmark = pytest.mark.benchmarks
EVENTS = 2000
PRINCIPAL = Actor("pat@example.org", "principal", frozenset({"school_0003"}))


def guarded_page() -> None:
    """A page that shows nothing but how long its guard took, in milliseconds."""
    import time  # noqa: PLC0415 - the function is run as a page of its own

    import streamlit as st  # noqa: PLC0415

    from pages.components.session import guard  # noqa: PLC0415

    began = time.perf_counter()
    with guard.page("benchmark"):
        st.text(str((time.perf_counter() - began) * 1000))


def test_the_guard_adds_less_than_5_ms(
    measured: Measured, tmp_path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PD_STORE", str(tmp_path / "pd.duckdb"))
    monkeypatch.setenv("PD_KEY", SECRET)
    store = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=60, responses=9000)
    for number in range(EVENTS):
        store.note("sign-in", f"person {number}", (), f"session {number}")
    store.close()
    for cached in OF_A_STORE:
        cached.clear()
    page = AppTest.from_function(guarded_page, default_timeout=30)
    sign_in(page, PRINCIPAL)
    try:
        took = [float(page.run().text[0].value) for _ in range(60)][10:]
    finally:
        data.store().close()
        for cached in OF_A_STORE:
            cached.clear()
    measured("a page's guard", median(took), "ms", at_most=5)
