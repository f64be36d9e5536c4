"""The menu that the frame makes of the pages."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def shown(*, are_lists_hidden: bool) -> str:
    """The menu of an app whose second heading has a page that is in it or not, and one that never is."""

    def app(are_lists_hidden: bool) -> None:
        import streamlit as st  # noqa: PLC0415 - AppTest runs the source of this function alone

        from pages.components import navigation  # noqa: PLC0415

        home = ":material/home:"
        first = st.Page(lambda: None, title="Overview", icon=home, url_path="overview", default=True)
        hidden = "hidden" if are_lists_hidden else "visible"
        lists = st.Page(lambda: None, title="Lists & more", icon=home, url_path="lists", visibility=hidden)
        roles = st.Page(lambda: None, title="Roles", icon=home, url_path="roles", visibility="hidden")
        st.html(navigation.menu({"": [first], "Data": [lists, roles]}, first if are_lists_hidden else lists))

    page = AppTest.from_function(app, kwargs={"are_lists_hidden": are_lists_hidden}).run()
    assert not page.exception
    body: str = page.get("html")[0].proto.body
    return body


def test_the_menu_has_the_visible_pages_under_their_headings_and_marks_the_chosen_one() -> None:
    menu = shown(are_lists_hidden=False)
    assert '<a href="./" data-pulse="page"><span' in menu
    assert '<a href="./lists" data-pulse="page" aria-current="page">' in menu
    assert "Lists &amp; more</a>" in menu
    assert menu.count("aria-current") == 1
    assert '<ul aria-label="Data">' in menu
    assert "roles" not in menu.casefold()


def test_a_heading_without_a_page_is_left_out() -> None:
    assert "Data" not in shown(are_lists_hidden=True)
