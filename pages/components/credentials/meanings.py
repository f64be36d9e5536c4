"""Which skill and standards each credential is for: a table to edit."""

from __future__ import annotations

import streamlit as st

from pages.components import data, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions.credentials import put_credential_map
from pd_core.errors import UserError
from pd_core.summaries.credentials import credential_meanings

_NOTICE, _ROUND = "meanings", "meanings_round"


def section() -> None:
    """Edit what credentials are for; it holds where their file does not say it."""
    store, codebook = data.store(), data.real_codebook()
    st.header("What credentials are for")
    notices.show(_NOTICE)
    rows = credential_meanings(store)
    if rows.is_empty():
        st.caption("Once credentials are stored, say here which skill and ISTE standards each is for.")
        return
    st.caption(
        "Where a file does not say it, this does, for credentials that are stored already too. ISTE: 2.1 to 2.7."
    )
    skills = {skill_id: skill.name for skill_id, skill in codebook.skills.items()}

    def name(skill_id: object) -> str:
        return skills.get(str(skill_id), "")

    edited = st.data_editor(
        rows, hide_index=True, disabled=["credential"], key=f"meanings_{st.session_state.get(_ROUND, 0)}",
        column_config={
            "credential": "Credential",
            "skill_id": st.column_config.SelectboxColumn("Skill", options=["", *skills], format_func=name),
            "iste": st.column_config.TextColumn("ISTE standards, such as 2.4;2.6"),
        },
    )  # fmt: skip
    if st.button("Save what they are for", icon=":material/save:", key="meanings_yes"):
        try:
            put_credential_map(store, current(), codebook, edited.rows())
        except UserError as error:
            st.error(plain(error.text(most_details=10)), icon=":material/error:")
            return
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        notices.say(_NOTICE, "Saved. Skills and standards count it from now on.")
