"""A wave's settings: its closing day, the link to the form, and whether to ask for guesses."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.components import data, display, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions.waves import put_wave
from pd_core.errors import UserError

_NOTICE = "wave"
_LINK_HELP = (
    "In Microsoft Forms, open **…** (More options), choose **Get pre-filled URL**, answer the school question with "
    "any school, and paste the link here. Each school's reminder then has that school's name filled in."
)


def section(wave_id: str) -> None:
    """Show the wave's settings, folded away, to people who may change them."""
    if not current().may("waves"):
        return
    notices.show(_NOTICE)
    folded = display.fold("Closing day, link to the form, and guesses", "tune", "wave_settings")
    if not folded.open:
        return
    with folded:
        if data.is_sample():
            st.markdown("This is the made-up sample district. You can set up waves once real answers are stored.")
            return
        known = data.wave_settings(wave_id)
        with st.form(f"wave_{wave_id}", border=False):
            key = f"closes_{wave_id}"
            # Only a field that begins empty can be emptied again.
            st.session_state.setdefault(key, known.closes_on)
            closes_on = st.date_input(f"Last day to answer in {plain(wave_id)}", None, format="MM/DD/YYYY", key=key)
            form_link = st.text_input(
                "Link to the form", known.form_link, placeholder="https://forms.office.com/…", key=f"link_{wave_id}"
            )
            st.caption(_LINK_HELP)
            if known.form_link and known.link_to("one") == known.link_to("another"):
                st.caption("**This link does not fill in the school's name:** it is the same for every school.")
            asks_guesses = st.checkbox(
                "Ask people for a guess before they see a school's results",
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
    notices.say(_NOTICE, f"The settings of {plain(wave_id)} are saved.")
