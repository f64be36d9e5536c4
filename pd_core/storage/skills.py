"""Skills that were added, renamed or retired on a page."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.changed_skills import ChangedSkill
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

_LATEST = """select skill_id, name, iste_standard, from_year, until_year, wordings, has_samr from store.skill
    qualify number = max(number) over (partition by skill_id)
    order by min(number) over (partition by skill_id), skill_id"""
_YEARS = {"from_year": pl.Int32, "until_year": pl.Int32}


def changed_skills(store: Reader) -> tuple[ChangedSkill, ...]:
    """Each skill that was ever changed as it is now, in the order in which they came."""
    rows = store.frame(_LATEST).iter_rows(named=True)
    return tuple(ChangedSkill(**{**row, "wordings": tuple(filter(None, row["wordings"].split("|")))}) for row in rows)


def put_skill(store: Store, skill: ChangedSkill, actor: str, subject: str) -> None:
    """Keep a skill, with room for the answers about it; `subject` says what was done, for the audit."""
    row = {**vars(skill), "wordings": "|".join(skill.wordings)}

    def action(change: Change) -> None:
        change.insert("skill", pl.DataFrame([row], schema_overrides=_YEARS))
        change.school_ids, change.subject = {DISTRICT}, subject

    store.add_items(skill.items())
    store.write("skills", actor, action)
