"""Checks a wave's settings: its closing day and the link to its form, as people paste it."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, unquote_plus, urlsplit

import polars as pl

from pd_core.entities import SCHOOL, Wave
from pd_core.errors import RefusedName
from pd_core.school_names import SchoolNames, known_as

MAX_LINK_LENGTH = 2_000
_YEARS = range(2000, 2100)
# An answer that a link fills in, without the quotes and brackets that Microsoft Forms puts around a choice.
_FILLED_IN = re.compile(r"(?<==)((?:%5B)?(?:%22)?)([^&#]+?)((?:%22)?(?:%5D)?)(?=[&#]|$)", re.IGNORECASE)
# Characters that a link may contain; all others are percent-encoded, so that the link cannot break the text around it.
_PLAIN = "%/:?#@!$&*+,;=~-._{}[]"


def read_wave(wave_id: str, closes_on: date | None, form_link: str, asks_guesses: bool, schools: pl.DataFrame) -> Wave:
    """Check a wave's settings.

    Where the link fills in the name of one of `schools` (school_id, name, aliases), as a form's pre-filled link of any
    one school does, each school's own name will stand there. Raises RefusedName.
    """
    if not wave_id.strip():
        raise RefusedName("The wave has no name.", "Name it, for example “Fall 2026”.")
    if closes_on is not None and closes_on.year not in _YEARS:
        raise RefusedName(f"{closes_on} is not a valid closing date.", "Choose a day within the next few years.")
    return Wave(wave_id, closes_on, read_form_link(form_link.strip(), schools), asks_guesses)


def read_form_link(text: str, schools: pl.DataFrame) -> str:
    """A form's link with the placeholder in place of the school's name, as `read_wave`. Raises RefusedName."""
    if not text:
        return ""
    if len(text) > MAX_LINK_LENGTH:
        raise RefusedName(
            f"The link to the form has {len(text):,} characters; the maximum is {MAX_LINK_LENGTH:,}.",
            "Paste only the link.",
        )
    if not text.isprintable() or any(sign.isspace() or sign in '"<>' for sign in text):
        raise RefusedName(
            "The link to the form contains a space, a quotation mark or another character that links can't have.",
            "Copy it again from Microsoft Forms and paste only the link.",
        )
    if not _is_address(text):
        raise RefusedName("The link to the form does not start with https://.", "Copy it from Microsoft Forms.")
    names = SchoolNames(schools)

    def for_every_school(found: re.Match[str]) -> str:
        value = unquote_plus(found[2])
        is_name = value == SCHOOL or known_as(value) in names.ids
        return f"{found[1]}{SCHOOL}{found[3]}" if is_name else found[0]

    return _FILLED_IN.sub(for_every_school, quote(text, safe=_PLAIN))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and not set("@{}") & set(parts.netloc)
    except ValueError:
        return False
