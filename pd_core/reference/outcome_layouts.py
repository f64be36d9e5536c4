"""The layouts in which outcome files come: the district's own, Washington's Report Card, the Civil Rights Data
Collection. Each gives the same rows, told apart by the names of columns and never by their place; case, spaces and
underscores of a name do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pd_core.codebook import fold
from pd_core.reference.outcome_values import read_value, says_hidden

OWN_REQUIRED = ("school_id", "period", "measure", "value")
OWN = (*OWN_REQUIRED, "n", "numerator", "lower", "upper", "suppressed", "group")
SUSPENDED = "students suspended"
"""The measure of a file that counts students and does not say of how many."""
ALL_STUDENTS = ("", "all", "all students", "allstudents", "total")
_ALL_GRADES = ("", "all grades", "allgrades", "all")
_HIDES = ("suppression", "suppressionreason", "datreason", "dat", "disciplinedatnotes")
_TESTS = ("sbac", "wcas", "")
"""The state's tests that all students take; AIM and ELPA are for some, and are set aside."""
_MET = ("percentmetstandard", "percentconsistentgradelevelknowledgeandabove")
_OUT_OF_SCHOOL = re.compile(r"(totdiscwodis(?:singoos|multoos)|totdiscwdis(?:singoos|multoos)idea)([mfx])")
_WITH_DISABILITIES = "totdiscwdis"
_ENROLLED = re.compile(r"(totenr)([mfx])")
_NO_DISABILITIES = (
    "the file has no columns of students with disabilities (such as TOT_DISCWDIS_SINGOOS_IDEA_M), so a part of the "
    "students would pass for all"
)
_ONE_SEX = "the file has columns of boys or of girls alone, so a part of the students would pass for all"
Cells = Mapping[str, str]
Rows = Sequence[tuple[int, Cells]]


def column(header: str) -> str:
    """A header as layouts name it: neither case, spaces nor underscores matter."""
    return fold(header).replace(" ", "").replace("_", "")


@dataclass(frozen=True)
class RawRow:
    """One row of an outcome file as text.

    `schools` are names it may be known by, the surest first; `aside` says why it is no outcome of a school (empty: it
    is one).
    """

    number: int
    schools: tuple[str, ...] = ()
    period: str = ""
    measure: str = ""
    value: str = ""
    n: str = ""
    numerator: str = ""
    lower: str = ""
    upper: str = ""
    hidden: str = ""
    group: str = ""
    aside: str = ""


@dataclass(frozen=True)
class Layout:
    """A way in which a file's columns are named. `is_public` files hold all of a state's schools."""

    name: str
    is_public: bool
    rows: Callable[[Rows], Iterator[RawRow]]


def layout_of(headers: set[str]) -> Layout | None:
    """The layout of a file by its headers, each as `column` spells it; null where it is none of them."""
    if set(map(column, OWN_REQUIRED)) <= headers:
        return Layout("outcomes", False, _own)
    if "schoolyear" in headers and "organizationlevel" in headers:
        if headers & {"measures", "measure"} and {"numerator", "denominator"} <= headers:
            return Layout("OSPI attendance", True, _attendance)
        if "disciplinerate" in headers:
            return Layout("OSPI discipline", True, _discipline)
        if headers & {*_MET, "countmetstandard"}:
            return Layout("OSPI assessment", True, _assessment)
    if "combokey" in headers and any(map(_OUT_OF_SCHOOL.fullmatch, headers)):
        return Layout("CRDC discipline", True, _civil_rights)
    return None


def _own(rows: Rows) -> Iterator[RawRow]:
    for number, cells in rows:
        names = {name: cells.get(column(name), "") for name in OWN}
        yield RawRow(
            number, (names["school_id"],), names["period"], names["measure"], names["value"], names["n"],
            names["numerator"], names["lower"], names["upper"], names["suppressed"], names["group"],
        )  # fmt: skip


def _attendance(rows: Rows) -> Iterator[RawRow]:
    for number, cells in rows:
        measure = _first(cells, "measures", "measure")
        aside = (
            "" if measure.casefold() == "regular attendance" else f"the measure is “{measure}”, not Regular Attendance"
        )
        share = _ratio(cells["numerator"], cells["denominator"])
        yield _state(number, cells, "attendance", share, cells["denominator"], cells["numerator"], aside)


def _discipline(rows: Rows) -> Iterator[RawRow]:
    for number, cells in rows:
        counts = _first(cells, "disciplinedenominator"), _first(cells, "disciplinenumerator")
        yield _state(number, cells, "discipline", cells["disciplinerate"], *counts)


def _assessment(rows: Rows) -> Iterator[RawRow]:
    for number, cells in rows:
        test, subject = _first(cells, "testadministration", "testadministration(group)"), _first(cells, "testsubject")
        # Also where a file has one subject: the next one may have another.
        measure = f"achievement {subject.casefold()}".strip()
        aside = "" if test.casefold() in _TESTS else f"{test} is not a test that all students take"
        value = _first(cells, *_MET)
        met = _first(cells, "countmetstandard", "countconsistentgradelevelknowledgeandabove")
        tested = _first(cells, "countofstudentsexpectedtotest", "denominator")
        yield _state(number, cells, measure, value or _ratio(met, tested), tested, met, aside)


def _state(number: int, cells: Cells, measure: str, value: str, n: str, numerator: str = "", aside: str = "") -> RawRow:
    """A row of the Report Card: schools, all grades; separate columns hide or bound the value."""
    level, grade = _first(cells, "organizationlevel"), _first(cells, "gradelevel")
    if level.casefold() != "school":
        aside = f"it is of a {level.lower() or 'group'}, not of a school"
    elif grade.casefold() not in _ALL_GRADES:
        aside = aside or "it is of one grade, not of all"
    hides = [cells[name] for name in _HIDES if says_hidden(cells.get(name, ""))]
    # A bound may stand in the value's own column, next to one that only says why.
    bound = next((text for text in (value, *hides) if (found := read_value(text)) and found.is_bounded), "")
    schools = tuple(
        filter(None, (_first(cells, name) for name in ("schoolcode", "schoolorganizationid", "schoolname")))
    )
    return RawRow(
        number, schools, _first(cells, "schoolyear"), measure, bound or ("*" if hides else value), n, numerator,
        group=_first(cells, "studentgroup"), aside=aside,
    )  # fmt: skip


def _civil_rights(rows: Rows) -> Iterator[RawRow]:
    """Students suspended out of school, without and with disabilities (under IDEA), of those enrolled if it says."""
    there = list(rows[0][1]) if rows else []
    suspended, enrolled = ([name for name in there if of.fullmatch(name)] for of in (_OUT_OF_SCHOOL, _ENROLLED))
    aside = _part_of_students(suspended, enrolled)
    for number, cells in rows:
        students, total = (_sum([cells[name] for name in names]) for names in (suspended, enrolled))
        counts = ["" if count is None else str(count) for count in (students, total)]
        key, name = _first(cells, "combokey"), _first(cells, "schname")
        yield RawRow(
            number, tuple(filter(None, (key, key.lstrip("0"), name))), _first(cells, "surveyyear", "schoolyear"),
            "discipline" if enrolled else SUSPENDED, _ratio(*counts) if enrolled else counts[0], counts[1], counts[0],
            aside=aside,
        )  # fmt: skip


def _part_of_students(suspended: list[str], enrolled: list[str]) -> str:
    """Why these columns are of a part of the students; empty where they are of all."""
    if not any(name.startswith(_WITH_DISABILITIES) for name in suspended):
        return _NO_DISABILITIES
    found = [of.fullmatch(name) for of, names in ((_OUT_OF_SCHOOL, suspended), (_ENROLLED, enrolled)) for name in names]
    columns = {(match[1], match[2]) for match in found if match}
    return "" if {(kind, sex) for kind, _ in columns for sex in "mf"} <= columns else _ONE_SEX


def _sum(cells: list[str]) -> int | None:
    """The sum of counts; null where one is a reserve code (below 0) or missing: a part would be taken for the whole."""
    numbers = [int(float(cell)) if re.fullmatch(r"-?\d+(\.0+)?", cell) else -1 for cell in cells]
    return sum(numbers) if numbers and min(numbers) >= 0 else None


def _ratio(numerator: str, denominator: str) -> str:
    counts = [read_value(numerator), read_value(denominator)]
    known = [one.value for one in counts if one is not None and one.value is not None]
    return repr(known[0] / known[1]) if len(known) == 2 and known[1] else "*"


def _first(cells: Cells, *names: str) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")
