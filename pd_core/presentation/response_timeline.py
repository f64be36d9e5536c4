"""How the answers came in, and where that pace leads by the day the form closes."""

from __future__ import annotations

from datetime import date

from pd_core.access import DISTRICT
from pd_core.charts import responses
from pd_core.entities import Wave
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.summaries.response_timeline import Arrivals, arrivals
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import day_said, whole

_NUMBERS = ("", "", "two ", "three ", "four ", "five ")
_DAYS: Columns = {
    "day": Column("Day", "day"),
    "new": Column("Answered that day", "count"),
    "respondents": Column("Answered so far", "count"),
}


@kept_section
def timeline_section(survey: Survey, school_id: str, wave: Wave, today: date) -> Section:
    """How the answers came in, and the projection to the closing day."""
    found = arrivals(survey, school_id, wave.closes_on, today)
    sentence = timeline_sentence(found)
    if not found.days.height:
        return Section("arrivals", sentence, heading=sentence)
    is_own = school_id == DISTRICT and survey.scope.school_ids is not None
    return Section(
        "arrivals",
        sentence,
        heading=sentence,
        drawing=drawn(responses.arrival_curve(found.days, found.target, found.expected)),
        table=Table("arrivals", found.days, _DAYS),
        note=f"Answers by the end of each day{' in your schools' if is_own else ''}, as of the last upload.",
    )


def timeline_sentence(found: Arrivals) -> str:
    """How many will have answered by the closing day, or why that cannot be said; without a full stop."""
    if found.outlook == "no answers":
        return f"No one has answered yet; {_closing(found)}" if found.closes_on else "No one has answered yet"
    answered, staff = int(found.days["respondents"][-1]), found.staff
    of_staff = "" if staff is None else f" of {staff:,}"
    if found.expected is None:
        counted = f"{answered:,}" if found.outlook == "check headcount" else f"{answered:,}{of_staff}"
        return f"{counted} {'has' if answered == 1 else 'have'} answered; {_why_none(found)}"
    end, until = whole(found.expected["respondents"][-1]), f"{found.closes_on and day_said(found.closes_on)}"
    comes = f"about {end:,}{of_staff} will have answered by {until}"
    if not found.pace:
        comes = f"it stays at {answered:,}{of_staff} until {until}"
    days = f"{_NUMBERS[found.pace_days]}working day{'s' if found.pace_days > 1 else ''}"
    return f"At the pace of the last {days} {comes}{_compared(found.target, end)}"


def _compared(target: int | None, end: int) -> str:
    if target is None:
        return ""
    return ": enough for the target" if end >= target else f": {target - end:,} short of the target"


def _why_none(found: Arrivals) -> str:
    if found.outlook == "check headcount":
        return f"that is more than the {found.staff:,} on the list, so check the number of staff"
    if found.outlook == "complete":
        return "no one is missing"
    if found.outlook == "no closing day":
        return "no closing day is set, so no one can say where it will end"
    if found.outlook == "closed":
        return _closing(found)
    return "all on one day, which is too little to know the pace"


def _closing(found: Arrivals) -> str:
    day = found.closes_on and day_said(found.closes_on)
    return f"the form {'closed' if found.is_closed else 'closes'} on {day}"
