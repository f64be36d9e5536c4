"""The part of the Share dialog that makes, shows and revokes feeds."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pages.components import data, display
from pages.components.addresses import own_address, revoked_now, to_copy
from pages.components.feeds.route import PATH, TOKEN
from pages.components.markdown import address, plain
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT
from pd_core.actions import table_feeds
from pd_core.entities import TableFeed
from pd_core.presentation.table_feeds import FEED_LABELS, filter_sentence, rows_sentence, steps
from pd_core.summaries.feed_tables import FEED_TABLES
from pd_core.wording import date_said, moment_said

_MADE = "feed_made"


def section(school_id: str, name: str, days: int) -> None:
    """Offer a feed of a table about this school, or about every school, and list the open ones; folded away."""
    fold = display.fold("A table for Power BI, Excel or pandas", "table", "table_feeds")
    if not fold.open:
        return
    with fold:
        names = table_feeds.tables_for(current(), school_id)
        table = st.selectbox("Table", names, format_func=FEED_LABELS.__getitem__, key=f"feed_table_{school_id}")
        whose = None if school_id == DISTRICT else name
        st.caption(plain(rows_sentence(whose, has_answers=not data.is_sample())))
        if st.button("Make a feed", icon=":material/add_link:", key="feed_make_table"):
            made = table_feeds.make_feed(data.store(), current(), table, school_id, days)
            st.session_state[_MADE] = made.feed_id
        place = st.container()
        for feed in table_feeds.open_feeds(data.store(), current()):
            is_new = feed.feed_id == st.session_state.get(_MADE)
            if feed.school_id == school_id and not _is_revoked_now(feed) and is_new:
                with place:
                    _show(feed)


def addresses_of(feed: TableFeed) -> dict[str, str]:
    """The feed's addresses, by format."""
    asked = urlencode({TOKEN: table_feeds.token(feed, data.key())})
    return {
        format: f"{own_address()}{PATH.format(table=feed.table_name, format=format)}?{asked}"
        for format in ("csv", "json")
    }


def _show(feed: TableFeed) -> None:
    found = addresses_of(feed)
    for format, label in (("csv", "CSV"), ("json", "JSON")):
        to_copy(f"{label} address (copy it)", found[format], key=f"feed_{format}_{feed.feed_id}")
    st.markdown(
        f"Anyone who has the address can read the table until **{date_said(feed.expires_at)}**, unless it is revoked "
        "here or your role ends. Small groups stay hidden. It always has the latest answers."
    )
    for program in steps(found["csv"]):
        bullets = [f"- {step}" for step in program.steps]
        st.markdown("\n".join([f"**{program.program}**\n", *bullets]))
    st.caption(filter_sentence(FEED_TABLES[feed.table_name]))


def _is_revoked_now(feed: TableFeed) -> bool:
    made = f"made {moment_said(feed.made_at)}, by {address(feed.made_by)}"
    return revoked_now(
        f"{plain(FEED_LABELS[feed.table_name])}, until {date_said(feed.expires_at)}, {made}",
        f"the feed {made}",
        lambda: table_feeds.revoke_feed(data.store(), current(), feed.feed_id),
        key=f"feed_revoke_{feed.feed_id}",
    )
