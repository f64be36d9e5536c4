"""LimeSurvey's tab-separated survey structure, with grids as arrays."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from pd_core.form_builder.questions import Form, Question

COLUMNS = (
    *("class", "type/scale", "name", "relevance", "text", "help", "language", "validation"),
    *("mandatory", "other", "default", "same_default"),
)
_LANGUAGE = "en"
_TYPES = {"one": "L", "several": "M", "grid": "F", "text": "T"}
_DROP_DOWN, _LONG = "!", 10
_LONGEST_CODE = 5

Row = dict[str, str]


def structure(form: Form) -> str:
    """The survey as LimeSurvey imports it: a row for each setting, question, statement and choice."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerow({"class": "S", "name": "language", "text": _LANGUAGE})
    writer.writerow({"class": "S", "name": "format", "text": "A"})  # all on one page
    writer.writerow({"class": "SL", "name": "surveyls_title", "text": form.title, "language": _LANGUAGE})
    writer.writerow({"class": "G", "type/scale": "0", "name": form.title, "relevance": "1", "language": _LANGUAGE})
    for number, question in enumerate(form.questions, start=1):
        writer.writerows({name: _plain(value) for name, value in row.items()} for row in _rows(question, number))
    return buffer.getvalue()


def _rows(question: Question, number: int) -> Iterator[Row]:
    is_long = question.kind == "one" and len(question.choices) > _LONG
    yield {
        "class": "Q", "type/scale": _DROP_DOWN if is_long else _TYPES[question.kind],
        "name": f"Q{number}", "relevance": "1", "text": question.wording, "language": _LANGUAGE,
        "mandatory": "Y" if question.is_required else "N", "other": "N",
    }  # fmt: skip
    asked = [row.wording for row in question.statements] if question.kind == "grid" else list(question.choices)
    if question.kind in ("grid", "several"):
        for place, text in enumerate(asked, start=1):
            yield {
                "class": "SQ", "type/scale": "0", "name": f"SQ{place:03}", "relevance": "1", "text": text,
                "language": _LANGUAGE,
            }  # fmt: skip
    if question.kind in ("grid", "one"):
        for place, (code, label) in enumerate(zip(question.codes, question.choices, strict=True), start=1):
            is_code = question.kind == "grid" and len(code) <= _LONGEST_CODE
            name = code if is_code else f"A{place}"
            yield {"class": "A", "type/scale": "0", "name": name, "text": label, "language": _LANGUAGE}


def _plain(text: str) -> str:
    """A text on one line, without tabs."""
    return " ".join(text.split())
