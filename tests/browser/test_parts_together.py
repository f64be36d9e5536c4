"""The browser hands the parts of a page over together, so that the page is drawn once for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

SCRIPT = (Path(__file__).parents[2] / "pages/components/browser/page.js").read_text(encoding="utf-8")
CONNECTION = "window.WebSocket = class extends EventTarget {};"
LISTEN = """() => {
  window.given = [];
  window.connection = new WebSocket();
  let task = 0;
  connection.addEventListener("message", (event) => {
    if (!task) { task = given.push([]); setTimeout(() => { task = 0; }, 0); }
    given.at(-1).push(event.data);
  });
}"""
SEND = """(parts) => { for (const data of parts) connection.dispatchEvent(new MessageEvent("message", { data })); }"""


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page with our script and a connection that is open; `given` has what was handed over, a list for each time."""
    page = browser.new_page()
    page.add_script_tag(content=CONNECTION)
    page.add_script_tag(content=SCRIPT)
    page.evaluate(LISTEN)
    return page


def given(page: Page, number: int) -> list[list[str]]:
    page.wait_for_function("(number) => given.flat().length === number", arg=number)
    return list(page.evaluate("given"))


def test_parts_that_come_together_are_handed_over_together(page: Page) -> None:
    page.evaluate(SEND, ["title", "words", "chart"])
    assert given(page, 3) == [["title", "words", "chart"]]
    page.evaluate(SEND, ["later"])
    assert given(page, 4)[1:] == [["later"]]


def test_a_part_is_not_held_back_by_those_that_keep_coming(page: Page) -> None:
    page.evaluate("""() => new Promise((done) => {
      const began = performance.now(), next = new MessageChannel();  // a timer would pause for longer and longer
      next.port1.onmessage = () => {
        connection.dispatchEvent(new MessageEvent("message", { data: "more" }));
        if (given.length || performance.now() - began > 2000) done(); else next.port2.postMessage("");
      };
      next.port2.postMessage("");
    })""")
    assert page.evaluate("given.length")


def test_a_page_that_no_one_looks_at_gets_each_part_at_once(page: Page) -> None:
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    assert page.evaluate(f"() => {{ ({SEND})(['unseen']); return given; }}") == [["unseen"]]


def test_the_last_parts_come_before_the_end_of_the_connection(page: Page) -> None:
    page.evaluate("""() => {
      connection.addEventListener("close", () => given.push("closed"));
      connection.dispatchEvent(new MessageEvent("message", { data: "last" }));
      connection.dispatchEvent(new Event("close"));
    }""")
    assert page.evaluate("given") == [["last"], "closed"]
