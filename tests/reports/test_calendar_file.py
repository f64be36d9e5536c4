"""The calendar of the plan at odd hours: nights when clocks change, and sessions across midnight."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
import pytest

from pd_core.planning.problem import Problem, School
from pd_core.planning.record import replay
from pd_core.reports.calendar_file import calendar
from tests.planning.test_record import change, session

LISTS = Problem((School("lincoln", "Lincoln High", ""),), (), (), (), needs={}, now=datetime(2027, 1, 1))


@pytest.mark.parametrize(
    ("starts_at", "offset"),
    [
        (datetime(2027, 3, 13, 23, 30), -8),  # across midnight, and into the hour that is left out
        (datetime(2027, 3, 14, 3, 30), -7),
        (datetime(2027, 11, 6, 23, 30), -7),
        (datetime(2027, 11, 7, 3, 30), -8),
    ],
)
def test_a_session_keeps_its_local_times_when_clocks_change(starts_at: datetime, offset: int) -> None:
    night = session(1, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    record = replay([change(1, None, night)])
    content = calendar(LISTS, record, record.sessions(), "America/Los_Angeles", "Nights")
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    begins, ends = event.decoded("dtstart"), event.decoded("dtend")
    assert (begins.replace(tzinfo=None), ends.replace(tzinfo=None)) == (night.starts_at, night.ends_at)
    assert begins.utcoffset() == timedelta(hours=offset)


def test_a_note_with_line_breaks_and_signs_of_the_format_comes_back_as_it_was() -> None:
    note = "=1+1; bring: laptops, “cables”\\n and BEGIN:VEVENT"
    record = replay([change(1, None, session(1, note=note))])
    content = calendar(LISTS, record, record.sessions(), "America/Los_Angeles", "Notes")
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["description"]).endswith(f"Note: {note}")
    assert max(map(len, content.splitlines())) <= 75
