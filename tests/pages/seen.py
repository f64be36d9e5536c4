"""What a visitor sees of a page that has run."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pyarrow as pa
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
_FIGURE = re.compile(r'<dt>(.*?)(?:<span.*?</span></span>)?</dt><dd class="pulse-value">(.*?)</dd>(?:<dd>(.*?)</dd>)?')
_PAGE_LINK = re.compile(r'<a href="([^"]*)" data-pulse="page">(?:<span.*?</span>)?(.*?)</a>')
_ICON = re.compile(r'<span class="pulse-icon".*?</span>')
_TAG = re.compile("<[^>]+>")
_WORDS = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success")

_HTML = ("pulse-said", "pulse-figures", "pulse-links", "pulse-map", "pulse-table")


def words(page: AppTest) -> str:
    """Everything that a page says outside its charts and tables, kind by kind."""
    said = _markdown(page)
    written = [part for kind in _HTML for part in _html(page, kind)]
    return "\n".join([*said, *(unescape(_TAG.sub("", _ICON.sub("", part))) for part in written)])


def sources(page: AppTest) -> list[str]:
    """The Markdown and HTML that a browser is sent."""
    return [*_markdown(page), *_html(page)]


def _markdown(page: AppTest) -> list[str]:
    return [str(element.value) for kind in _WORDS for element in page.get(kind)]


def figures(page: AppTest) -> list[tuple[str, str, str]]:
    """The numbers that are shown side by side: name, value, and what it is of."""
    found = [figure for part in _html(page, "pulse-figures") for figure in _FIGURE.findall(part)]
    return [(unescape(name), unescape(value), unescape(note)) for name, value, note in found]


def ways_to_take_it(page: AppTest) -> list[int]:
    """Where on a page, counted in its parts, the buttons are that copy its address or send it by e-mail."""
    parts = list(page.main.children.values())
    return [place for place, part in enumerate(parts) if part.type == "html" and "Copy link" in part.proto.body]


def page_links(page: AppTest) -> dict[str, str]:
    """The links to other pages: what each says, and its address."""
    found = [link for part in _html(page, "pulse-links") for link in _PAGE_LINK.findall(part)]
    return {unescape(label): unescape(address) for address, label in found}


def _html(page: AppTest, kind: str = "") -> list[str]:
    bodies = (element.proto.body for element in page.get("html"))
    return [body for body in bodies if kind in body]


def title(page: AppTest) -> str:
    """The page's one title."""
    assert len(page.title) == 1, f"a page has one title, not {[element.value for element in page.title]}"
    return str(page.title[0].value)


def charts(page: AppTest) -> list[list[dict[str, Any]]]:
    """The rows that were sent to the browser for each chart, from top to bottom."""
    return [
        [
            row
            for dataset in chart.proto.datasets
            for row in pa.ipc.open_stream(io.BytesIO(dataset.data.data)).read_all().to_pylist()
        ]
        for chart in page.get("vega_lite_chart")
    ]


def tables(page: AppTest) -> list[list[dict[str, Any]]]:
    """The rows of each table, from top to bottom; null where there is no value."""
    frames = [table.value for table in [*page.dataframe, *page.table]]
    return [frame.astype(object).where(frame.notna(), None).to_dict("records") for frame in frames]


def sorted_tables(page: AppTest) -> list[list[dict[str, str]]]:
    """The rows of each table whose heads sort it, from top to bottom, by heading; smaller words in parentheses."""
    return [_sorted_rows(part) for part in _html(page, "pulse-table")]


def _sorted_rows(body: str) -> list[dict[str, str]]:
    head, *rows = re.findall("<tr>(.*?)</tr>", body)
    cells = [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", one) for one in (head, *rows)]
    words = [[unescape(_TAG.sub("", re.sub("<small>(.*?)</small>", r" (\1)", cell))) for cell in one] for one in cells]
    return [dict(zip(words[0], one, strict=True)) for one in words[1:]]


def sent(page: AppTest) -> list[dict[str, Any]]:
    """Every row of every chart and table."""
    return [row for part in (*charts(page), *tables(page), *sorted_tables(page)) for row in part]
