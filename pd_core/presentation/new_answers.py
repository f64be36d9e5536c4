"""What an open page says once its figures are no longer the latest."""

from __future__ import annotations

from pd_core.wording import plural


def show_label(answers: int) -> str:
    """The button that shows what came since the page was drawn; no new answers: something else has changed."""
    return f"{plural(answers, 'new answer')}: show" if answers else "The figures have changed: show"
