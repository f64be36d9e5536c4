"""Next-day actions in words: the message to send, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pd_core.summaries.next_day import Followed
from pd_core.wording import date_said, day_said, people_said, percent


def message(title: str, actions: Sequence[str], address: str, closes_on: date) -> str:
    """The message that a trainer sends after a session, to paste into Teams or an e-mail."""
    asked = "\n".join(f"- {action}" for action in actions) or "- Try one thing from the session with your students."
    return (
        f"Thank you for coming to “{title}”. For the next day:\n{asked}\n\n"
        f"Did you do it? One tap, without signing in and without your name:\n{address}\n"
        f"The link takes answers until {day_said(closes_on)}."
    )


def outcome(found: Followed) -> str:
    """How many people did it, or why that is not shown."""
    if not found.is_closed:
        return f"Answers to the follow-up link are counted after {date_said(found.closes_on)}, when it closes."
    if found.answered is None or found.counts is None:
        return "Fewer than five people answered the follow-up link, so nothing is shown."
    yes = found.counts["yes"]
    return (
        f"{yes:,} of {people_said(found.answered)} who answered did it ({percent(yes / found.answered)}); "
        f"{found.counts['not yet']:,} not yet, {found.counts['not for me']:,} said it is not for them."
    )
