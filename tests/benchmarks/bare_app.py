"""The yardstick of the clicks: a Streamlit app that does nothing but draw one Altair chart, warmed up like ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from app import warm_up


@asynccontextmanager
async def lifespan(server: st.App) -> AsyncIterator[dict[str, Any]]:
    await asyncio.to_thread(warm_up)
    yield {}


app = st.App("bare_page.py", lifespan=lifespan)
