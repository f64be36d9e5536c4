"""The skills that the survey asks about: adding, renaming and retiring one, over the codebook's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pd_core.access import Visitor
from pd_core.changed_skills import ChangedSkill, new_skill_id, problems_of
from pd_core.codebook import Codebook
from pd_core.errors import RefusedName, UnknownName
from pd_core.storage import Store
from pd_core.storage.skills import changed_skills, put_skill

_CORRECT = "Correct it and try again. Nothing was changed."


def add_skill(
    store: Store,
    visitor: Visitor,
    codebook: Codebook,
    name: str,
    *,
    wordings: Sequence[str] = (),
    iste_standard: str = "",
    from_year: int | None = None,
    has_samr: bool = False,
) -> str:
    """Add a skill by name; returns its new skill_id.

    `codebook` is the one in use, with the skills added before. `wordings` are further headers by which forms ask about
    it, `from_year` the first year in which the survey does (null: always), `has_samr` whether it asks how the skill is
    used in class too. Raises RefusedName for a name or wording that something else has, and for years that cannot be.
    """
    visitor.require("administer")
    name = " ".join(name.split())
    skill_id = new_skill_id(name, codebook.skills)
    words = tuple(dict.fromkeys(filter(None, (" ".join(word.split()) for word in wordings))))
    skill = ChangedSkill(skill_id or "skill", name, iste_standard.strip(), from_year, None, words, has_samr)
    _put(store, visitor, codebook, skill, f"{name} was added")
    return skill.skill_id


def rename_skill(store: Store, visitor: Visitor, codebook: Codebook, skill_id: str, name: str) -> None:
    """Give a skill another name; files with its former name are still read. Raises UnknownName, RefusedName."""
    visitor.require("administer")
    known = _known(store, codebook, skill_id)
    name = " ".join(name.split())
    words = tuple(dict.fromkeys((known.name, *known.wordings)))
    _put(store, visitor, codebook, replace(known, name=name, wordings=words), f"{known.name} is now {name}")


def retire_skill(store: Store, visitor: Visitor, codebook: Codebook, skill_id: str, until_year: int | None) -> None:
    """Say in which year the survey asks about a skill last; null asks about it again. Its answers stay.

    Raises UnknownName, and RefusedName for a year that cannot be.
    """
    visitor.require("administer")
    known = _known(store, codebook, skill_id)
    done = f"{known.name} is asked until {until_year}" if until_year else f"{known.name} is asked again"
    _put(store, visitor, codebook, replace(known, until_year=until_year), done)


def _known(store: Store, codebook: Codebook, skill_id: str) -> ChangedSkill:
    skill = codebook.skills.get(skill_id)
    if skill is None:
        raise UnknownName(f"There is no skill {skill_id}.", "Reload the page and choose one from the list.")
    wordings = next((one.wordings for one in changed_skills(store) if one.skill_id == skill_id), ())
    return ChangedSkill(
        skill_id,
        skill.name,
        skill.iste_standard,
        skill.from_year,
        skill.until_year,
        wordings,
        f"samr_{skill_id}" in codebook.items,
    )


def _put(store: Store, visitor: Visitor, codebook: Codebook, skill: ChangedSkill, subject: str) -> None:
    if problems := problems_of(codebook, skill):
        raise RefusedName(problems[0], _CORRECT, problems[1:])
    put_skill(store, skill, visitor.audit_name, subject)
