"""What a visitor sees of a page that has run."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]
_WORDS = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success")


def words(page: AppTest) -> str:
    """Everything that a page says outside its charts and tables, kind by kind."""
    return "\n".join(str(element.value) for kind in _WORDS for element in page.get(kind))


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


def sent(page: AppTest) -> list[dict[str, Any]]:
    """Every row of every chart and table."""
    return [row for part in (*charts(page), *tables(page)) for row in part]
