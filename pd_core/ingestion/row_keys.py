"""Who answered a row, and which row it is: the same person and the same row in every later export."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence

import polars as pl

from pd_core.codebook import LEVEL_KINDS, Item
from pd_core.ingestion.leading_columns import TIMES
from pd_core.ingestion.mapping import ROW_KEY
from pd_core.ingestion.reading import Table
from pd_core.pseudonyms import respondent_codes

_WHOLE = re.compile(r"([0-9]+)(?:[.,]0*)?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")


def identified(
    frame: pl.DataFrame, table: Table, given: pl.DataFrame, asked: Sequence[Item], key: bytes, telling: Sequence[int]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Adds who answered (a code, never an address), the row's key, and whether every level was answered.

    `frame` holds a row per row of `table`: row, start, end, modified, school_id and the items; `given` is what
    `mapping.given_keys` found.

    A row's key is its ID, its times, its respondent and its school; an ID that is not numeric is part of it as a code,
    since it may be an address. The form is not part of it: a form that gains a
    question, or a file that gains a column, keeps its rows. Nor is ID alone: each copy of a form counts from 1. A row
    that was set aside keeps its times to the second and, without an ID, its answers of then.

    `origin` is what a row is known by whatever is corrected in it: the key without the school, by the times at which it
    was set aside. It is in the rows of a file of rows set aside, and null in all others.

    Returns the rows; what a file of rows set aside keeps of each (row, `mapping.ROW_KEY`); and row, origin of each.
    """
    addresses = _cells(table, "email")
    codes = respondent_codes(addresses.drop_nulls().unique().to_list(), key)
    frame = frame.with_columns(
        addresses.replace_strict(codes, default=None, return_dtype=pl.String).alias("respondent"),
        _numbers(_cells(table, "id"), key).alias("id"),
    )
    levels = [item.item_id for item in asked if item.kind in LEVEL_KINDS]
    required = [item.item_id for item in asked if item.kind == "proficiency"] or levels
    parts = ["id", "start", "end", "respondent", "school_id"]
    is_numbered = "id" in table.leading
    if not is_numbered:
        # Without a number, two people may share a second: their answers tell them apart, as they were written,
        # so that what a person later says they mean makes no new rows.
        answers = pl.concat_str([f"c{position}" for position in telling], separator="\x1f", ignore_nulls=True)
        written = table.cells.select(answers.map_elements(_digest, return_dtype=pl.String)).to_series()
        is_same = given["end"].eq_missing(frame["end"].dt.epoch("s"))
        frame = frame.with_columns(given["written"].set(~is_same, None).fill_null(written).alias("written"))
        parts.append("written")
    was: dict[str, pl.Expr | pl.Series] = {name: _seconds(frame[name]) for name in TIMES}
    if had_key := given["is_given"].any():
        was = {name: pl.when(given["is_given"]).then(given[name]).otherwise(_seconds(frame[name])) for name in TIMES}
    frame = frame.with_columns(**{f"was_{name}": time for name, time in was.items()})
    mark = ["id", *(f"was_{name}" for name in TIMES), "respondent", *([] if is_numbered else ["written"])]
    marks = [pl.col(name).cast(pl.String).fill_null("") for name in mark]
    frame = frame.with_columns(mark=pl.concat_str(marks, separator="|")).drop(f"was_{name}" for name in TIMES)
    origins = frame.select(pl.col("row").cast(pl.Int64), origin="mark")
    is_corrected = given["is_given"] if had_key else pl.lit(False)
    frame = frame.with_columns(origin=pl.when(is_corrected).then("mark")).drop("mark")
    keeps = [pl.lit("row"), *(_as_text(frame[name]) for name in TIMES)]
    keeps.append(pl.lit("") if is_numbered else pl.col("written"))
    kept = frame.select(pl.col("row").cast(pl.Int64), pl.concat_str(keeps, separator="|").alias(ROW_KEY))
    texts = frame.select(pl.concat_str([_as_text(frame[part]) for part in parts], separator="|")).to_series()
    # What people wrote is not part of a key as it is; numbers, times and codes are.
    keys = texts if is_numbered else pl.Series([_digest(text) for text in texts], dtype=pl.String)
    frame = frame.with_columns(keys.alias("row_key")).with_columns(
        person=pl.coalesce("respondent", "row_key"),
        is_identified=pl.col("respondent").is_not_null(),
        is_complete=pl.all_horizontal(pl.col(required).is_not_null()) if required else pl.lit(True),
        started_at=pl.col("start"),
        completed_at=pl.col("end"),
        answered_at=pl.coalesce("modified", "end"),
    )
    return frame.drop("respondent", "id", "start", "end", "modified", "written", strict=False), kept, origins


def _cells(table: Table, field: str) -> pl.Series:
    """The texts of a leading column, nulls where the export has none."""
    if field not in table.leading:
        return pl.Series([None] * table.cells.height, dtype=pl.String)
    return table.cells[f"c{table.leading[field]}"]


def _numbers(ids: pl.Series, key: bytes) -> pl.Series:
    """IDs that are whole numbers as they count (`001`, `1,00` and `1.0` are 1), and a code in place of any other."""
    odd = ids.filter(~ids.str.contains(r"^(?:0|[1-9][0-9]*)$").fill_null(True)).unique()
    if odd.is_empty():
        return ids
    texts = {text: unicodedata.normalize("NFKC", text).replace(" ", "").replace("'", "") for text in odd}
    # Three zeros behind a mark are thousands where the column has other thousands, else decimals.
    groups = [text for text in texts.values() if _THOUSANDS.fullmatch(text)]
    has_thousands = any(not text.endswith("000") for text in groups) or len(groups) < ids.drop_nulls().n_unique()
    numbers: dict[str, str] = {}
    for text, plain in texts.items():
        if has_thousands and _THOUSANDS.fullmatch(plain):
            plain = re.sub("[.,]", "", plain)
        if whole := _WHOLE.fullmatch(plain):
            numbers[text] = whole[1].lstrip("0") or "0"
        else:
            # Keyed, as respondents' codes are: an address could be found again by trying those of all the staff.
            trimmed = re.sub(r"\.0+$", "", text)
            numbers[text] = hmac.digest(key, f"id {trimmed}".encode(), "sha256")[:16].hex()
    return ids.replace(numbers)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _seconds(values: pl.Series) -> pl.Series:
    return values.dt.epoch("s")


def _as_text(values: pl.Series) -> pl.Expr:
    """A column as text, times as seconds: whole ones, and far quicker to write than dates."""
    column = pl.col(values.name)
    seconds = column.dt.epoch("s") if values.dtype == pl.Datetime else column
    return seconds.cast(pl.String).fill_null("")
