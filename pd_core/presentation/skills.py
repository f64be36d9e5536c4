"""The skills of the survey, as the Administration page lists them."""

from __future__ import annotations

from pd_core.codebook import Codebook, Skill
from pd_core.wording import plural

COLUMNS = {"name": "Skill", "asked": "The survey asks", "samr": "Use in class (SAMR)", "skill_id": "Name in tables"}


def heading_sentence(codebook: Codebook, year: int) -> str:
    """How many skills the survey asks about in a year, and how many it no longer does."""
    asked = sum(skill.is_asked_in(year) for skill in codebook.skills.values())
    retired = sum(is_retired(skill, year) for skill in codebook.skills.values())
    rest = f" {plural(retired, 'skill')} {'is' if retired == 1 else 'are'} retired: earlier answers still count."
    return f"The survey asks about {plural(asked, 'skill')} in {year}.{rest if retired else ''}"


def is_retired(skill: Skill, year: int) -> bool:
    """Whether the survey asked about a skill for the last time before this year."""
    return skill.until_year is not None and skill.until_year < year


def rows(codebook: Codebook) -> list[dict[str, str]]:
    """A row a skill, with the columns of `COLUMNS`."""
    return [
        {
            "name": skill.name,
            "asked": _years(skill),
            "samr": "yes" if f"samr_{skill.skill_id}" in codebook.items else "no",
            "skill_id": skill.skill_id,
        }
        for skill in codebook.skills.values()
    ]


def _years(skill: Skill) -> str:
    first = f"from {skill.from_year}" if skill.from_year else ""
    last = f"until {skill.until_year}" if skill.until_year else ""
    return f"{first} {last}".strip() or "every year"
