"""Skills that people add, rename and retire on a page, over those of the codebook's files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pd_core.codebook import SAMR_LEVELS, Codebook, Item, Skill, fold

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_LETTERS, _FIRST_YEAR, _LAST_YEAR = 60, 2000, 2099
_SCALES = {"proficiency": ("0", "1", "2", "3"), "samr": SAMR_LEVELS}


@dataclass(frozen=True)
class ChangedSkill:
    """A skill as the store keeps it. `wordings` are further headers of its question, `has_samr` whether the survey asks
    for its SAMR level too; a year is null where there is no limit."""

    skill_id: str
    name: str
    iste_standard: str = ""
    from_year: int | None = None
    until_year: int | None = None
    wordings: tuple[str, ...] = ()
    has_samr: bool = False

    def items(self) -> list[Item]:
        """The questions that the survey asks about it."""
        kinds = _SCALES if self.has_samr else ("proficiency",)
        words = tuple(dict.fromkeys((self.name, *self.wordings)))
        return [Item(f"{kind}_{self.skill_id}", kind, self.skill_id, kind, "", words) for kind in kinds]


def with_skills(codebook: Codebook, changed: Sequence[ChangedSkill]) -> Codebook:
    """The codebook with these skills put over its own; a renamed skill is still known by its former wordings."""
    if not changed:
        return codebook
    skills = dict(codebook.skills)
    items = dict(codebook.items)
    for skill in changed:
        skills[skill.skill_id] = Skill(
            skill.skill_id, skill.name, skill.iste_standard, skill.from_year, skill.until_year
        )
        for item in skill.items():
            former = items[item.item_id].wordings if item.item_id in items else ()
            tag = items[item.item_id].tag if item.item_id in items else ""
            items[item.item_id] = replace(item, tag=tag, wordings=tuple(dict.fromkeys((*item.wordings, *former))))
    places = {kind: place for place, kind in enumerate(dict.fromkeys(item.kind for item in codebook.items.values()))}
    ordered = sorted(items.values(), key=lambda item: places.get(item.kind, len(places)))
    return replace(codebook, skills=skills, items={item.item_id: item for item in ordered})


def new_skill_id(name: str, taken: Iterable[str]) -> str:
    """An id made of a name's letters and digits, different from those taken; “” where a name has none."""
    base = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:36]
    base = base if not base or base[0].isalpha() else f"skill_{base}"[:36]
    known = set(taken)
    numbered = (f"{base}_{number}" for number in range(2, len(known) + 3))
    return base if not base or base not in known else next(one for one in numbered if one not in known)


def problems_of(codebook: Codebook, skill: ChangedSkill) -> list[str]:
    """What is wrong with a skill: its id, its name, its years, its scales, or a wording that something else has."""
    found = []
    if not _IDENTIFIER.fullmatch(skill.skill_id):
        found.append(f"The id is “{skill.skill_id}”; it needs a-z, digits and _, and a letter first.")
    if not any(sign.isalnum() for sign in skill.name):
        found.append("The skill needs a name with letters or digits.")
    for word in (skill.name, *skill.wordings):
        if len(word) > _MOST_LETTERS or "|" in word or not word.isprintable():
            found.append(
                f"“{word[:_MOST_LETTERS]}” is not a name: at most {_MOST_LETTERS} letters on one line, without |."
            )
        elif owner := _owner(codebook, skill, word):
            found.append(f"“{word}” already belongs to {owner}.")
    years = [year for year in (skill.from_year, skill.until_year) if year is not None]
    if any(not _FIRST_YEAR <= year <= _LAST_YEAR for year in years) or years != sorted(years):
        found.append("The years must be from 2000 to 2099, the first one before the last one.")
    for kind, levels in _SCALES.items():
        if tuple(choice.code for choice in codebook.scales.get(kind, ())) != levels:
            found.append(f"The scale {kind} of the codebook needs the levels {', '.join(levels)}.")
    return found


def _owner(codebook: Codebook, skill: ChangedSkill, word: str) -> str:
    """What already has a wording: another skill, another question, or a column of every export."""
    for item in codebook.items_by_wording.get(fold(word), ()):
        if item.skill_id != skill.skill_id:
            return codebook.skills[item.skill_id].name if item.skill_id else f"the question “{item.wordings[0]}”"
    if fold(word) in codebook.fields_by_header:
        return "a column of every export"
    names = {fold(other.name): other for other in codebook.skills.values() if other.skill_id != skill.skill_id}
    return names[fold(word)].name if fold(word) in names else ""
