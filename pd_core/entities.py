"""Plain values for what the district keeps besides answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

SCHOOL = "{school}"
"""The placeholder for the school's name in a form's link."""


@dataclass(frozen=True)
class Wave:
    """The settings of one wave.

    `closes_on` is the last day to answer (null: not set). `form_link` is the form's address (empty: not set); it may
    contain `SCHOOL`. `asks_guesses`: whether people are asked for a guess before they see results.
    """

    wave_id: str
    closes_on: date | None = None
    form_link: str = ""
    asks_guesses: bool = False

    def link_to(self, school_name: str) -> str:
        """The form's link with a school's name filled in; the same for every school without a placeholder, empty if no
        link is set."""
        return self.form_link.replace(SCHOOL, quote(school_name, safe=""))


@dataclass(frozen=True)
class Link:
    """One share link. `school_id` is a school's or “district”; times are UTC."""

    link_id: str
    school_id: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    is_revoked: bool

    def is_open(self, now: datetime) -> bool:
        """Whether the link still works at `now` (UTC)."""
        return not self.is_revoked and now < self.expires_at
