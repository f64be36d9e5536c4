"""What was taught, from sessions that were held: treatment by list and by number, growth in between, and the board."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from pd_core.entities import Delivery
from pd_core.presentation.growth import taught_section
from pd_core.storage import Store, outcomes
from pd_core.storage.deliveries import Written, put_deliveries
from pd_core.storage.next_day import put_next_day_answer
from pd_core.storage.training_lists import set_training_list
from pd_core.summaries import held
from pd_core.summaries.deliveries import taught_between
from pd_core.summaries.held import held_sessions
from pd_core.summaries.impact import ALL, impact, panel
from pd_core.summaries.impact_board import board, trainings
from pd_core.summaries.impact_figures import Impact
from pd_core.summaries.taught import taught
from tests.district import District, principal
from tests.measures.panels import outcomes as made_up
from tests.measures.panels import random_starts
from tests.summaries.test_deliveries import CATALOG
from tests.summaries.trained_schools import MONTHS, fill
from tests.summaries.two_waves import NOW, THEN, answer, at_level, grown

NUMBERS = ["school_id", "training_id", "period", "people", "newly", "newly_of_all"]


def hold(
    store: Store,
    session_id: str,
    day: date,
    people: int | list[str],
    school_id: str = "lincoln",
    training_id: str = "word-1",
) -> None:
    """Stores that a training outside the plan was held for 90 minutes: with a number of people, or a list of them."""
    is_list = isinstance(people, list)
    delivery = Delivery(session_id, day, None if is_list else people, 90.0, "", True, school_id, training_id, "mia")  # type: ignore[arg-type]
    lists = {session_id: dict.fromkeys(people, None)} if isinstance(people, list) else None
    put_deliveries(store, "delivery", "test", lambda _: Written((), [delivery], lists, [school_id], session_id))


def test_people_on_lists_are_newly_trained_once_and_those_counted_each_time(district: District) -> None:
    everyone = [f"lincoln {number}" for number in range(8)]
    answer(district, THEN, at_level(2, range(8)))
    hold(district.store, "a", date(2026, 10, 5), everyone[:5])
    hold(district.store, "b", date(2026, 11, 5), everyone[2:], training_id="word-1")
    hold(district.store, "c", date(2026, 11, 6), everyone, training_id="excel-1")
    hold(district.store, "d", date(2026, 12, 1), 7)
    assert taught(district.store).rows.select(NUMBERS).rows() == [
        ("lincoln", "word-1", "2026-10", 5, 5, 5),
        ("lincoln", "word-1", "2026-11", 6, 3, 3),
        ("lincoln", "excel-1", "2026-11", 8, 8, 0),
        ("lincoln", "word-1", "2026-12", 7, 7, 7),
    ]


def test_schools_start_when_sessions_reach_enough_staff_just_as_from_a_file(store: Store) -> None:
    values, starts = 50 + 0.5 * (made_up(np.random.default_rng(30)) - 90), random_starts(np.random.default_rng(30))
    fill(store, values, starts)
    from_file = impact(store)
    rows = taught(store).rows.select("school_id", "training_id", "period", "people").rows()
    none = pl.DataFrame([(*row[:3], 0) for row in rows], schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(store, none, "d.csv", "test")
    assert impact(store)["schools_treated"].to_list() == [0]
    for day, part in (("03", lambda people: people - 3), ("20", lambda people: 3)):
        sessions = [
            Delivery(f"{school}-{day}", date.fromisoformat(f"{period}-{day}"), part(people), 90.0, "", True, school,
                     training, "mia")
            for school, training, period, people in rows
        ]  # fmt: skip
        put_deliveries(store, "delivery", "test", lambda _, given=sessions: Written((), given, None, [], "held"))
    assert impact(store).equals(from_file)
    assert impact(store, training="teams-entry")["schools_treated"].to_list() == from_file["schools_treated"].to_list()
    assert panel(store, "attendance", ALL).notes == ()


def test_what_is_known_is_kept_until_a_session_is_held(store: Store) -> None:
    fill(store, made_up(np.random.default_rng(33), schools=3, periods=4), np.array([1, 4, 4]))
    asked = Impact(store, ["attendance"], ALL)
    store.note("sign-in", "mia")
    assert Impact(store, ["attendance"], ALL).at == asked.at, "who signs in changes no figure"
    hold(store, "x", date.fromisoformat(f"{MONTHS[2]}-03"), 12, "s01")
    again = Impact(store, ["attendance"], ALL)
    assert again.at != asked.at
    assert again.panel("attendance", ALL).starts.tolist() == [1, 2, 4]


def test_which_sums_are_hidden_is_worked_out_once_for_the_same_people(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(store, "a", date(2025, 10, 5), 12)
    before = held_sessions(store).hidden.tolist()
    monkeypatch.setattr(held, "hidden_sums", None)
    store.note("sign-in", "mia")
    assert held_sessions(store).hidden.tolist() == before
    monkeypatch.undo()
    hold(store, "few", date(2025, 10, 6), 3)
    assert sum(held_sessions(store).hidden) > sum(before)


@pytest.fixture
def answered(district: District) -> District:
    for wave in (THEN, NOW):
        answer(district, wave, at_level(2, range(20)) | at_level(2, range(20), "madison"))
    set_training_list(district.store, "training", CATALOG, "test")
    return district


def test_growth_lists_the_sessions_that_were_held_in_between(answered: District) -> None:
    pair = grown(answered)
    assert "No training is recorded" in taught_section(pair, "lincoln").sentence
    hold(answered.store, "before", date(2025, 9, 30), 30)
    hold(answered.store, "a", date(2025, 10, 5), 6)
    hold(answered.store, "b", date(2026, 9, 20), 8)
    hold(answered.store, "after", date(2026, 10, 20), 30)
    (found,) = taught_between(pair, "lincoln").to_dicts()
    assert (found["title"], found["people"], found["hours"], found["skill_name"]) == ("Word for all", 14, 21.0, "Word")
    assert "Word for all (14 people)" in taught_section(pair, "lincoln").sentence
    assert taught_between(grown(answered, scope=principal("hidden", "madison")), "lincoln").is_empty()


def test_a_sum_that_would_tell_of_a_small_session_is_not_shown(answered: District) -> None:
    hold(answered.store, "a", date(2025, 10, 5), 12)
    hold(answered.store, "few", date(2025, 10, 6), 3)
    (found,) = taught_between(grown(answered), "lincoln").to_dicts()
    assert (found["people"], found["suppressed"]) == (None, True), "15 less the session's 12 is 3"
    (on_board,) = board(answered.store, None, [], date(2026, 1, 1)).to_dicts()
    assert (on_board["people"], on_board["hours"], on_board["cost"]) == (None, None, None)


def test_the_board_has_what_sessions_took_and_who_did_the_next_day_action(answered: District) -> None:
    funds = pl.DataFrame({
        "year": ["2025-26"], "fund": ["Levy"], "rate": [40.0], "amount": [9000.0], "hours_each": [7.0],
        "trainings": [""],
    })  # fmt: skip
    set_training_list(answered.store, "budget", funds, "test")
    hold(answered.store, "a", date(2025, 10, 5), 12)
    for number in range(6):
        put_next_day_answer(answered.store, "a", f"mark {number}", "yes" if number < 4 else "not yet", "", most=99)
    (soon,) = board(answered.store, None, [], date(2025, 10, 6)).to_dicts()
    assert (soon["people"], soon["hours"], soon["cost"], soon["did_share"]) == (12, 18.0, 720.0, None)
    (later,) = board(answered.store, grown(answered), [], date(2025, 11, 6), rate=99.0).to_dicts()
    assert (later["cost"], later["answered"], later["did_share"]) == (720.0, 6, pytest.approx(4 / 6))
    assert (later["taught"], later["others"]) == (1, 1), "Lincoln was taught, Madison was not"
    assert trainings(answered.store) == {"word-1": "Word for all"}
