"""What a plan can be proposed from: a wave's needs and the lists, put together once for all visitors."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data
from pages.components.session.current_visitor import current
from pd_core.actions import proposals as proposing
from pd_core.actions.proposals import Proposals


def proposals(wave_id: str) -> Proposals:
    """The wave's proposals, which are the same for every visitor."""
    shown, _ = data.shown_store()
    with st.spinner("Looking at what the schools need …"):
        return proposing.proposals(
            shown, current(), data.codebook(), wave_id, clock.now(), target_share=data.settings().target_share
        )
