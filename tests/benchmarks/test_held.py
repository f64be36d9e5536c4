"""How long the hours of what was held take: exported again and again, and just after something was written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.entities import Delivery
from pd_core.reports.files import render
from pd_core.storage import Store, open_store, reference
from pd_core.storage.deliveries import Written, put_deliveries
from pd_core.summaries import held
from tests.benchmarks.district import fill
from tests.benchmarks.test_page_work import milliseconds

pytestmark = pytest.mark.benchmarks
SCHOOLS, SESSIONS, ATTENDANCES, STAFF = 60, 400, 2_000, 2_400
TRAININGS, TRAINERS = 18, 44


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[Store]:
    """Sixty schools with 400 sessions: 2,000 people on the lists of 200 of them, the others with a number."""
    store = open_store(str(tmp_path_factory.mktemp("store") / "pd.duckdb"), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=10_000)
    schools = [f"school_{number:04}" for number in range(SCHOOLS)]
    staff = [(f"p{number}", schools[number % SCHOOLS], "teacher", None) for number in range(STAFF)]
    columns = dict.fromkeys(("respondent", "school_id", "role", "grade_band"), pl.String)
    reference.set_roster(store, pl.DataFrame(staff, schema=columns, orient="row"), "test")
    random, sessions = np.random.default_rng(7), list[Delivery]()
    lists: dict[str, dict[str, float | None]] = {}
    for number in range(SESSIONS):
        name, day = f"X{number:03}", date(2026, 7, 1) + timedelta(days=number % 300)
        attended = None if number % 2 else int(random.integers(2, 15))
        place = schools[number % SCHOOLS], f"t{number % TRAININGS}", f"m{number % TRAINERS}"
        sessions.append(Delivery(name, day, attended, 60.0, "", True, *place))
        if attended is None:  # two of the ten work at another school
            here = random.choice(np.arange(number % SCHOOLS, STAFF, SCHOOLS), 8, replace=False)
            there = random.choice(np.arange((number + 7) % SCHOOLS, STAFF, SCHOOLS), 2, replace=False)
            lists[name] = dict.fromkeys([f"p{one}" for one in (*here, *there)])
    assert sum(map(len, lists.values())) == ATTENDANCES
    put_deliveries(store, "delivery", "test", lambda _: Written((), sessions, lists, [], "held"))
    yield store
    store.close()


def hours(store: Store) -> bytes:
    """What `export hours` writes."""
    return render(held.held_table(store, "hours", EVERYTHING), "csv")


def shortest(action: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the shortest of several runs."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - began))
    return min(taken)


def test_the_hours_of_2000_attendances_are_exported_in_a_few_times_the_time_of_writing_them(
    benchmark: BenchmarkFixture, district: Store
) -> None:
    rows = held.held_table(district, "hours", EVERYTHING)
    writing = shortest(lambda: render(rows, "csv"), 20)
    export = milliseconds(benchmark, lambda: hours(district), 20)
    print(
        f"export hours {export:.1f} ms, its {rows.height} rows written {writing:.1f} ms: {export / writing:.1f} times"
    )
    assert export < 100 and export / writing < 20


def test_which_sums_of_400_sessions_are_hidden_is_found_in_less_than_a_second(
    district: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = held.held_sessions(district).matrix.astype(np.float64)
    one, size = shortest(lambda: np.linalg.eigh(matrix.T @ matrix), 3), matrix.shape[1]

    def cold() -> None:
        monkeypatch.setattr(held, "_hidden", type(held._hidden)(max_entries=8, max_bytes=1_000_000))
        held._kept.clear()
        held.held_sessions(district)

    taken = shortest(cold, 3)
    print(f"cold {taken:.0f} ms for {size} parts; one decomposition {one:.0f} ms: {taken / one:.1f} times")
    assert taken < 1000 and taken / one < 20
