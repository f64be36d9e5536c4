"""Training lists: what plans are made from, each to see, to replace by a file, and to take away."""

from __future__ import annotations

from pages.components import filters, headings, page_links
from pages.components.lists import files, goals, learn
from pages.components.session import guard
from pd_core.presentation.training_lists import LISTS, ListName

with guard.page("training_lists", "plan"):
    headings.opening("What plans are made from")
    chosen = filters.one("List", "list", {name: about.label for name, about in LISTS.items()}, as_buttons=True)
    name: ListName = next(one for one in LISTS if one == chosen)
    files.show(name)
    if not files.is_read_only():
        if name == "goals":
            goals.edit()
        elif name == "catalog":
            learn.add()
    page_links.show(page_links.Link("plan.py", "See the plan", "event_available"))
