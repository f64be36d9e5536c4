"""What is set for a wave: its closing day, the form's link, whether guesses are asked for."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions.waves import put_wave
from pd_core.errors import UserError

_SAID = "wave_said"
_LINK_HELP = (
    "In Microsoft Forms open **…** (More options), choose **Get pre-filled URL**, answer the question for the school "
    "with any school, and paste the link here: each school's reminder gets its own name in that place."
)


def section(wave_id: str) -> None:
    """The form to set a wave, folded away, for those who may; to the others nothing."""
    if not current().may("waves"):
        return
    if message := st.session_state.pop(_SAID, ""):
        st.success(message, icon=":material/check:")
    with st.expander("Set the closing day, the form's link and guesses", icon=":material/tune:", key="wave_settings"):
        if data.is_sample():
            st.markdown("This is the made-up sample district. Its waves can be set once real answers are stored.")
            return
        known = data.wave_settings(wave_id)
        with st.form(f"wave_{wave_id}", border=False):
            closes_on = st.date_input(
                f"Last day to answer in {plain(wave_id)}", known.closes_on, format="MM/DD/YYYY", key=f"closes_{wave_id}"
            )
            form_link = st.text_input(
                "Link to the form", known.form_link, placeholder="https://forms.office.com/…", key=f"link_{wave_id}"
            )
            st.caption(_LINK_HELP)
            if known.form_link and known.link_to("one") == known.link_to("another"):
                st.caption("**The link that is set fills in no school's name:** it is the same for every school.")
            asks_guesses = st.checkbox(
                "Ask people what they expect of a school before they see its results",
                known.asks_guesses,
                key=f"guesses_{wave_id}",
            )
            if not st.form_submit_button("Save", type="primary", icon=":material/save:"):
                return
        wanted = replace(known, closes_on=closes_on, form_link=form_link, asks_guesses=asks_guesses)
        try:
            put_wave(data.store(), current(), wanted)
        except UserError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
    st.session_state[_SAID] = f"{plain(wave_id)} is set."
    st.rerun()
