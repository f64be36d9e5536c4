"""Credentials as their page shows them, of the store that is shown."""

from __future__ import annotations

from typing import Any

from pages.components import clock, data
from pages.components.session.current_visitor import current
from pd_core.summaries.credentials import credential_rows, standard_rows


def rows() -> Any:
    """As `summaries.credentials.credential_rows`."""
    current().require("plan")
    shown, scope = data.shown_store()
    return credential_rows(shown, scope, clock.today())


def standards() -> Any:
    """As `summaries.credentials.standard_rows`."""
    current().require("plan")
    return standard_rows(data.shown_store()[0], data.codebook(), clock.today())


def schools() -> dict[str, str]:
    """School id to name."""
    return {str(row["school_id"]): str(row["name"]) for row in data.schools()}


def skills() -> dict[str, str]:
    """Skill id to name."""
    return {skill_id: skill.name for skill_id, skill in data.codebook().skills.items()}
