"""Headings keep their address while their words follow the numbers."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_a_title_and_a_heading_of_other_numbers_have_the_same_address() -> None:
    def app(share: int) -> None:
        from pages.components import headings  # noqa: PLC0415 - AppTest runs the source of this function alone

        headings.title(f"{share} of 60 schools are safe to decide")
        headings.header(f"{share}% need a class", "needs")

    for share in (3, 40):
        page = AppTest.from_function(app, kwargs={"share": share}).run()
        assert not page.exception
        assert [page.title[0].anchor, page.header[0].anchor] == ["page-title", "section-needs"]
