"""The route from which programs read a table, as CSV or JSON."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pages.components import clock, data, signed_files
from pages.components.session.plain_visitor import note_hourly
from pages.components.signed_files import Refusal, SignedFile, signed_file
from pd_core.access import Scope
from pd_core.actions import table_feeds
from pd_core.actions.guesses import waves_owed
from pd_core.entities import TableFeed
from pd_core.reports.files import FORMATS, Format, render
from pd_core.summaries.feed_tables import feed_table
from pd_core.wording import listed

PATH = "/feed/{table}.{format}"
TOKEN = "token"
_FORMATS: tuple[Format, ...] = ("csv", "json")
_GONE = "This feed does not exist or no longer works. Make a new one with Share in PD Pulse."
_GUESS_FIRST = (
    "The person who made this feed is asked for a guess before the results of {}. They open the school's Overview in "
    "PD Pulse and guess, or skip it there; then the feed works."
)


async def route(request: Request) -> Response:
    """The table of a feed, limited by the filters in the address; 304 where the reader has it already."""
    table = request.path_params["table"]
    format = next((one for one in _FORMATS if one == request.path_params["format"]), None)
    if format is None:
        return PlainTextResponse("A feed ends with .csv or .json.", status_code=404)
    asked = request.query_params
    filters = {name: asked[name] for name in asked if name != TOKEN and asked[name]}
    return await signed_files.answer(request, lambda: _file(asked.get(TOKEN, ""), table, format, filters))


def _file(token: str, table: str, format: Format, filters: dict[str, str]) -> SignedFile:
    """The file; whether the feed still works is looked up each time, since it may have expired."""
    store = data.store()
    with store.at_one_revision():
        found = table_feeds.carried_feed(store, token, data.key(), data.settings().administrators, table)
        if found is None:
            raise Refusal(404, "Not found", _GONE)
        feed, scope, maker = found
        today = clock.today()
        key = ("feed", feed.feed_id, scope, format, tuple(sorted(filters.items())), today)

        def make() -> SignedFile:
            asking = waves_owed(store, maker, data.real_codebook(), feed.school_id, data.settings().target_share)
            if asking:
                raise Refusal(403, "Guess first", _GUESS_FIRST.format(listed(asking)))
            return _made(feed, scope, format, filters, today)

        made = signed_files.kept(key, make)
    note_hourly("feed read", f"Feed {feed.feed_id}", feed.table_name, feed.school_id)
    return made


def _made(feed: TableFeed, scope: Scope, format: Format, filters: dict[str, str], today: date) -> SignedFile:
    frame = feed_table(
        data.store(), data.real_codebook(), feed.table_name, filters,
        target_share=data.settings().target_share, scope=scope, today=today,
    )  # fmt: skip
    return signed_file(render(frame, format, feed.table_name), FORMATS[format].mime)
