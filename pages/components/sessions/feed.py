"""Calendar addresses: the route from which calendars read sessions; the page's part that makes and revokes them."""

from __future__ import annotations

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from pages.components import data, display, signed_files
from pages.components.addresses import own_address, to_copy
from pages.components.markdown import address, plain
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT
from pd_core.actions import calendar_feeds
from pd_core.entities import FeedAbout
from pd_core.planning.problem import Problem
from pd_core.presentation.sessions import feed_label
from pd_core.reports.calendar_file import CALENDAR_MIME, calendar
from pd_core.summaries.planning_lists import planning_lists

PATH = "/calendar/{token}.ics"
_GONE = "This calendar address no longer works. Make a new one on the Sessions page of PD Pulse."


async def route(request: Request) -> Response:
    """The sessions of a calendar address as text/calendar; 304 where the calendar has them already."""
    token = request.path_params["token"]
    return await signed_files.answer(request, lambda: _file(token), caching="max-age=300")


def _file(token: str) -> signed_files.SignedFile:
    """The calendar of a token; kept, as nothing in it changes with the time of day."""
    with data.store().at_one_revision():
        return signed_files.kept(("calendar", token), lambda: _made(token))


def _made(token: str) -> signed_files.SignedFile:
    settings, store = data.settings(), data.store()
    found = calendar_feeds.carried_feed(store, token, data.key(), settings.administrators)
    if found is None:
        raise signed_files.Refusal(404, "Not found", _GONE)
    feed, record, sessions = found
    lists = planning_lists(store, settings.local_now())
    title = f"Trainings: {feed_label(feed.about, feed.subject_id, lists)}"
    content = calendar(lists, record, sessions, settings.time_zone, title, has_notes=False)
    return signed_files.signed_file(content, CALENDAR_MIME)


def section(lists: Problem, school_id: str, trainer_id: str) -> None:
    """Offer an address for the sessions on the page, and list those that can be revoked."""
    about: FeedAbout = "trainer" if trainer_id else "district" if school_id == DISTRICT else "school"
    subject_id = trainer_id or school_id
    label = feed_label(about, subject_id, lists)
    fold = display.fold("Subscribe from a calendar", "rss_feed", "feeds")
    if not fold.open:
        return
    with fold:
        st.markdown(
            "A calendar that subscribes to this address shows changes by itself. Anyone who has the address can read "
            "times, places, classes and trainers until it is revoked; notes are not in it."
        )
        feeds = calendar_feeds.open_feeds(data.store(), current())
        mine = [feed for feed in feeds if feed.made_by == current().audit_name]
        if all((feed.about, feed.subject_id) != (about, subject_id) for feed in mine):
            may = about != "district" or current().may("plan")
            if may and st.button(f"Make an address: {label}", icon=":material/add_link:", key="feed_make"):
                calendar_feeds.make_feed(data.store(), current(), about, subject_id)
                st.rerun()
        for feed in feeds:
            of = plain(feed_label(feed.about, feed.subject_id, lists))
            with st.container(border=True):
                if feed in mine:
                    token = calendar_feeds.token(feed, data.key())
                    url = f"{own_address()}{PATH.format(token=token)}"
                    to_copy(f"Calendar of {of} (copy it)", url, key=f"feed_{feed.feed_id}")
                else:
                    st.markdown(f"{of}, made by {address(feed.made_by)}")
                if st.button("Revoke", icon=":material/link_off:", key=f"feed_revoke_{feed.feed_id}"):
                    calendar_feeds.revoke_feed(data.store(), current(), feed.feed_id)
                    st.rerun()
