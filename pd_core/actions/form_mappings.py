"""What the words of a form mean: said once by a person, remembered for every later file of that form."""

from __future__ import annotations

import polars as pl

from pd_core.access import Visitor
from pd_core.codebook import Codebook
from pd_core.errors import RefusedName
from pd_core.ingestion import Meaning
from pd_core.storage import Store, queries, reference


def remembered(store: Store, visitor: Visitor, form: str) -> Meaning:
    """What is remembered of a form: what was said for everyone's files, and for the visitor's own before that."""
    return Meaning.from_frame(queries.mapping(store, form, visitor.mapping_owner))


def remember(store: Store, visitor: Visitor, codebook: Codebook, form: str, mapping: Meaning) -> None:
    """Remembers what a form's words mean; from a visitor who has some schools only, for that person's files.

    What is known already is not written again. Raises RefusedName for items, scales and codes that the codebook does
    not have.
    """
    visitor.require("upload")
    if problems := unknown_codes(mapping.to_frame(), codebook):
        raise RefusedName(problems[0], "Choose one of the list. Nothing was changed.", problems[1:])
    _save(store, visitor, form, mapping)


def forget(store: Store, visitor: Visitor, form: str) -> None:
    """Forgets what is remembered of a form, so that it is asked again."""
    visitor.require("upload")
    _save(store, visitor, form, remembered(store, visitor, form).undecided())


def unknown_codes(rows: pl.DataFrame, codebook: Codebook) -> list[str]:
    """A sentence for each row (subject, answer, code) that names an item, scale or code the codebook does not have."""
    problems = []
    for subject, answer, code in rows.select("subject", "answer", "code").iter_rows():
        if answer is None and code is not None and code not in codebook.items:
            problems.append(f"“{subject}” is said to be “{code}”, which is no item_id of items.csv.")
        elif answer is not None and subject not in codebook.scales:
            problems.append(f"“{subject}” is no scale_id of scales.csv; an answer needs one as its subject.")
        elif answer is not None and code is not None and code not in codebook.labels(subject):
            problems.append(f"“{answer}” is said to be “{code}”; the codes are {', '.join(codebook.labels(subject))}.")
    return problems


def _save(store: Store, visitor: Visitor, form: str, mapping: Meaning) -> None:
    known = remembered(store, visitor, form)
    if known.updated(mapping) != known:
        reference.save_mapping(store, form, mapping.to_frame(), visitor.audit_name, visitor.mapping_owner)
