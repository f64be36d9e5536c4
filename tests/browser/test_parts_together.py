"""The browser hands the parts of a page over together, so that the page is drawn once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pages.components.browser.bursts import END

SCRIPT = (Path(__file__).parents[2] / "pages/components/browser/connection.js").read_text(encoding="utf-8")
CONNECTION = "window.WebSocket = class extends EventTarget {};"
LISTEN = """() => {
  window.given = [];
  window.connection = new WebSocket();
  const later = window.setTimeout;
  let task = 0;
  connection.addEventListener("message", (event) => {
    if (!task) { task = given.push([]); later(() => { task = 0; }, 0); }
    given.at(-1).push(new TextDecoder().decode(new Uint8Array(event.data).slice(0, 5)).trim());
  });
}"""
SEND = """(parts) => {
  for (const part of parts) {
    connection.dispatchEvent(new MessageEvent("message", { data: new Uint8Array(part).buffer }));
  }
}"""
NOTHING, BURST, CHART, TABLE, SCREEN = b"", END + b"\x01", END + b"\x02", END + b"\x03", END + b"\x04"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with our script and a connection that is open; `given` has what was handed over, a list for each time."""
    page = browser.new_page()
    page.add_script_tag(content=CONNECTION)
    page.add_script_tag(content=SCRIPT)
    page.evaluate(LISTEN)
    yield page
    page.close()


def send(page: Page, **parts: bytes) -> None:
    """Send parts, each with how it ends."""
    page.evaluate(SEND, [list(name.ljust(5).encode() + end) for name, end in parts.items()])


def given(page: Page, number: int) -> list[list[str]]:
    page.wait_for_function("(number) => given.flat().length === number", arg=number)
    return list(page.evaluate("given"))


def test_a_burst_is_handed_over_together(page: Page) -> None:
    page.evaluate("() => { window.setTimeout = () => 1; }")  # nothing is handed over because of the time
    for name, end in {"above": NOTHING, "title": BURST, "words": NOTHING, "more": BURST}.items():
        send(page, **{name: end})
    assert page.evaluate("given") == [["above", "title"], ["words", "more"]]


def test_a_burst_without_an_end_is_handed_over_too(page: Page) -> None:
    send(page, words=NOTHING)
    assert given(page, 1) == [["words"]]


def test_what_follows_a_chart_or_a_table_waits_until_it_is_drawn(page: Page) -> None:
    page.evaluate("() => { performance.now = () => 0; }")  # time does not pass
    send(page, chart=CHART, table=TABLE, below=NOTHING, end=BURST)
    at_rest = "() => new Promise((done) => setTimeout(done, 100))"
    page.evaluate(at_rest)
    assert page.evaluate("given") == [["chart"]]
    page.evaluate("() => { document.body.innerHTML = '<svg class=marks></svg>'; }")
    page.evaluate(at_rest)
    assert page.evaluate("given") == [["chart"]], "its last button comes a moment later"
    page.evaluate("""() => { document.body.innerHTML += '<button aria-label="Download as PNG: Word"></button>'; }""")
    given(page, 2)
    page.evaluate(at_rest)
    assert page.evaluate("given") == [["chart"], ["table"]]
    page.evaluate("() => { document.body.innerHTML += '<div data-testid=stDataFrame></div>'; }")
    page.evaluate(at_rest)
    assert page.evaluate("given") == [["chart"], ["table"]], "its cells come a moment later"
    page.evaluate("() => { document.querySelector('[data-testid=stDataFrame]').innerHTML = '<canvas></canvas>'; }")
    assert given(page, 4) == [["chart"], ["table"], ["below", "end"]]
    send(page, new=CHART, other=TABLE, last=BURST)
    assert page.evaluate("given.flat().length") == 7, "a chart that is there is not waited for again"


def test_a_table_in_a_closed_fold_is_not_waited_for(page: Page) -> None:
    page.evaluate("() => { performance.now = () => 0; }")  # time does not pass
    page.evaluate("() => { document.body.innerHTML = '<details><div data-testid=stDataFrame></div></details>'; }")
    send(page, table=TABLE, below=BURST)
    assert given(page, 2) == [["table", "below"]]


def test_what_is_below_the_first_screen_waits_until_each_part_of_that_is_drawn(page: Page) -> None:
    page.evaluate("() => { performance.now = () => 0; }")  # time does not pass
    page.evaluate("""() => connection.addEventListener("message", () => setTimeout(() => {
      document.body.innerHTML = "<div data-testid=stSkeleton></div>";
    }))""")
    send(page, screen=SCREEN, below=NOTHING, end=BURST)
    page.wait_for_selector("[data-testid=stSkeleton]", state="attached")
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate("given") == [["scree"]]
    page.evaluate("() => { document.body.innerHTML = ''; }")
    assert given(page, 3) == [["scree"], ["below", "end"]]


def test_a_chart_that_is_not_drawn_is_not_waited_for_long(page: Page) -> None:
    send(page, chart=CHART, below=BURST)
    assert page.evaluate("given") == [["chart"]]
    assert given(page, 2) == [["chart"], ["below"]]


def test_a_page_that_no_one_looks_at_gets_each_part_at_once(page: Page) -> None:
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    send(page, chart=CHART, below=NOTHING)
    assert page.evaluate("given") == [["chart", "below"]]


def test_the_last_parts_come_before_the_end_of_the_connection(page: Page) -> None:
    page.evaluate("""() => {
      connection.addEventListener("close", () => given.push("closed"));
    }""")
    send(page, last=NOTHING)
    page.evaluate("connection.dispatchEvent(new Event('close'))")
    assert page.evaluate("given") == [["last"], "closed"]
