"""Times in an export: Excel's serial numbers, ISO, or text whose day and month have to be told apart."""

from __future__ import annotations

from typing import Literal

import polars as pl

from pd_core.errors import RefusedFile

DateOrder = Literal["mdy", "dmy", "ymd"]
DATE_ORDERS: tuple[DateOrder, ...] = ("mdy", "dmy", "ymd")
_TEXT = (
    r"^\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?)?"
    r"\s*([AaPp])?\.?(?:[Mm]\.?)?(?:\s*(?:GMT|UTC|Z)\S*)?\s*$"
)
_SERIAL = r"^\s*\d{5}(?:\.\d+)?\s*$"
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000 to 2099
_READINGS = {
    "mdy": "month first (10/5/2026 is October 5)",
    "dmy": "day first (10/5/2026 is May 10)",
    "ymd": "year first (26/10/5 is October 5, 2026)",
}


class AmbiguousDates(RefusedFile):
    """Dates that can be read in two ways. `example` is one of them."""

    def __init__(self, file: str, column: str, example: str, orders: list[DateOrder]) -> None:
        self.example = example
        self.orders = orders
        readings = " or ".join(_READINGS[order] for order in orders)
        super().__init__(
            f"{file}: the dates in “{column}” can be read in two ways, for example “{example}”: {readings}.",
            "Say which: on the page under “Dates in this file”, on the command line with --dates mdy or --dates dmy.",
        )


def parse_times(file: str, columns: dict[str, pl.Series], order: DateOrder | None) -> dict[str, pl.Series]:
    """Each column's texts as times of the exporter's wall clock, whole seconds; null where blank or unreadable.

    The order of day and month is told from all columns of a file together, since one program wrote them. Raises
    AmbiguousDates where both orders fit, or neither fits all, and `order` is null.
    """
    plain = {name: series.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False) for name, series in columns.items()}
    if all(plain[name].null_count() == series.null_count() for name, series in columns.items()):
        return plain  # as every workbook has them
    parts = {name: _parts(series) for name, series in columns.items()}
    undecided = pl.concat(
        [part.filter("is_text").select("a", "b", "c", text="text", column=pl.lit(name)) for name, part in parts.items()]
    )
    chosen = order or _told_order(file, undecided)
    return {name: _times(part, chosen) for name, part in parts.items()}


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
                pl.col("text").str.strip_chars().cast(pl.Float64, strict=False)
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


def _told_order(file: str, undecided: pl.DataFrame) -> DateOrder:
    if undecided.is_empty():
        return "mdy"
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
    raise AmbiguousDates(file, example["column"].item(), example["text"].item(), ["mdy", "dmy"])


def _times(parts: pl.DataFrame, order: DateOrder) -> pl.Series:
    by_order = {"mdy": ("c", "a", "b"), "dmy": ("c", "b", "a"), "ymd": ("a", "b", "c")}
    year, month, day = (
        pl.when("is_iso").then(pl.col(iso)).otherwise(pl.col(text))
        for iso, text in zip(by_order["ymd"], by_order[order], strict=True)
    )
    year = pl.when(year < 100).then(year + 2000).otherwise(year)
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
