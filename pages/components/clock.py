"""The time in the district, wherever the server is."""

from __future__ import annotations

from datetime import date, datetime

from pages.components import data


def now() -> datetime:
    """The district's local time, without a zone."""
    return data.settings().local_now()


def today() -> date:
    """The district's date."""
    return now().date()
