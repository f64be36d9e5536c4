"""SAMR distribution: how much does technology change lessons? Level by level, never averaged."""

from __future__ import annotations

from typing import Literal

from pd_core.charts import samr
from pd_core.codebook import Codebook
from pd_core.presentation import columns
from pd_core.presentation.hidden import hidden_note
from pd_core.presentation.section import Column, Section, Table, drawn, kept_section
from pd_core.summaries.views import compared_schools, samr_by_school, samr_by_skill, samr_sentence
from pd_core.survey.scoped_survey import Survey

By = Literal["skill", "school"]
VIEWS = {"skill": "Skills of a school", "school": "Schools for a skill"}
LETTERS_HEADING = "What the letters mean"
LETTERS_NOTE = "The letters describe a task, not a teacher: a substitution can be the right choice for a lesson."
_COLUMNS = {"school_name": Column("School"), **columns.SAMR}
_NOTE = "Of those who answered, from not used (pale) to redefined (dark). Levels are never averaged."


@kept_section
def profile_section(survey: Survey, by: By, subject_id: str) -> Section:
    """The SAMR profile of a school (`subject_id`) by skill, or of a skill by school.

    When there is nothing to draw, the section has no chart and its note says why.
    """
    row: Literal["skill_name", "school_name"]
    if by == "skill":
        row, noun, profile = "skill_name", "skill", samr_by_skill(survey, subject_id)
    else:
        row, noun = "school_name", "school"
        profile = samr_by_school(survey, subject_id, compared_schools(survey))
    sentence = samr_sentence(profile, row)
    own = [line for line in profile.to_dicts() if not line["is_district"]]
    name = f"samr-by-{noun}"
    if not own:
        return Section(
            name, sentence, note=f"No one has answered this in {survey.wave_id}. Choose another wave or school."
        )
    if all(line["share"] is None for line in own):
        reason = next(line["reason"] for line in own if line["suppressed"])
        return Section(name, sentence, note=f"This is hidden: {reason}. Choose the whole district instead.")
    return Section(
        name,
        sentence,
        drawing=drawn(samr.samr_profile(profile, row)),
        table=Table(name, profile, _COLUMNS),
        note=f"{_NOTE} {hidden_note(own, noun, row)}",
    )


def letters(codebook: Codebook) -> list[tuple[str, str]]:
    """Each SAMR level: its letter (a dash for not used) and its meaning."""
    return [(choice.code if len(choice.code) == 1 else "–", choice.label) for choice in codebook.scales["samr"]]
