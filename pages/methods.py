"""Methods: what each word and number means, and where it comes from."""

from __future__ import annotations

from pages.components import data, display, headings
from pages.components.session import guard
from pd_core.actions.plans import FEWEST
from pd_core.presentation import methods

with guard.page("methods"):
    settings = data.settings()
    headings.title(methods.TITLE)
    for chapter in methods.chapters(data.codebook(), settings.target_share, settings.other_schools, FEWEST):
        display.chapter(chapter)
