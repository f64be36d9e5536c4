"""What PD Pulse depends on may be used by a district as it is."""

from __future__ import annotations

import re

import pytest

from tests.licenses import PAGE, PERMISSIVE, license_of, page, required


def test_the_list_of_licenses_is_complete_and_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.licenses"


@pytest.mark.parametrize("name", required())
def test_a_package_has_a_permissive_license(name: str) -> None:
    stated = re.split(r" AND | OR ", license_of(name))
    assert set(stated) <= PERMISSIVE, f"{name}: {license_of(name)}"
