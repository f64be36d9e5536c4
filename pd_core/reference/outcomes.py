"""Reads outcomes of students, and people trained outside the plan, from CSV or XLSX files; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from pd_core.codebook import fold
from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_rows, read_table
from pd_core.reference.outcome_layouts import ALL_STUDENTS, OWN, OWN_REQUIRED, SUSPENDED, RawRow, column, layout_of
from pd_core.reference.outcome_values import Value, read_value, says_hidden
from pd_core.reference.periods import EXPECTED, kind_of, read_period
from pd_core.school_names import SchoolNames
from pd_core.storage.outcomes import DELIVERY_KEY, DELIVERY_SCHEMA, OUTCOME_KEY, OUTCOME_SCHEMA
from pd_core.wording import plural

Good = Literal["higher", "lower"]
GOOD: Mapping[str, Good] = {"attendance": "higher", "discipline": "lower", "achievement": "higher"}
"""Measures with a known good direction, and any whose name has only words of `_KINDS` behind one of these."""
_KINDS = frozenset((
    "rate", "rates", "share", "percent", "regular", "ela", "math", "mathematics", "science", "reading", "writing",
    "english", "language", "arts", "grade",
))  # fmt: skip
DELIVERIES = (*DELIVERY_KEY, "people")


class UnknownDirection(RefusedFile):
    """A file has `measures` of which it is not known whether more is good; the person who sent it can say so."""

    def __init__(self, file: str, measures: list[str]) -> None:
        super().__init__(
            f"{file} has {', '.join(measures)}: it is not known yet whether more of it is good or bad.",
            "Say it once: --good higher, or --good lower; where measures differ, in a file each. Nothing was changed.",
        )
        self.measures = measures


@dataclass
class ReadFile:
    """What a file holds: `rows`, one a key, to be stored; `repeated` further rows that say the same; `problems` of rows
    set aside (row, column, value, reason, suggestion), `set_aside` of them; `good`, which way of a measure is good."""

    file: str
    layout: str
    rows_read: int
    rows: pl.DataFrame
    repeated: int = 0
    set_aside: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    good: dict[str, str] = field(default_factory=dict)


def read_outcomes(
    file: str,
    data: bytes,
    schools: SchoolNames,
    stored: pl.DataFrame,
    known_good: Mapping[str, str],
    *,
    good: str | None = None,
    period: str | None = None,
) -> ReadFile:
    """The outcomes of a file in any layout that is known; a row that cannot be used is set aside with its reason.

    `stored` are the outcomes already there (measure, period, is_share): a measure keeps its kind of periods and its
    unit. `good` says which way is good for measures where this is not known yet; `period` is for rows without one.
    Raises RefusedFile for an unknown layout, periods of two kinds in one measure, or a measure whose good direction is
    unknown.
    """
    file, table = read_table(file, data)
    headers = [column(cell) for cell in table[0]] if table else []
    layout = layout_of(set(headers))
    if layout is None:
        there = ", ".join(list(filter(None, map(fold, table[0] if table else [])))[:12]) or "nothing"
        raise RefusedFile(
            f"{file} is not a file of outcomes: its first row has {there}.",
            f"Expected the columns {', '.join(OWN_REQUIRED)} (and {', '.join(OWN[4:])} where known), or a Report Card "
            "file of OSPI, or the Civil Rights Data Collection.",
        )
    checked = _Checked(schools, is_public=layout.is_public)
    raw = list(layout.rows(_named(headers, table[1:])))
    for row in raw:
        checked.take(row, period or "")
    rows = checked.frame(stored)
    _refuse_mixed_periods(file, rows, stored)
    ways = _ways(file, rows["measure"].unique().sort().to_list(), known_good, good)
    rows, repeated = checked.without_repeats(rows, OUTCOME_KEY)
    problems, set_aside = checked.problems, len(raw) - rows.height - repeated
    return ReadFile(file, layout.name, len(raw), rows.select(list(OUTCOME_SCHEMA)), repeated, set_aside, problems, ways)


def _named(headers: list[str], table: list[list[str]]) -> list[tuple[int, dict[str, str]]]:
    """The rows that hold anything, each with its number in the file and its cells by header."""
    return [
        (number, {name: cells[place].strip() if place < len(cells) else "" for place, name in enumerate(headers)})
        for number, cells in enumerate(table, start=2)
        if any(cell.strip() for cell in cells)
    ]


def read_deliveries(file: str, data: bytes, schools: SchoolNames) -> ReadFile:
    """People newly trained outside the plan: school_id, training_id, period, people. Raises RefusedFile."""
    file, cells = read_rows(file, data, DELIVERIES, required=DELIVERIES)
    checked = _Checked(schools)
    for number, row in cells:
        checked.take_delivery(number, row)
    found = pl.DataFrame(checked.found, schema={**DELIVERY_SCHEMA, "row": pl.Int64})
    rows, repeated = checked.without_repeats(found, DELIVERY_KEY)
    set_aside = len(cells) - rows.height - repeated
    rows = rows.select(list(DELIVERY_SCHEMA))
    return ReadFile(file, "deliveries", len(cells), rows, repeated, set_aside, checked.problems)


class _Checked:
    """Rows that can be used, and the problems of those that cannot."""

    def __init__(self, schools: SchoolNames, *, is_public: bool = False) -> None:
        self.schools = schools
        self.is_public = is_public
        self.found: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []
        self._alike: dict[str, tuple[dict[str, Any], int]] = {}

    def take(self, row: RawRow, period: str) -> None:
        """One outcome, in the spelling of the store, or its problem."""
        if row.aside:
            return self._together(row.number, row.aside)
        school_id = next(filter(None, map(self.schools.find, row.schools)), None)
        if school_id is None and self.is_public:
            return self._together(row.number, "it is of a school that is not on the list of schools")
        read = read_period(row.period or period)
        measure, value = " ".join(row.measure.casefold().split()), read_value(row.value)
        lower, upper, n = read_value(row.lower), read_value(row.upper), read_value(row.n)
        numerator = read_value(row.numerator)
        if school_id is None:
            return self._unknown_school(row.number, row.schools[0] if row.schools else "")
        if read is None:
            return self._problem(row.number, "period", row.period or period, f"expected {EXPECTED}")
        if not measure:
            return self._problem(row.number, "measure", "", "expected the name of a measure, such as attendance")
        for name, text, one in (("value", row.value, value), ("lower", row.lower, lower), ("upper", row.upper, upper)):
            if one is None:
                return self._problem(row.number, name, text, "expected a number, a percentage like 67.7%, or nothing")
        if n is None or (n.value is not None and (n.value < 0 or n.value % 1)):
            return self._problem(row.number, "n", row.n, "expected the number of students, or nothing")
        assert value and lower and upper
        hidden = says_hidden(row.hidden)
        if (
            value.value is None
            and not hidden
            and not row.value
            and numerator
            and numerator.value is not None
            and n.value
        ):
            value = Value(value=numerator.value / n.value, has_percent=True)
        group = "" if row.group.casefold() in ALL_STUDENTS else row.group
        bounds = [_first(lower.value, value.lower), _first(upper.value, value.upper)]
        ordered = [one for one in (bounds[0], value.value, bounds[1]) if one is not None]
        if ordered != sorted(ordered):
            told = " to ".join(filter(None, (row.lower, row.upper)))
            return self._problem(row.number, "lower", told, "expected bounds with the value between them, lower first")
        self.found.append({
            "school_id": school_id, "period": read[0], "measure": measure, "student_group": group,
            "value": None if hidden else value.value, "n": None if n.value is None else int(n.value),
            "numerator": None if numerator is None or hidden else numerator.value,
            "lower": bounds[0], "upper": bounds[1], "suppressed": hidden or value.value is None,
            "has_percent": value.has_percent or lower.has_percent or upper.has_percent, "row": row.number,
        })  # fmt: skip
        return None

    def take_delivery(self, number: int, row: Mapping[str, str]) -> None:
        """One delivery, or its problem."""
        school_id, read = self.schools.find(row["school_id"]), read_period(row["period"])
        people = row["people"].removesuffix(".0")
        if school_id is None:
            return self._unknown_school(number, row["school_id"])
        if not row["training_id"]:
            return self._problem(number, "training_id", "", "expected the training's id")
        if read is None:
            return self._problem(number, "period", row["period"], f"expected {EXPECTED}")
        if not (people.isdecimal() and len(people) < 7):
            return self._problem(number, "people", row["people"], "expected the number of people newly trained")
        self.found.append({"school_id": school_id, "training_id": row["training_id"], "period": read[0]})
        self.found[-1] |= {"people": int(people), "row": number}
        return None

    def frame(self, stored: pl.DataFrame) -> pl.DataFrame:
        """The outcomes taken so far, of which values outside 0 to 1 are set aside where the measure is a share."""
        schema = {**OUTCOME_SCHEMA, "has_percent": pl.Boolean, "row": pl.Int64}
        schema.pop("is_share")
        rows = pl.DataFrame(self.found, schema=schema)
        kept = dict(stored.select("measure", "is_share").unique("measure", keep="first").iter_rows())
        shares = {
            str(name): kept.get(str(name), _is_share(str(name), of_measure))
            for (name,), of_measure in rows.group_by("measure")
        }
        rows = rows.with_columns(
            is_share=pl.col("measure").replace_strict(shares, return_dtype=pl.Boolean, default=False)
        )
        numbers = ("value", "lower", "upper")
        outside = pl.any_horizontal((pl.col(name) < 0) | (pl.col(name) > 1) for name in numbers)
        wrong = pl.col("is_share") & outside.fill_null(False)
        for row in rows.filter(wrong).iter_rows(named=True):
            value = next(row[name] for name in numbers if row[name] is not None and not 0 <= row[name] <= 1)
            shown = f"{100 * value:g}%" if row["has_percent"] else f"{value:g}"
            self._problem(
                row["row"], "value", shown,
                f"{row['measure']} is a share, so it lies between 0% and 100%; write 94.5 of 100 as 94.5% or 0.945",
            )  # fmt: skip
        return rows.filter(~wrong)

    def without_repeats(self, rows: pl.DataFrame, key: list[str]) -> tuple[pl.DataFrame, int]:
        """The first row of each key, and how many say the same again; those that say something else are set aside."""
        first = rows.unique(key, keep="first", maintain_order=True)
        later = rows.join(first.select("row"), on="row", how="anti", maintain_order="left")
        others = first.select(*key, pl.exclude(*key).name.prefix("first_"))
        pairs = later.join(others, on=key, how="left", maintain_order="left")
        compared = [name for name in rows.columns if name not in (*key, "row", "has_percent")]
        same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"first_{name}")) for name in compared)
        for row in pairs.filter(~same).iter_rows(named=True):
            what = ", ".join(str(row[name]) for name in key if row[name])
            self._problem(row["row"], "", what, f"row {row['first_row']} already says something else of the same")
        return first, pairs.filter(same).height

    def _problem(self, row: int, column: str, value: str, reason: str, suggestion: str = "") -> None:
        found = {"row": row, "column": column, "value": value, "reason": reason, "suggestion": suggestion}
        self.problems.append(found)

    def _unknown_school(self, row: int, name: str) -> None:
        near = self.schools.near(name, 1)
        reason = "no school of the list has this id or name"
        self._problem(row, "school_id", name, reason, self.schools.names[near[0]] if near else "")

    def _together(self, row: int, reason: str) -> None:
        """A row of a public file that is set aside with many others: told once, with how many there are."""
        if reason not in self._alike:
            self._problem(row, "", "", reason)
            self._alike[reason] = self.problems[-1], 0
        problem, rows = self._alike[reason]
        problem["value"] = f"{plural(rows + 1, 'row')}, the first of them here"
        self._alike[reason] = problem, rows + 1


def _is_share(measure: str, rows: pl.DataFrame) -> bool:
    """Whether a measure is a share: it is written in percent, or (attendance always) its numbers are 0 to 1; of a
    measure that may as well be a count, not all of them 0 or 1."""
    if measure == "attendance" or bool(rows["has_percent"].any()):
        return True
    values = rows["value"].drop_nulls()
    within = int((values <= 1).sum())
    if measure in GOOD:
        return within * 2 >= len(values)
    return within == len(values) and bool((values % 1 > 0).any())


def _first(one: float | None, other: float | None) -> float | None:
    return other if one is None else one


def _refuse_mixed_periods(file: str, rows: pl.DataFrame, stored: pl.DataFrame) -> None:
    both = pl.concat([rows.select("measure", "period"), stored.select("measure", "period")]).unique()
    for (measure,), of_measure in both.sort("measure", "period").group_by("measure", maintain_order=True):
        kinds: dict[str, str] = {}
        for period in of_measure["period"]:
            kinds.setdefault(kind_of(period), period)
        if len(kinds) > 1 and measure in rows["measure"]:
            told = " and ".join(f"a {kind} ({period})" for kind, period in kinds.items())
            raise RefusedFile(
                f"{file} has {measure} by {told}.",
                "Keep one kind of period for a measure, or give the other another name. Nothing was changed.",
            )


def _ways(file: str, measures: list[str], known: Mapping[str, str], good: str | None) -> dict[str, str]:
    """Each measure's good direction: the one stored before, the known one, or `good`."""
    sure = {name: known.get(name) or _known_way(name) for name in measures}
    if good and measures and all(way and way != good for way in sure.values()):
        told = " and ".join(f"{name}, of which {way} is better" for name, way in sorted(sure.items()))
        raise RefusedFile(
            f"{file} has {told}; --good {good} says the opposite.",
            "Leave --good out, or give the measure a name of its own. Nothing was changed.",
        )
    found = {name: way or good for name, way in sure.items()}
    if missing := [name for name, way in found.items() if not way]:
        raise UnknownDirection(file, missing)
    return {name: str(way) for name, way in found.items()}


def _known_way(measure: str) -> Good | None:
    if measure == SUSPENDED:
        return "lower"
    first, *others = fold(measure).replace("_", " ").split() or [""]
    return GOOD.get(first) if _KINDS.issuperset(others) else None
