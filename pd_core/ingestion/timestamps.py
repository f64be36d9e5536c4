"""Times in an export: Excel's serial numbers, ISO, or text whose day and month have to be told apart."""

from __future__ import annotations

from typing import Literal

import polars as pl

from pd_core.errors import RefusedFile
from pd_core.ingestion.budget import watched
from pd_core.ingestion.time_words import plain_time

DateOrder = Literal["mdy", "dmy", "ymd"]
Surface = Literal["page", "command"]
"""Where the person is who gave the file: what to do next is said in the words of that place."""
DATE_ORDERS: tuple[DateOrder, ...] = ("mdy", "dmy", "ymd")
_TEXT = (
    r"^\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?)?"
    r"\s*([AaPp])?\.?(?:[Mm]\.?)?(?:\s*(?:GMT|UTC|Z)\S*)?\s*$"
)
_SERIAL = r"^\s*\d{5}(?:[.,]\d+)?\s*$"
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000 to 2099
_MANY_DATES = 5
_FIRST_YEAR = 1000
_READINGS = {
    "mdy": "month first (10/5/2026 is October 5)",
    "dmy": "day first (10/5/2026 is May 10)",
    "ymd": "year first (26/10/5 is October 5, 2026)",
}


class AmbiguousDates(RefusedFile):
    """Dates that can be read in two ways. `example` is one of them."""

    def __init__(self, file: str, column: str, example: str, orders: list[DateOrder], *, surface: Surface) -> None:
        self.example = example
        self.orders = orders
        readings = " or ".join(_READINGS[order] for order in orders)
        way_out = f"Say which with {' or '.join(f'--dates {order}' for order in orders)}."
        super().__init__(
            f"{file}: the dates in “{column}” can be read in two ways, for example “{example}”: {readings}.",
            way_out if surface == "command" else "Say which under “Dates in this file”.",
        )


def parse_times(
    file: str, columns: dict[str, pl.Series], order: DateOrder | None, surface: Surface = "page"
) -> dict[str, pl.Series]:
    """Each column's texts as times of the exporter's wall clock, whole seconds; null where blank or unreadable.

    The order of day and month follows from all columns of a file together, since one program wrote them. Where Excel
    took some of the texts for dates with day and month swapped, and left the days past the twelfth as text, the swap is
    undone. Raises AmbiguousDates where both orders fit, or neither fits all, and `order` is null.
    """
    plain = {name: series.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False) for name, series in columns.items()}
    if all(plain[name].null_count() == series.null_count() for name, series in columns.items()) and all(
        (series.dt.year() >= _FIRST_YEAR).all()
        for series in plain.values()  # 26-10-17 is read as a day of the year 26
    ):
        _refuse_swapped(file, plain, order)
        return plain  # as every workbook has them
    parts = {name: _parts(_in_plain_words(series)) for name, series in columns.items()}
    undecided = pl.concat(
        [part.filter("is_text").select("a", "b", "c", text="text", column=pl.lit(name)) for name, part in parts.items()]
    )
    chosen = order or _told_order(file, undecided, surface)
    times = {name: _times(part, chosen) for name, part in parts.items()}
    return _unswapped(times, parts) if _is_half_swapped(undecided, times, parts) else times


def _in_plain_words(series: pl.Series) -> pl.Series:
    """Texts that hold words (a month's name, a zone, 上午) as numbers."""
    known = pl.col("text").str.contains(_TEXT) | pl.col("text").str.contains(_SERIAL)
    others = pl.DataFrame({"text": series.drop_nulls().unique()}).filter(~known)["text"]
    if others.is_empty():
        return series
    return series.replace({text: plain_time(text) for text in watched(others)})


def _is_half_swapped(undecided: pl.DataFrame, times: dict[str, pl.Series], parts: dict[str, pl.DataFrame]) -> bool:
    """Whether Excel read day and month of a part of the dates the wrong way round.

    So it is where every text has a day past the twelfth, every date has one up to the twelfth, and all dates lie closer
    together when those are turned round.
    """
    texts = undecided.filter(pl.col("a").is_not_null())
    if texts.is_empty() or not (texts["a"].gt(12) | texts["b"].gt(12)).all():
        return False
    typed = [times[name].filter(~part["is_text"]).drop_nulls() for name, part in parts.items()]
    dates = pl.concat(typed)
    if dates.is_empty() or not dates.dt.day().le(12).all():
        return False
    turned = _unswapped(times, parts)
    return _spread(turned) < _spread(times)


def _spread(times: dict[str, pl.Series]) -> float:
    """Days between the first and the last tenth-part of all times, so that one odd row does not tell."""
    days = pl.concat(list(times.values())).drop_nulls().dt.epoch("s") / 86_400
    low, high = days.quantile(0.05), days.quantile(0.95)
    return float(high or 0) - float(low or 0)


def _unswapped(times: dict[str, pl.Series], parts: dict[str, pl.DataFrame]) -> dict[str, pl.Series]:
    """The times with day and month of all that Excel took for dates turned round."""
    found = {}
    for name, series in times.items():
        frame = pl.DataFrame({"time": series, "is_text": parts[name]["is_text"]})
        turned = pl.datetime(
            pl.col("time").dt.year(),
            pl.col("time").dt.day().clip(1, 12),
            pl.col("time").dt.month(),
            pl.col("time").dt.hour(),
            pl.col("time").dt.minute(),
            pl.col("time").dt.second(),
        )
        is_typed = ~pl.col("is_text") & (pl.col("time").dt.day() <= 12)
        found[name] = frame.select(pl.when(is_typed).then(turned).otherwise("time").alias(name)).to_series()
    return found


def _refuse_swapped(file: str, times: dict[str, pl.Series], order: DateOrder | None) -> None:
    """Raises RefusedFile where day and month of all dates look swapped: one day of the month, many months."""
    dates = pl.concat(list(times.values())).drop_nulls().dt.date().unique()
    if order is not None or dates.len() < _MANY_DATES:
        return
    if dates.dt.day().n_unique() <= 2 and dates.dt.day().max() <= 12 and dates.dt.month().n_unique() >= _MANY_DATES:  # type: ignore[operator]
        raise RefusedFile(
            f"{file}: day and month of its dates seem to be swapped: they are of {dates.dt.month().n_unique()} months, "
            f"for example {dates.sort()[0]} and {dates.sort()[-1]}, and all on day {dates.dt.day()[0]} of the month.",
            "Export the answers again and drop that file as it is, without opening it in Excel first.",
        )


def with_lost_seconds(times: pl.Series, exact: pl.Series) -> pl.Series:
    """`times`, or `exact` (seconds since 1970 of the same wall clock) where that is of the same minute.

    Excel leaves the seconds out when it saves a CSV file again.
    """
    known = pl.from_epoch("exact", time_unit="s").cast(pl.Datetime("us"))
    same = known.dt.truncate("1m") == pl.col("times").dt.truncate("1m")
    frame = pl.DataFrame({"times": times.cast(pl.Datetime("us")), "exact": exact})
    return frame.select(pl.when(same).then(known).otherwise("times")).to_series()


def _parts(series: pl.Series) -> pl.DataFrame:
    groups = pl.col("text").str.extract_groups(_TEXT)
    frame = (
        pl.DataFrame({"text": series.cast(pl.String)})
        .with_columns(
            groups.struct.rename_fields(["a", "b", "c", "hour", "minute", "second", "half"]).alias("g"),
            serial=pl.when(pl.col("text").str.contains(_SERIAL)).then(
                pl.col("text").str.strip_chars().str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
            ),
        )
        .unnest("g")
    )
    numbers = ["b", "hour", "minute", "second"]
    return frame.with_columns(
        *(pl.col(name).cast(pl.Int64, strict=False) for name in numbers),
        is_iso=pl.col("a").str.len_chars().eq(4).fill_null(False),
        is_text=pl.col("a").is_not_null() & pl.col("a").str.len_chars().ne(4),
        a=pl.col("a").cast(pl.Int64, strict=False),
        c=pl.col("c").cast(pl.Int64, strict=False),
    )


def _told_order(file: str, undecided: pl.DataFrame, surface: Surface) -> DateOrder:
    if undecided.is_empty():
        return "mdy"
    year_first = _is_year_first(undecided)
    if year_first:
        return "ymd"
    if year_first is None:
        example = undecided.head(1)
        raise AmbiguousDates(file, example["column"].item(), example["text"].item(), ["ymd", "dmy"], surface=surface)
    month_first = pl.col("a").le(12) & pl.col("b").le(31)
    day_first = pl.col("b").le(12) & pl.col("a").le(31)
    readable = undecided.filter(month_first | day_first)
    same = pl.col("a") == pl.col("b")
    fits = readable.select(mdy=month_first.all(), dmy=day_first.all(), same=same.all()).row(0, named=True)
    if fits["mdy"] and (fits["same"] or not fits["dmy"]):
        return "mdy"
    if fits["dmy"] and not fits["mdy"]:
        return "dmy"
    example = readable.filter(~same).head(1)
    raise AmbiguousDates(file, example["column"].item(), example["text"].item(), ["mdy", "dmy"], surface=surface)


def _is_year_first(undecided: pl.DataFrame) -> bool | None:
    """Whether years of two digits are in front (26-10-17); null where that can't be told from a day in front.

    They are where each number in front may be a year of Microsoft Forms, and the last ones change as days do: a survey
    takes days, not years.
    """
    first, month, last = (undecided[name] for name in "abc")
    if not (first.is_between(16, 99) & month.le(12) & last.le(31)).fill_null(False).all() or first.equals(last):
        return False
    years, days = first.n_unique(), last.n_unique()
    if years != days:
        return days > years
    return None if last.ge(16).all() else True


def _times(parts: pl.DataFrame, order: DateOrder) -> pl.Series:
    by_order = {"mdy": ("c", "a", "b"), "dmy": ("c", "b", "a"), "ymd": ("a", "b", "c")}
    year, month, day = (
        pl.when("is_iso").then(pl.col(iso)).otherwise(pl.col(text))
        for iso, text in zip(by_order["ymd"], by_order[order], strict=True)
    )
    # A computer set to the Thai calendar counts the years of Buddha: 2569 is 2026.
    year = pl.when(year < 100).then(year + 2000).when(year.is_between(2543, 2642)).then(year - 543).otherwise(year)
    half = pl.col("half").str.to_lowercase()
    hour = pl.col("hour").fill_null(0)
    hour = pl.when(half == "p").then(hour % 12 + 12).when(half == "a").then(hour % 12).otherwise(hour)
    minute, second = pl.col("minute").fill_null(0), pl.col("second").fill_null(0)
    is_time = (
        year.is_between(2000, 2099)
        & month.is_between(1, 12)
        & day.is_between(1, 31)
        & (hour < 24)
        & (minute < 60)
        & (second < 60)
    )
    # June 31 and its like have no date: built as text and read back, they become null instead of an error.
    date = pl.format(
        "{}-{}-{}", year, month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2)
    ).str.to_date("%Y-%m-%d", strict=False)
    clock = pl.duration(hours=hour, minutes=minute, seconds=second)
    from_text = pl.when(is_time).then(date.cast(pl.Datetime("us")) + clock)
    seconds = ((pl.col("serial") - 25_569) * 86_400).round().cast(pl.Int64, strict=False)
    from_serial = pl.when(pl.col("serial").is_between(_FIRST_SERIAL, _LAST_SERIAL)).then(
        pl.from_epoch(seconds, time_unit="s").cast(pl.Datetime("us"))
    )
    return parts.select(time=pl.coalesce(from_text, from_serial)).to_series()
