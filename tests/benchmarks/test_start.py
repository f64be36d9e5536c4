"""How long the server takes from its start to the first visitor, next to a bare Streamlit app in the same run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Measured
from tests.server import running_server

pytestmark = pytest.mark.benchmarks


def seconds(store: Path, script: str) -> float:
    took = []
    for _ in range(3):
        began = time.perf_counter()
        with running_server(store, script=script):
            took.append(time.perf_counter() - began)
    return min(took)


def test_the_server_is_ready_soon(measured: Measured, tmp_path: Path) -> None:
    bare = seconds(tmp_path / "none.duckdb", "tests/benchmarks/bare_app.py")
    ours = seconds(tmp_path / "pd.duckdb", "app.py")
    measured("the start of the server", ours, "s", peer=bare, peer_name="a bare Streamlit app", at_most=2)
