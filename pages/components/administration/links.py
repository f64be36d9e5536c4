"""All open share links, and revoking one."""

from __future__ import annotations

from pages.components import data
from pages.components.administration import open_addresses
from pages.components.administration.open_addresses import Address, Kind
from pages.components.session.current_visitor import current
from pd_core.actions import share_links

_LINKS = Kind(
    noun="link",
    meaning="Anyone who has a link sees what it shows, without signing in.",
    none="No share link is open. Make one with **Share** in the sidebar of any page.",
)


def section() -> None:
    """Show the open links with their makers and expiry dates, or say that there are none."""
    found = [
        Address(link.link_id, "", link.school_id, link.made_by, link.made_at, link.expires_at)
        for link in share_links.open_links(data.store(), current())
    ]
    open_addresses.section(_LINKS, found, lambda link_id: share_links.revoke_link(data.store(), current(), link_id))
