"""Qualtrics' Advanced Format text, with grids as matrix questions."""

from __future__ import annotations

from collections.abc import Iterator

from pd_core.form_builder.questions import Form, Question

_KINDS = {
    "one": "MC:SingleAnswer:Vertical",
    "several": "MC:MultipleAnswer:Vertical",
    "grid": "Matrix",
    "text": "TE:Essay",
}
_DROP_DOWN, _LONG = "MC:Dropdown", 10


def text(form: Form) -> str:
    """The survey as Qualtrics imports it, each grid on a page of its own."""
    lines = ["[[AdvancedFormat]]", "", f"[[Block:{_plain(form.title)}]]"]
    last = ""
    for number, question in enumerate(form.questions, start=1):
        if "grid" in (last, question.kind) and last:
            lines += ["", "[[PageBreak]]"]
        lines += _question(question, number)
        last = question.kind
    return "\n".join(lines) + "\n"


def _question(question: Question, number: int) -> Iterator[str]:
    is_long = question.kind == "one" and len(question.choices) > _LONG
    yield ""
    yield f"[[Question:{_DROP_DOWN if is_long else _KINDS[question.kind]}]]"
    yield f"[[ID:Q{number}]]"
    yield _plain(question.wording)
    if question.kind == "grid":
        yield from ("", "[[Choices]]", *(_plain(row.wording) for row in question.statements))
        yield from ("", "[[Answers]]", *map(_plain, question.choices))
    elif question.choices:
        yield from ("", "[[Choices]]", *map(_plain, question.choices))


def _plain(text: str) -> str:
    """A text on one line that starts no command."""
    return " ".join(text.split()).replace("[[", "[ [").replace("]]", "] ]")
