"""What the upload page says of a file before it is stored: its open questions, and what storing would leave out."""

from __future__ import annotations

from collections.abc import Sequence

from pd_core.codebook import Codebook
from pd_core.ingestion import Preview, Receipt
from pd_core.ingestion.meaning import Column
from pd_core.ingestion.suggestions import one_line
from pd_core.wording import plural

CHECK = "I compared each guess with the answers under it."
CHECK_FIRST = "Some meanings are guesses. Compare each one with its answers, then check the box."
_SHOWN, _LETTERS = 3, 60


def samples(preview: Preview, column: Column) -> str:
    """The first answers to a question, as a sentence; “No one answered it.” where there are none."""
    answers = preview.table.answers(column.position)
    if answers.is_empty():
        return "No one answered it."
    shown = ", ".join(f"“{_cut(answer)}”" for answer in answers.head(_SHOWN))
    more = f" and {answers.len() - _SHOWN:,} more" if answers.len() > _SHOWN else ""
    return f"Answers: {shown}{more}"


def item_labels(codebook: Codebook) -> dict[str, str]:
    """Item to what people read for it: a skill with its grid, or the question as the codebook words it."""
    return {
        item.item_id: f"{codebook.skills[item.skill_id].name}: {'skill' if item.kind == 'proficiency' else 'SAMR'}"
        if item.skill_id
        else item.wordings[0]
        for item in codebook.items.values()
    }


def open_questions(preview: Preview) -> str:
    """What a person still has to match, as a heading; “” where nothing is open."""
    answers = sum(len(found) for found in preview.unknown_answers.values())
    counts = ((len(preview.unmapped), "question"), (answers, "answer"))
    what = [plural(number, noun) for number, noun in counts if number]
    verb = "needs" if len(preview.unmapped) + answers == 1 else "need"
    return f"{' and '.join(what)} {verb} matching" if what else ""


def store_label(ready: Sequence[tuple[Preview, Receipt]]) -> str:
    """What the button that stores files says: how many answers, and how many questions are left out."""
    added = sum(receipt.rows_added for _, receipt in ready)
    questions = sum(len(preview.unmapped) for preview, _ in ready)
    label = f"Store {plural(added, 'answer')}" if added else "Store the changed answers"
    return f"{label} without {plural(questions, 'question')}" if questions else label


def _cut(answer: str) -> str:
    text = one_line(answer)
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
