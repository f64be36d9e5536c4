"""What to write to a school's staff, and which schools should get the form again, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from pd_core.entities import Wave
from pd_core.needs.verdicts import VERDICTS
from pd_core.summaries.coverage import roles_behind, to_resend
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import day_said, listed, within

_Group = tuple[str, float | None]
NO_LINK = "[put the link to our form here]"
_RESEND = {
    **dict.fromkeys(("school_id", "school_name", "verdict_label"), pl.String),
    **dict.fromkeys(("respondents", "headcount", "missing", "more_answers", "needed"), pl.Int64),
    **dict.fromkeys(("missing_groups", "link", "reminder"), pl.String),
}


def coverage_sentence(survey: Survey, verdicts: pl.DataFrame) -> str:
    """How many of the schools in scope are safe to decide on, and how many are behind; empty if there are none.

    “24 of 60 schools are safe to decide on; 9 are behind the target”. Behind are those known to be missing answers.
    """
    if verdicts.is_empty():
        return ""
    number, safe = verdicts.height, verdicts.filter(pl.col("verdict") == "safe").height
    behind, late = verdicts.filter(pl.col("missing") > 0).height, "behind the target"
    if number == 1 and verdicts["verdict"][0] == "unknown":
        return f"{verdicts['school_name'][0]}: {within(str(verdicts['sentence'][0])).removesuffix('.')}"
    if number == 1:
        verdict = f"{'' if safe else 'not yet '}safe to decide on"
        return f"{verdicts['school_name'][0]} is {verdict}{f', and {late}' if behind else ''}"
    schools = f"of {'' if survey.scope.school_ids is None else 'your '}{number:,} schools"
    are_late = f"{behind or 'none'} {'are' if behind > 1 else 'is'} {late}"
    if verdicts["verdict"].null_count():
        return f"{behind:,} {schools} {'is' if behind == 1 else 'are'} {late}"
    return f"{safe:,} {schools} {'is' if safe == 1 else 'are'} safe to decide on; {are_late}"


def reminder(survey: Survey, verdict: Mapping[str, object], wave: Wave, today: date) -> str:
    """What a school's MIE could write to its staff, in their voice; empty if no one needs a reminder.

    `verdict` is the school's row of `verdicts`. A reminder is needed if more answers would help: the school is not safe
    to decide on, or behind the target, and someone has not answered. It names roles that are known to be behind, but
    none that answers more than the school does; never people, and no number of a group. “Most of your colleagues” is
    said only if more than half of the staff have answered.
    """
    behind = roles_behind(survey).get(str(verdict["school_id"]), [])
    return _written(survey.wave_id, verdict, wave, today, behind)


def schools_to_resend(survey: Survey, verdicts: pl.DataFrame, wave: Wave, today: date) -> pl.DataFrame:
    """The schools whose staff should get the form again, those that need most answers first: the rows of `verdicts`
    with send_again.

    school_id, school_name, verdict_label, respondents, headcount, missing (answers to the target, and to what can be
    shown; null: not known), more_answers (that would probably make it safe; null: not known), needed (the larger of the
    two), missing_groups (roles, in words), link, reminder.
    """
    behind = roles_behind(survey)
    found = []
    for row in to_resend(verdicts).to_dicts():
        groups = behind.get(row["school_id"], [])
        found.append(
            {
                **row,
                "verdict_label": VERDICTS.get(row["verdict"], ""),
                "missing_groups": listed(_named(groups, row)),
                "link": wave.link_to(row["school_name"]),
                "reminder": _written(survey.wave_id, row, wave, today, groups),
            }
        )
    return pl.DataFrame([{name: row[name] for name in _RESEND} for row in found], schema=_RESEND)


def resend_sentence(rows: pl.DataFrame) -> str:
    """What to do about the schools of `to_resend`, in words."""
    names = rows["school_name"].to_list()
    if not names:
        return "No school needs the form again."
    those = listed(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3:,} more schools"
    return f"Send the form again to {those}."


def _written(wave_id: str, verdict: Mapping[str, object], wave: Wave, today: date, behind: Sequence[_Group]) -> str:
    answered, staff = verdict["respondents"], verdict["headcount"]
    is_enough = verdict["verdict"] == "safe" and not verdict["missing"]
    if not isinstance(answered, int) or is_enough or (isinstance(staff, int) and answered >= staff):
        return ""
    parts = ["Hello everyone,", f"{_so_far(wave_id, answered, staff)} {_what_for(verdict)}"]
    groups = _named(behind, verdict)
    if groups:
        parts.append(f"We would especially like to hear from more of these roles: {', '.join(groups)}.")
    until = f" by {wave.closes_on:%A}, {day_said(wave.closes_on)}" if wave.closes_on and wave.closes_on >= today else ""
    link = wave.link_to(str(verdict["school_name"])) or NO_LINK
    return "\n\n".join([*parts, f"If you have not answered yet, please do so{until}:\n{link}", "Thank you!"])


def _named(behind: Sequence[_Group], verdict: Mapping[str, object]) -> list[str]:
    """The roles to name: not one that answers more than the school does, or readers would wonder who is meant."""
    rate = verdict["rate"] if isinstance(verdict["rate"], float) else 1.0
    return [name for name, of_group in behind if of_group is None or of_group <= rate]


def _so_far(wave_id: str, answered: int, staff: object) -> str:
    survey = f"our technology survey ({wave_id})"
    if not answered:
        return f"No one here has answered {survey} yet."
    have = "1 of us has" if answered == 1 else f"{answered:,} of us have"
    if not isinstance(staff, int):
        return f"So far {have} answered {survey}."
    if answered > staff / 2:
        return f"Most of your colleagues have answered {survey}: {answered:,} of our {staff:,} staff."
    return f"So far {answered:,} of our {staff:,} staff {'has' if answered == 1 else 'have'} answered {survey}."


def _what_for(verdict: Mapping[str, object]) -> str:
    missing, more = (value if isinstance(value, int) else 0 for value in (verdict["missing"], verdict["more_answers"]))
    if more and more >= missing:
        answers = "1 more answer" if more == 1 else f"{more:,} more answers"
        return f"About {answers} would probably settle which trainings we need most."
    if missing and verdict["respondents"]:
        answers = "1 more answer takes" if missing == 1 else f"{missing:,} more answers take"
        return f"{answers} us to our goal, so that the plan rests on all of us."
    return "Your answers decide which trainings we plan for our school."
