"""Which column answers which item. What cannot be told is asked of a person, never taken from a column's position."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import polars as pl

from pd_core.codebook import LEVEL_KINDS, Codebook, Item, fold
from pd_core.ingestion.headers import CUT_FROM, items_of_headers
from pd_core.ingestion.leading_columns import TIMES
from pd_core.ingestion.meaning import Column, Meaning
from pd_core.ingestion.reading import Table
from pd_core.ingestion.scales import Scale, is_number
from pd_core.ingestion.suggestions import near_items, one_line

WHY_SET_ASIDE = "Why this row was set aside"
ROW_KEY = "Row key"
_ADDED = frozenset(map(fold, (WHY_SET_ASIDE, ROW_KEY)))
_KEPT = r"^row\|(\d{0,11})\|(\d{0,11})\|(\d{0,11})\|([0-9a-f]{32})?$"
_MOST_LOOKED_AT = 10_000
"""Distinct answers by which a column is recognized, and from which numbers are learned: a scale has a dozen."""
_NO_WORDS = frozenset(("none", "not applicable", "n/a"))  # a scale of either grid may begin so


def is_added(header: str) -> bool:
    """Whether this program wrote the column into a file of rows set aside."""
    return fold(header) in _ADDED


def question_columns(table: Table, codebook: Codebook) -> list[tuple[int, str]]:
    """Position and header of each question: not the leading block, a quiz's points, or what this program added."""
    headers = {fold(header) for header in table.headers}
    quiz = tuple(fold(word) for word in codebook.leading.get("quiz_prefix", ()))
    first = max(table.leading.values(), default=-1)
    found = []
    for position, header in enumerate(table.headers):
        folded = fold(header)
        about = {folded.removeprefix(word).lstrip(" -:") for word in quiz if folded.startswith(word)}
        is_points = not about.isdisjoint(headers) or (
            len(header) >= CUT_FROM
            and any(known.startswith(start.removesuffix("...")) for known in headers for start in about)
        )
        if position > first and folded and not is_points and not is_added(header):
            found.append((position, header))
    return found


def fingerprint(table: Table, codebook: Codebook) -> str:
    """A form's mark, the same for each building's copy: 12 hex digits of its questions' folded headers in order."""
    headers = "\n".join(fold(header) for _, header in question_columns(table, codebook))
    return hashlib.sha256(headers.encode()).hexdigest()[:12]


def given_keys(table: Table) -> pl.DataFrame:
    """What a file of rows set aside keeps of each: start, end, modified (seconds since 1970), and what was written.

    `is_given` is true in a row that was set aside before; all else is null in any other.
    """
    places = [f"c{place}" for place, header in enumerate(table.headers) if fold(header) == fold(ROW_KEY)]
    texts = pl.col(places[0]) if places else pl.lit(None, pl.String)
    groups = texts.str.extract_groups(_KEPT).struct.rename_fields([*TIMES, "written"])
    given = table.cells.select("row", given=groups).unnest("given")
    is_given = table.cells.select(texts.str.contains(_KEPT).fill_null(False)).to_series() if places else pl.lit(False)
    return given.with_columns(pl.col(TIMES).cast(pl.Int64, strict=False), is_given=is_given)


def telling_columns(table: Table, codebook: Codebook, meaning: Meaning) -> list[int]:
    """Positions of the questions that tell two unnamed rows of one second apart: those the codebook knows by wording.

    Neither a column of notes nor what a person later says of a question changes them. Where the codebook knows none,
    those that a person explained; without these all questions; without a question, the columns in front.
    """
    questions = question_columns(table, codebook)
    known = [position for position, items in items_of_headers(questions, codebook).items() if items]
    explained = [position for position, header in questions if meaning.items.get(fold(header))]
    return known or explained or [position for position, _ in questions] or list(table.leading.values())


def map_columns(table: Table, codebook: Codebook, meaning: Meaning) -> list[Column]:
    """Each question's column with its item: by a person's word, else by the header, else by the answers beneath it."""
    questions = question_columns(table, codebook)
    asked = items_of_headers(questions, codebook)
    answers = {position: table.answers(position).head(_MOST_LOOKED_AT).to_list() for position in asked}
    seen: dict[str, list[str]] = {}
    for position, header in questions:
        said = codebook.items.get(meaning.items.get(fold(header)) or "")
        for scale_id in {item.scale_id for item in (asked[position] if said is None else [said])}:
            seen.setdefault(scale_id, []).extend(answers[position])
    scale_of = scales_of(codebook, meaning, seen)
    columns = []
    for position, header in questions:
        if fold(header) in meaning.items:
            columns.append(Column(position, header, meaning.items[fold(header)]))
        else:
            values = answers[position]
            columns.append(_choose(position, header, asked[position], values, codebook, scale_of))
    columns = _asked_where_numbers_alone_tell(columns, asked, answers, codebook, meaning)
    return _without_rivals(_by_elimination(columns, table), table)


def seen_answers(table: Table, columns: Sequence[Column], codebook: Codebook) -> dict[str, list[str]]:
    """Scale to the distinct answers that the file gives to the questions of that scale, in all their columns.

    Of each column as many as are needed to know it.
    """
    seen: dict[str, list[str]] = {}
    for column in columns:
        if column.item_id:
            seen.setdefault(codebook.items[column.item_id].scale_id, []).extend(
                table.answers(column.position).head(_MOST_LOOKED_AT)
            )
    return {scale_id: list(dict.fromkeys(answers)) for scale_id, answers in seen.items()}


def scales_of(codebook: Codebook, meaning: Meaning, seen: Mapping[str, Sequence[str]]) -> Callable[[Item], Scale]:
    """Gives the scale of an item as this file is read: each is made once, whatever the number of its questions.

    `seen` is as `seen_answers` gives it.
    """

    @cache
    def made(scale_id: str, has_levels: bool) -> Scale:
        known = seen.get(scale_id, ()) if has_levels else ()
        return Scale(codebook.scales[scale_id], meaning.answers.get(scale_id), known)

    return lambda item: made(item.scale_id, item.kind in LEVEL_KINDS)


def _choose(
    position: int,
    header: str,
    items: Sequence[Item],
    values: list[str],
    codebook: Codebook,
    scale_of: Callable[[Item], Scale],
) -> Column:
    suggestions = tuple(item.item_id for item in items) or near_items(header, codebook)
    if not items:
        return Column(position, header, None, "no item of the codebook has this wording", suggestions)
    if not values:
        if len(items) == 1:
            return Column(position, header, items[0].item_id)
        return Column(position, header, None, "two questions have this wording, and no one answered it", suggestions)
    fits = {item.item_id: _fit(item, values, scale_of) for item in items}
    best = max(fits.values())
    fitting = [item_id for item_id, fit in fits.items() if fit == best]
    if best == 0:
        shown = ", ".join(f"“{one_line(value)[:60]}”" for value in sorted(values, key=is_number)[:3])
        reason = f"its answers, such as {shown}, are not those of the codebook"
        if all(map(is_number, values)):
            reason = f"its answers are numbers, such as {shown}, and do not say which level each one means"
        return Column(position, header, None, reason, suggestions, is_known=True)
    if len(fitting) > 1:
        return Column(position, header, None, "two questions have this wording, and its answers fit both", suggestions)
    return Column(position, header, fitting[0])


def _fit(item: Item, values: list[str], scale_of: Callable[[Item], Scale]) -> float:
    """The share (0-1) of distinct answers that an item's scale knows; 1 for items without a closed scale."""
    if item.kind not in LEVEL_KINDS:
        return 1.0
    scale = scale_of(item)
    decoded = scale.decode(values)
    known = sum(code is not None or fold(value) in scale.said for value, code in decoded.items())
    return known / len(values)


def _asked_where_numbers_alone_tell(
    columns: Sequence[Column],
    asked: Mapping[int, Sequence[Item]],
    answers: Mapping[int, list[str]],
    codebook: Codebook,
    meaning: Meaning,
) -> list[Column]:
    """Leaves a question of two grids open where numbers alone tell which of them it is (`Level 1` to `Level 4`).

    Words tell, in this column or in another of the same grid; so does the other grid, where it is in the file too.
    """
    is_told = {
        column.position: len(asked[column.position]) < 2
        or fold(column.header) in meaning.items
        or not all(is_number(answer) or fold(answer) in _NO_WORDS for answer in answers[column.position])
        for column in columns
    }
    taken = {column.item_id: column for column in columns if column.item_id}
    sure = {codebook.items[item_id].kind for item_id, column in taken.items() if is_told[column.position]}
    found = []
    for column in columns:
        others = [item.item_id for item in asked[column.position] if item.item_id != column.item_id]
        kind = codebook.items[column.item_id].kind if column.item_id else ""
        if kind and not is_told[column.position] and kind not in sure and not taken.keys() & set(others):
            shown = ", ".join(f"“{one_line(answer)[:60]}”" for answer in answers[column.position][:3])
            reason = (
                f"its answers are numbers, such as {shown}, and do not say whether they are levels of skill or SAMR"
            )
            near = tuple(item.item_id for item in asked[column.position])
            column = Column(column.position, column.header, None, reason, near, is_known=True)
        found.append(column)
    return found


def _by_elimination(columns: list[Column], table: Table) -> list[Column]:
    """A column without answers gets the one item of its wording that no other column has."""
    taken = {column.item_id for column in columns}
    found = []
    for column in columns:
        free = [item_id for item_id in column.suggestions if item_id not in taken]
        is_blank = table.cells[f"c{column.position}"].null_count() == table.cells.height
        if column.item_id is None and len(column.suggestions) == 2 and len(free) == 1 and is_blank:
            column = Column(column.position, column.header, free[0])
        found.append(column)
    return found


def _without_rivals(columns: list[Column], table: Table) -> list[Column]:
    """Where two columns claim one item, neither gets it: a person says which.

    Unless no one answered both: then it is one question, asked in two branches of a form or asked anew.
    """
    claims: dict[str, list[Column]] = {}
    for column in columns:
        if column.item_id:
            claims.setdefault(column.item_id, []).append(column)
    rivals = {item_id for item_id, claiming in claims.items() if len(claiming) > 1 and not _never_both(claiming, table)}
    reason = "another column has the same wording and answers"
    return [
        Column(column.position, column.header, None, reason, (column.item_id,))
        if column.item_id in rivals and column.item_id
        else column
        for column in columns
    ]


def _never_both(columns: Sequence[Column], table: Table) -> bool:
    """Whether each of the columns has answers, and no row has two."""
    cells = table.cells.filter(~pl.col("is_header")).select(f"c{column.position}" for column in columns)
    has_answers = all(cells[name].null_count() < cells.height for name in cells.columns)
    return has_answers and bool(cells.select(pl.sum_horizontal(pl.all().is_not_null()).le(1).all()).item())


def united(table: Table, columns: Sequence[Column]) -> tuple[Table, list[Column]]:
    """The table and its columns with each item in one column: the answers of its further ones are put in the first."""
    first: dict[str, Column] = {}
    more: dict[str, list[Column]] = {}
    for column in columns:
        if column.item_id and first.setdefault(column.item_id, column) is not column:
            more.setdefault(column.item_id, []).append(column)
    if not more:
        return table, list(columns)
    cells = table.cells
    for item_id, others in more.items():
        names = [f"c{column.position}" for column in (first[item_id], *others)]
        together = pl.coalesce(names).alias(names[0])
        cells = cells.with_columns(together, *(pl.lit(None, pl.String).alias(name) for name in names[1:]))
    moved = {column.position for others in more.values() for column in others}
    return replace(table, cells=cells), [column for column in columns if column.position not in moved]
