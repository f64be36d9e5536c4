"""What a click costs, beside a bare Streamlit app in the same run: one user, fifty users, and a browser."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, sync_playwright

from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.benchmarks.conftest import Measured
from tests.benchmarks.district import fill, put_plan
from tests.benchmarks.visitors import visit
from tests.browser.conftest import launched
from tests.server import Server, started

pytestmark = pytest.mark.benchmarks
SCHOOLS = 60
WIDGET = "filter_school"
TURNS = 5


@dataclass(frozen=True)
class Pair:
    ours: Server
    bare: Server


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("clicks")
    path = folder / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=SCHOOLS * 5 * 30)
    put_plan(store, codebook, sessions=2 * SCHOOLS)
    store.close()
    with started(path) as ours, started(folder / "none.duckdb", script="tests/benchmarks/bare_app.py") as bare:
        for server in (ours, bare):  # every school once: what is kept is there
            visit(server.address, WIDGET, people=2, seconds=20, think=0.05, process=server.process)
        yield Pair(ours, bare)


def test_one_users_click_takes_less_than_45_ms(servers: Pair, measured: Measured) -> None:
    took = visit(servers.ours.address, WIDGET, people=1, seconds=15, think=0.1, process=servers.ours.process)
    assert not took.errors
    measured("a click on the server, one user", 1000 * statistics.median(took.seconds), "ms", at_most=45)


def test_fifty_users_wait_at_most_twice_as_long_as_on_a_bare_app(servers: Pair, measured: Measured) -> None:
    found = {
        name: visit(server.address, WIDGET, people=50, seconds=40, think=4, process=server.process)
        for name, server in (("bare", servers.bare), ("ours", servers.ours))
    }
    ours, bare = found["ours"], found["bare"]
    assert not ours.errors
    late, bare_late = (1000 * took.percentile(0.95) for took in (ours, bare))
    name = "a click on the server, 50 users"
    measured(f"{name}, p95", late, "ms", peer=bare_late, peer_name="a bare Streamlit app", at_most=2)
    measured(f"{name}, clicks", len(ours.seconds) / 40, "a second", at_least=11.5)
    measured("memory of a session", (ours.memory_most - ours.memory_before) / 50 / 1e6, "MB", at_most=1)


@pytest.fixture(scope="module")
def in_a_browser(servers: Pair) -> tuple[dict[str, float], dict[str, float]]:
    """What a browser takes with ours, and with the bare app: in turn, since it has slow moments."""
    found: dict[str, list[dict[str, float]]] = {}
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for _ in range(TURNS):
            for server in (servers.bare, servers.ours):
                page = browser.new_page()
                found.setdefault(server.address, []).append(timed(page, server.address))
                page.close()
        browser.close()
    ours, bare = (
        {what: statistics.median(turn[what] for turn in found[server.address]) for what in found[server.address][0]}
        for server in (servers.ours, servers.bare)
    )
    return ours, bare


@pytest.mark.parametrize(
    ("what", "name", "most"),
    [
        ("click", "a click to the changed page, in a browser", 1.5),
        ("heading", "an address to its heading, in a browser", 1.3),
        ("chart", "an address to its first chart, in a browser", 1.6),
    ],
)
def test_a_browser_is_nearly_as_fast_as_with_a_bare_app(
    what: str, name: str, most: float, in_a_browser: tuple[dict[str, float], dict[str, float]], measured: Measured
) -> None:
    ours, bare = in_a_browser
    measured(name, ours[what], "ms", peer=bare[what], peer_name="a bare Streamlit app", at_most=most)


_WATCH = """() => {
  window.seen = {};
  const look = () => {
    if (!seen.heading && document.querySelector('[data-testid=stMain] h1')) seen.heading = performance.now();
    const drawn = document.querySelector('[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg');
    if (!seen.chart && drawn) seen.chart = performance.now();
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true});
}"""
_CLICKED = """() => {
  const before = document.querySelector('[data-testid=stMain] h1').innerText;
  window.took = null;
  document.addEventListener('click', () => { window.begin = performance.now(); }, {once: true, capture: true});
  new MutationObserver((_, watch) => {
    const heading = document.querySelector('[data-testid=stMain] h1');
    if (heading && heading.innerText !== before) { window.took = performance.now() - window.begin; watch.disconnect(); }
  }).observe(document, {subtree: true, childList: true, characterData: true});
}"""


def timed(page: Page, address: str, rounds: int = 6) -> dict[str, float]:
    """Milliseconds (medians) to the first heading and chart of a warm browser, and from a click to the changed page."""
    page.add_init_script(f"({_WATCH})()")
    loads = []
    for _ in range(rounds):
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => window.seen && seen.heading && seen.chart", timeout=60_000)
        loads.append(page.evaluate("() => seen"))
        page.wait_for_load_state("networkidle")
    clicks = []
    for number in range(rounds):
        page.locator("[data-testid=stSelectbox] input").first.click()
        option = page.locator("[role=option]").nth(number + 1)
        option.wait_for()
        page.evaluate(_CLICKED)
        option.click()
        page.wait_for_function("() => window.took", timeout=30_000)
        clicks.append(page.evaluate("() => window.took"))
    return {
        "heading": statistics.median(load["heading"] for load in loads[1:]),
        "chart": statistics.median(load["chart"] for load in loads[1:]),
        "click": statistics.median(clicks),
    }
