"""Methods: which small groups are hidden, who sees what, and where answers are stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pd_core.access import Others
from pd_core.disclosure.suppression import (
    FEWEST,
    FEWEST_FOR_COMMENTS,
    MERGED,
    NOT_ENOUGH_SCHOOLS,
    PART_HIDDEN,
    REASONS,
    TOO_FEW,
    TOO_FEW_ANSWERS,
)
from pd_core.disclosure.two_waves import MIN_GROUP, MIN_MATCHED
from pd_core.ingestion.wave_names import suggest_wave
from pd_core.presentation.chapters import Chapter

_OTHERS: Mapping[Others, str] = {
    "hidden": "other schools do not appear, except in the word that compares theirs with similar schools",
    "unnamed": "other schools appear in comparisons without a name, in steps of 5%",
    "named": "other schools appear in comparisons by name",
}


def privacy_chapters(others: Others) -> tuple[Chapter, ...]:
    """Who sees what, and where answers live; `others` is how people with a role for schools see other schools."""
    return _who_sees_what(others), _where_answers_live()


def small_groups() -> Chapter:
    """Which small groups are hidden, and why."""
    return Chapter(
        "Small groups",
        f"""
        No one's answers may be read off a chart, a table or a file. A hidden group shows no number, and says why:

        1. *{REASONS[TOO_FEW]}*: a school with fewer than {FEWEST} respondents is hidden. No other school is hidden for
           its sake.
        2. Hidden schools count in the district's figures only together, as **small schools together**: two schools or
           more, with {FEWEST} people or more even without the largest of them, and without the schools of any one
           person who uploads for several. Otherwise they are in no sum: *{REASONS[NOT_ENOUGH_SCHOOLS]}*.
        3. *{REASONS[TOO_FEW_ANSWERS]}*: a question that only a few people of a school answered is hidden there, and
           left out of that question's sum.
        4. *{REASONS[MERGED]}*: the small roles of a school are shown merged, as **other roles together**.
        5. A role's figure for the district is the sum of what is shown. Where a small group would still follow from
           several such sums together, the smallest part is left out of them.

        6. *{REASONS[PART_HIDDEN]}*: an implementation class is hidden with either of its two questions.

        People who do not see every school get the district's shares in whole percents and its counts rounded to 5: an
        exact share would be one more equation for what is hidden. Filters by level, region and
        school only leave rows out. Comments are shown once a school has {FEWEST_FOR_COMMENTS} respondents, to
        facilitators and administrators, never for one role.

        Two waves have no answer in common, but together they say who answered both times. Figures of these people are
        shown from {MIN_MATCHED} on, if no one or at least {MIN_GROUP} answered only the first time, and only the
        second. Their table of levels is shown if each of its rows has no one or at least {MIN_GROUP} people; otherwise
        the table of proficient or not, otherwise how many went up, stayed and went down. A role, a row of a table or
        another pair of waves is shown only if, with what is shown already, it leaves no group of fewer than {MIN_GROUP}
        over. With three waves or more, people are followed from each wave to the next one; for other pairs only if no
        one or at least {MIN_GROUP} people answered in just the same waves.

        How many people of a school answered is always shown: it says nothing about what they answered.""",
    )


def _who_sees_what(others: Others) -> Chapter:
    return Chapter(
        "Who sees what",
        f"""
        Administrators and facilitators see every school. Principals and MIEs see their own, and the district's
        figures; {_OTHERS[others]}. A share link shows one school or the district to anyone who
        has it, until it expires or is revoked. What is hidden from one person is hidden from all: small groups are
        removed first, for everyone.""",
    )


def _where_answers_live() -> Chapter:
    return Chapter(
        "Where answers live",
        f"""
        In one store, on the computer or server that runs PD Pulse. **Not stored**: names and e-mail addresses. An
        address is replaced by a code that cannot be made without this installation's secret key. Comments are stored
        as written, without any record of who wrote them. Nothing is overwritten: an upload can be undone, and what it
        replaced comes back. Answers are deleted only when someone asks to be forgotten, or when they are older than
        the district keeps them.

        A **wave** is named after the middle one of its completion dates: July to December is fall, January to June is
        spring (October 5, 2026 is “{suggest_wave(datetime(2026, 10, 5))}”). You can choose another name when you
        upload.""",
    )
