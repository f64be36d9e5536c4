"""A store in PostgreSQL with a million answers, read from its copy in memory: pages next to those of a file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator

import pytest

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.codebook import Codebook
from pd_core.config import load_settings
from pd_core.storage import Store, open_store
from pd_core.storage.moving import move_store
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import Survey
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import WAVES, fill
from tests.benchmarks.test_page_work import NAMES, comparison_page, overview_page
from tests.postgres import missing, running
from tests.storage.made_up import put, staff
from tests.waiting import wait_until

pytestmark = pytest.mark.benchmarks
SCHOOLS, ANSWERS, ROUNDS = 2_000, 1_000_000, 5


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[tuple[Store, Store]]:
    """The same answers in a file and in PostgreSQL."""
    if lacks := missing():
        pytest.skip(lacks)
    folder, items = tmp_path_factory.mktemp("million"), list(codebook.items.values())
    file = str(folder / "pd.duckdb")
    native = open_store(file, items)
    fill(native, codebook, schools=SCHOOLS, responses=ANSWERS)
    native.close()
    with running() as server:
        location = server.database()
        list(move_store(file, location, items))
        native, shared = open_store(file, items), open_store(location, items)
        try:
            yield native, shared
        finally:
            shared.close()
            native.close()
    shutil.rmtree(folder)


def milliseconds(store: Store, codebook: Codebook, page: Callable[[Survey, str], None]) -> float:
    """Of a page whose figures no one has made yet, as a run of a page reads them."""
    took = []
    for _ in range(ROUNDS):
        store._answers.clear()
        began = time.perf_counter()
        with store.at_one_revision():
            page(Survey(DistrictSurvey(store, codebook, WAVES[-1], None, 0.6), EVERYTHING), DISTRICT)
        took.append(time.perf_counter() - began)
    return 1000 * min(took)


def test_pages_of_a_store_in_postgresql_are_about_as_quick_as_those_of_a_file(
    measured: Measured, stores: tuple[Store, Store], codebook: Codebook
) -> None:
    native, shared = stores
    direct = milliseconds(shared, codebook, overview_page)
    began = time.perf_counter()
    shared.keep_mirror(load_settings({}).mirror_megabytes)
    assert shared.mirror is not None
    wait_until(lambda: shared.mirror is not None and shared.mirror.size() > 0, "there is a copy")
    measured("The copy of a million answers in PostgreSQL, made", time.perf_counter() - began, "s", at_most=30)
    measured("Memory of that copy", shared.mirror.size() / 1e6, "MB", at_most=load_settings({}).mirror_megabytes)
    for page in (overview_page, comparison_page):
        peer = {"peer": milliseconds(native, codebook, page), "peer_name": "the same answers in a file"}
        took = milliseconds(shared, codebook, page)
        measured(f"{NAMES[page]} of a million answers in PostgreSQL, from its copy", took, "ms", at_most=1.5, **peer)
        assert shared.mirror.frame("select 1 as one", {}, shared.revision()) is not None
    peer = {"peer": direct, "peer_name": "the same without the copy"}
    measured("Overview with the copy", milliseconds(shared, codebook, overview_page), "ms", **peer)


def test_an_upload_is_in_the_copy_at_once(measured: Measured, stores: tuple[Store, Store]) -> None:
    _, shared = stores
    shared.keep_mirror(load_settings({}).mirror_megabytes)
    assert shared.mirror is not None
    wait_until(lambda: shared.mirror is not None and shared.mirror.size() > 0, "there is a copy")
    took = []
    for number in range(ROUNDS):
        put(shared, f"upload {number}", staff(f"{number} {place}" for place in range(60)), "Spring 2031")
        revision = shared.revision()
        began = time.perf_counter()
        assert shared.mirror.frame("select count(*) as n from store.response", {}, revision) is not None
        took.append(1000 * (time.perf_counter() - began))
    measured("60 new answers among a million, taken into the copy", min(took), "ms", at_most=250)
