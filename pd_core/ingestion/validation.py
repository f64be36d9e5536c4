"""From cells to responses: what each row says, and which rows cannot be taken and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pd_core.codebook import CHOICE_KINDS, OTHER, SET_KINDS, Codebook, Item, fold
from pd_core.ingestion.budget import check, watched
from pd_core.ingestion.leading_columns import TIMES
from pd_core.ingestion.lost_cells import ERROR, FORMULA, LOST_FORMULA
from pd_core.ingestion.mapping import given_keys, scales_of, seen_answers, telling_columns
from pd_core.ingestion.meaning import Column, Meaning
from pd_core.ingestion.problems import Problems
from pd_core.ingestion.reading import Table
from pd_core.ingestion.row_keys import identified
from pd_core.ingestion.scales import Scale
from pd_core.ingestion.sheet_schools import named_schools, sheet_names
from pd_core.ingestion.time_checks import ends_before_start, ends_swapped, impossible
from pd_core.ingestion.timestamps import DateOrder, Surface, parse_times, with_lost_seconds
from pd_core.school_names import SchoolNames

# Such a row is left to its own building: nothing is wrong with it, and nothing is to be corrected.
NOT_YOURS = "this is not one of your buildings"
_NO_RESULT = "the cell holds a formula, and its result was not saved; open the file in Excel and save it again"
_NO_ANSWER = "the cell holds an error of Excel in place of an answer"


@dataclass
class Validated:
    """What a table says.

    `responses`: a row per row that can be taken, as `storage.store_upload` wants them, and `row`, its number in the
    file, and `origin` (see `row_keys.identified`). `problems` (row, column, value, reason, suggestion): every reason
    for which a row is set aside; of a row of a building out of reach it is the only one, and nothing of it counts or is
    asked. `row_keys` (row, `mapping.ROW_KEY`): what a file of rows set aside keeps. `origins` (row, origin): by what a
    row is known again that was set aside and then corrected. `unknown_answers`: scale to answer to number of cells.
    `other_answers`: the same of answers that count as “Other”. `unknown_schools`: name to number of rows.
    """

    responses: pl.DataFrame
    problems: pl.DataFrame
    row_keys: pl.DataFrame
    origins: pl.DataFrame
    unknown_answers: dict[str, dict[str, int]] = field(default_factory=dict)
    other_answers: dict[str, dict[str, int]] = field(default_factory=dict)
    unknown_schools: dict[str, int] = field(default_factory=dict)


def validate(
    table: Table,
    columns: list[Column],
    codebook: Codebook,
    meaning: Meaning,
    schools: SchoolNames,
    *,
    key: bytes,
    school_id: str | None = None,
    order: DateOrder | None = None,
    latest: datetime | None = None,
    surface: Surface = "page",
) -> Validated:
    """Reads every cell by the codebook.

    `school_id` is the building of rows that name none known; rows that name another known building are set aside, and
    so are rows completed after `latest` (null: any time will do).

    Raises AmbiguousDates.
    """
    rows = _Rows(table)
    by_item = {column.item_id: column for column in columns if column.item_id}
    asked_school = rows.school_names(by_item.get("school"), schools)
    rows.leave_others(*asked_school, schools)
    rows.check_shape()
    rows.read_times(order, latest, surface)
    unknown_schools = rows.read_schools(*asked_school, schools, school_id)
    scale_of = scales_of(codebook, meaning, seen_answers(table, columns, codebook))
    unknown_answers: dict[str, dict[str, int]] = {}
    for item_id, column in by_item.items():
        check()
        item = codebook.items[item_id]
        if item.kind == "school":
            continue
        for answer, count in rows.read_item(item, column, scale_of).items():
            counts = unknown_answers.setdefault(item.scale_id, {})
            counts[answer] = counts.get(answer, 0) + count
    asked = [codebook.items[item_id] for item_id in by_item if item_id != "school"]
    rows.check_answered(asked)
    row_keys, origins = rows.identify(asked, key, telling_columns(table, codebook, meaning))
    problems = rows.problems.frame()
    return Validated(rows.taken(problems), problems, row_keys, origins, unknown_answers, rows.others, unknown_schools)


class _Rows:
    """The rows of one table, column by column; each distinct text is looked at once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.frame = table.cells.select("row")
        self.given = given_keys(table)
        self.problems = Problems(table)
        self.others: dict[str, dict[str, int]] = {}
        texts = pl.col(r"^c\d+$")
        lost = texts.str.contains(f"{ERROR}|{FORMULA}") | (texts == LOST_FORMULA)
        found = table.cells.select(lost.any())
        self.with_lost = {name for name, is_any in zip(found.columns, found.row(0), strict=True) if is_any}

    def cells(self, column: Column | None, *, are_words: bool = False) -> pl.Series:
        """A column's texts, without those in which the answer is lost: their rows are set aside.

        Where people write what they like (`are_words`), a text that looks like a formula is theirs.
        """
        if column is None:
            return pl.Series([None] * self.table.cells.height, dtype=pl.String)
        texts = self.table.cells[f"c{column.position}"]
        if texts.name not in self.with_lost:
            return texts
        is_error = texts.str.contains(ERROR).fill_null(False)
        is_formula = (texts == LOST_FORMULA).fill_null(False)
        if not are_words:
            is_formula = is_formula | texts.str.contains(FORMULA).fill_null(False)
        if not (lost := is_error | is_formula).any():
            return texts
        self.problems.set_aside(is_error, column.header, texts, _NO_ANSWER)
        self.problems.set_aside(is_formula, column.header, texts, _NO_RESULT)
        return texts.set(lost, None)

    def add(self, name: str, values: pl.Series) -> None:
        self.frame = self.frame.with_columns(values.alias(name))

    def school_names(self, column: Column | None, schools: SchoolNames) -> tuple[str, pl.Series]:
        """What says the school, and what it says in each row: the answers, or else the sheets that have its name."""
        if column is not None:
            return column.header, self.cells(column)
        named = named_schools(self.table, schools)
        names = sheet_names(self.table)
        return ("sheet" if named else "school"), names.set(~names.is_in(named), None)

    def leave_others(self, header: str, names: pl.Series, schools: SchoolNames) -> None:
        """Sets the rows of buildings out of reach aside, whatever else may be said of them."""
        others = [name for name in names.drop_nulls().unique() if schools.is_outside(name)]
        self.problems.tell_once(names.is_in(others), header, names, NOT_YOURS)

    def check_shape(self) -> None:
        astray = "the row has more cells than the headers: a quotation mark or a comma is astray"
        self.problems.set_aside(self.table.cells["overflow"], "", None, astray)
        self.problems.tell_once(self.table.cells["is_header"], "", None, "the row repeats the headers")

    def read_times(self, order: DateOrder | None, latest: datetime | None, surface: Surface) -> None:
        fields = [name for name in TIMES if name in self.table.leading]
        columns = {name: self._leading(name) for name in fields}
        texts = {column.header: self.cells(column) for column in columns.values()}
        times = parse_times(self.table.file, texts, order, surface)
        for name, column in columns.items():
            header, text = column.header, texts[column.header]
            self.add(name, with_lost_seconds(times[header], self.given[name]))
            unreadable = times[header].is_null() & (text.is_not_null() if name != "end" else True)
            reason = "there is no time here; expected a date and time such as 10/5/26 8:15:00"
            # Words in place of a time may be a person's name, in a row whose cells have moved.
            shown = text.set(~text.str.contains(r"\d").fill_null(False), None)
            self.problems.set_aside(unreadable, header, shown, reason)
            wrong = impossible(times[header], self.table.source)
            self.problems.set_aside(wrong, header, text, "this time is years from those of all other rows")
            if latest is not None:
                self.problems.set_aside(times[header] > latest, header, text, "this time is still to come")
        for absent in set(TIMES) - set(fields):
            self.add(absent, pl.Series([None] * self.frame.height, dtype=pl.Datetime("us")))
        if "start" in columns:
            before = ends_before_start(self.frame["start"], self.frame["end"])
            header = columns["end"].header
            self.problems.set_aside(before, header, texts[header], "the answer is completed before it was started")
            swapped = ends_swapped(self.frame["start"], self.frame["end"])
            reason = "the day and the month look swapped: with the other order it was completed soon after its start"
            self.problems.set_aside(swapped, header, texts[header], reason)

    def _leading(self, name: str) -> Column:
        position = self.table.leading[name]
        return Column(position, self.table.headers[position], None)

    def read_schools(
        self, header: str, names: pl.Series, schools: SchoolNames, school_id: str | None
    ) -> dict[str, int]:
        distinct = names.drop_nulls().unique(maintain_order=True).to_list()
        found = {name: schools.find(name) for name in distinct}
        ids = names.replace_strict(found, default=None, return_dtype=pl.String)
        unknown = names.is_not_null() & ids.is_null() & ~self.problems.is_told
        if school_id is not None:
            named = ids
            ids = pl.select(pl.coalesce(ids, pl.lit(school_id))).to_series()
            other = named.is_not_null() & (named != school_id).fill_null(False)
            mine = schools.names.get(school_id, school_id)
            self.problems.set_aside(
                other, header, names, f"the row names another building than {mine}, for which this file was uploaded"
            )
        else:
            nearest = {
                name: ", ".join(schools.names[near] for near in schools.near(name)[:1])
                for name in distinct
                if not found[name]
            }
            self.problems.set_aside(
                unknown,
                header,
                names,
                "no school of the district has this name; expected a school's name or one of its other names",
                nearest,
            )
            self.problems.set_aside(
                names.is_null(), header, names, "no school is named, so these answers belong to no building"
            )
        self.add("school_id", ids)
        if school_id is not None:
            return {}
        # Names of as many rows stay in the order of the file, since only the first of many are asked at a time.
        counts = pl.DataFrame({"name": names.filter(unknown)}).group_by("name", maintain_order=True).len()
        return dict(counts.sort("len", descending=True, maintain_order=True).iter_rows())

    def read_item(self, item: Item, column: Column, scale_of: Callable[[Item], Scale]) -> dict[str, int]:
        """Adds an item's column; returns the answers that are not on its scale, with the number of cells."""
        cells = self.cells(column, are_words=item.kind == "comment")
        if item.kind == "comment":
            self.add(item.item_id, cells)
            return {}
        scale = scale_of(item)
        distinct = self.distinct(column, cells).to_list()
        if item.kind in SET_KINDS:
            sets = self.sets(scale, distinct)
            for name, place in ((item.item_id, 0), (f"{item.item_id}_other", 1)):
                texts = {answer: found[place] or None for answer, found in sets.items()}
                self.add(name, cells.replace_strict(texts, default=None, return_dtype=pl.String))
            self.count_others(item, cells, {answer: found[1].split(";") for answer, found in sets.items() if found[1]})
            return {}
        codes = scale.decode(distinct)
        unknown = [answer for answer, code in codes.items() if code is None and fold(answer) not in scale.said]
        if item.kind in CHOICE_KINDS:
            self.add(item.item_id, cells.replace_strict(codes, default=None, return_dtype=pl.String))
            others = [answer for answer, code in codes.items() if code == OTHER and not scale.knows(answer)]
            self.count_others(item, cells, {answer: [answer] for answer in others})
        else:
            levels = {choice.code: choice.level for choice in scale.choices}
            by_answer = {answer: levels[code] for answer, code in codes.items() if code is not None}
            self.add(item.item_id, cells.replace_strict(by_answer, default=None, return_dtype=pl.Int16))
        for reason, answers in scale.reasons(unknown).items():
            near = {answer: scale.suggestion(answer) for answer in watched(answers)}
            self.problems.set_aside(cells.is_in(answers), column.header, cells, reason, near)
        if not unknown:
            return {}
        where = cells.is_in(unknown).fill_null(False) & ~self.problems.is_told
        return dict(cells.filter(where).value_counts(sort=True).iter_rows())

    def distinct(self, column: Column, cells: pl.Series) -> pl.Series:
        """The texts of the cells of a column, each once, without those of rows that are set aside whole."""
        if f"c{column.position}" not in self.with_lost and not self.problems.is_told.any():
            return self.table.answers(column.position)
        return cells.filter(~self.problems.is_told).drop_nulls().unique(maintain_order=True)

    def sets(self, scale: Scale, answers: list[str]) -> dict[str, tuple[str, str]]:
        """The decoded sets, separated as the form's program does it, unless the other way leaves less unknown."""
        marks = (",", ";") if self.table.source == "google" else (";", ",")
        usual, other = (scale.decode_sets(answers, mark) for mark in marks)
        unknown, unknown_by_other = (sum(bool(left) for _, left in sets.values()) for sets in (usual, other))
        return other if unknown_by_other < unknown else usual

    def count_others(self, item: Item, cells: pl.Series, others: dict[str, list[str]]) -> None:
        """Counts the answers that stand for “Other”; `others` is a cell's text to the parts not on the scale."""
        counts = self.others.setdefault(item.scale_id, {})
        for text, number in (
            cells.filter(cells.is_in(list(others)) & ~self.problems.is_told).value_counts(sort=True).iter_rows()
        ):
            for part in others[text]:
                counts[part] = counts.get(part, 0) + number

    def check_answered(self, asked: list[Item]) -> None:
        names = [item.item_id for item in asked if item.item_id in self.frame.columns]
        if names:
            empty = self.frame.select(pl.all_horizontal(pl.col(names).is_null())).to_series()
            self.problems.set_aside(empty, "", None, "no question is answered in this row")

    def identify(self, asked: list[Item], key: bytes, telling: list[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Adds who answered and each row's key; returns what a file of rows set aside keeps, and each row's origin."""
        self.frame, kept_keys, origins = identified(self.frame, self.table, self.given, asked, key, telling)
        return kept_keys, origins

    def taken(self, problems: pl.DataFrame) -> pl.DataFrame:
        bad = problems.select(pl.col("row").unique())
        return self.frame.with_columns(pl.col("row").cast(pl.Int64)).join(
            bad, on="row", how="anti", maintain_order="left"
        )
