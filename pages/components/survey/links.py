"""Each school's own link to the form, as text to copy, as a QR code, and as a poster."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.components import data, display, filters
from pages.components.addresses import to_copy
from pages.components.markdown import plain
from pd_core.entities import Wave
from pd_core.errors import UserError
from pd_core.form_builder.formats import ROUTES
from pd_core.form_builder.posters import MAX_QR_LINK, posters, qr_code
from pd_core.form_builder.questions import TITLE

_LINK = "survey_link"
_WIDTH = 240
_HELP = (
    "In Microsoft Forms, open **…** (More options), choose **Get pre-filled URL**, answer the school question with any "
    "school, and paste the link here. In Google Forms it is **Get pre-filled link**."
)


def section(names: Mapping[str, str]) -> None:
    """Make a link for each of these schools (id to name) from a pre-filled link of any one."""
    st.header("Bring people to it")
    if not names:
        st.markdown("Load the list of schools first; each school then gets its own link and QR code.")
        return
    st.session_state.setdefault(_LINK, data.latest_form_link())
    text = st.text_input("The form's link, pre-filled for any one school", key=_LINK, placeholder="https://…")
    st.caption(_HELP)
    if not text.strip():
        return
    try:
        form = data.form_link(text)
    except UserError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    if form.link_to("one") == form.link_to("another"):
        st.caption("**This link does not fill in the school's name:** it is the same for every school.")
    _one(form, names)


def _one(form: Wave, names: Mapping[str, str]) -> None:
    school_id = filters.one("School", "school", names, keep=True)
    name, link = names[school_id], form.link_to(names[school_id])
    to_copy(f"Link for {plain(name)} (copy it)", link, key=f"survey_link_{school_id}")
    every = [(other, form.link_to(other)) for other in names.values()]
    if any(len(other) > MAX_QR_LINK for _, other in every):
        st.info("This link is too long for a QR code.", icon=":material/info:")
        return
    picture = qr_code(link)
    st.image(picture, width=_WIDTH, alt=f"QR code of the form for {name}")
    mime = ROUTES["docx"].mime
    with st.container(horizontal=True):
        display.download("Download QR code", f"{school_id}-qr.png", lambda: picture, "image/png", key="survey_qr")
        display.download(
            "Download poster", f"{school_id}-poster.docx", lambda: posters(TITLE, [(name, link)]), mime,
            key="survey_poster",
        )  # fmt: skip
        if len(names) > 1:
            display.download(
                f"Download posters of all {len(names)} schools", "posters.docx", lambda: posters(TITLE, every), mime,
                key="survey_posters",
            )  # fmt: skip
