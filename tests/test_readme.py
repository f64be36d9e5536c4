"""What README and the documents in .github claim holds: commands run, and nothing that people need is left out."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pd_core.cli.app import COMMANDS, app, version
from pd_core.cli.commands.results import AUDIT
from pd_core.codebook import KINDS
from pd_core.codebook_files import COLUMNS
from pd_core.config import SETTINGS
from pd_core.disclosure.suppression import FEWEST
from pd_core.summaries.tables import ALL_TABLES, EARNED_TABLES, GROWTH_TABLES, HELD_TABLES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADMINISTRATION = (ROOT / ".github" / "ADMINISTRATION.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECURITY = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
DOCUMENTS = {path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / ".github").glob("*.md"))}


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def table_rows(first_cell: str, text: str = README) -> list[str]:
    """The rows of the table whose heading begins with `first_cell`."""
    after = text.split(f"| {first_cell} |", 1)[1].splitlines()[2:]
    rows = []
    for line in after:
        if not line.startswith("|"):
            break
        rows.append(line)
    return rows


def test_the_two_commands_are_the_ones_that_are_promised() -> None:
    start, test = blocks("sh")[0].strip(), blocks("sh")[1].strip()
    assert start == (
        "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/streamlit run app.py"
    )
    assert test == "python3 tests/run.py"
    assert (ROOT / "tests" / "run.py").exists() and (ROOT / "app.py").exists()


def test_continuous_integration_runs_the_readmes_test_command_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if "tests/run.py" in line], "the test command is missing"
    assert not [line for line in lines if "pip" in line or "apt" in line], "an install step outside the test command"


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_documented(name: str) -> None:
    rows = [row for row in table_rows("setting", ADMINISTRATION) if f"`{SETTINGS[name].variable}`" in row]
    assert rows, f"{SETTINGS[name].variable} is not in the list of settings"


def test_the_documented_settings_exist() -> None:
    documented = set(re.findall(r"`(PD_[A-Z_]+)`", "\n".join(table_rows("setting", ADMINISTRATION))))
    assert documented == {setting.variable for setting in SETTINGS.values()}


@pytest.mark.parametrize("file", COLUMNS)
def test_every_column_of_the_codebook_is_documented(file: str) -> None:
    (row,) = [row for row in table_rows("file") if f"`{file}`" in row]
    missing = [column for column in COLUMNS[file] if f"`{column}`" not in row]
    assert not missing, f"{file}: {missing} not documented"


def test_every_kind_of_question_is_documented() -> None:
    sentence = README.split("A question's `kind` is", 1)[1].split(". ", 1)[0]
    assert set(re.findall(r"`(\w+)`", sentence)) == set(KINDS)


def test_every_table_and_the_smallest_group_are_documented() -> None:
    sentence = ADMINISTRATION.split("The tables are", 1)[1].split(". ", 1)[0]
    assert set(re.findall(r"`([\w-]+)`", sentence)) == {*ALL_TABLES, AUDIT}
    others = ADMINISTRATION.split("Of two waves, or of outcomes, there are", 1)[1].split(". ", 1)[0]
    assert re.findall(r"`([\w-]+)`", others) == [*GROWTH_TABLES]
    held = ADMINISTRATION.split("Of what was held, there are", 1)[1].split(". ", 1)[0]
    assert re.findall(r"`([\w-]+)`", held) == [*HELD_TABLES, *EARNED_TABLES]
    hidden = f"Groups with fewer than {FEWEST} answers are hidden everywhere"
    assert hidden in README and hidden in SECURITY


def test_every_page_is_listed_with_what_it_is_for() -> None:
    frame = ast.parse((ROOT / "pages" / "frame.py").read_text(encoding="utf-8"))
    titles = {
        node.args[1].value
        for node in ast.walk(frame)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "page"
    }
    listed = {row.strip("| ").split("|")[-1].strip() for row in table_rows("I want to …")}
    assert titles == listed


def test_every_command_of_the_command_line_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+)", "\n".join(table_rows("command", ADMINISTRATION)), flags=re.MULTILINE)
    groups = ["plan", "report"]  # commands with commands of their own
    assert sorted(documented) == sorted([*(name for names in COMMANDS.values() for name in names), *groups])


@pytest.mark.parametrize("command", [name for names in COMMANDS.values() for name in names])
def test_every_option_of_a_command_is_documented(command: str) -> None:
    (row,) = [
        row
        for row in table_rows("command", ADMINISTRATION)
        if row.startswith(f"| `{command}`") or row.startswith(f"| `{command} ")
    ]
    parameters = inspect.signature(app[command].default_command).parameters.values()
    options = {
        f"--{p.name.removesuffix('_wave').removesuffix('_store').replace('_', '-')}"
        for p in parameters
        if p.kind is p.KEYWORD_ONLY and p.name != "call"
    }
    assert {option for option in options if f"`{option}`" not in row} <= {"--output"}


def test_the_commands_for_the_whole_way_run_as_they_stand(tmp_path: Path) -> None:
    commands = blocks("sh", ADMINISTRATION)[-1].strip().splitlines()
    assert commands
    out = ""
    for command in commands:
        words = [word for part in shlex.split(command) for word in _expanded(part, tmp_path)]
        done = subprocess.run(
            [sys.executable, *words[1:]],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        out = done.stdout
    assert out.startswith("wave_id,school_id,school_name")


def test_the_documents_link_to_what_is_there() -> None:
    missing = [
        f"{path.name}: {target}"
        for path, text in DOCUMENTS.items()
        for target in re.findall(r"\]\(([^)#]+)\)", text)
        if not target.startswith("https://") and not (path.parent / target).exists()
    ]
    assert not missing


def test_every_document_can_be_reached_from_the_readme() -> None:
    assert {path.name for path in DOCUMENTS} - {"README.md"} <= {
        Path(target).name for target in re.findall(r"\]\(([^)]+)\)", README)
    }


def test_the_map_has_every_folder_of_the_domain() -> None:
    rows = re.findall(
        r"^`pd_core/(\w+)/`", "\n".join(row[2:] for row in table_rows("folder", CONTRIBUTING)), re.MULTILINE
    )
    assert sorted(rows) == sorted(path.parent.name for path in (ROOT / "pd_core").glob("*/__init__.py"))


def test_the_changelog_has_the_version_that_is_shown() -> None:
    changelog = DOCUMENTS[ROOT / ".github" / "CHANGELOG.md"]
    assert f"\n## {version().removeprefix('PD Pulse ')}\n" in changelog


def test_the_pre_commit_hooks_run_what_is_there() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert all((ROOT / file).exists() for file in re.findall(r"tests/\w+\.py", hooks))
    assert all(tool in hooks for tool in ("ruff format", "ruff check", "mypy", "lint-imports"))


def test_the_screenshot_is_there() -> None:
    (path,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / path).stat().st_size > 20_000


def _expanded(word: str, folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word]
