"""Which rows of a file are stored already under another key: saved again by Excel, or exported on another clock.

Excel's CSV loses the seconds of all times; a file exported in another time zone, or after the change to summer time,
has each time some quarters of an hour off; a form that a person explained has other telling columns; a person takes the
IDs or the addresses out. Such rows take the key and the times of the stored row, so that they count once.
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
_KNOWN_BY = ("row_key", "person", "is_identified", "school_id", *_TIMES, "has_seconds")
_FOUND = {"mine": pl.UInt32, "theirs": pl.UInt32, "minutes": pl.Int64}
_MOST_PARTS = 20  # each is compared with all before it
_TELLING = 3  # answers in which two rows must agree where nothing else says that they are one


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
    other rows are too. Rows without name and ID also need the same answers. Last, rows with the very same answers are
    one where a column of one of the two is lost: see `_same_answers`. Each stored row is taken once.
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
    more = _same_answers(_without(new, found, "mine"), _without(free, found, "theirs"), items)
    found = pl.concat([found, more])
    return Known(_adopted(responses, found, free), clocks)


def once_each(responses: pl.DataFrame, starts: Sequence[int], items: Sequence[str]) -> pl.DataFrame:
    """A file's rows, those of a further part (a sheet, an export below another) with the key of the earlier row.

    `starts` are the rows with which the parts begin; a copy in another part may have lost what `recognized` makes up
    for.
    """
    bounds = sorted(set(starts))[:_MOST_PARTS]
    if len(bounds) < 2 or responses.is_empty():
        return responses
    part = pl.sum_horizontal(pl.lit(0), *(pl.col("row") >= start for start in bounds[1:]))
    parts = [rows for _, rows in responses.with_columns(part=part).group_by("part", maintain_order=True)]
    done: list[pl.DataFrame] = []
    for rows in parts:
        rows = rows.drop("part")
        if done:
            seconds = (pl.col("completed_at").dt.second() != 0).any()
            earlier = pl.concat(done).with_columns(has_seconds=seconds)
            rows = recognized(rows, earlier.select(*_KNOWN_BY, *items), items).responses
        done.append(rows)
    return pl.concat(done)


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


def _same_answers(new: pl.DataFrame, free: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """mine, theirs, minutes: rows of one school and day, all of whose answers are the same, with something lost.

    Their completion is at most a second apart (a rounded one), or one of the two has no hours. IDs are the same, or one
    of the two is missing, or start and completion agree to the second. So do people, or one of the two is not known.
    """
    levels = [item for item in items if new.schema[item].is_integer()]
    compared = levels if len(levels) >= _TELLING else list(items)
    if new.is_empty() or free.is_empty() or len(compared) < _TELLING:
        return pl.DataFrame(schema=_FOUND)
    answered = pl.sum_horizontal(pl.col(item).is_not_null().cast(pl.Int32) for item in compared)
    texts = (pl.col(item).cast(pl.String).fill_null("") for item in compared)
    marks = {"day": pl.col("completed_at").dt.date(), "answers": pl.concat_str(*texts, separator="\x1f")}
    new, free = (rows.with_columns(**marks, answered=answered) for rows in (new, free))
    pairs = new.filter(pl.col("answered") >= _TELLING).join(free, on=["school_id", "day", "answers"], suffix="_stored")
    no_hours = _has_no_hours("completed_at") | _has_no_hours("completed_at_stored")
    start, end = ((pl.col(name) - pl.col(f"{name}_stored")).dt.total_seconds().abs() for name in _TIMES[:2])
    # A file without seconds has its times rounded down to the minute.
    most = pl.when(pl.col("has_seconds") & pl.col("has_seconds_stored")).then(1).otherwise(59)
    same_time = no_hours | ((end <= most) & (start <= most).fill_null(True))
    to_the_second = ~no_hours & (end == 0) & (start == 0).fill_null(False)
    same_id = (pl.col("id") == pl.col("id_stored")).fill_null(True)
    same_person = (pl.col("who") == pl.col("who_stored")) | (pl.col("who") == "") | (pl.col("who_stored") == "")
    fits = pairs.filter(same_time & (same_id | to_the_second) & same_person)
    return _best(fits.with_columns(equal="answered", other=pl.lit(0)), 0)


def _has_no_hours(name: str) -> pl.Expr:
    return pl.col(name).dt.time() == pl.time(0, 0, 0)


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
    return pl.DataFrame(kept, schema=_FOUND, orient="row")


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
    names = ("row_key", "person", "is_identified", *_TIMES)
    theirs = free.select("theirs", *(pl.col(name).alias(f"{name}_stored") for name in names))
    rows = responses.with_row_index("mine").join(
        found.join(theirs, on="theirs"), on="mine", how="left", maintain_order="left"
    )
    answered = pl.col("answered_at") - pl.duration(minutes=pl.col("minutes"))
    apart = (answered - pl.col("answered_at_stored")).dt.total_seconds().abs()
    same_time = (apart < 60) | _has_no_hours("answered_at") | _has_no_hours("answered_at_stored")
    is_dated = _has_no_hours("answered_at_stored") & ~_has_no_hours("answered_at")  # the file knows better
    rows = rows.with_columns(
        answered_at=pl.when(pl.col("theirs").is_null())
        .then("answered_at")
        .when(same_time & ~is_dated)
        .then("answered_at_stored")
        .otherwise(answered),
        row_key=pl.coalesce("row_key_stored", "row_key"),
        person=pl.coalesce("person_stored", "person"),
        is_identified=pl.coalesce("is_identified_stored", "is_identified"),
        started_at=pl.coalesce("started_at_stored", "started_at"),
        completed_at=pl.coalesce("completed_at_stored", "completed_at"),
    )
    return rows.select(responses.columns)
