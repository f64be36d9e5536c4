"""A real browser on a real server."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Playwright, expect, sync_playwright

from tests.run import system_browser
from tests.server import free_port, running_server, stop, wait_until_ready

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PATIENCE = 60_000
"""Milliseconds: a busy machine is not a wrong result."""
TRIES = 6
P = ParamSpec("P")
R = TypeVar("R")
REST = """() => new Promise(done => {
    const began = performance.now();
    let since = began;
    const look = () => {
        const now = performance.now();
        const app = document.querySelector("[data-test-script-state]");
        if (app && app.dataset.testScriptState !== "notRunning") since = now;
        if (!app || now - since >= 60 || now - began >= 5000) done();
        else setTimeout(look, 10);
    };
    look();
})"""
"""Until the page's script has not run for 60 ms, at most 5 s: a search shows itself anew all the time."""
expect.set_options(timeout=PATIENCE)


def at_rest(action: Callable[Concatenate[Locator, P], R]) -> Callable[Concatenate[Locator, P], R]:
    """The action as people do it: on a part that is there, and a page at rest. A click on a part that is made anew just
    then is lost."""

    @functools.wraps(action)
    def after_rest(self: Locator, *arguments: P.args, **options: P.kwargs) -> R:
        try:
            self.wait_for(state="attached")
            self.page.evaluate(REST)
        except Error as error:
            if "context was destroyed" not in str(error):  # the browser is on its way to another page
                raise
        return action(self, *arguments, **options)

    return after_rest


for name in ("click", "fill", "check", "uncheck", "press", "set_input_files"):
    setattr(Locator, name, at_rest(getattr(Locator, name)))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = launched(playwright)
    yield started
    started.close()


def launched(playwright: Playwright) -> Browser:
    """The browser that tests/run.py found, else one of this computer, else Playwright's own."""
    found = os.environ.get("PD_CHROMIUM") or system_browser()
    return playwright.chromium.launch(executable_path=found, args=FLAGS)


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """A provider of sign-ins at which one is whoever one says."""
    port = free_port()
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(process, f"{address}/.well-known/openid-configuration")
        yield address
    finally:
        stop(process)


def sign_in(page: Page, email: str) -> None:
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_placeholder("sub").fill(email)
    page.get_by_role("button", name="Authorize").click()


def rested(page: Page) -> None:
    """Waits until the page's script has ended: a click on a part that is made anew just then would be lost."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()


def on_page(page: Page, words: str) -> Locator:
    """Where the page has these words; what is announced to a screen reader has them too, for a moment."""
    return page.get_by_test_id("stMain").get_by_text(words)


def open_choices(page: Page, label: str | re.Pattern[str], *, exact: bool = False) -> Locator:
    """Opens a list of choices; returns them. What the page shows anew at that moment closes the list again."""
    choices = page.get_by_role("option")
    for number in range(TRIES):
        rested(page)
        page.get_by_role("combobox", name=label, exact=exact).click()
        try:  # a click that was lost costs a second, and a slow machine has its time in the last try
            expect(choices.first).to_be_visible(timeout=PATIENCE / 2 ** (TRIES - number))
        except AssertionError:
            page.keyboard.press("Escape")
        else:
            return choices
    raise AssertionError(f"{label} shows no choices")


def settled(page: Page) -> None:
    """Waits until the page is whole: it has a title, its script has ended and its charts are drawn."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    rested(page)
    charts = "[...document.querySelectorAll('[data-testid=stVegaLiteChart]')]"
    page.wait_for_function(f"() => {charts}.every(one => one.querySelector('svg, canvas'))")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own for each file of tests."""
    return tmp_path_factory.mktemp("store") / "pd.duckdb"


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the sample district, for all tests that only look."""
    with running_server(tmp_path_factory.mktemp("sample") / "pd.duckdb") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of desktop size that fails the test when the page logs an error or throws."""
    context = browser.new_context(viewport=DESK)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    trouble: list[str] = []
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("console", lambda message: trouble.append(message.text) if _matters(message) else None)
    yield opened
    context.close()
    assert not trouble, f"the browser reported: {trouble}"


def _matters(message: ConsoleMessage) -> bool:
    # On a deep link Streamlit's page looks for its server below the page's own address first, and then at the top.
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")
