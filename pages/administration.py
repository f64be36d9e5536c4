"""Administration: who has a role, which links are open, and what was done."""

from __future__ import annotations

from pages.components.administration import audit, links, roles, skills
from pages.components.session import guard

with guard.page("administration", "administer"):
    roles.section()
    links.section()
    skills.section()
    audit.section()
