"""Runs one command, in this process or in one of its own."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from pd_core.__main__ import run
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT
from pd_core.storage import Store, open_store

LIST_OF_SCHOOLS = (
    "school_id,name,aliases,level,region,headcount\n"
    "lincoln,Lincoln High,LHS;Lincoln HS,High,North,40\n"
    "ruby,Ruby Elementary,,Elementary,South,\n"
)


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


def audited(store: Path) -> list[dict[str, str]]:
    """What the audit says was done, latest first, but for this look at it."""
    return pd("export", "audit", store=store).rows


def pd(*arguments: object, store: Path | None = None) -> Answer:
    """One command, in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    options = [] if store is None else ["--store", str(store)]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([*options, *map(str, arguments)])
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    assert "Traceback" not in "".join(texts), texts
    return Answer(code, *texts)


def process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """One command, in a process of its own."""
    command = [sys.executable, "-m", "pd_core", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False)


def opened(store: Path) -> Store:
    """The store itself; who opens it closes it."""
    return open_store(str(store), list(load_codebook(ROOT / "data" / "codebook").items.values()))


def version(store: Path) -> str:
    store_now = opened(store)
    try:
        return store_now.version()
    finally:
        store_now.close()


def uploads(store: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pd("export", "uploads", "--json", store=store).json
    return found
