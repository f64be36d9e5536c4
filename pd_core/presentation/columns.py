"""The headings of table columns, one vocabulary for every page and file."""

from __future__ import annotations

from pd_core.presentation.section import Column, Columns

HIDDEN_BECAUSE = Column("Why hidden")
SKILLS: Columns = {
    "skill_name": Column("Skill"),
    "respondents": Column("Answered", "count"),
    "proficient": Column("Proficient", "count"),
    "share": Column("Share", "share"),
    "share_low": Column("From", "share"),
    "share_high": Column("To", "share"),
    "share_worst_low": Column("If all others said no", "share"),
    "share_worst_high": Column("If all others said yes", "share"),
    "district_share": Column("District", "share"),
    "reason": HIDDEN_BECAUSE,
}
LEVELS: Columns = {
    "skill_name": Column("Skill"),
    "level": Column("Level"),
    "level_label": Column("What it means"),
    "people": Column("People", "count"),
    "respondents": Column("Answered", "count"),
    "share": Column("Share", "share"),
    "reason": HIDDEN_BECAUSE,
}
SAMR: Columns = {**LEVELS, "level": Column("SAMR level")}
