"""Sections: words, a chart and a table that a page, a PDF, a slide or a plain page can show. Knows none of them."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar, cast

import altair as alt
import polars as pl
import polars.selectors as cs
import pyarrow as pa

from pd_core.access import Scope
from pd_core.charts.comparison import HeatTable
from pd_core.presentation.formulas import without_formulas

Unit = Literal["text", "count", "people", "share", "points", "signed", "hours", "money", "moment", "day"]


class Keeper(Protocol):
    """Figures seen by a scope, which keep what is made of them: a survey, or two of them as a pair."""

    @property
    def scope(self) -> Scope:
        """The schools whose figures are seen."""

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for the same key."""


P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Keeper)
_drawing = threading.Lock()
"""Altair's data transformer is global to the process."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and unit.

    `unit` is the kind of its numbers: `count` whole numbers, `people` numbers of people that may be fractions (shown
    whole), `share` 0 to 1 (shown as percent), `points` signed whole percentage points, `signed` numbers, `hours` with
    a decimal, `money`, `moment` a local time, `day` a date.
    """

    heading: str
    unit: Unit = "text"


Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Table:
    """A table: the columns of `frame` named in `columns`, in that order; downloads have all of `frame`.

    On a page shares are in whole percents, as in sentences and charts; below 1% they stay as they are.

    `name` is used for files and keys; `label` is the text of the fold.
    """

    name: str
    frame: pl.DataFrame
    columns: Columns
    label: str = "The numbers as a table"
    arrow: pa.Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shown = self.frame.select(name for name in self.columns if name in self.frame.columns)
        shares = [name for name in shown.columns if self.columns[name].unit == "share"]
        shares = [name for name in shares if shown.schema[name].is_float()]
        whole = (pl.when(pl.col(name).abs() >= 0.01).then(pl.col(name).round(2)).otherwise(name) for name in shares)
        object.__setattr__(self, "arrow", without_formulas(shown.with_columns(whole)).to_arrow())


@dataclass(frozen=True)
class Drawing:
    """A finished chart: a Vega-Lite spec without data, and its data by name in Arrow's stream format."""

    spec: dict[str, Any]
    datasets: dict[str, bytes]


@dataclass(frozen=True)
class Figure:
    """One number with its name and what it is of; the latter may be empty."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """One part of a page.

    `heading` may be empty; `sentence` says what the chart shows, and is its alternative text. `note` goes below the
    chart instead of the sentence if that is already the heading. `lines` are more sentences. `alt` is the chart's
    alternative text on a page, where the sentence is read next to it: it says what is drawn, not what came out, so that
    it is the same for every school and a browser keeps the chart and only changes its rows. A page shows `cells`, if
    there are any, in place of the drawing, which is then for pictures.
    """

    name: str
    sentence: str
    heading: str = ""
    drawing: Drawing | None = None
    table: Table | None = None
    note: str | None = None
    lines: tuple[str, ...] = ()
    alt: str = ""
    cells: HeatTable | None = None


def drawn(chart: alt.TopLevelMixin) -> Drawing:
    """A chart as sent to the browser; the same chart of the same data gives an equal drawing."""
    datasets: dict[str, bytes] = {}
    names: dict[bytes, str] = {}
    """Named by position: where only the data changes, the browser keeps the chart and gives it the new rows."""

    def as_arrow(data: Any = None) -> Any:
        if not isinstance(data, pl.DataFrame):
            return data
        content = arrow_stream(data)
        name = names.setdefault(content, f"rows_{len(names)}")
        datasets[name] = content
        return {"name": name}

    with _drawing:
        alt.data_transformers.register("drawing", cast(Any, as_arrow))
        with alt.data_transformers.enable("drawing"), alt.theme.enable("none"):
            spec = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    inline = spec.pop("datasets", {})
    datasets |= {name: arrow_stream(pl.DataFrame(rows)) for name, rows in inline.items()}
    return Drawing(json.loads(json.dumps(spec)), datasets)


def arrow_stream(frame: pl.DataFrame) -> bytes:
    """A table's rows in Arrow's stream format."""
    table = frame.with_columns(cs.categorical().cast(pl.String), cs.enum().cast(pl.String)).to_arrow()
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def kept_section(function: Callable[Concatenate[K, P], T]) -> Callable[Concatenate[K, P], T]:
    """Make a part of a page once for everyone with the same scope, and keep it as long as its survey or pair."""

    @wraps(function)
    def kept(figures: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (function.__module__, function.__qualname__, figures.scope, *args, *sorted(kwargs.items()))
        return cast(T, figures.kept(key, lambda: function(figures, *args, **kwargs)))

    return cast(Callable[Concatenate[K, P], T], kept)
