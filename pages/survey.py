"""Survey: what does it ask, how do I make the form, and how do people get to it?"""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, display, headings
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.survey import links, make
from pd_core.form_builder.questions import form
from pd_core.presentation import survey_form

with guard.page("survey", "decide"):
    codebook, names = data.real_codebook(), data.school_names(current().scope)
    asked = form(codebook, list(names.values()), clock.now().year)
    headings.title(survey_form.headline(asked, codebook))
    st.markdown(plain(survey_form.school_sentence(list(names.values()))))
    make.section(asked)
    links.section(names)
    st.header("The questions")
    display.table(survey_form.preview(asked, codebook))
