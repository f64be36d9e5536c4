"""Administration: who has a role, which links and feeds are open, and what was done."""

from __future__ import annotations

from pages.components.administration import audit, feeds, links, roles, skills
from pages.components.session import guard

with guard.page("administration", "administer"):
    roles.section()
    links.section()
    feeds.section()
    skills.section()
    audit.section()
