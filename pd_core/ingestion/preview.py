"""What an export would store, before anything is stored."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import polars as pl
import polars.selectors as cs

from pd_core.access import EVERYTHING, Scope
from pd_core.codebook import LEVEL_KINDS, Codebook
from pd_core.ingestion.budget import budget
from pd_core.ingestion.choices import NO_CHOICES, Choices, chosen_school, chosen_wave
from pd_core.ingestion.contradictions import contradicting
from pd_core.ingestion.corrected import without_corrected
from pd_core.ingestion.known_rows import once_each, recognized
from pd_core.ingestion.mapping import ROW_KEY, WHY_SET_ASIDE, fingerprint, is_added, map_columns, united
from pd_core.ingestion.meaning import Column, Meaning
from pd_core.ingestion.notes import blockers, notes
from pd_core.ingestion.reading import Table
from pd_core.ingestion.sheet_schools import named_schools
from pd_core.ingestion.validation import NOT_YOURS, validate
from pd_core.ingestion.wave_names import file_name, known_wave, middle_time, suggest_wave
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries, stored_rows

__all__ = ["Preview", "compared_again", "file_name", "known_wave", "prepare", "suggest_wave"]


_NO_ITEMS = ("row", "row_key", "person", "is_identified", "is_complete", "school_id", "origin")
_ITS_TIMES = ("started_at", "completed_at", "answered_at")


@dataclass(frozen=True)
class Preview:
    """One export, read by the codebook. Nothing of it is stored yet.

    `upload_id` is fixed here, so that storing it can be tried again safely. `responses`, `problems` and `row_keys` are
    those of `validation.Validated`; `blockers` are sentences that say why it cannot be stored as it is. `reach` are the
    schools for which the person may upload, and all responses are of these. `rows_corrected` are rows that were set
    aside earlier, corrected and stored: they are no longer a problem. `notes` are sentences on what was left out or
    read differently from what it says; `store_version` is that of the store with which this was compared.
    With `is_building_asked` neither a question nor the name of a sheet says the school: a person says it of the file.
    """

    upload_id: str
    table: Table
    form: str
    columns: tuple[Column, ...]
    wave_id: str
    responses: pl.DataFrame
    problems: pl.DataFrame
    row_keys: pl.DataFrame
    unknown_answers: dict[str, dict[str, int]]
    other_answers: dict[str, dict[str, int]]
    unknown_schools: dict[str, int]
    not_asked: tuple[str, ...]
    blockers: tuple[str, ...]
    reach: Scope
    rows_corrected: int = 0
    notes: tuple[str, ...] = ()
    store_version: str = ""
    is_building_asked: bool = False

    @property
    def file(self) -> str:
        """The file's name, without folders."""
        return self.table.file

    @property
    def rows_read(self) -> int:
        """Rows below the headers that hold anything."""
        return self.table.cells.height

    @property
    def rows_set_aside(self) -> int:
        """Rows that are not taken: those to correct, and those of other buildings."""
        return self.rows_read - self.responses.height - self.rows_corrected

    @property
    def rows_of_others(self) -> int:
        """Rows of buildings out of reach, left to them: nothing is wrong with them."""
        return self.problems.filter(pl.col("reason") == NOT_YOURS)["row"].n_unique()

    @property
    def rows_to_correct(self) -> int:
        """Rows set aside because something in them cannot be taken as it is."""
        return self.rows_set_aside - self.rows_of_others

    @property
    def to_correct(self) -> pl.DataFrame:
        """The problems of the rows to correct, with the columns of `problems`."""
        return self.problems.filter(pl.col("reason") != NOT_YOURS)

    @property
    def unmapped(self) -> tuple[Column, ...]:
        """Questions that were left out because it is not known yet what they ask."""
        return tuple(column for column in self.columns if column.item_id is None and column.reason)

    @property
    def schools(self) -> dict[str, int]:
        """School to the number of rows that can be taken, most first."""
        counts = self.responses["school_id"].value_counts(sort=True)
        return {str(school): int(rows) for school, rows in counts.iter_rows()}

    @cached_property
    def content_hash(self) -> str:
        """The same for the same responses, however the file was saved or its rows were sorted."""
        rows = self.responses.drop("row", "origin").sort("row_key").with_columns(cs.datetime().dt.epoch("us"))
        digest = hashlib.sha256("\x1f".join(rows.columns).encode())
        text = io.BytesIO()
        rows.write_csv(text, separator="\x1f")
        digest.update(text.getbuffer())
        return digest.hexdigest()

    def set_aside(self) -> pl.DataFrame:
        """The rows to correct, as they stand in the file, with why; corrected, they can be read again.

        Rows of other buildings are not among them. A last column keeps what a correction or Excel may change of a row,
        so that it is the same row ever after.
        """
        reasons = self.to_correct.group_by("row", maintain_order=True).agg(
            pl.concat_str(
                pl.when(pl.col("column") != "").then(pl.format("{}: ", "column")).otherwise(pl.lit("")),
                pl.when(pl.col("value") != "").then(pl.format("“{}”, ", "value")).otherwise(pl.lit("")),
                "reason",
            )
            .str.join("; ")
            .alias(WHY_SET_ASIDE)
        )
        rows = (
            self.table.cells.with_columns(pl.col("row").cast(pl.Int64))
            .join(reasons, on="row", maintain_order="left")
            .join(self.row_keys, on="row", maintain_order="left")
        )
        names: dict[str, str] = {}
        for position, header in enumerate(self.table.headers):
            if is_added(header):
                continue  # rows that were set aside before
            # A table's columns need different names: spaces after a header change nothing when it is read again.
            unique = header if header and header not in names.values() else header + " " * (position + 1)
            names[f"c{position}"] = unique
        return rows.select(*names, WHY_SET_ASIDE, ROW_KEY).rename(names)


def prepare(
    table: Table,
    codebook: Codebook,
    store: Store,
    key: bytes,
    reach: Scope,
    choices: Choices = NO_CHOICES,
    owner: str | None = None,
) -> Preview:
    """Reads a table by the codebook and by what is remembered of its form.

    `reach` are the schools for which the person may upload: rows of all others are set aside before anything is
    compared with the store. With one school alone in reach, a file that does not ask for the school is that school's.
    `owner` is the person whose own words for the form take precedence over everyone's (null: no one). Raises
    AmbiguousDates, RefusedFile, UnknownName for a chosen school that does not exist or is out of reach.
    """
    form = fingerprint(table, codebook)
    meaning = Meaning.from_frame(queries.mapping(store, form, owner)).updated(choices.meaning)
    with budget(table.file):
        columns = map_columns(table, codebook, meaning)
    asked = {column.item_id for column in columns if column.item_id}
    names = SchoolNames(queries.schools(store, EVERYTHING), reach, choices.names)
    named = [] if "school" in asked else named_schools(table, names)
    is_asked = "school" in asked or bool(named)
    school_id = chosen_school(names, choices, is_asked=is_asked)
    # A single mistaken date in the future would make the wave that everyone sees first.
    latest = None if reach.school_ids is None else datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    with budget(table.file):
        valid = validate(
            *united(table, columns),
            codebook,
            meaning,
            names,
            key=key,
            school_id=school_id,
            order=choices.date_order,
            latest=latest,
            surface=choices.surface,
        )
    version = store.version()
    own = once_each(valid.responses, table.part_starts(), _items_of(valid.responses))
    said_otherwise = contradicting(own, *united(table, columns))
    own = own.join(said_otherwise.select("row"), on="row", how="anti", maintain_order="left")
    problems = pl.concat([valid.problems, said_otherwise]).sort("row", maintain_order=True)
    valid, corrected = without_corrected(store, reach, replace(valid, responses=own, problems=problems))
    responses, clocks = _recognized(store, reach, own)
    return Preview(
        upload_id=uuid.uuid4().hex,
        table=table,
        form=form,
        columns=tuple(columns),
        wave_id=chosen_wave(store, choices, reach) or known_wave(store, _wave_of(responses)),
        responses=responses,
        problems=valid.problems,
        row_keys=valid.row_keys,
        unknown_answers=valid.unknown_answers,
        other_answers=valid.other_answers,
        unknown_schools=valid.unknown_schools,
        not_asked=tuple(_not_asked(codebook, asked, responses)),
        blockers=tuple(
            blockers(
                table,
                columns,
                codebook,
                valid,
                is_school_said=is_asked or school_id is not None,
                rows_corrected=corrected,
                surface=choices.surface,
            )
        ),
        reach=reach,
        rows_corrected=corrected,
        notes=tuple(notes(table, columns, codebook, valid, choices.meaning, meaning, clocks, named)),
        is_building_asked=not is_asked,
        store_version=version,
    )


def compared_again(store: Store, preview: Preview) -> Preview:
    """The preview, compared anew where the store was written since it was prepared."""
    if store.version() == preview.store_version:
        return preview
    responses, _ = _recognized(store, preview.reach, preview.responses)
    return replace(preview, responses=responses, wave_id=known_wave(store, preview.wave_id))


def _recognized(store: Store, reach: Scope, responses: pl.DataFrame) -> tuple[pl.DataFrame, Mapping[int, int]]:
    """The responses, those that are stored already with the key of the stored row, and the clocks of `known_rows`."""
    if responses.is_empty():
        return responses, {}
    items = _items_of(responses)
    stored = stored_rows(store, reach, responses.select("row_key", "school_id", "completed_at"), items)
    known = recognized(responses, stored, items)
    return known.responses, known.clocks


def _items_of(responses: pl.DataFrame) -> list[str]:
    return [name for name in responses.columns if name not in (*_NO_ITEMS, *_ITS_TIMES)]


def _wave_of(responses: pl.DataFrame) -> str:
    middle = middle_time(responses)
    return suggest_wave(middle) if middle else ""


def _not_asked(codebook: Codebook, asked: set[str], responses: pl.DataFrame) -> list[str]:
    middle = middle_time(responses)
    if middle is None:
        return []
    return [
        item.item_id
        for item in codebook.items_of(*LEVEL_KINDS)
        if item.item_id not in asked and codebook.skills[item.skill_id].is_asked_in(middle.year)
    ]
