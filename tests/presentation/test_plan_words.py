"""The sentences of a plan: each says what the figures say, in the singular and the plural."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pd_core.codebook import Codebook
from pd_core.planning.changes import Change
from pd_core.planning.comparison import differences
from pd_core.planning.found import Found, found
from pd_core.planning.measure import Measure, Reach
from pd_core.planning.plan import plan
from pd_core.planning.problem import Rule
from pd_core.planning.result import Plan
from pd_core.planning.staffing import staffing
from pd_core.presentation.plan import Chosen, figures, sessions_section, unmet_section, view_section
from pd_core.presentation.plan_coverage import coverage_section, missing_lists
from pd_core.presentation.plan_limits import limits_section, second_sentence
from pd_core.presentation.plan_school import school_plan
from pd_core.presentation.plan_words import (
    difference_sentence,
    headline,
    how_good,
    measure_sentences,
    reason_sentence,
    rule_sentence,
)
from pd_core.presentation.what_if import what_if_section
from tests.planning.test_staffing import PROBLEM as STAFFED
from tests.summaries.test_plan_tables import SHARED

APART = replace(SHARED, ways={})


@pytest.fixture(scope="module")
def made() -> Found:
    return found(APART, plan(APART))


def test_the_headline_says_sessions_people_schools_and_who_should_resend() -> None:
    problem = replace(APART, resend={"b": 4})
    assert headline(problem, plan(problem)) == (
        "1 session reaches 9 of 16 people in need; 1 of 2 schools gets one; 1 should resend first"
    )
    rich = replace(APART, trainers=(replace(APART.trainers[0], home="b"), replace(APART.trainers[0], trainer_id="n")))
    assert headline(rich, plan(rich)) == "2 sessions reach 16 of 16 people in need; 2 of 2 schools get one"


def test_how_good_a_plan_is_depends_on_the_gap(made: Found) -> None:
    assert how_good(made.plan) == "No other plan reaches more people under these limits."
    worse = replace(made.plan, status="feasible", gap=0.034, bound=made.plan.objective / (1 - 0.034))
    assert how_good(worse) == "Another plan may reach more people, by 3.6% at most. More time may find it."
    none = replace(made.plan, status="feasible", gap=1.0, objective=0.0, bound=9.0)
    assert how_good(none) == "Another plan may reach more people. More time may find it."


def test_a_plan_is_compared_with_one_by_hand() -> None:
    measure = Measure(200, Reach(120, 8, 0.6, 0.25), Reach(100, 7, 0.5, 0.1))
    first, second = measure_sentences(measure)
    assert first.endswith("100 (50%) would be reached at 7 schools: the plan reaches 20 more.")
    assert first.startswith("This plan reaches 120 people (60% of those in need) at 8 schools.")
    assert "in the middle school 60% of the people in need are reached (by hand 50%)" in second
    assert measure_sentences(replace(measure, by_hand=measure.plan))[0].endswith("the plan reaches as many.")


REASONS = {
    "resend": "Too few have answered to decide. First get 4 more answers.",
    "no training": "The catalog has no entry class in Teams. Add one.",
    "no trainer": "No MIE who can come here has Teams, the hours and a slot. "
    "An MIE within 20 minutes could be certified in Teams.",
    "too few": "They are fewer than the 5 that a session needs. Ask for fewer people in a session.",
    "forbidden": "Every session for them is forbidden below. Remove that rule.",
}


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_has_its_sentence(codebook: Codebook, reason: str) -> None:
    row = {"school_id": "b", "skill_id": "teams", "kind": "entry", "people": 7, "reason": reason}
    problem = replace(APART, resend={"b": 4})
    assert reason_sentence(row, None, problem, codebook) == REASONS[reason]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("topics", "onenote;word"), "The school has its two topics, OneNote and Word. Forbid one of them"),
        (Change("hours", "m", 0.75), "Hours are used up. 0.75 more hours for Mia would allow one more session."),
        (Change("slots", "m"), "Mia still has the hours: add a slot."),
        (Change("slots"), "Trainers would need more hours too."),
        (Change("people", amount=1), "A session needs 1 more person."),
        (Change("people", amount=2), "A session needs 2 more people."),
        (Change("money", amount=1250), "The budget is used up. 1,250 more would pay for one more session."),
        (Change("fairness", "m"), "Other schools get their first session before this one gets its third."),
        (Change("search", "m"), "Search again with more time."),
        (Change("neighbor"), "They could only join a session at a neighboring school"),
        (Change("seats"), "No class has the 5 seats that a session needs."),
        (Change("seven hours", "onenote"), "The school's staff have their seven hours, in OneNote."),
    ],
)
def test_each_limit_has_its_sentence(codebook: Codebook, change: Change, sentence: str) -> None:
    row = {"school_id": "b", "skill_id": "teams", "kind": "entry", "people": 7, "reason": "limits"}
    assert sentence in reason_sentence(row, change, APART, codebook)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule("lock", "a", "t", "m", "x"), "Hold at least one session: “Teams” for Ash taught by Mia on January 2"),
        (Rule("forbid", training_id="t"), "Hold no session: “Teams”"),
        (Rule("forbid", "gone", slot_id="old"), "Hold no session: for gone in slot old"),
        (Rule("lock"), "Hold at least one session: any session"),
    ],
)
def test_a_rule_is_said_with_names(rule: Rule, sentence: str) -> None:
    assert rule_sentence(rule, APART) == sentence


def test_what_changed_is_counted(made: Found) -> None:
    same = differences(made.plan, made.plan)
    assert difference_sentence(same, made.plan, made.plan) == "Nothing changed: all 1 session stayed."
    empty = replace(made.plan, sessions=())
    gone = differences(made.plan, empty)
    assert difference_sentence(gone, made.plan, empty) == (
        "Since the plan before: 1 session gone; 0 stayed. It reaches 9 fewer people."
    )


def test_coverage_is_said_in_sentences_with_the_greatest_help_first(codebook: Codebook) -> None:
    lines = coverage_section(STAFFED, staffing(STAFFED), codebook).lines
    assert lines[0] == "What would help most: MIEs certified in OneNote, for 30 people. No one is."
    text = " ".join(lines)
    assert "2 schools have no MIE: Birch and Cedar." in text
    assert "1 school has two MIEs or more: Ash." in text
    assert "No MIE is certified to teach OneNote, which 30 people need." in text
    assert "The catalog has no entry class in Excel, which 12 people need." in text
    assert "reaching all 60 people in need takes 8 hours of classes; MIEs have 4" in text
    assert "1 slot is past: October 31." in text and "1 slot is too short for any class: November 2." in text
    assert "1 trainer can give nothing" in text and "Nia" in text


def test_lists_that_are_missing_are_named() -> None:
    assert missing_lists(STAFFED) == ()
    assert missing_lists(replace(STAFFED, trainings=(), slots=())) == ("catalog", "slots")


def test_figures_say_hours_and_where_there_is_pay_money(made: Found) -> None:
    shown = {one.label: (one.value, one.note) for one in figures(made)}
    assert shown == {
        "Trainer hours": ("1", "of 1, travel included"),
        "Staff hours": ("9", "of everyone who attends"),
        "Per person": ("1 h", "at most, of 7 paid"),
    }
    paid = replace(APART, rate=40.0, budget=500.0)
    assert ("Cost", "360", "of 500") in [(one.label, one.value, one.note) for one in figures(found(paid, plan(paid)))]


def test_views_sum_the_plan_up(made: Found, codebook: Codebook) -> None:
    headings = [view_section(made, view, codebook).heading for view in ("school", "trainer", "slot")]
    assert headings == [
        "1 of 2 schools gets a session", "1 of 1 trainer gives a session", "1 of 1 slot has a session"
    ]  # fmt: skip


def test_sessions_are_narrowed_to_regions_trainers_and_skills(made: Found) -> None:
    for chosen, number in (
        (Chosen(), 1), (Chosen(regions=["north"]), 1), (Chosen(regions=["south"]), 0),
        (Chosen(trainer_ids=["n"]), 0), (Chosen(skill_ids=["teams"]), 1), (Chosen(skill_ids=["word"]), 0),
    ):  # fmt: skip
        assert sessions_section(made, chosen, None).heading == f"{number} session{'' if number == 1 else 's'}"


def test_what_is_left_is_counted_and_nothing_left_is_said(made: Found, codebook: Codebook) -> None:
    left = unmet_section(made, codebook)
    assert left.lines == ("7 people in need are not reached, each counted for each training that they need.",)
    nothing = replace(APART, needs={("a", "teams", "entry"): 9})
    assert unmet_section(found(nothing, plan(nothing)), codebook).lines == ("Everyone in need is reached.",)


def test_limits_say_what_one_more_would_bring(made: Found) -> None:
    more = replace(SHARED, needs={("a", "teams", "entry"): 30})
    section = limits_section(found(more, plan(more)))
    assert section.lines == ("One more seat in “Teams” would bring 1 more person.",)
    assert section.table is not None
    assert section.table.frame.rows() == [
        ("Seats", "“Teams”", "none", 1.0),
        ("Hours", "Mia", "none", 0.0),
        ("Slots", "Ash", "none", None),
    ]


def test_what_came_second_is_named_or_that_nothing_did(made: Found) -> None:
    (session,) = made.plan.sessions
    assert second_sentence(made, session.session_id) == (
        "No other session could take its place: this trainer could give nothing else at this time."
    )
    wide = replace(APART, trainers=(replace(APART.trainers[0], minutes=600),), slots=APART.slots[:1])
    two = found(wide, plan(wide))
    (session,) = two.plan.sessions
    assert second_sentence(two, session.session_id) == (
        "Next best for this trainer and time, the rest staying: “Teams” at Birch, 7 people, 2 fewer."
    )


def test_a_school_has_cards_a_goal_and_a_notice_to_resend(made: Found, codebook: Codebook) -> None:
    own = school_plan(made, "a", "Every class in Teams.", codebook)
    assert own.title == "Ash: 1 session reaches 9 of 9 people in need"
    assert (own.goal, own.notice) == ("Goal: Every class in Teams.", "")
    (card,) = own.cards
    assert (card.when, card.actions, card.url) == (
        "Thursday, January 2, 2031, 12:00 a.m. to 2:00 a.m.", ("Post one thing",), "https://example.org/t"
    )  # fmt: skip
    assert card.who == "Entry class for 9 people, taught by Mia."
    late = replace(APART, resend={"b": 4}, weights={("b", "teams"): 2.0})
    other = school_plan(found(late, plan(late)), "b", "", codebook)
    assert other.title == "Birch: no session is proposed yet"
    assert other.goal == "In the plan, Teams counts 2 times."
    assert other.notice.endswith("Send the form again first. 4 more answers would probably be enough.")


def test_other_conditions_stand_side_by_side_with_the_plan(made: Found) -> None:
    more = replace(made.plan, sessions=(*made.plan.sessions, replace(made.plan.sessions[0], reached=5)))
    section = what_if_section(made, {"facilitator": more, "day": "There are no slots."})
    assert section.sentence == "Most would be gained by this: one more facilitator, 5 more people."
    assert section.table is not None
    rows = section.table.frame.to_dicts()
    assert [(row["condition"], row["more"]) for row in rows] == [
        ("As planned", 0), ("One more facilitator", 5), ("One more day", None)
    ]  # fmt: skip
    assert rows[2]["note"] == "There are no slots."
    assert "cost" not in section.table.columns, "there is no pay"
    nothing: dict[str, Plan | str] = {"day": made.plan}
    assert what_if_section(made, nothing).sentence == "None of these would reach more people."
