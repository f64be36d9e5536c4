"""The growth between two waves: at once for most districts, in the background for a very large one."""

from __future__ import annotations

from pages.components import headings, progress
from pages.components.session import guard
from pd_core.access import Action
from pd_core.summaries import growth_background
from pd_core.summaries.growth import Growth


def is_known(pair: Growth, action: Action = "view", *, title: str = "") -> bool:
    """Whether the figures of a pair are there, or there in a second or two.

    If not, the page shows here how far they are, below a title if it has none yet, and runs again when they are there.
    """
    done, of = growth_background.progress(pair)
    if done < of:
        if title:
            headings.title(title)
        progress.watch(lambda: growth_background.progress(pair), _words, guard.place(), action)
    return done == of


def _words(done: int, of: int) -> str:
    return f"Working out what changed at each school: {done / of:.0%}."
