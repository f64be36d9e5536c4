"""Guess before you look: people say what they expect of a school before they see its results, and compare later.

Only in waves that ask for it. A guess is private to its owner; `data.own_guesses` is the only way to read it.
"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, headings
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT
from pd_core.actions.guesses import put_guesses, skills_owed
from pd_core.presentation.guesses import calibration_sentence, guess_section
from pd_core.summaries.guesses import OF, calibration
from pd_core.survey.scoped_survey import Survey

_LOOKS = "looks_without_guessing"


def before_results(survey: Survey, school_id: str) -> None:
    """Ask for a guess where one is due and stop the page: no results are shown until the visitor guesses or skips.

    Skipping is recorded too; for roles with the whole district it applies to every school of the wave until they sign
    out. No one is asked if nothing would be shown, or if they have already guessed or skipped.
    """
    wave_id = survey.wave_id
    skills = skills_owed(data.store(), current(), survey, school_id)
    if not skills:
        return
    looks: set[tuple[str, str]] = st.session_state.setdefault(_LOOKS, set())
    if (current().audit_name, wave_id) in looks:
        put_guesses(data.store(), current(), data.codebook(), wave_id, school_id, {})
        return
    is_whole = survey.scope.school_ids is None
    guesses = _asked(survey, school_id, skills, is_whole=is_whole)
    if guesses is None:
        guard.end_page()
    put_guesses(data.store(), current(), data.codebook(), wave_id, school_id, guesses)
    if is_whole and not guesses:
        looks.add((current().audit_name, wave_id))
    st.rerun()


def beside_results(survey: Survey, school_id: str) -> None:
    """Show the visitor's own guess with the answers if they made one; for the district, how well people guess."""
    if school_id == DISTRICT:
        if found := calibration(survey):
            st.markdown(f":material/balance: {calibration_sentence(found)}")
        return
    guesses = data.own_guesses(survey.wave_id, school_id)
    if guesses and (section := guess_section(survey, school_id, guesses)):
        display.section(section)


def _asked(survey: Survey, school_id: str, skills: dict[str, str], *, is_whole: bool) -> dict[str, float] | None:
    """The guess from the form, skill to share (0-1); empty if the visitor skips it, null before they decide."""
    name = next(str(row["name"]) for row in survey.schools.to_dicts() if row["school_id"] == school_id)
    headings.title(f"Of {OF} colleagues at {name}, how many use each of these on their own?")
    st.caption(
        plain(f"{survey.wave_id}. Guess first, then see the results. Leave a field empty if you have no idea. ")
        + "Only you see your guess; the district sees only how close everyone's guesses were."
    )
    # Enter in one of many fields would save an unfinished guess, and only the first guess counts.
    with st.form(f"guess_{survey.wave_id}_{school_id}", enter_to_submit=False):
        with st.container(horizontal=True):
            given = {
                skill_id: st.number_input(
                    plain(skill_name),
                    min_value=0,
                    max_value=OF,
                    value=None,
                    step=1,
                    placeholder=f"0–{OF}",
                    key=f"guess_{survey.wave_id}_{school_id}_{skill_id}",
                    width=136,
                )
                for skill_id, skill_name in skills.items()
            }
        with st.container(horizontal=True):
            saves = st.form_submit_button("Save my guess and show the results", type="primary", icon=":material/save:")
            looks = st.form_submit_button("Show the results without guessing", icon=":material/visibility:")
        if is_whole:
            st.caption("If you skip, you are not asked again for other schools until you sign out or reload.")
    guesses = {skill_id: number / OF for skill_id, number in given.items() if number is not None}
    if saves and not guesses:
        st.error("Fill in at least one skill, or show the results without guessing.", icon=":material/error:")
        return None
    return guesses if saves else {} if looks else None
