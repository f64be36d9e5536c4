"""A table of words that its heads sort, as HTML; page.css has its look, and focus.js follows its links.

Streamlit's own takes scripts of 1.4 MB, draws its cells on a canvas, and a screen reader reads little of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.components import filters

Cell = tuple[str, str]
"""Words, and smaller words below them, which may be empty."""


@dataclass(frozen=True)
class Links:
    """What opens the rows: for each the query of a link and what it is called, and the id that the focus goes to."""

    queries: Sequence[str]
    names: Sequence[str]
    focus_id: str


def show(
    name: str,
    label: str,
    heads: Mapping[str, str],
    rows: Sequence[Sequence[Cell]],
    by: str,
    *,
    is_reversed: bool,
    opens: Links | None = None,
) -> None:
    """Show a table in a frame of its own that scrolls. `heads` are its columns with their headings, `by` the one that
    the rows are sorted by, as `filters.order` says. The first cell of each row is the link that `opens` it."""
    links = {
        column: filters.address_with(filters.SORT, f"-{column}" if column == by and not is_reversed else column)
        for column in heads
    }
    st.html(html(name, label, heads, links, rows, by, is_reversed=is_reversed, opens=opens))


def html(
    name: str,
    label: str,
    heads: Mapping[str, str],
    links: Mapping[str, str],
    rows: Sequence[Sequence[Cell]],
    by: str,
    *,
    is_reversed: bool,
    opens: Links | None = None,
) -> str:
    """The table, sorted `by` a column; each head is a link to the query of `links` that sorts by it."""
    sorted_ = {by: f' aria-sort="{"descending" if is_reversed else "ascending"}"'}
    head = "".join(
        f'<th scope="col"{sorted_.get(column, "")}><a href="?{escape(links[column])}" id="{name}-{column}"'
        f' data-pulse="page">{escape(heading)}</a></th>'
        for column, heading in heads.items()
    )
    body = "".join(map(_row, rows, _openings(opens) if opens else [""] * len(rows)))
    return (
        f'<div class="pulse-frame" role="region" aria-label="{escape(label)}" tabindex="0">'
        f'<table class="pulse-table" aria-label="{escape(label)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _openings(links: Links) -> list[str]:
    return [
        f'<a href="?{escape(query)}" aria-label="{escape(name)}" data-pulse="page" data-to="{links.focus_id}">'
        for query, name in zip(links.queries, links.names, strict=True)
    ]


def _row(cells: Sequence[Cell], opening: str) -> str:
    first, *others = (
        f"{escape(words)}<small>{escape(small)}</small>" if small else escape(words) for words, small in cells
    )
    first = f"{opening}{first}</a>" if opening else first
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
