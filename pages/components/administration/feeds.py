"""All open feeds, and revoking one."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.markdown import address, plain
from pages.components.session import share_dialog
from pages.components.session.current_visitor import current
from pd_core.actions import table_feeds
from pd_core.presentation.table_feeds import FEED_LABELS
from pd_core.wording import moment_said

_SAID, _ROUND = "feeds_said", "feeds_round"
_COLUMNS = {
    "table": "Table",
    "where": "Shows",
    "made_by": "Made by",
    "made_at": st.column_config.DatetimeColumn("Made (UTC)", format="MMM D, YYYY, HH:mm:ss"),
    "expires_at": st.column_config.DatetimeColumn("Open until (UTC)", format="MMM D, YYYY, HH:mm"),
    "feed_id": "Name in the audit",
}


def section() -> None:
    """Show the open feeds with their makers and expiry dates; nothing where there are none."""
    if message := st.session_state.pop(_SAID, ""):
        st.success(message, icon=":material/link_off:")
    feeds = {feed.feed_id: feed for feed in table_feeds.open_feeds(data.store(), current())}
    if not feeds:
        return
    st.header("Feeds")
    number = "1 feed is" if len(feeds) == 1 else f"{len(feeds):,} feeds are"
    st.markdown(f"{number} open. Programs read these tables without sign-in, as far as the maker of the feed may.")
    names = share_dialog.places()
    rows = [
        {
            "table": FEED_LABELS[feed.table_name],
            "where": names.get(feed.school_id, feed.school_id),
            "made_by": feed.made_by,
            "made_at": feed.made_at,
            "expires_at": feed.expires_at,
            "feed_id": f"Feed {feed.feed_id}",
        }
        for feed in feeds.values()
    ]
    display.rows(rows, column_order=list(_COLUMNS), column_config=_COLUMNS, key="table_feeds")

    def label(feed_id: str) -> str:
        feed = feeds[feed_id]  # its id begins differently even where all else is equal
        where = names.get(feed.school_id, feed.school_id)
        made = f"made {moment_said(feed.made_at)}, by {feed.made_by}"
        return f"{FEED_LABELS[feed.table_name]}, {where}, {made} ({feed_id[:6]})"

    turn = st.session_state.get(_ROUND, 0)  # a new key empties the field in the browser
    chosen = st.selectbox(
        "Revoke a feed", list(feeds), index=None, format_func=label, key=f"feed_{turn}", placeholder="Choose a feed"
    )
    if chosen is not None and st.button("Revoke the feed", icon=":material/link_off:", key="feed_revoke_chosen"):
        feed = feeds[chosen]
        table_feeds.revoke_feed(data.store(), current(), chosen)
        made = f"made {moment_said(feed.made_at)}, by {address(feed.made_by)}"
        st.session_state[_SAID] = f"The feed of {plain(FEED_LABELS[feed.table_name])}, {made}, no longer works."
        st.session_state[_ROUND] = turn + 1
        st.rerun()
