"""A large export, as the benchmarks of this folder take it."""

from __future__ import annotations

from pathlib import Path

from tests.forms import Survey, forms_workbook

ROWS, COLUMNS = 50_000, 33
SCHOOLS = {"lincoln": "Lincoln High", "washington": "Washington Elementary"}


def write_large_export(folder: Path) -> Path:
    """An export with 50,000 answers of two schools, 33 columns wide."""
    survey = Survey(n=ROWS, seed=5, spacing_seconds=20, language=True, school=list(SCHOOLS.values()))
    added = [f"Note {number}" for number in range(COLUMNS - len(survey.headers()))]
    rows = [[*row, *(f"note {place}" for place in range(len(added)))] for row in survey.rows()]
    path = folder / "survey.xlsx"
    path.write_bytes(forms_workbook([*survey.headers(), *added], rows))
    return path
