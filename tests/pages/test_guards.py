"""Every page and every dialog begins with its guard: nothing runs before it is known who is there.

A server runs a page by itself as well as inside the frame, and a dialog without its page. tests/test_who_sees_what.py
shows on a real server what the guard then does; here is the proof that no page is without one.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pd_core.config import ROOT

PAGES = sorted(path for path in (ROOT / "pages").glob("[a-z]*.py") if path.stem != "frame")
DIALOGS = [
    pytest.param(function, id=f"{path.stem}-{function.name}")
    for path in sorted((ROOT / "pages").rglob("*.py"))
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(function, ast.FunctionDef) and any("dialog" in ast.unparse(mark) for mark in function.decorator_list)
]
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.AnnAssign)


def is_guard(statement: ast.stmt) -> bool:
    """Whether a statement is `with guard.page(…):`, and nothing is worked out before it lets anybody in."""
    if not isinstance(statement, ast.With) or len(statement.items) != 1:
        return False
    call = statement.items[0].context_expr
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "guard.page":
        return False
    return all(isinstance(argument, ast.Constant) for argument in [*call.args, *(word.value for word in call.keywords)])


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def asks_anything(statement: ast.stmt) -> bool:
    """Whether a definition at the top of a page calls what may show or read something."""
    if isinstance(statement, ast.FunctionDef):
        return bool(statement.decorator_list)
    called = [ast.unparse(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return any(name.partition(".")[0] in ("st", "data", "filters", "display", "records") for name in called)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_definitions_and_then_its_guard(path: Path) -> None:
    body = [one for one in ast.parse(path.read_text(encoding="utf-8")).body if not is_text(one)]
    *before, last = body
    assert is_guard(last), f"{path.name} ends with a statement outside its guard"
    wrong = [ast.unparse(one) for one in before if not isinstance(one, DEFINITIONS) or asks_anything(one)]
    assert not wrong, f"{path.name} runs this before its guard: {wrong}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_guarded_under_its_own_name(path: Path) -> None:
    guards = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if is_guard(node)]
    (guard,) = guards
    assert isinstance(guard, ast.With) and isinstance(guard.items[0].context_expr, ast.Call)
    name = guard.items[0].context_expr.args[0]
    assert isinstance(name, ast.Constant) and name.value == path.stem


def test_there_are_pages_and_dialogs_to_look_at() -> None:
    assert len(PAGES) >= 8 and len(DIALOGS) >= 4


@pytest.mark.parametrize("dialog", DIALOGS)
def test_a_dialog_is_its_guard_and_nothing_else(dialog: ast.FunctionDef) -> None:
    statements = [one for one in dialog.body if not is_text(one)]
    assert len(statements) == 1 and is_guard(statements[0]), f"{dialog.name} runs something outside its guard"


@pytest.mark.parametrize(
    "source",
    [
        "import streamlit as st\nst.title('Hello')\nwith guard.page('x'):\n    pass",
        "SCHOOLS = data.schools()\nwith guard.page('x'):\n    pass",
        "with guard.page('x'):\n    pass\nst.write(1)",
        "with guard.errors():\n    pass",
        "with guard.page(data.name()):\n    pass",
        "@st.fragment\ndef part() -> None: ...\nwith guard.page('x'):\n    pass",
    ],
)
def test_a_page_without_its_guard_first_would_be_found(source: str, tmp_path: Path) -> None:
    page = tmp_path / "x.py"
    page.write_text(source)
    with pytest.raises(AssertionError):
        test_a_page_is_definitions_and_then_its_guard(page)
