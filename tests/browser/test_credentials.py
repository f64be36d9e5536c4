"""Credentials: a file is dropped, its receipt is seen before anything is stored, and the tables stand above it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FILE = b"email,credential,issuer,earned_on\nada@example.org,MCE,Certiport,2026-02-01\nbo,MCE,Certiport,2026-02-01\n"


def test_a_file_of_credentials_is_previewed_below_the_tables(page: Page, url: str) -> None:
    page.goto(f"{url}/credentials")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ credentials count today"))
    expect(page.get_by_role("heading", name="By skill")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").last).to_be_visible()
    file = {"name": "earned.csv", "mimeType": "text/csv", "buffer": FILE}
    page.locator("input[type=file]").first.set_input_files(files=[file])  # type: ignore[list-item]
    receipt = "earned.csv: 2 rows read: 1 new, 0 already stored, 0 changed, 1 with problems."
    expect(page.get_by_text(receipt)).to_be_visible()
    expect(page.get_by_role("button", name="Store these credentials")).to_be_visible()
    fold = page.get_by_test_id("stExpander").filter(has_text="Rows with problems")
    problems = fold.get_by_test_id("stDataFrame")
    expect(problems).not_to_be_visible()
    fold.get_by_text("Rows with problems").click()
    expect(problems).to_be_visible()
