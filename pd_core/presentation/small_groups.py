"""How the district's figures count groups that are too small to show, and what they are without, in sentences."""

from __future__ import annotations

from pd_core.access import Scope
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import FEWEST
from pd_core.storage import Store, queries
from pd_core.summaries.tables import named
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.scoped_survey import survey as survey_of
from pd_core.wording import plural


def export_notes(
    store: Store, codebook: Codebook, *, wave: str | None, role: str | None, target_share: float, scope: Scope
) -> list[str]:
    """What one must know of small groups to read an exported table with figures of the district: a sentence a wave.

    `wave` and `role` as in `tables.export_table`, which refuses what does not exist.
    """
    waves = {str(wave_id): str(wave_id) for wave_id in queries.waves(store)["wave_id"]}
    wanted = list(waves) if wave is None else [named("wave", wave, waves)]
    code = named("role", role, codebook.labels("role")) if role else None
    surveys = [survey_of(store, codebook, wave_id, code, target_share, scope) for wave_id in wanted]
    return [f"{one.wave_id}: {told}" for one in surveys if (told := counted_together(one))]


def counted_together(survey: Survey) -> str:
    """How the district's figures count groups that are too small to show, in sentences; empty where there are none.

    “3 schools with fewer than 5 answers each count together, as one row. The district's figures are without 3 answers
    from schools too small to show.”
    """
    found = []
    if schools := survey.small_groups.schools_together:
        few = f"with fewer than {FEWEST} answers each" if survey.role is None else "where the role is too small to show"
        found.append(f"{plural(schools, 'school')} {few} count together, as one row.")
    if survey.left_out:
        found.append(f"The district's figures are {survey.left_out}.")
    return " ".join(found)
