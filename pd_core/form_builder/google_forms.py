"""A Google Apps Script that makes the form in Google Forms, with its grids."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pd_core.form_builder.questions import Form, Question

_MAKE = {
    "one": "addMultipleChoiceItem",
    "several": "addCheckboxItem",
    "grid": "addGridItem",
    "text": "addParagraphTextItem",
}
_LONG = 10
"""From so many choices on, one is chosen from a list that opens."""


def script(form: Form) -> str:
    """The script: a function to run once at script.google.com; its log has the form's two addresses."""
    lines = [
        "// Paste this at script.google.com into a new project and choose Run. The log then has the form's addresses.",
        "function makeForm() {",
        f"  const form = FormApp.create({_text(form.title)});",
        f"  form.setTitle({_text(form.title)});",
        "  form.setCollectEmail(true);",
        *(line for question in form.questions for line in _item(question)),
        "  Logger.log('To answer: ' + form.getPublishedUrl());",
        "  Logger.log('To edit: ' + form.getEditUrl());",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _item(question: Question) -> list[str]:
    made = "addListItem" if question.kind == "one" and len(question.choices) > _LONG else _MAKE[question.kind]
    lines = [f"  form.{made}()", f"    .setTitle({_text(question.wording)})"]
    if question.kind == "grid":
        lines.append(f"    .setRows({_texts([row.wording for row in question.statements])})")
        lines.append(f"    .setColumns({_texts(question.choices)})")
    elif question.choices:
        lines.append(f"    .setChoiceValues({_texts(question.choices)})")
    return [*lines, f"    .setRequired({'true' if question.is_required else 'false'});"]


def _texts(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, texts)) + "]"


def _text(text: str) -> str:
    """A JavaScript string: JSON, without the two line ends that older JavaScript does not allow in one."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
