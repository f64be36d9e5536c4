"""What to do next, in a sentence: send the form again, give a number of staff, or plan a class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import OTHER
from pd_core.disclosure.suppression import FEWEST
from pd_core.needs.needs import needed
from pd_core.needs.verdicts import can_be_shown
from pd_core.needs.verdicts import verdicts as verdicts_of
from pd_core.presentation.need_sentences import NEED_HELP, need_sentence
from pd_core.presentation.reminders import resend_sentence
from pd_core.summaries.coverage import missing_to_target, to_resend
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent, plural, within

Action = Literal["upload", "remind", "plan", "district"]
"""Where to go next: to upload, to send the form again, to plan, or to look at the district's results."""


def start_with(entry: pl.DataFrame, topics: pl.DataFrame, times: pl.DataFrame) -> str:
    """The entry class needed most, the topic most asked for, the time that suits most; “” if all of it is hidden.

    `entry` are the rows of `needs_of` for entry classes; `topics` and `times` those of `wishes_of`.
    """
    parts = []
    for need in needed(entry).head(1).to_dicts():
        people = within(need_sentence(need))
        hidden = entry["suppressed"].any() and " Not every class can be shown; another may be needed more."
        parts.append(f"Start with an entry class in {need['skill_name']}: {people} {NEED_HELP}.{hidden or ''}")
    wanted = _most_wanted(topics)
    suits = _most_wanted(times)
    if wanted:
        parts.append(f"The topic most asked for is “{wanted[0]}” ({wanted[1]}).")
    if suits:
        parts.append(f"The time that suits most often is “{suits[0]}” ({suits[1]}).")
    return " ".join(parts)


def _most_wanted(wishes: pl.DataFrame) -> tuple[str, str] | None:
    """The label that most people chose, and how many of those who answered; null if no one did or it is hidden.

    Never “Other”: no one can plan for that.
    """
    asked = wishes.filter((pl.col("respondents") > 0) & (pl.col("code") != OTHER))
    row = next(iter(asked.head(1).to_dicts()), None)
    return (str(row["label"]), f"{row['respondents']:,} of {row['answered']:,}") if row else None


def district_advice(
    survey: Survey, entry: pl.DataFrame, verdicts: pl.DataFrame | None, *, may_rank: bool
) -> tuple[Action, str]:
    """What to do next in the district; `entry` are the entry classes that are needed, greatest need first, which
    `may_rank` if none is hidden. Without `verdicts`, it uses those that are worked out.
    """
    if verdicts is None:  # for people with a few schools, wait: a large district's verdicts come when they are ready
        verdicts = verdicts_of(survey, wait=survey.scope.school_ids is not None)
    late = to_resend(verdicts)
    if late.height and late["verdict"].null_count():
        return "remind", "Which schools need the form again is being worked out."
    if late.height:
        return "remind", resend_sentence(late)
    if survey.response_rates.filter(pl.col("school_id") == DISTRICT)["headcount"].null_count():
        return "upload", "Tell the district's administrator how many staff work here."
    return _plan(entry, may_rank=may_rank)


def school_advice(
    survey: Survey, verdict: Mapping[str, object], entry: pl.DataFrame, *, hidden: bool, may_rank: bool
) -> tuple[Action, str]:
    """What to do next at a school, of its row of `verdicts`; `entry` and `may_rank` as in `district_advice`; `hidden`
    if none of its skills can be shown."""
    status, staff = verdict["status"], verdict["headcount"]
    if not can_be_shown(staff) and status != "check headcount":
        few = f"Fewer than {FEWEST} people work here, so these results can never be shown alone"
        where = _where_it_counts(survey, verdict, "the district's")
        return "district", f"{few}; {where}."
    if verdict["send_again"]:
        return "remind", _remind(survey, verdict)
    if status == "check headcount":
        return "upload", f"Tell the district's administrator that more than {staff} people work here."
    if hidden:
        return "district", f"Plan with the district's results: {_where_it_counts(survey, verdict, 'them')}."
    if status == "no headcount":
        return "upload", "Tell the district's administrator how many staff work here."
    if verdict["verdict"] in ("leaning", "too early"):
        names = listed(entry["skill_name"].head(2).to_list())
        return "plan", f"Enough people answered. Talk over which of the classes that are close comes first: {names}?"
    return _plan(entry, may_rank=may_rank)


def _where_it_counts(survey: Survey, verdict: Mapping[str, object], results: str) -> str:
    if survey.counts_in_district(str(verdict["school_id"])):
        return f"the answers from here count in {results}"
    return f"the answers from here are not in {results}, or they could be worked out"


def _remind(survey: Survey, verdict: Mapping[str, object]) -> str:
    number, more, answered, missing = (verdict[name] for name in ("needed", "more_answers", "respondents", "missing"))
    if not isinstance(number, int):
        return f"Send the form again: results can be shown from {FEWEST} answers on."
    answers = plural(number, "more answer")
    if isinstance(more, int):
        would = f"{'' if number == 1 else 'about '}{answers} would"
        return f"Send the form again: {would} probably make it safe to decide."
    reach = "reaches" if number == 1 else "reach"
    if isinstance(missing, int) and isinstance(answered, int) and missing_to_target(survey, verdict) < missing:
        return f"Send the form again: {answers} {'is' if number == 1 else 'are'} needed before anything can be shown."
    return f"Send the form again: {answers} {reach} the district's target of {percent(survey.target_share)}."


def _plan(entry: pl.DataFrame, *, may_rank: bool) -> tuple[Action, str]:
    if entry.is_empty():
        return "plan", "Look at the training page together with your facilitator."
    first = entry.row(0, named=True)
    people = f"the {first['skill_name']} class: {within(need_sentence(first))} {NEED_HELP}"
    if may_rank:
        return "plan", f"Plan {people}."
    return "plan", f"Look at {people}; not every class can be shown, and another may be needed more."
