"""The command line from outside: how it is called, what it answers, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pd_core.actions import uploads as upload_actions
from pd_core.cli.app import COMMANDS
from pd_core.config import ROOT
from pd_core.ingestion import Preview, prepare
from tests.cli.command import opened, pd, process, uploads, version
from tests.forms import survey_workbook


def test_the_store_is_the_option_wherever_it_stands_then_the_environment(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PD_STORE", str(tmp_path / "other.duckdb"))
    schools = ["export", "response-rates", "--json"]
    pd("ingest", tmp_path / "none.csv")
    assert (tmp_path / "other.duckdb").exists(), "PD_STORE names the store"
    (tmp_path / "lincoln.xlsx").write_bytes(survey_workbook(n=6))
    assert pd("ingest", tmp_path / "lincoln.xlsx", "--store", store).code == 0
    assert len(pd(*schools, "--store", store).json) == len(pd("--json", "--store", store, *schools[:2]).json) == 3
    assert pd(*schools).json == []


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["ingest", "--help"], ["--json"]])
def test_help_is_a_result(arguments: list[str]) -> None:
    answer = pd(*arguments)
    assert answer.code == 0 and answer.err == ""
    assert "Usage: python -m pd_core" in answer.out and "--store" in answer.out


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "--json"], ["ingest", "--version"]])
def test_the_version_is_the_one_that_the_project_states(arguments: list[str]) -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert pd(*arguments) == (0, f"PD Pulse {stated}\n", "")


HEAVY = ("altair", "duckdb", "fastexcel", "numpy", "pandas", "polars", "rapidfuzz", "scipy", "streamlit", "xlsxwriter")


def loaded(*arguments: object) -> set[str]:
    """Which large libraries a command brings in."""
    program = (
        "import atexit, sys; "
        f"atexit.register(lambda: print(*[m for m in {HEAVY} if sys.modules.get(m)], sep=';', file=sys.stderr)); "
        "import runpy; sys.argv = ['pd_core', *sys.argv[1:]]; runpy.run_module('pd_core', run_name='__main__')"
    )
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    return set(done.stderr.strip().split(";")) - {""}


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"]])
def test_help_and_version_load_no_large_library(arguments: list[str]) -> None:
    assert loaded(*arguments) == set()


def test_a_table_loads_only_what_it_needs(store: Path) -> None:
    assert loaded("export", "response-rates", "--store", store) <= {"duckdb", "numpy", "polars", "rapidfuzz"}


@pytest.mark.parametrize("command", [name for names in COMMANDS.values() for name in names])
def test_help_in_the_list_is_the_first_sentence_of_the_commands_own(command: str) -> None:
    listed = re.search(rf"^  {command}: (.+)$", pd("--help").out, flags=re.MULTILINE)
    assert listed and listed[1] in pd(command, "--help").out.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingst", "a.xlsx"],
        ["ingest"],
        ["ingest", "a.xlsx", "--nope"],
        ["ingest", "a.xlsx", "--dates", "soon"],
        ["ingest", "a.xlsx", "--wave"],
        ["export"],
        ["export", "uploads", "--format", "pdf"],
        ["schools", "a.csv", "b.csv"],
        ["undo"],
        ["--store"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_said_on_standard_error(arguments: list[str], tmp_path: Path) -> None:
    answer = pd(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "python -m pd_core --help" in answer.err


@pytest.mark.parametrize("command", ["schools", "roster"])
def test_a_list_that_is_not_one_is_refused_and_changes_nothing(store: Path, tmp_path: Path, command: str) -> None:
    before = version(store)
    (tmp_path / "list.csv").write_text("name,colour\nLincoln,blue\n", encoding="utf-8")
    answer = pd(command, tmp_path / "list.csv", "--json", store=store)
    assert (answer.code, answer.json["status"]) == (1, "refused")
    assert "column" in answer.err and answer.json["message"] == answer.err.rstrip("\n")
    assert version(store) == before


def test_an_undo_takes_one_upload_out_once(store: Path, export: Path) -> None:
    upload_id = pd("ingest", export, "--json", store=store).json[0]["upload_id"]
    answer = pd("undo", upload_id, "--json", store=store)
    assert answer.code == 0
    assert answer.json == {"upload_id": upload_id, "status": "undone", "respondents": 12}
    assert [row["status"] for row in uploads(store)] == ["undone"]
    again = pd("undo", upload_id, store=store)
    assert again.code == 1 and upload_id in again.err


def test_a_roster_replaces_headcounts(store: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("email,school_id,role,grade_band\n" + "".join(f"p{n}@example.org,ruby,,\n" for n in range(7)))
    assert pd("roster", roster, "--json", store=store).json == {"staff": 7, "schools": 1}
    assert "p1@example.org" not in store.read_bytes().decode("latin-1")


def test_a_fault_of_the_program_gets_a_reference_and_leaves_no_answer_behind(
    store: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "@".join(["ada", "example.org"])  # in no line of code, only in the error

    def fails(*_: object) -> None:
        raise ZeroDivisionError(address)

    monkeypatch.setattr(upload_actions, "prepare", fails)
    answer = pd("ingest", export, "--json", store=store)
    assert answer.code == 1
    found = re.search(r"Something went wrong inside PD Pulse \(reference ([0-9A-F]{8})\)", answer.json[0]["message"])
    assert found, answer.json
    log = (store.parent / "pd_pulse.log").read_text(encoding="utf-8")
    assert found[1] in log and "ZeroDivisionError" in log and "test_usage.py" in log
    assert address not in log + answer.out + answer.err


def test_an_interruption_that_a_library_swallows_still_ends_before_the_next_file(
    store: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallows(*arguments: Any) -> Preview:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return prepare(*arguments)

    monkeypatch.setattr(upload_actions, "prepare", swallows)
    answer = pd("ingest", export, export, store=store)
    assert (answer.code, answer.out) == (130, "")
    assert answer.err == "1 of 2: lincoln.xlsx committed\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, "Ctrl-C means again what it meant before"


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_an_interruption_ends_quietly(
    store: Path, export: Path, monkeypatch: pytest.MonkeyPatch, is_wrapped: bool
) -> None:
    def interrupted(*_: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as stop:
            if is_wrapped:  # as DuckDB does in the middle of a query
                raise RuntimeError("Query interrupted") from stop
            raise

    monkeypatch.setattr(upload_actions, "prepare", interrupted)
    assert pd("ingest", export, store=store) == (130, "", "")


def test_a_process_without_a_command_prints_help_and_ends_well() -> None:
    answer = process()
    assert answer.returncode == 0 and answer.stdout.startswith(b"Usage: python -m pd_core")


def test_a_file_name_with_spaces_and_no_quotes_is_explained() -> None:
    answer = pd("schools", "Fall", "2026", "schools.csv")
    assert answer.code == 2
    assert "The command ends before this: 2026 schools.csv. Put a name with spaces in quotes." in answer.err


def test_a_process_that_is_called_wrongly_ends_with_2() -> None:
    answer = process("no-such-command")
    assert (answer.returncode, answer.stdout) == (2, b"")


def test_an_old_console_gets_what_it_can_show(tmp_path: Path) -> None:
    answer = process("undo", "“é”", "--store", tmp_path / "pd.duckdb", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert answer.returncode == 1 and b"There is no upload" in answer.stderr


def test_a_reader_that_goes_away_ends_the_command_quietly(district: Path) -> None:
    command = [sys.executable, "-m", "pd_core", "export", "skill-levels", "--store", str(district)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.read(10) == b"wave_id,sc"
        running.stdout.close()
        said = running.stderr.read().decode()
    assert running.returncode == 0
    assert all("too small to show" in line for line in said.splitlines()), "the note of the table, and no complaint"


def test_a_store_that_another_process_holds_is_refused_with_what_to_do(store: Path) -> None:
    held = opened(store)
    try:
        answer = process("export", "uploads", "--json", "--store", store)
    finally:
        held.close()
    assert answer.returncode == 1
    message = json.loads(answer.stdout)["message"]
    assert f"in use by another program (process {os.getpid()})" in message and "one program at a time" in message
