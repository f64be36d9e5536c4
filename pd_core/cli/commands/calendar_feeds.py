"""The commands for calendar addresses: list them, revoke one."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pd_core.actions import calendar_feeds
from pd_core.cli.context import Shared
from pd_core.wording import moment_said


def feeds(*, call: Shared) -> None:
    """Lists the addresses from which calendars read sessions; they are made on the Sessions page."""
    with call.store() as store:
        found = calendar_feeds.open_feeds(store, call.visitor)
    lines = [f"Calendar addresses that can be read: {len(found):,}."]
    lines += [
        f"{one.feed_id}  {one.about} {one.subject_id}, made {moment_said(one.made_at)} by {one.made_by}"
        for one in found
    ]
    rows = [
        {
            "feed_id": one.feed_id, "about": one.about, "subject_id": one.subject_id, "made_by": one.made_by,
            "made_at": one.made_at.isoformat(),
        }
        for one in found
    ]  # fmt: skip
    call.answer("\n".join(lines), feeds=rows)


def revoke(
    feed_id: Annotated[str, Parameter(metavar="FEED_ID", help="As `plan feeds` has it.")], /, *, call: Shared
) -> None:
    """Revokes a calendar address: calendars can't read it any more."""
    with call.store() as store:
        calendar_feeds.revoke_feed(store, call.visitor, feed_id)
    call.answer("The calendar address no longer works.", revoked=feed_id)
