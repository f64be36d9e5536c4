"""The skills that the survey asks about: adding, renaming and retiring one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from pages.components import data, display, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions.skills import add_skill, rename_skill, retire_skill
from pd_core.errors import UserError
from pd_core.presentation import skills as texts

_NOTICE, _ROUND = "skills", "skills_round"


def section() -> None:
    """Show the skills, a form to add one, and the changes to one of them."""
    st.header("Skills")
    notices.show(_NOTICE)
    codebook, year = data.real_codebook(), datetime.now(UTC).year
    st.markdown(texts.heading_sentence(codebook, year))
    fold = display.fold("All skills", "list", "all_skills")
    if fold.open:
        with fold:
            display.rows(texts.rows(codebook), column_config=texts.COLUMNS, key="table_skills")
    _add(year)
    _change(year)


def _add(year: int) -> None:
    turn = st.session_state.get(_ROUND, 0)  # new keys empty the form
    with (
        st.expander("Add a skill", icon=":material/add:"),
        st.form(f"add_skill_{turn}", border=False),
    ):
        name = st.text_input("Name, as the form asks about it", placeholder="Canva", key=f"skill_name_{turn}")
        also = st.text_input("Other names in forms, separated by semicolons", key=f"skill_words_{turn}")
        first = st.number_input("First year", 2000, 2099, year, key=f"skill_from_{turn}")
        has_samr = st.checkbox("The survey also asks how it is used in class (SAMR)", key=f"skill_samr_{turn}")
        if st.form_submit_button("Add the skill", icon=":material/add:"):
            try:
                add_skill(
                    data.store(),
                    current(),
                    data.real_codebook(),
                    name,
                    wordings=also.split(";"),
                    from_year=int(first),
                    has_samr=has_samr,
                )
            except UserError as error:
                st.error(plain(error.text()), icon=":material/error:")
                return
            _done(f"{name} was added. Forms that ask about it are read from now on.")


def _change(year: int) -> None:
    skills = data.real_codebook().skills
    turn = st.session_state.get(_ROUND, 0)
    with st.expander("Rename or retire a skill", icon=":material/edit:"):
        skill_id = st.selectbox(
            "Skill",
            list(skills),
            index=None,
            format_func=lambda skill_id: skills[skill_id].name,
            placeholder="Choose a skill",
            key=f"skill_{turn}",
        )
        if skill_id is None:
            return
        skill = skills[skill_id]
        name = st.text_input("New name", skill.name, key=f"rename_{skill_id}_{turn}")
        if st.button("Rename it", icon=":material/edit:"):
            if name.strip() in ("", skill.name):
                st.error("Type the new name first.", icon=":material/error:")
            else:
                _try(
                    lambda: rename_skill(data.store(), current(), data.real_codebook(), skill_id, name),
                    f"{skill.name} is now {name}.",
                )
        if skill.until_year is not None:
            if st.button("Ask about it again", icon=":material/undo:"):
                _try(
                    lambda: retire_skill(data.store(), current(), data.real_codebook(), skill_id, None),
                    f"The survey asks about {skill.name} again.",
                )
            return
        last = st.number_input(
            "Last year in which the survey asks about it", 2000, 2099, year, key=f"until_{skill_id}_{turn}"
        )
        if st.button("Retire it", icon=":material/archive:"):
            _try(
                lambda: retire_skill(data.store(), current(), data.real_codebook(), skill_id, int(last)),
                f"{skill.name} is retired after {int(last)}. Its answers still count.",
            )


def _try(change: Callable[[], None], said: str) -> None:
    try:
        change()
    except UserError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    _done(said)


def _done(said: str) -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    notices.say(_NOTICE, plain(said))
