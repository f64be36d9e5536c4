"""A file that takes long to read is canceled by the person who dropped it: nothing is stored, and the page goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import on_page
from tests.forms import survey_workbook
from tests.ingestion.test_memory import cells
from tests.server import running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def url(store: Path) -> Iterator[str]:
    with running_server(store) as address:
        yield address


def test_a_large_file_is_canceled_while_it_is_read(page: Page, url: str, tmp_path: Path) -> None:
    large, small = tmp_path / "large.xlsx", tmp_path / "small.xlsx"
    large.write_bytes(cells(150_000))  # to read and check it takes a minute, unless its time ends before
    small.write_bytes(survey_workbook(n=6, seed=3, school="Lincoln High"))
    page.goto(f"{url}/upload")
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text("Reading large.xlsx …")).to_be_visible()
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    expect(cancel).to_be_visible()
    cancel.dispatch_event("click")  # a page that works is never at rest

    expect(cancel).to_have_count(0)
    expect(page.get_by_text("large.xlsx")).to_have_count(0)
    expect(page.get_by_text("Nothing yet. The first file that you store appears here")).to_be_visible()
    page.locator("input[type=file]").set_input_files(small)
    expect(on_page(page, "6 rows were read. First say which school they are from.")).to_be_visible()
    expect(page.get_by_text("large.xlsx")).to_have_count(0)
