"""A wave is set up on the command line: what is given is set, and the rest stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import audited, pd

LINK = "https://forms.office.com/r?id=1&r1=%22Lincoln%20High%22"


def test_a_wave_is_set_up_before_its_first_answers_and_keeps_what_is_not_given(store: Path, export: Path) -> None:
    first = pd("wave", "Fall 2026", "--closes", "2026-11-06", "--form-link", LINK, store=store)
    assert first.code == 0, first.err
    assert first.out.splitlines() == [
        "Fall 2026: no answers yet",
        "Closes: 2026-11-06",
        "Link to the form: https://forms.office.com/r?id=1&r1=%22{school}%22 "
        "({school} is replaced by the school's name)",
        "Guesses: not asked for",
    ]
    assert pd("ingest", export, "--wave", " fall  2026", store=store).code == 0
    expected = {
        "wave_id": "Fall 2026",
        "closes_on": "2026-11-06",
        "form_link": "https://forms.office.com/r?id=1&r1=%22{school}%22",
        "asks_guesses": True,
        "has_answers": True,
    }
    assert pd("wave", "FALL 2026", "--guesses", "--json", store=store).json == expected
    assert pd("wave", "Fall 2026", "--json", store=store).json == expected, "nothing given, nothing set"
    taken_back = pd("wave", "Fall 2026", "--no-guesses", "--closes", "", "--form-link", "", "--json", store=store)
    assert taken_back.json == expected | {"closes_on": None, "form_link": "", "asks_guesses": False}
    done = [row["subject"] for row in audited(store) if row["kind"] == "wave"]
    assert done[0] == "Fall 2026: no closing date, no link to the form, no guesses asked for" and len(done) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([" "], "The wave has no name."),
        (["Fall 2026", "--closes", "soon"], "“soon” is not a date."),
        (["Fall 2026", "--closes", "2026-11-31"], "“2026-11-31” is not a date."),
        (["Fall 2026", "--form-link", "forms.office.com"], "start with https://"),
    ],
)
def test_what_cannot_be_set_is_refused(store: Path, arguments: list[str], told: str) -> None:
    answer = pd("wave", *arguments, store=store)
    assert answer.code == 1 and told in answer.err
    assert "wave" not in [row["kind"] for row in audited(store)]
