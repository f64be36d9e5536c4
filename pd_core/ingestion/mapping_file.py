"""The file in which a person says what a form's words mean, with all that is known filled in and the rest suggested."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from pd_core.codebook import CHOICE_KINDS, LEVEL_KINDS, Codebook, fold
from pd_core.ingestion.mapping import map_columns, seen_answers
from pd_core.ingestion.meaning import UNDECIDED, Column, Meaning
from pd_core.ingestion.reading import Table
from pd_core.ingestion.scales import Scale
from pd_core.ingestion.suggestions import by_rank, one_line

MAPPING_FILE = ("subject", "answer", "code", "suggestion", "labels")
_MOST_ANSWERS, _LONGEST = 12, 80  # of a question that may be one about a skill
_WORDS = re.compile(r"\w+")


def mapping_file(table: Table, codebook: Codebook, meaning: Meaning) -> pl.DataFrame:
    """A row a question, and a row an answer that no scale knows: the columns of `MAPPING_FILE`, all text.

    `code` is what is known (an item, or a scale's code), `UNDECIDED` where a person has to say; empty means left
    out. `suggestion` is what is near, and `labels` what may be chosen, or sample answers of a question: neither is
    read.
    """
    columns = map_columns(table, codebook, meaning)
    rows: list[tuple[str, str, str, str, str]] = []
    unknown: dict[str, list[str]] = {}
    seen = seen_answers(table, columns, codebook)
    for column in columns:
        samples = table.answers(column.position).to_list()
        shown = "; ".join(one_line(answer)[:60] for answer in samples[:3])
        item_id, suggestion = _known(column, samples, codebook)
        code = item_id or (UNDECIDED if column.reason else "")
        rows.append((one_line(column.header), "", code, suggestion, f"answers: {shown}"))
        item = codebook.items.get(item_id or suggestion)
        if item is None or item.kind not in (*LEVEL_KINDS, *CHOICE_KINDS):
            continue
        scale = Scale(codebook.scales[item.scale_id], meaning.answers.get(item.scale_id), seen.get(item.scale_id, ()))
        decoded = scale.decode(samples)
        strange = [answer for answer, code in decoded.items() if code is None and fold(answer) not in scale.said]
        unknown.setdefault(item.scale_id, []).extend(strange)
    for scale_id, answers in unknown.items():
        scale = Scale(codebook.scales[scale_id])
        labels = "; ".join(f"{choice.code} = {choice.label}" for choice in scale.choices)
        ranked = by_rank(scale_id, list(dict.fromkeys(answers)))
        for answer in dict.fromkeys(answers):
            rows.append((scale_id, one_line(answer), UNDECIDED, ranked.get(answer) or _near(scale, answer), labels))
    return pl.DataFrame(rows, schema=dict.fromkeys(MAPPING_FILE, pl.String), orient="row")


def _known(column: Column, samples: Sequence[str], codebook: Codebook) -> tuple[str, str]:
    """The item that a column answers, or “”, and what it may answer, or “”."""
    if column.item_id:
        return column.item_id, ""
    if column.is_known and len(column.suggestions) == 1:
        return column.suggestions[0], ""
    if column.suggestions:
        return "", column.suggestions[0]
    is_closed = 1 < len(samples) <= _MOST_ANSWERS and max(map(len, samples)) <= _LONGEST
    words = f" {' '.join(_WORDS.findall(fold(column.header)))} "
    named = [skill for skill in codebook.skills.values() if f" {fold(skill.name)} " in words]
    return "", f"proficiency_{named[0].skill_id}" if is_closed and column.reason and len(named) == 1 else ""


def _near(scale: Scale, answer: str) -> str:
    label = scale.suggestion(answer)
    return next((choice.code for choice in scale.choices if choice.label == label), "")
