"""The sessions seen in other ways than one by one: a board by school, a calendar by week and month, trainers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pd_core.access import DISTRICT
from pd_core.entities import PlanSession, PlanState
from pd_core.planning.broken_limits import unknown_parts
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Problem
from pd_core.planning.record import option_of
from pd_core.presentation.sessions import NO_SCHOOL, STATES, is_coming
from pd_core.wording import date_said, day_said, hour_said, plural

LAYOUTS: Final[Mapping[str, str]] = {
    "list": "List", "board": "Schools", "week": "Week", "month": "Month", "trainers": "Trainers",
}  # fmt: skip
"""The ways to look at the sessions, as id to label."""
ON_BOARD: Final[tuple[PlanState, ...]] = ("proposed", "agreed", "scheduled", "delivered")
MOST_ON_A_DAY: Final = 3
"""So many sessions of a day are shown in a month; the week shows all."""


@dataclass(frozen=True)
class Grid:
    """A table of texts: `rows` have a text for each of `headings`; a text of several lines has them one below the
    other."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Day:
    """A day with its sessions: the lines under its heading."""

    heading: str
    lines: tuple[str, ...]


class _Names:
    """The words for what sessions name by id."""

    def __init__(self, lists: Problem) -> None:
        self.schools = {one.school_id: one.name for one in lists.schools}
        self.titles = {one.training_id: one.title for one in lists.trainings}
        self.trainers = {one.trainer_id: one.name for one in lists.trainers}

    def title(self, session: PlanSession) -> str:
        return self.titles.get(session.training_id, session.training_id)

    def short(self, session: PlanSession) -> str:
        """The class up to the colon of its title, for a narrow column."""
        return self.title(session).partition(": ")[0]

    def place(self, session: PlanSession) -> str:
        return self.schools.get(session.school_ids[0], NO_SCHOOL)

    def trainer(self, session: PlanSession) -> str:
        return self.trainers.get(session.trainer_id, session.trainer_id)


def board(lists: Problem, sessions: Sequence[PlanSession], school_id: str, seen: Collection[str] | None) -> Grid:
    """A row for each school that has sessions, alphabetically, a column for each state of `ON_BOARD`; of one school, or
    with “district” of each school that is `seen` (null: all). A session that schools share is in the row of each."""
    names = _Names(lists)
    cells: dict[str, dict[PlanState, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in sessions:
        for place in one.school_ids:
            if (seen is None or place in seen) and school_id in (DISTRICT, place):
                cells[place][one.state].append(f"{names.short(one)}, {day_said(one.starts_at)} ({one.session_id})")
    rows = [
        (names.schools.get(place, place), *("\n".join(by_state[state]) for state in ON_BOARD))
        for place, by_state in cells.items()
        if any(by_state[state] for state in ON_BOARD)
    ]
    return Grid(("School", *(STATES[state] for state in ON_BOARD)), tuple(sorted(rows)))


def board_sentence(grid: Grid) -> str:
    """How far the schools on the board are."""
    undecided = sum(bool(row[1]) for row in grid.rows)
    if not grid.rows:
        return "No school has a session yet."
    have = f"{plural(len(grid.rows), 'school')} {'has' if len(grid.rows) == 1 else 'have'} sessions"
    wait = f"{undecided:,} of them {'waits' if undecided == 1 else 'wait'} for people to agree"
    return f"{have}; {wait if undecided else 'all are agreed to'}."


def weeks(sessions: Sequence[PlanSession]) -> dict[str, str]:
    """The weeks in which sessions are held: their Monday as 2031-01-13, with a label."""
    counts = Counter(_monday(one.starts_at) for one in sessions)
    return {
        monday.isoformat(): f"Week of {date_said(monday)} ({plural(counts[monday], 'session')})"
        for monday in sorted(counts)
    }


def months(sessions: Sequence[PlanSession]) -> dict[str, str]:
    """The months in which sessions are held, as 2031-01, with a label."""
    counts = Counter(one.starts_at.date().replace(day=1) for one in sessions)
    return {
        f"{first:%Y-%m}": f"{first:%B %Y} ({plural(counts[first], 'session')})" for first in sorted(counts)
    }  # fmt: skip


def first_period(periods: Sequence[str], sessions: Sequence[PlanSession], now: datetime) -> str:
    """Of the weeks or months, the one of the next session; the last where none is to come."""
    coming = [one for one in sessions if is_coming(one, now)]
    if coming:
        day = coming[0].starts_at
        for period in (_monday(day).isoformat(), f"{day:%Y-%m}"):
            if period in periods:
                return period
    return periods[-1]


def week(lists: Problem, sessions: Sequence[PlanSession], monday: str) -> tuple[Day, ...]:
    """The days of a week that have sessions, each session in a line."""
    names = _Names(lists)
    days: dict[date, list[str]] = defaultdict(list)
    for one in sessions:
        if _monday(one.starts_at).isoformat() == monday:
            days[one.starts_at.date()].append(
                f"{hour_said(one.starts_at)} to {hour_said(one.ends_at)}: {names.title(one)} at {names.place(one)}, "
                f"with {names.trainer(one)}; {one.state} ({one.session_id})"
            )
    return tuple(Day(f"{day:%A}, {day_said(day)}", tuple(lines)) for day, lines in sorted(days.items()))


def month(lists: Problem, sessions: Sequence[PlanSession], name: str) -> Grid:
    """A row for each week of a month that has sessions, a column for each day of the week that has any."""
    names = _Names(lists)
    days: dict[date, list[PlanSession]] = defaultdict(list)
    for one in sessions:
        if f"{one.starts_at:%Y-%m}" == name:
            days[one.starts_at.date()].append(one)
    weekdays = sorted({day.weekday() for day in days})
    rows = []
    for monday in sorted({_monday(day) for day in days}):
        cells = []
        for weekday in weekdays:
            day = monday + timedelta(days=weekday)
            held = days.get(day, [])
            lines = [f"{hour_said(one.starts_at)} {names.short(one)}, {names.place(one)}" for one in held]
            more = len(lines) - MOST_ON_A_DAY
            lines = [*lines[:MOST_ON_A_DAY], f"and {more:,} more"] if more > 0 else lines
            cells.append("\n".join([day_said(day), *lines]) if held else "")
        rows.append((day_said(monday), *cells))
    return Grid(("Week of", *(f"{date(2024, 1, 1 + weekday):%A}" for weekday in weekdays)), tuple(rows))


def by_trainer(lists: Problem, sessions: Sequence[PlanSession], now: datetime) -> Grid:
    """A row for each trainer with sessions, by name: how many are to come, their hours with travel of the hours that
    the trainer can give, and the next one."""
    names, about = _Names(lists), Eligibility(lists)
    hours = {one.trainer_id: one.minutes / 60 for one in lists.trainers}
    own: dict[str, list[PlanSession]] = defaultdict(list)
    for one in sessions:
        own[one.trainer_id].append(one)
    rows = []
    for trainer_id, held in own.items():
        coming = [one for one in held if is_coming(one, now)]
        minutes = sum(about.session_minutes(option_of(one)) for one in coming if not unknown_parts(about, one))
        of = f" of {hours[trainer_id]:g}" if trainer_id in hours else ""
        first = coming[0] if coming else None
        rows.append(
            (
                names.trainers.get(trainer_id, trainer_id),
                f"{len(coming):,}",
                f"{minutes / 60:.1f}{of}",
                f"{day_said(first.starts_at)}, {hour_said(first.starts_at)}: {names.title(first)}, {names.place(first)}"
                if first
                else "None to come",
            )
        )
    return Grid(("Trainer", "Sessions to come", "Hours, with travel", "Next session"), tuple(sorted(rows)))


def _monday(day: date) -> date:
    found = day.date() if isinstance(day, datetime) else day
    return found - timedelta(days=found.weekday())
