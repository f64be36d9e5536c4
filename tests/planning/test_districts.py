"""Plans of any district keep every limit; the same district has the same plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.greedy import by_hand
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Rule, School, Slot, Trainer, Training
from pd_core.planning.propose import total_gain
from tests.planning.made_up import NOW, district, tiny
from tests.planning.verifier import broken_limits

SCHOOLS, SKILLS, SLOTS = ["s0", "s1", "s2", "s3"], ["a", "b", "c"], ["x0", "x1", "x2"]


@st.composite
def districts(draw: st.DrawFn) -> Problem:
    """Any district of up to four schools, with every list and option there is."""
    school_ids = SCHOOLS[: draw(st.integers(1, 4))]
    slot_ids = SLOTS[: draw(st.integers(1, 3))]
    of_any = st.sampled_from
    trainings = tuple(
        Training(
            f"t{number}", f"T{number}", draw(of_any(SKILLS)), draw(of_any(["entry", "implementation"])),
            draw(of_any([30.0, 60.0, 200.0, 420.0])), draw(st.integers(1, 12)),
        )
        for number in range(draw(st.integers(1, 4)))
    )  # fmt: skip
    trainers = tuple(
        Trainer(
            f"p{number}", f"P{number}", draw(of_any(["mie", "facilitator"])), draw(of_any(school_ids)),
            draw(st.frozensets(of_any(SKILLS))), draw(of_any([0.0, 60.0, 150.0, 600.0])),
            draw(st.none() | st.frozensets(of_any([*slot_ids, "not listed"]))),
        )
        for number in range(draw(st.integers(1, 4)))
    )  # fmt: skip
    slots = tuple(
        Slot(
            slot_id,
            start := NOW + timedelta(hours=draw(st.integers(-2, 6))),
            start + timedelta(hours=draw(of_any([1, 2, 8]))), draw(of_any(["", "late"])),
        )
        for slot_id in slot_ids
    )  # fmt: skip
    any_of = lambda ids: of_any(["", *ids])  # noqa: E731 - shorter than a function
    rules = draw(
        st.lists(
            st.builds(
                Rule, of_any(["lock", "forbid"]), any_of(school_ids), any_of([one.training_id for one in trainings]),
                any_of([one.trainer_id for one in trainers]), any_of(slot_ids),
            ),
            max_size=2,
        )
    )  # fmt: skip
    keys = st.tuples(of_any(school_ids), of_any(SKILLS), of_any(["entry", "implementation"]))
    pairs = [(one, other) for one in school_ids for other in school_ids if one < other]
    return Problem(
        schools=tuple(School(one, one.upper(), draw(of_any(["north", "south"]))) for one in school_ids),
        trainings=trainings, trainers=trainers, slots=slots,
        needs=draw(st.dictionaries(keys, st.integers(0, 30), max_size=12)),
        now=NOW,
        weights=draw(st.dictionaries(st.tuples(of_any(school_ids), of_any(SKILLS)), of_any([0.0, 0.5, 3.0]))),
        ways=draw(st.dictionaries(of_any(pairs), of_any([0.0, 10.0, 25.0]))) if pairs else {},
        shares=draw(st.dictionaries(st.tuples(of_any(school_ids), st.just("late")), of_any([0.25, 1.0]))),
        resend=draw(st.dictionaries(of_any(school_ids), st.none() | st.integers(1, 9), max_size=1)),
        rules=tuple(rules), fewest=draw(st.integers(1, 6)),
        budget=draw(st.none() | of_any([0.0, 300.0])), rate=30.0,
    )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problem=districts())
def test_every_plan_of_any_district_keeps_every_limit(problem: Problem) -> None:
    try:
        found = plan(problem, 5)
    except NoPlan as error:
        assert error.message and error.remedy
        return
    assert broken_limits(problem, found) == []


@pytest.mark.parametrize("seed", [2, 9, 11])
def test_the_same_district_has_the_same_plan(seed: int) -> None:
    first, second = plan(tiny(seed), 60), plan(tiny(seed), 60)
    assert first.status == second.status == "optimal"
    assert replace(first, seconds=0) == replace(second, seconds=0)


@pytest.fixture(scope="module")
def larger() -> Problem:
    return district(20, seed=1)


def test_a_larger_districts_plan_keeps_every_limit_and_beats_a_plan_made_by_hand(larger: Problem) -> None:
    found = plan(larger, 5)
    about = Eligibility(larger)
    by_one = by_hand(about, most_buildings=20)
    assert broken_limits(larger, found, most_buildings=20) == []
    assert total_gain(about, by_one) < found.objective <= found.bound


def test_once_no_plan_can_reach_more_people_the_search_ends_before_its_time() -> None:
    found = plan(district(3, 1), 90)
    assert found.status == "optimal"
    assert found.seconds < 60, "comfort alone would take all of it"


def test_a_plan_exists_when_there_is_hardly_any_time(larger: Problem) -> None:
    found = plan(larger, 0.3)
    assert found.status == "feasible"
    assert broken_limits(larger, found, most_buildings=20) == []


def test_locks_and_forbids_hold_in_a_larger_district(larger: Problem) -> None:
    rules = (
        Rule("lock", school_id="s003", trainer_id="f000"),
        Rule("lock", training_id="e-skill4", slot_id="t2"),
        Rule("forbid", trainer_id="m001"),
        Rule("forbid", school_id="s005", slot_id="t3"),
    )
    problem = replace(larger, rules=rules)
    assert broken_limits(problem, plan(problem, 3), most_buildings=20) == []
