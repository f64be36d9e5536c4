"""The menu that the frame makes of the pages."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def shown(*, are_lists_hidden: bool) -> str:
    """The menu of an app whose second heading has a page that is in it or not, and one that never is."""

    def app(are_lists_hidden: bool) -> None:
        import streamlit as st  # noqa: PLC0415 - AppTest runs the source of this function alone

        from pages.components import navigation  # noqa: PLC0415

        def page(path: str, title: str, *, is_shown: bool, default: bool = False) -> navigation.Entry:
            made = st.Page(lambda: None, title=title, icon=":material/home:", url_path=path, default=default)
            return navigation.Entry(made, is_shown)

        first = page("overview", "Overview", is_shown=True, default=True)
        lists = page("lists", "Lists & more", is_shown=not are_lists_hidden)
        roles = page("roles", "Roles", is_shown=False)
        chosen = first if are_lists_hidden else lists
        st.html(navigation.menu({"": [first], "Data": [lists, roles]}, chosen.page))

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
