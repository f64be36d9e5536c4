"""What to say about a file before it is stored: why it cannot be, and what was read differently from what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl
from rapidfuzz import fuzz, process

from pd_core.codebook import CHOICE_KINDS, LEVEL_KINDS, SET_KINDS, Codebook, fold
from pd_core.ingestion.meaning import Column, Meaning
from pd_core.ingestion.reading import Table
from pd_core.ingestion.scales import Scale, is_number
from pd_core.ingestion.suggestions import one_line
from pd_core.ingestion.timestamps import Surface
from pd_core.ingestion.validation import NOT_YOURS, Validated
from pd_core.wording import date_said, listed, plural

_MOST = 3
_MOST_DAYS = 200  # from the first to the last answer of one wave
_MANY_OF_ONE = 5  # answers of one person in one file


def blockers(
    table: Table,
    columns: Sequence[Column],
    codebook: Codebook,
    valid: Validated,
    *,
    is_school_said: bool,
    rows_corrected: int,
    surface: Surface,
) -> list[str]:
    """Why a file cannot be stored as it is, and what the person can do about it at this `surface`; none if it can.

    `is_school_said`: a question asks for the school, a sheet has its name, or a person said it of the whole file.
    """
    found = []
    asked = {column.item_id for column in columns if column.item_id}
    by_command = surface == "command"
    if not asked & {item.item_id for item in codebook.items_of(*LEVEL_KINDS)}:
        if known := [column for column in columns if column.is_known and column.item_id is None]:
            first = known[0]
            found.append(
                f"{table.file} asks what the codebook asks, but its answers are not known: “{one_line(first.header)}”: "
                f"{first.reason}; expected {listed(_labels(first, codebook))}."
            )
        else:
            questions = len(table.headers) - len(table.leading)
            found.append(
                f"{table.file} fits another form: none of its {questions} questions is known as one about a skill."
            )
        found[-1] += (
            f" Say what they mean: `python -m pd_core mapping {table.file}` writes a file to fill in, for --mapping."
            if by_command
            else " Say below what they mean."
        )
    if not is_school_said:
        way_out = "Say which building it is from" + (" (--school ID)." if by_command else ".")
        found.append(f"{table.file} does not ask for the school. {way_out}")
    if table.cells.height > rows_corrected and valid.responses.is_empty() and not found:
        is_others = (valid.problems["reason"] == NOT_YOURS).all()
        whose = "is of one of your buildings" if is_others else "can be taken"
        found.append(f"None of the {table.cells.height} rows of {table.file} {whose}.")
    return found


def _labels(column: Column, codebook: Codebook) -> list[str]:
    item = codebook.items[column.suggestions[0]]
    return [f"“{choice.label}”" for choice in codebook.scales[item.scale_id]]


def notes(
    table: Table,
    columns: Sequence[Column],
    codebook: Codebook,
    valid: Validated,
    given: Meaning,
    meaning: Meaning,
    clocks: Mapping[int, int],
    sheets: Sequence[str],
) -> list[str]:
    """Sentences on what is not as a person may think: what was left out, read by a mapping, or on another clock.

    `given` is what came with this file, `meaning` also what is remembered of its form; `clocks` as
    `known_rows.Known`; `sheets` have a school's name.
    """
    return [
        *table.notes,
        *_by_sheet(columns, sheets),
        *_over_years(valid),
        *_from_one_address(valid),
        *_asked_twice(columns),
        *_left_out(columns),
        *_counted_as_other(codebook, valid),
        *_headers_not_there(table, given),
        *_answers_not_there(columns, table, codebook, valid, given),
        *_by_mapping(columns, table, codebook, meaning),
        *_by_number(columns, table, codebook, meaning),
        *(_other_clock(minutes, rows) for minutes, rows in clocks.items()),
    ]


def _by_sheet(columns: Sequence[Column], sheets: Sequence[str]) -> Iterator[str]:
    if sheets and all(column.item_id != "school" for column in columns):
        names = listed([f"“{sheet}”" for sheet in sheets])
        yield f"No question asks for the school; a sheet named after a school holds that school's answers: {names}."


def _over_years(valid: Validated) -> Iterator[str]:
    times = valid.responses["completed_at"]
    first, last = times.min(), times.max()
    if isinstance(first, datetime) and isinstance(last, datetime) and (last - first).days > _MOST_DAYS:
        yield (
            f"These answers were given from {date_said(first)} to {date_said(last)}, and all count in one wave. If the "
            "form was used for several surveys, make a file of each."
        )


def _from_one_address(valid: Validated) -> Iterator[str]:
    """An account that people share: of its answers one counts."""
    shared = valid.responses.filter("is_identified", pl.len().over("person") >= _MANY_OF_ONE)
    named = shared.unique("row_key")["person"].value_counts(sort=True)
    if named.is_empty() or named["count"][0] < _MANY_OF_ONE:
        return
    yield (
        f"{named['count'][0]} answers came from one address, and a person counts once. If several people share that "
        "account, empty its cells in the column of addresses: then each answer counts."
    )


def _asked_twice(columns: Sequence[Column]) -> Iterator[str]:
    """Questions that stand in several columns, of which each person answered one."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if column.item_id:
            found.setdefault(column.item_id, []).append(f"“{one_line(column.header)[:80]}”")
    told = [listed(headers) for headers in found.values() if len(headers) > 1]
    if told:
        more = f", and {len(told) - _MOST} more such questions" if len(told) > _MOST else ""
        yield f"No one answered both of these, so they were read as one question: {'; '.join(told[:_MOST])}{more}."


def _left_out(columns: Sequence[Column]) -> Iterator[str]:
    left = [column for column in columns if column.item_id is None and column.reason]
    if not left:
        return
    told = [f"“{one_line(column.header)[:80]}” ({column.reason})" for column in left[:_MOST]]
    more = f" and {len(left) - _MOST} more" if len(left) > _MOST else ""
    verb = "was" if len(left) == 1 else "were"
    yield f"{plural(len(left), 'question')} {verb} left out: {', '.join(told)}{more}."


def _counted_as_other(codebook: Codebook, valid: Validated) -> Iterator[str]:
    """Answers of several people that count as “Other”, question by question."""
    for item in codebook.items_of(*CHOICE_KINDS, *SET_KINDS):
        frequent = {answer: cells for answer, cells in valid.other_answers.get(item.scale_id, {}).items() if cells > 1}
        if frequent:
            shown = [f"“{one_line(answer)[:60]}”" for answer in list(frequent)[:_MOST]]
            yield (
                f"{plural(sum(frequent.values()), 'answer')} to “{item.wordings[0]}” counted as “Other”, for the "
                f"codebook does not have them, such as {listed(shown)}."
            )


def _headers_not_there(table: Table, given: Meaning) -> Iterator[str]:
    headers = {fold(header): one_line(header) for header in table.headers if header.strip()}
    for subject in [subject for subject in given.items if subject not in headers][:10]:
        near = process.extractOne(subject, list(headers), scorer=fuzz.ratio, score_cutoff=70)
        hint = f" Did you mean “{headers[near[0]]}”?" if near else ""
        yield f"The mapping explains “{subject}”, which is no question of {table.file}.{hint}"


def _answers_not_there(
    columns: Sequence[Column], table: Table, codebook: Codebook, valid: Validated, given: Meaning
) -> Iterator[str]:
    """Answers of the mapping that came with the file, which no one gave in it."""
    for scale_id, codes in given.answers.items():
        unknown = {fold(answer) for answer in valid.unknown_answers.get(scale_id, {})}
        there = _answers(columns, table, codebook, scale_id)
        for answer in [answer for answer in codes if answer not in there][:10]:
            near = process.extractOne(answer, list(unknown), scorer=fuzz.ratio, score_cutoff=60)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            yield f"The mapping explains the answer “{answer}”, which no one gave in {table.file}.{hint}"


def _by_mapping(columns: Sequence[Column], table: Table, codebook: Codebook, meaning: Meaning) -> Iterator[str]:
    for scale_id, codes in meaning.answers.items():
        if scale_id not in codebook.scales or not any(choice.level is not None for choice in codebook.scales[scale_id]):
            continue
        there = _answers(columns, table, codebook, scale_id)
        levels = {choice.code: choice.level for choice in codebook.scales[scale_id]}
        told = [
            f"“{there[answer]}” as " + (f"level {levels[code]}" if code in levels else "no answer")
            for answer, code in codes.items()
            if answer in there
        ]
        if told:
            yield f"By what was said of this form, answers were read so: {', '.join(told[:12])}."


def _by_number(columns: Sequence[Column], table: Table, codebook: Codebook, meaning: Meaning) -> Iterator[str]:
    """Which level each bare number was taken for, where no label says it."""
    for scale_id in dict.fromkeys(item.scale_id for item in codebook.items_of(*LEVEL_KINDS)):
        there = _answers(columns, table, codebook, scale_id)
        numbers = {answer: is_number(answer) for answer in there}
        scale = Scale(codebook.scales[scale_id], meaning.answers.get(scale_id), there)
        if any(numbers.values()) and (levels := scale.levels_by_number()):
            labels = codebook.labels(scale_id)
            told = listed([f"{number} as “{labels[code]}”" for number, code in levels.items()])
            yield f"Numbers without a label were read as levels: {told}."


def _answers(columns: Sequence[Column], table: Table, codebook: Codebook, scale_id: str) -> dict[str, str]:
    """Folded answers of all columns of a scale, with the answers as written."""
    found: dict[str, str] = {}
    for column in columns:
        if column.item_id and codebook.items[column.item_id].scale_id == scale_id:
            for answer in table.answers(column.position):
                found.setdefault(fold(answer), one_line(answer))
    return found


def _other_clock(minutes: int, rows: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    parts = [plural(hours, "hour")] * bool(hours) + [plural(rest, "minute")] * bool(rest)
    way = "later" if minutes > 0 else "earlier"
    return (
        f"{plural(rows, 'row')} came before, with times {' and '.join(parts)} {way} here (another time zone "
        "or daylight saving time): the same answers, counted once."
    )
