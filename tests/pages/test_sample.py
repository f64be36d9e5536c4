"""The sample is prepared once, however impatient its first visitors are."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from pages.components import data
from pages.components.session.singletons import kept
from pd_core.config import load_settings


class Left(BaseException):
    """A visitor goes to another page: Streamlit ends the run at the next thing that is shown."""


@pytest.fixture(autouse=True)
def first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    sample = kept(data.prepared_sample.__wrapped__)
    monkeypatch.setattr(data, "prepared_sample", sample)
    monkeypatch.setattr(data, "settings", lambda: load_settings({}, store=str(tmp_path / "pd.duckdb")))
    monkeypatch.setattr(data, "fill_with_sample", lambda store, codebook, with_past: None)
    yield
    sample().close()


def test_who_leaves_the_page_while_the_sample_is_prepared_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def spinner(text: str) -> Iterator[None]:
        yield
        raise Left

    monkeypatch.setattr(st, "spinner", spinner)
    with pytest.raises(Left):
        data.sample_store()
    assert data.sample_store() is data.prepared_sample()


def test_a_sample_that_could_not_be_filled_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def fill(store: object, codebook: object, *, with_past: bool) -> None:
        attempts.append(store)
        if len(attempts) == 1:
            raise OSError("no space left on device")

    monkeypatch.setattr(data, "fill_with_sample", fill)
    with pytest.raises(OSError, match="no space"):
        data.sample_store()
    assert data.sample_store() is data.prepared_sample()
