"""The rules that tools can check: who imports whom, style, types. And that the rules can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]

# The project in small: what each part may import, it imports.
SKELETON = {
    "pd_core/__init__.py": "",
    "pd_core/errors.py": "",
    "pd_core/wording.py": "",
    "pd_core/codebook.py": "import pd_core.errors",
    "pd_core/config.py": "import pd_core.errors",
    "pd_core/measures.py": "import pd_core.codebook",
    "pd_core/charts.py": "import altair",
    "pd_core/disclosure.py": "import pd_core.measures",
    "pd_core/storage/__init__.py": "import duckdb",
    "pd_core/storage/responses.py": "import pd_core.storage",
    "pd_core/ingestion.py": "import pd_core.storage",
    "pd_core/reference.py": "import pd_core.ingestion, pd_core.storage",
    "pd_core/survey/__init__.py": "",
    "pd_core/survey/counts.py": "import pd_core.storage.responses",
    "pd_core/survey/district_survey.py": "import pd_core.survey.counts, pd_core.disclosure",
    "pd_core/survey/scoped_survey.py": "import pd_core.survey.district_survey",
    "pd_core/survey/unsuppressed.py": "import pd_core.survey.scoped_survey",
    "pd_core/survey/beyond_scope.py": "import pd_core.survey.scoped_survey",
    "pd_core/needs/__init__.py": "import pd_core.needs.posterior",
    "pd_core/needs/respondents.py": "import pd_core.storage.responses",
    "pd_core/needs/posterior.py": "import pd_core.survey.district_survey, pd_core.needs.respondents",
    "pd_core/summaries/__init__.py": "import pd_core.needs, pd_core.survey.beyond_scope, pd_core.measures",
    "pd_core/summaries/growth_rows.py": "import pd_core.survey.beyond_scope",
    "pd_core/attack.py": "import pd_core.summaries, pd_core.survey.unsuppressed",
    "pd_core/actions.py": "import pd_core.ingestion, pd_core.reference, pd_core.storage",
    "pd_core/presentation.py": "import pd_core.summaries, pd_core.charts",
    "pd_core/reports.py": "import pd_core.presentation",
    "pd_core/cli.py": "import pd_core.reports, pd_core.actions, pd_core.attack",
    "pages/__init__.py": "",
    "pages/overview.py": "import streamlit, pages.components.data, pd_core.presentation",
    "pages/components/__init__.py": "",
    "pages/components/data.py": "import pd_core.storage, pd_core.summaries",
}
LAYERS = "Inside pd_core, imports point one way, from reports down to errors."
DOMAIN = "The domain knows no web framework and no page."
DATABASE = "Only pd_core.storage imports duckdb."
STATISTICS = "Charts and storage know no statistics."
PAGES = "Pages know no database, no table library and no chart library."
HIDDEN = "Only survey, needs and attack read single answers and what is not hidden yet."
NUMBERS = "Pages, reports, presentation and commands work out no numbers of their own."
SCOPE = "Only summaries look beyond a survey's scope, and say how much of it is shown."


def run(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def expect_success(result: subprocess.CompletedProcess[str], sentence: str) -> None:
    if result.returncode:
        pytest.fail(f"{sentence}\n{result.stdout}{result.stderr}", pytrace=False)


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in SKELETON.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    return tmp_path


def test_imports_follow_the_directions() -> None:
    expect_success(run(*LINT_IMPORTS), "An import goes against the directions in pyproject.toml.")


def test_the_code_is_clean_by_ruff() -> None:
    expect_success(run("-m", "ruff", "check", "--output-format=concise"), "Mend these; some with `ruff check --fix`.")


def test_the_code_is_formatted_by_ruff() -> None:
    expect_success(run("-m", "ruff", "format", "--check"), "Run `ruff format`.")


def test_the_types_hold() -> None:
    expect_success(run("-m", "mypy"), "mypy, strict over pd_core, pages and app.py, found:")


def test_allowed_imports_break_no_contract(skeleton: Path) -> None:
    expect_success(run(*LINT_IMPORTS, folder=skeleton), "A contract forbids what should be allowed.")


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("pd_core/measures.py", "import pd_core.summaries", LAYERS),
        ("pd_core/storage/__init__.py", "import pd_core.ingestion", LAYERS),
        ("pd_core/ingestion.py", "import pd_core.summaries", LAYERS),
        ("pd_core/survey/__init__.py", "import pd_core.needs", LAYERS),
        ("pd_core/presentation.py", "import pd_core.actions", LAYERS),
        ("pd_core/actions.py", "import pd_core.cli", LAYERS),
        ("pd_core/unplaced.py", "", LAYERS),
        ("pd_core/summaries/__init__.py", "import streamlit", DOMAIN),
        ("pd_core/errors.py", "import pages.overview", DOMAIN),
        ("pd_core/ingestion.py", "import duckdb", DATABASE),
        ("pd_core/charts.py", "import pd_core.measures", STATISTICS),
        ("pages/overview.py", "import polars", PAGES),
        ("pages/overview.py", "import altair", PAGES),
        ("pages/overview.py", "import pd_core.storage", PAGES),
        ("pages/components/data.py", "import duckdb", PAGES),
        ("pages/overview.py", "import pd_core.storage.responses", HIDDEN),
        ("pages/overview.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pages/components/data.py", "import pd_core.storage.responses", HIDDEN),
        ("pages/components/data.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pd_core/reports.py", "import pd_core.storage.responses", HIDDEN),
        ("pd_core/reports.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pd_core/presentation.py", "import pd_core.storage.responses", HIDDEN),
        ("pd_core/presentation.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pd_core/cli.py", "import pd_core.storage.responses", HIDDEN),
        ("pd_core/cli.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pd_core/summaries/__init__.py", "import pd_core.storage.responses", HIDDEN),
        ("pd_core/summaries/__init__.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pd_core/actions.py", "import pd_core.storage.responses", HIDDEN),
        ("pd_core/actions.py", "import pd_core.survey.unsuppressed", HIDDEN),
        ("pages/overview.py", "import pd_core.survey.counts", HIDDEN),
        ("pd_core/reports.py", "import pd_core.survey.district_survey", HIDDEN),
        ("pd_core/presentation.py", "import pd_core.needs.posterior", HIDDEN),
        ("pd_core/cli.py", "import pd_core.needs.respondents", HIDDEN),
        ("pages/overview.py", "import pd_core.measures", NUMBERS),
        ("pd_core/reports.py", "import pd_core.measures", NUMBERS),
        ("pd_core/presentation.py", "import pd_core.measures", NUMBERS),
        ("pd_core/cli.py", "import pd_core.measures", NUMBERS),
        ("pages/overview.py", "import pd_core.survey.beyond_scope", SCOPE),
        ("pd_core/presentation.py", "import pd_core.survey.beyond_scope", SCOPE),
        ("pd_core/presentation.py", "import pd_core.summaries.growth_rows", SCOPE),
    ],
)
def test_a_forbidden_import_breaks_its_contract(skeleton: Path, file: str, line: str, contract: str) -> None:
    with (skeleton / file).open("a", encoding="utf-8") as code:
        code.write(line + "\n")
    result = run(*LINT_IMPORTS, folder=skeleton)
    assert f"{contract} BROKEN" in result.stdout, f"{file} with `{line}` does not break it.\n{result.stdout}"
