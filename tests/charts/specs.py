"""Small frames as the summaries give them, and ways to look into a chart's specification."""

from typing import Any

import altair as alt
import polars as pl

Spec = dict[str, Any]

SHARES = {
    "share": pl.Float64,
    "share_low": pl.Float64,
    "share_high": pl.Float64,
    "respondents": pl.Int64,
    "suppressed": pl.Boolean,
    "reason": pl.String,
}
SHOWN = {"share": 0.6, "share_low": 0.42, "share_high": 0.76, "respondents": 20, "suppressed": False, "reason": None}
HIDDEN = {
    "share": None,
    "share_low": None,
    "share_high": None,
    "respondents": None,
    "suppressed": True,
    "reason": "fewer than 5 answered",
}


def spec_of(chart: alt.LayerChart) -> Spec:
    """Give the specification as the browser gets it."""
    spec: Spec = chart.to_dict()
    return spec


def layers(spec: Spec, mark: str) -> list[Spec]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]


def rows_of(spec: Spec, layer: Spec) -> list[dict[str, Any]]:
    """Give the rows that a layer draws."""
    # Altair lifts data that all layers share.
    data = layer.get("data") or spec["data"]
    rows: list[dict[str, Any]] = spec["datasets"][data["name"]]
    return rows


def from_the_top(spec: Spec) -> list[str]:
    """Give the labels of the rows as they stand, from the top: by the data's ``place``."""
    y = spec["encoding"]["y"]
    assert y["sort"] == {"field": "place", "op": "min"}
    places = {row[y["field"]]: row["place"] for layer in spec["layer"] for row in rows_of(spec, layer)}
    return sorted(places, key=places.__getitem__)


def texts(spec: Spec, column: str) -> list[str]:
    """Give what the layers that write ``column`` say, in order."""
    found = [layer for layer in layers(spec, "text") if layer["encoding"].get("text", {}).get("field", None) == column]
    return [row[column] for layer in found for row in rows_of(spec, layer)]


def tooltips(spec: Spec, layer: Spec) -> list[dict[str, Any]]:
    """Give each drawn row's tooltip as the reader sees it: title to text."""
    fields = {tip["title"]: tip["field"] for tip in layer["encoding"]["tooltip"]}
    return [{title: row[field] for title, field in fields.items()} for row in rows_of(spec, layer)]


def only(spec: Spec, mark: str, field: str, channel: str = "x") -> Spec:
    """Give the one layer of this mark with this field on this channel."""
    found = [layer for layer in layers(spec, mark) if layer["encoding"].get(channel, {}).get("field") == field]
    assert len(found) == 1, f"{len(found)} {mark} layers have {field} on {channel}, expected one"
    return found[0]
