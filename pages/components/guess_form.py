"""Guess before you look: what someone expects of a school is asked before its results, and shown beside them after.

Only where the wave asks for it. A guess is its owner's alone; `data.own_guesses` knows no other way to it.
"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT
from pd_core.actions.guesses import put_guesses
from pd_core.presentation.guesses import guess_section
from pd_core.summaries.guesses import OF, calibration, calibration_sentence, skills_to_guess
from pd_core.survey.scoped_survey import Survey

_LOOKS = "looks_without_guessing"


def before_results(survey: Survey, school_id: str) -> None:
    """Asks for a guess where one is due, and stops the page there: nothing of the results is shown until it is made, or
    the person looks without guessing. That is kept too; for people of the whole district it holds, until they leave,
    for every school of the wave that they open.

    No one is asked where nothing will be shown, and no one who has answered this once.
    """
    wave_id = survey.wave_id
    if not data.wave_settings(wave_id).asks_guesses or data.own_guesses(wave_id, school_id) is not None:
        return
    skills = skills_to_guess(survey, school_id)
    if not skills:
        return
    looks: set[tuple[str, str]] = st.session_state.setdefault(_LOOKS, set())
    if (current().audit_name, wave_id) in looks:
        put_guesses(data.store(), current(), data.codebook(), wave_id, school_id, {})
        return
    is_whole = survey.scope.school_ids is None
    guesses = _asked(survey, school_id, skills, is_whole=is_whole)
    if guesses is None:
        st.stop()
    put_guesses(data.store(), current(), data.codebook(), wave_id, school_id, guesses)
    if is_whole and not guesses:
        looks.add((current().audit_name, wave_id))
    st.rerun()


def beside_results(survey: Survey, school_id: str) -> None:
    """The visitor's own guess beside the answers, where they made one; for the district, how well people guess."""
    if school_id == DISTRICT:
        if found := calibration(survey):
            st.markdown(f":material/balance: {calibration_sentence(found)}")
        return
    guesses = data.own_guesses(survey.wave_id, school_id)
    if guesses and (section := guess_section(survey, school_id, guesses)):
        display.section(section)


def _asked(survey: Survey, school_id: str, skills: dict[str, str], *, is_whole: bool) -> dict[str, float] | None:
    """What someone guesses, skill to share (0-1); empty for whoever looks without guessing, null before either."""
    name = next(str(row["name"]) for row in survey.schools.to_dicts() if row["school_id"] == school_id)
    st.title(plain(f"Of {OF} colleagues at {name}, how many use each of these on their own?"))
    st.caption(
        plain(f"{survey.wave_id}. Guess first, then see the results. Leave empty what you cannot guess. ")
        + "Only you see your guess; the district sees how well people guess together."
    )
    # Enter in one of many fields would save a guess that is not finished, and it is the first that counts.
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
            st.caption("Without guessing, you are not asked again for other schools until you sign out or reload.")
    guesses = {skill_id: number / OF for skill_id, number in given.items() if number is not None}
    if saves and not guesses:
        st.error("Fill in one skill at least, or show the results without guessing.", icon=":material/error:")
        return None
    return guesses if saves else {} if looks else None
