"""Only actions and ingestion write to the store: nothing gets around their rules, permissions and audit entries."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from pd_core.config import ROOT

STORAGE = ROOT / "pd_core" / "storage"
MAY_WRITE = ("pd_core/storage/", "pd_core/actions/", "pd_core/ingestion/commit.py")
OF_THE_STORE = {"write", "note"}
BY_FILE = {"rewrite", "put_in_place"}
"""Writes a closed store's file, so that no call of an open store tells that it writes."""


def called(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """What a function calls: the name before the dot (“” for none), and the name."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield "", node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield last_name(node.func.value), node.func.attr


def last_name(node: ast.expr) -> str:
    """The last name of an expression: `store` of `store`, `self.store`, `data.store()`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def writing_functions() -> set[str]:
    """The functions of storage that write: those that call `store.write` or `store.note`, and those that call these."""
    calls = {
        node.name: set(called(node))
        for file in STORAGE.glob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    found = {name for name, inside in calls.items() if any(("store", verb) in inside for verb in OF_THE_STORE)}
    while more := {name for name, inside in calls.items() if {name for _, name in inside} & found} - found:
        found |= more
    return found | BY_FILE


MODULES = {file.stem for file in STORAGE.glob("*.py")} | {"storage"}
WRITING = writing_functions()


def writes(code: str) -> list[str]:
    """Where a module writes to the store: a line number and a name each."""
    tree = ast.parse(code)
    found, of_storage = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pd_core"):
            is_storage = (node.module or "").startswith("pd_core.storage")
            for alias in node.names:
                if is_storage and alias.name in WRITING:
                    found.append(f"{node.lineno}: {alias.name}")
                if is_storage or alias.name == "storage":
                    of_storage.add(alias.asname or alias.name)
        elif isinstance(node, ast.Import):
            of_storage |= {a.asname for a in node.names if a.asname and a.name.startswith("pd_core.storage")}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        before = last_name(node.value)
        is_plain = isinstance(node.value, ast.Name)
        is_module = before in of_storage if is_plain else before in MODULES
        if (node.attr in WRITING and is_module) or (node.attr in OF_THE_STORE and before in ("store", "Store")):
            found.append(f"{node.lineno}: {before}.{node.attr}")
    return found


def test_the_functions_that_write_are_found() -> None:
    assert {
        *("set_schools", "put_school", "set_roster", "save_mapping", "put_wave", "put_guesses", "put_skill"),
        *(
            "set_people",
            "put_person",
            "remove_person",
            "make_link",
            "revoke_link",
            "end_session",
            "make_feed",
            "make_table_feed",
            "make_upload_address",
            "make_address",
            "revoke_address",
        ),
        *("store_upload", "undo_upload", "settle", "forget", "retain", "rewrite", "put_in_place"),
        *(
            "put_outcomes",
            "put_outside_deliveries",
            "set_training_list",
            "put_school_goal",
            "put_plan_changes",
            "put_deliveries",
            "put_next_day_answer",
            "put_credentials",
            "yield_to_rivals",
            "require_same_key",
        ),
    } == WRITING


def test_only_actions_and_ingestion_write() -> None:
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "pd_core").rglob("*.py")]
    names = {file.relative_to(ROOT).as_posix(): file for file in files}
    found = {
        name: lines
        for name, file in names.items()
        if not name.startswith(MAY_WRITE) and (lines := writes(file.read_text(encoding="utf-8")))
    }
    assert not found, "These write past the rules, permissions and the audit: call a function of pd_core.actions."


@pytest.mark.parametrize(
    "code",
    [
        "from pd_core.storage import undo_upload",
        "from pd_core.storage.links import make_link as made",
        "from pd_core.storage import roles as kept\nkept.put_person(store, email, role, [], name)",
        "from pd_core import storage\nstorage.roles.remove_person(store, email, name)",
        "import pd_core.storage.waves\npd_core.storage.waves.put_wave(store, wave, name)",
        "import pd_core.storage.waves as kept\nkept.put_wave(store, wave, name)",
        "from pages.components import data\ndata.waves.put_wave(data.store(), wave, name)",
        "from pages.components import data\ndata.store().note('export', name)",
        "def f(self):\n    self.store.write('wave', name, action)",
        "from pd_core.storage import Store\nStore.write(store, 'wave', name, action)",
    ],
)
def test_whatever_writes_past_the_actions_is_found(code: str) -> None:
    assert writes(code)


@pytest.mark.parametrize(
    "code",
    [
        "from pd_core.actions import waves\nwaves.put_wave(store, visitor, wave)",
        "from pd_core.storage import queries, roles\nqueries.uploads(store), roles.people(store)",
        "from pages.components.session import records\nrecords.note('refused', 'page upload')",
        "file.write(content)",
    ],
)
def test_reading_and_calling_an_action_is_not(code: str) -> None:
    assert not writes(code)
