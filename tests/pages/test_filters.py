"""A click: filters that show their value are left alone."""

from __future__ import annotations

from tests.pages.seen import OpenPage


def test_a_filter_that_shows_its_value_is_not_set_again(app: OpenPage) -> None:
    page = app("overview", school="cedar_hollow")
    assert page.selectbox(key="filter_school").proto.set_value
    page.selectbox(key="filter_school").set_value("driftwood_bay").run()
    assert page.selectbox(key="filter_school").value == "driftwood_bay"
    assert [one.key for one in (*page.selectbox, *page.button_group) if one.proto.set_value] == []


def test_a_filter_follows_the_address(app: OpenPage) -> None:
    page = app("overview", school="cedar_hollow")
    page.query_params["school"] = "driftwood_bay"
    page.run()
    assert page.selectbox(key="filter_school").value == "driftwood_bay"


def test_the_filter_of_the_next_page_shows_what_was_chosen_on_the_last(app: OpenPage) -> None:
    page = app("overview", school="cedar_hollow")
    page.selectbox(key="filter_school").set_value("driftwood_bay").run()
    for number, file in enumerate(("responses", "overview")):
        page.query_params.clear()
        page.switch_page(f"{file}.py").run()
        school = page.selectbox(key="filter_school")
        assert (school.value, school.proto.set_value) == ("driftwood_bay", True), f"move {number + 1}"


def test_no_picture_says_a_wave_that_only_the_address_names(app: OpenPage) -> None:
    page = app("credentials", to="no such wave")
    pictures = [part.proto.body for part in page.get("html") if "data-lines" in part.proto.body]
    assert pictures
    assert not any("no such wave" in picture for picture in pictures)
