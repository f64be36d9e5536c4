"""The command that sets up a wave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from cyclopts import Parameter

from pd_core import entities
from pd_core.actions.waves import put_wave
from pd_core.cli.context import Shared
from pd_core.errors import UserError
from pd_core.ingestion.wave_names import known_wave
from pd_core.storage import queries, waves


def wave(
    name: Annotated[str, Parameter(help='The wave, such as "Fall 2026".')],
    /,
    *,
    closes: Annotated[
        str | None, Parameter(metavar="YYYY-MM-DD", help='The last day to answer; "" removes it.')
    ] = None,
    form_link: Annotated[
        str | None,
        Parameter(metavar="URL", help='The link to the form, pre-filled for any one school; "" removes it.'),
    ] = None,
    guesses: Annotated[
        bool | None,
        Parameter(negative="--no-guesses", help="Ask people for a guess before they see a school's results."),
    ] = None,
    call: Shared,
) -> None:
    """Sets up a wave; shows its settings.

    Options left out keep their values. A wave can be set up before its first answers arrive.
    """
    with call.store() as store:
        before = waves.wave(store, known_wave(store, name))
        wanted = replace(
            before,
            closes_on=before.closes_on if closes is None else _day(closes),
            form_link=before.form_link if form_link is None else form_link,
            asks_guesses=before.asks_guesses if guesses is None else guesses,
        )
        wanted = put_wave(store, call.visitor, wanted)
        has_answers = queries.latest_upload(store, wanted.wave_id) is not None
    link = wanted.form_link or "not set"
    link += f" ({entities.SCHOOL} is replaced by the school's name)" if entities.SCHOOL in link else ""
    lines = [
        f"{wanted.wave_id}{'' if has_answers else ': no answers yet'}",
        f"Closes: {wanted.closes_on or 'not set'}",
        f"Link to the form: {link}",
        f"Guesses: {'asked for' if wanted.asks_guesses else 'not asked for'}",
    ]
    call.answer(
        "\n".join(lines),
        wave_id=wanted.wave_id,
        closes_on=wanted.closes_on and wanted.closes_on.isoformat(),
        form_link=wanted.form_link,
        asks_guesses=wanted.asks_guesses,
        has_answers=has_answers,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise UserError(f"“{text}” is not a date.", "Write it as year, month and day: 2026-11-06.") from error
