"""The form as a file for the program that asks it, with the steps and what is lost on the way."""

from __future__ import annotations

from functools import partial
from typing import cast

import streamlit as st

from pages.components import display, filters
from pd_core.form_builder.formats import ROUTES, FormFormat
from pd_core.form_builder.questions import Form
from pd_core.presentation.survey_form import GUIDES


def section(form: Form) -> None:
    """Offer the form for one program."""
    st.header("Make the form")
    programs: dict[str, str] = {name: route.program for name, route in ROUTES.items()}
    chosen = cast(
        FormFormat, filters.one("Where will people answer?", "program", programs, noun="Program", as_buttons=True)
    )
    route, guide = ROUTES[chosen], GUIDES[chosen]
    st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(guide.steps, start=1)))
    file = f"survey-{chosen}{route.ending}"
    display.download(
        f"Download for {route.program}", file, partial(route.write, form), route.mime, key=f"form_{chosen}"
    )
    st.markdown(f"**What {route.program} does not take from the file**")
    st.markdown("\n".join(f"- {loss}" for loss in guide.losses))
