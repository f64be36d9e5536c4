"""Which rows of a file are stored already under another key: saved again by Excel, or exported on another clock.

Excel's CSV loses the seconds of all times; a file exported in another time zone, or after the change to summer time,
has each time some quarters of an hour off; a form that a person explained has other telling columns. Such rows take
the key and the times of the stored row, so that they count once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_SAMPLE = 300  # rows by which another clock is found
_MOST_MINUTES = 26 * 60
_MOST_CLOCKS = 4
_QUARTER = 15
_TIMES = ("started_at", "completed_at", "answered_at")


@dataclass(frozen=True)
class Known:
    """A file's rows with the keys of the stored rows that they are.

    `responses` as given, with other keys and times; `clocks`: minutes by which times of the file are later than those
    stored (below 0: earlier) to the number of such rows.
    """

    responses: pl.DataFrame
    clocks: dict[int, int]


def recognized(responses: pl.DataFrame, stored: pl.DataFrame, items: Sequence[str]) -> Known:
    """Gives rows the keys of the stored rows that they are; `stored` as `storage.stored_rows`.

    A row and a stored row are one where school, respondent and ID are the same, both times are of the same minute, and
    one of the two files has no seconds; or where the times are a whole number of quarters of an hour apart, as those of
    other rows are too. Rows without name and ID also need the same answers. Each stored row is taken once.
    """
    if stored.is_empty():
        return Known(responses, {})
    new = _marked(responses.with_row_index("mine").join(stored, on="row_key", how="anti"))
    free = _marked(stored.join(responses, on="row_key", how="anti").with_row_index("theirs"))
    if new.is_empty() or free.is_empty():
        return Known(responses, {})
    new = new.with_columns(has_seconds=pl.lit(bool((responses["completed_at"].dt.second() != 0).any())))
    found = _matches(new, free, 0, items)
    clocks: dict[int, int] = {}
    for minutes in _clocks(_without(new, found, "mine"), _without(free, found, "theirs"), items):
        more = _matches(_without(new, found, "mine"), _without(free, found, "theirs"), minutes, items)
        if more.height:
            clocks[minutes] = more.height
            found = pl.concat([found, more])
    return Known(_adopted(responses, found, free), clocks)


def _marked(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with whose they are: who (“” if that is not known) and id (null if the row has none)."""
    number = pl.col("row_key").str.extract(r"^([^|]+)\|").str.strip_chars_start("0")
    return rows.with_columns(
        who=pl.when("is_identified").then("person").otherwise(pl.lit("")),
        id=pl.when(number == "").then(pl.lit("0")).otherwise(number),
    )


def _without(rows: pl.DataFrame, found: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.join(found.select(name), on=name, how="anti", maintain_order="left")


def _matches(new: pl.DataFrame, free: pl.DataFrame, minutes: int, items: Sequence[str]) -> pl.DataFrame:
    """mine, theirs, minutes: rows that are one where the file's clock is so many minutes late; each row once."""
    late = pl.duration(minutes=minutes)
    mine = new.with_columns(at=(pl.col("completed_at") - late).dt.truncate("1m"))
    theirs = free.with_columns(at=pl.col("completed_at").dt.truncate("1m"))
    pairs = mine.join(theirs, on=["school_id", "who", "id", "at"], nulls_equal=True, suffix="_stored")
    return _best(_judged(pairs, pl.lit(minutes), items), minutes)


def _judged(pairs: pl.DataFrame, minutes: pl.Expr, items: Sequence[str]) -> pl.DataFrame:
    """Of pairs those that may be one row: times alike but for the clock and lost seconds, and answers that fit."""
    late = pl.duration(minutes=minutes)
    start = pl.col("started_at") - late
    same_start = (start.dt.truncate("1m") == pl.col("started_at_stored").dt.truncate("1m")).fill_null(True)
    same_second = pl.col("completed_at").dt.second() == pl.col("completed_at_stored").dt.second()
    lost_seconds = ~pl.col("has_seconds") | ~pl.col("has_seconds_stored")
    same = [(pl.col(item) == pl.col(f"{item}_stored")).cast(pl.Int32) for item in items]
    differs = [(pl.col(item) != pl.col(f"{item}_stored")).cast(pl.Int32) for item in items]
    equal, other = (pl.sum_horizontal(pl.lit(0), *counted) for counted in (same, differs))  # of a blank neither
    pairs = pairs.filter(same_start & (same_second | lost_seconds)).with_columns(equal=equal, other=other)
    is_known = pl.col("id").is_not_null() | (pl.col("who") != "")
    on_this_clock = minutes == 0
    fits = (
        pl.when(on_this_clock & is_known)
        .then(pl.lit(True))
        .when(on_this_clock & ~lost_seconds)
        .then((pl.col("equal") > 0) & (pl.col("equal") >= pl.col("other")))
        .when(pl.col("id").is_not_null() & pl.col("started_at").is_not_null())
        .then((pl.col("equal") > 0) & (pl.col("equal") >= pl.col("other")))
        .otherwise((pl.col("equal") > 0) & (pl.col("other") == 0))
    )
    return pairs.filter(fits)


def _best(pairs: pl.DataFrame, minutes: int) -> pl.DataFrame:
    """Of pairs the ones with the most equal answers, so that no row is in two of them."""
    mine: set[int] = set()
    theirs: set[int] = set()
    kept = []
    ordered = pairs.select("mine", "theirs", score=pl.col("equal") - pl.col("other"))
    for own, other, _ in ordered.sort("score", "mine", "theirs", descending=[True, False, False]).iter_rows():
        if own not in mine and other not in theirs:
            mine.add(own)
            theirs.add(other)
            kept.append((own, other, minutes))
    schema = {"mine": pl.UInt32, "theirs": pl.UInt32, "minutes": pl.Int64}
    return pl.DataFrame(kept, schema=schema, orient="row")


def _clocks(new: pl.DataFrame, free: pl.DataFrame, items: Sequence[str]) -> list[int]:
    """By how many minutes the file's clock may be late: whole quarters of an hour, the most frequent first.

    One row tells of another clock where it has an ID, a start and many answers, all the same; else two must, and of
    rows without ID and name a fifth.
    """
    if new.is_empty() or free.is_empty():
        return []
    sample = new.gather_every(max(1, new.height // _SAMPLE))
    quarter = (pl.col("completed_at").dt.epoch("s") // 60 % _QUARTER).alias("quarter")
    pairs = sample.with_columns(quarter).join(
        free.with_columns(quarter), on=["school_id", "who", "id", "quarter"], nulls_equal=True, suffix="_stored"
    )
    apart = pl.col("completed_at").dt.truncate("1m") - pl.col("completed_at_stored").dt.truncate("1m")
    pairs = pairs.with_columns(minutes=apart.dt.total_minutes())
    pairs = pairs.filter((pl.col("minutes") != 0) & (pl.col("minutes").abs() <= _MOST_MINUTES))
    pairs = _judged(pairs, pl.col("minutes"), items)
    rows = pairs.unique(["mine", "minutes"])
    counts = Counter(rows["minutes"].to_list())
    is_strong = (pl.col("id").is_not_null() & pl.col("started_at").is_not_null() & (pl.col("equal") >= 5)) | (
        pl.col("who") != ""
    )
    strong = Counter(rows.filter(is_strong)["minutes"].to_list())
    told = [
        minutes
        for minutes, number in counts.most_common()
        if strong[minutes] or (number >= 2 and 5 * number >= sample.height)
    ]
    return [int(minutes) for minutes in told[:_MOST_CLOCKS]]


def _adopted(responses: pl.DataFrame, found: pl.DataFrame, free: pl.DataFrame) -> pl.DataFrame:
    """The file's rows, those in `found` with the key, the person and the times of the stored row."""
    if found.is_empty():
        return responses
    theirs = free.select("theirs", *(pl.col(name).alias(f"{name}_stored") for name in ("row_key", "person", *_TIMES)))
    rows = responses.with_row_index("mine").join(
        found.join(theirs, on="theirs"), on="mine", how="left", maintain_order="left"
    )
    answered = pl.col("answered_at") - pl.duration(minutes=pl.col("minutes"))
    same_minute = answered.dt.truncate("1m") == pl.col("answered_at_stored").dt.truncate("1m")
    rows = rows.with_columns(
        answered_at=pl.when(pl.col("theirs").is_null())
        .then("answered_at")
        .when(same_minute)
        .then("answered_at_stored")
        .otherwise(answered),
        row_key=pl.coalesce("row_key_stored", "row_key"),
        person=pl.coalesce("person_stored", "person"),
        started_at=pl.coalesce("started_at_stored", "started_at"),
        completed_at=pl.coalesce("completed_at_stored", "completed_at"),
    )
    return rows.select(responses.columns)
