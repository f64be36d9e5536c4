"""Administration: who has a role, which links are open, and what was done."""

from __future__ import annotations

from pages.components import administration_audit, administration_links, administration_people, guard

with guard.page("administration", "administer"):
    administration_people.section()
    administration_links.section()
    administration_audit.section()
