"""A Word document that Microsoft Forms makes a form of with Quick import: plain paragraphs, and no grids."""

from __future__ import annotations

import io

from pd_core.form_builder.questions import Form

_LETTERS = 26


def document(form: Form) -> bytes:
    """The form as .docx: the title, then a blank paragraph before each `1. [Q1] Question`, and `A. Choice` lines.

    Each statement of a grid is a question of its own. The tag in front tells it after it was reworded, cut or
    translated.
    """
    import docx  # noqa: PLC0415 - only this format needs it

    made = docx.Document()
    made.core_properties.title, made.core_properties.author = form.title, "PD Pulse"
    made.core_properties.comments = ""
    made.add_paragraph(form.title)
    for number, question in enumerate(form.without_grids(), start=1):
        made.add_paragraph("")
        made.add_paragraph(f"{number}. [{question.tag}] {question.wording}")
        for place, choice in enumerate(question.choices):
            made.add_paragraph(f"{_lettered(place)}. {choice}")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _lettered(place: int) -> str:
    """A choice's letter: A to Z, then AA, AB and so on."""
    before, last = divmod(place, _LETTERS)
    return (_lettered(before - 1) if before else "") + chr(ord("A") + last)
