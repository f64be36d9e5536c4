"""A chart as a picture to paste: with its title, who it is about and the day in it, drawn without a browser."""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import polars as pl

from pd_core.presentation.section import Drawing, Section
from pd_core.wording import date_said

PictureKind = Literal["png", "svg"]
PICTURES: Mapping[PictureKind, tuple[str, str]] = {"png": ("PNG", "image/png"), "svg": ("SVG", "image/svg+xml")}
"""Each kind of picture with its label and media type."""
WIDTH = 720
"""A picture's width in pixels, without the margins of the chart; PNGs have twice as many."""
_VERSION = "6.1"
_LINE, _LONG_LINE = 80, 110
_FONT = "Helvetica, Arial, Liberation Sans, sans-serif"
_drawing = threading.Lock()
"""One picture is drawn at a time: a drawing program in the process would take each processor there is."""


def picture_words(found: Section, about: str, today: date) -> tuple[str, list[str]]:
    """The title of a section's picture and the lines below it: whose answers (`about`, if any), and the day."""
    return found.heading or found.sentence, [line for line in (about, f"PD Pulse, {date_said(today)}") if line]


def picture(found: Section, kind: PictureKind, about: str, today: date) -> bytes:
    """The section's chart; `about` says whose answers it shows and how many. The section must have a drawing."""
    assert found.drawing is not None
    import vl_convert  # noqa: PLC0415 - it takes a second to start, and few pages are asked for pictures

    spec = _whole(found.drawing, *picture_words(found, about, today))
    with _drawing:
        if kind == "svg":
            text: str = vl_convert.vegalite_to_svg(spec, vl_version=_VERSION)
            return text.encode()
        return bytes(vl_convert.vegalite_to_png(spec, vl_version=_VERSION, scale=2))


def _whole(drawing: Drawing, title: str, lines: list[str]) -> dict[str, Any]:
    """The drawing with its rows in it, a width, a white ground and a title."""
    rows = {name: _rows(content) for name, content in drawing.datasets.items()}
    return {
        **drawing.spec,
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "datasets": rows,
        "width": WIDTH,
        "background": "white",
        "padding": 16,
        "title": {
            "text": textwrap.wrap(title, _LINE),
            "subtitle": [part for line in lines for part in textwrap.wrap(line, _LONG_LINE)],
            "anchor": "start", "frame": "group", "fontSize": 17, "subtitleFontSize": 13, "subtitleColor": "#4A5560",
            "offset": 14,
        },
        "config": {
            "font": _FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 12}, "legend": {"labelFontSize": 12},
        },
    }  # fmt: skip


def _rows(content: bytes) -> list[dict[str, Any]]:
    """Rows as JSON has them, times as text."""
    frame = pl.read_ipc_stream(io.BytesIO(content))
    times = [name for name, kind in frame.schema.items() if kind.is_temporal()]
    return frame.with_columns(pl.col(name).dt.to_string("iso:strict") for name in times).to_dicts()
