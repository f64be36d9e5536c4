"""Form mappings: what a form's questions and answers mean, matched once and remembered for every later file."""

from __future__ import annotations

import polars as pl

from pd_core.access import Visitor
from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile, RefusedName
from pd_core.ingestion import Meaning
from pd_core.ingestion.meaning import UNDECIDED
from pd_core.reference.list_files import read_mapping
from pd_core.storage import Store, queries, reference


def remembered(store: Store, visitor: Visitor, form: str) -> Meaning:
    """The mapping of a form: the one for everyone's files, overridden by the one for the visitor's own."""
    return Meaning.from_frame(queries.mapping(store, form, visitor.mapping_owner))


def remember(store: Store, visitor: Visitor, codebook: Codebook, form: str, mapping: Meaning) -> None:
    """Remember a form mapping; if the visitor has some schools only, just for that person's files.

    Known mappings are not written again. Raises RefusedName for items, scales and codes that are not in the codebook.
    """
    visitor.require("upload")
    if problems := unknown_codes(mapping.to_frame(), codebook):
        raise RefusedName(problems[0], "Choose one from the list. Nothing was changed.", problems[1:])
    _save(store, visitor, form, mapping)


def remember_file(store: Store, visitor: Visitor, codebook: Codebook, form: str, file: str, data: bytes) -> int:
    """Remember the form mapping that a person filled in; returns how many questions and answers it decides.

    Raises RefusedFile for a file that is no mapping file, or has items, scales and codes that are not in the codebook.
    """
    visitor.require("upload")
    said = read_file(codebook, file, data)
    remember(store, visitor, codebook, form, said)
    return said.to_frame().height


def read_file(codebook: Codebook, file: str, data: bytes) -> Meaning:
    """What a mapping file says; rows with `UNDECIDED` as their code say nothing. Raises RefusedFile."""
    rows = _with_codes(read_mapping(file, data), codebook)
    decided = rows.filter(pl.col("code").ne_missing(UNDECIDED))
    if problems := [*unknown_codes(decided, codebook), *_contradictions(decided)]:
        remedy = "Correct them and try again. Nothing was changed."
        raise RefusedFile(f"{file} has {len(problems)} row(s) that cannot be used.", remedy, problems)
    return Meaning.from_frame(rows)


def forget(store: Store, visitor: Visitor, form: str) -> None:
    """Forget a form's mapping, so that its questions have to be matched again."""
    visitor.require("upload")
    _save(store, visitor, form, remembered(store, visitor, form).undecided())


def unknown_codes(rows: pl.DataFrame, codebook: Codebook) -> list[str]:
    """A sentence for each row (subject, answer, code) with an item, scale or code that is not in the codebook."""
    problems = []
    for subject, answer, code in rows.select("subject", "answer", "code").iter_rows():
        if answer is None and code is not None and code not in codebook.items:
            problems.append(f"“{subject}” is mapped to “{code}”, which is not an item_id in items.csv.")
        elif answer is not None and subject not in codebook.scales:
            problems.append(
                f"“{subject}” is not a scale_id in scales.csv, which the answer “{answer}” needs as its subject: "
                f"{', '.join(codebook.scales)}."
            )
        elif answer is not None and code is not None and code not in codebook.labels(subject):
            problems.append(f"“{answer}” is mapped to “{code}”; the codes are {', '.join(codebook.labels(subject))}.")
    return problems


def _with_codes(rows: pl.DataFrame, codebook: Codebook) -> pl.DataFrame:
    """The rows with codes in place of what a person or a spreadsheet writes for them: `2.0`, or an answer's label."""
    codes: dict[str, dict[str, str]] = {}
    for scale_id, choices in codebook.scales.items():
        labels = {fold(wording): choice.code for choice in choices for wording in choice.wordings}
        floats = {f"{choice.code}.0": choice.code for choice in choices}
        codes[scale_id] = labels | floats | {fold(choice.code): choice.code for choice in choices}
    meant = [
        codes.get(subject, {}).get(fold(code), code) if answer and code else code
        for subject, answer, code in rows.select("subject", "answer", "code").iter_rows()
    ]
    return rows.with_columns(code=pl.Series(meant, dtype=pl.String))


def _contradictions(rows: pl.DataFrame) -> list[str]:
    """A sentence for each question or answer to which two rows give different codes."""
    said: dict[tuple[str, str], str | None] = {}
    problems = []
    for subject, answer, code in rows.select("subject", "answer", "code").iter_rows():
        key = (fold(subject), fold(answer or ""))
        if said.setdefault(key, code) != code:
            problems.append(f"“{answer or subject}” is mapped to “{said[key] or ''}” and to “{code or ''}”.")
    return problems


def _save(store: Store, visitor: Visitor, form: str, mapping: Meaning) -> None:
    known = remembered(store, visitor, form)
    if known.updated(mapping) != known:
        reference.save_mapping(store, form, mapping.to_frame(), visitor.audit_name, visitor.mapping_owner)
