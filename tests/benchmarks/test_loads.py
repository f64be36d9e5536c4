"""How long an address takes in a browser until its first screen is whole, and until all of the page is, next to a bare
page with one chart in the same run.

The first screen of each page is there in at most 1.3 times the time of the bare one. What is below it has the limits of
what pages take today: none may get slower.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import fill, put_plan
from tests.browser.conftest import launched
from tests.server import running_server

pytestmark = pytest.mark.benchmarks
SCHOOLS, BROWSERS, ROUNDS = 60, 4, 2
MOST = (1.3, 2.5)  # times
MOST_OF = {"school_comparison": (1.3, 2.8), "plan": (1.3, 2.8)}  # 60 schools with 12 skills; all sessions of a district
BARE = "tests/benchmarks/bare_app.py"
PAGES = (
    "", "responses", "school_comparison", "samr_distribution", "growth", "impact", "training_planning", "plan",
    "sessions", "hours", "programme", "credentials", "survey", "upload", "training_lists", "administration", "methods",
)  # fmt: skip
WATCH = """() => {
  const added = [];
  new MutationObserver((changes) => {
    const now = performance.now();
    for (const change of changes) for (const node of change.addedNodes) added.push([now, node]);
  }).observe(document, { subtree: true, childList: true });
  const isShown = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const view = document.querySelector("[data-testid=stAppViewContainer]");
    return view && view.contains(element) && element.getClientRects().length > 0;
  };
  const isOnFirstScreen = (node) => {
    const { top, bottom } = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  };
  const look = () => {
    const app = document.querySelector("[data-test-script-state]");
    const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")];
    const isThere = document.querySelector("[data-testid=stMain] h1") && app?.dataset.testScriptState === "notRunning"
      && charts.every((one) => one.querySelector("svg, canvas"));
    if (!isThere || performance.now() - added.at(-1)[0] < 300) {
      setTimeout(look, 20);
      return;
    }
    const shown = added.filter(([, node]) => isShown(node));
    const last = (parts) => Math.max(...parts.map(([at]) => at));
    window.times = [last(shown.filter(([, node]) => isOnFirstScreen(node))), last(shown)];
  };
  look();
}"""
"""Notes when the last part of the first screen was there, and the last of the page: at rest, 300 ms after it."""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    path = tmp_path_factory.mktemp("loads") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=SCHOOLS * 5 * 30)
    put_plan(store, codebook, sessions=2 * SCHOOLS)
    store.close()
    return path


def loaded(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds from going to an address to its whole first screen, and to the whole page."""
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.times", timeout=60_000)
    first, whole = page.evaluate("() => window.times")
    return first, whole


def watched(browser: Browser) -> Page:
    page = browser.new_page()
    page.add_init_script(f"({WATCH})()")
    return page


def first_look(browser: Browser, store: Path, script: str) -> float:
    """Seconds from a ready server to its first visitor's whole page, the least of three."""
    took = []
    for _ in range(3):
        with running_server(store, script=script) as address:
            page = watched(browser)
            began = time.perf_counter()
            loaded(page, address)
            took.append(time.perf_counter() - began)
            page.close()
    return min(took)


def test_the_first_page_after_the_start_takes_at_most_two_seconds_more_than_a_bare_one(
    playwright: Playwright, district: Path, measured: Measured
) -> None:
    with closing(launched(playwright)) as browser:
        bare = first_look(browser, district.with_name("none.duckdb"), BARE)
        ours = first_look(browser, district, "app.py")
    measured("the first page after the start, more than a bare Streamlit app", ours - bare, "s", at_most=2)


@pytest.fixture(scope="module")
def times(playwright: Playwright, district: Path) -> dict[str, tuple[float, float]]:
    """Each page, and “bare”, to the medians of its times in several browsers: with another one they are up to a tenth
    more or less. The bare page is loaded before each of ours."""
    found: dict[str, list[tuple[float, float]]] = {}
    with running_server(district) as ours, running_server(district.with_name("none.duckdb"), script=BARE) as bare:
        for _ in range(BROWSERS):
            with closing(launched(playwright)) as browser:
                page = watched(browser)
                loaded(page, f"{ours}/plan")  # the usual proposal is looked for once: nothing is measured meanwhile
                expect(page.get_by_text("Looking for the best plan")).to_have_count(0, timeout=120_000)
                for turn in range(ROUNDS + 1):
                    for name in PAGES:
                        pair = {"bare": loaded(page, bare), name: loaded(page, f"{ours}/{name}")}
                        if turn:  # in the first, browser and server get to know the page
                            for one, took in pair.items():
                                found.setdefault(one, []).append(took)
    return {name: tuple(map(statistics.median, zip(*took, strict=True))) for name, took in found.items()}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("until", "place"), [("its first screen", 0), ("whole", 1)])
def test_a_page_is_there_soon(
    name: str, until: str, place: int, times: dict[str, tuple[float, float]], measured: Measured
) -> None:
    said = {"": "overview", "programme": "trainers"}.get(name, name)
    measured(f"reload of {said}, {until}", times[name][place], "ms", peer=times["bare"][place],
             peer_name="a bare page with a chart", at_most=MOST_OF.get(name, MOST)[place])  # fmt: skip
