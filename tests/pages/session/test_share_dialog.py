"""Share: a link for one school or the district, as an address, for a Teams tab, and to be revoked."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pages.components.markdown import plain
from pd_core import entities
from pd_core.access import Actor, Role
from pd_core.actions import share_links
from pd_core.storage import links, reference
from pd_core.wording import date_said, moment_said
from tests.conftest import SCHOOLS
from tests.pages.conftest import FIRST_ADMINISTRATOR, sign_in
from tests.pages.seen import OpenPage, sources, title, words

FAY = Actor("fay@example.org", "facilitator")
EVIL = "<img src=x> *High* $a$ [link](https://example.org)"


def share(page: AppTest) -> AppTest:
    """Opens the dialog, and keeps it open: a browser runs it alone, here the page opens it again in each run."""
    return page.button(key="share").click().run()


def press(page: AppTest, label: str) -> AppTest:
    page.button(key="share").click()
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def field(page: AppTest, kind: str, label: str) -> Any:
    (widget,) = [widget for widget in page.get(kind) if widget.label == label]
    return widget


def choose(page: AppTest, school_id: str) -> AppTest:
    """The dialog for this school, as its address preselects it."""
    page.query_params["school"] = school_id
    return share(page)


def addresses(page: AppTest) -> list[str]:
    """What there is to copy: the link for a browser, and the one for a tab in Teams."""
    return [str(field.value) for field in page.text_input if str(field.key).startswith("share_")]


def all_links() -> list[entities.Link]:
    return links.links(data.store())


@pytest.mark.parametrize(
    ("role", "may"), [("administrator", True), ("facilitator", True), ("principal", True), ("mie", False)]
)
def test_who_may_share_has_a_button(app: OpenPage, looked_at: Path, role: Role, may: bool) -> None:
    page = app(store=looked_at, as_=Actor("somebody@example.org", role, frozenset({"lincoln"})))
    assert [button.label for button in page.sidebar.button if button.key == "share"] == ["Share"] * may


def test_a_guest_cannot_share(app: OpenPage, answers: Path) -> None:
    page = app(store=answers)
    page.query_params["link"] = share_links.token(links.make_link(data.store(), "lincoln", 90, "test"), data.key())
    assert not [button for button in page.run().button if button.key == "share"]


def test_a_principal_shares_the_own_school_only(app: OpenPage, answers: Path) -> None:
    page = share(app(store=answers, as_=Actor("pat@example.org", "principal", frozenset({"lincoln"}))))
    assert field(page, "selectbox", "What to show").options == ["Lincoln High"]
    page = press(page, "Make a link")
    (link,) = all_links()
    assert (link.school_id, link.made_by) == ("lincoln", "pat@example.org")


def test_the_school_of_the_page_is_chosen_already(app: OpenPage, looked_at: Path) -> None:
    page = share(app(store=looked_at, as_=FAY, school="washington"))
    assert field(page, "selectbox", "What to show").value == "washington"
    assert field(page, "selectbox", "What to show").options[0] == "Whole district"
    assert field(page, "button_group", "For how long").value == 90
    assert "No link to Washington Elementary is open." in words(page)


def test_without_a_school_the_district_is_chosen(app: OpenPage, looked_at: Path) -> None:
    page = share(app(store=looked_at, as_=FAY))
    assert field(page, "selectbox", "What to show").value == "district"


def test_a_link_is_made_for_a_browser_and_for_teams(app: OpenPage, answers: Path) -> None:
    page = app(store=answers, as_=FAY)
    page.context = {"url": "https://pulse.example.org/training_planning"}
    page = press(choose(page, "lincoln"), "Make a link")
    (link,) = all_links()
    assert (link.school_id, link.made_by, link.expires_at - link.made_at) == ("lincoln", FAY.name, timedelta(days=90))
    assert [field.label for field in page.text_input] == [
        "Link to Lincoln High (copy it)",
        "The brief: one page for a phone, with a button to all of it (copy it)",
        "You said, we did: one page for the staff (copy it)",
        "Address for a tab (copy it)",
    ]
    browser, brief, said, teams = (urlsplit(address) for address in addresses(page))
    assert (brief.path, said.path) == ("/brief/lincoln", "/said/lincoln")
    assert parse_qs(brief.query) == parse_qs(said.query) == {"link": [share_links.token(link, data.key())]}
    for made, path, more in (
        (browser, "/", {"school": ["lincoln"]}), (teams, "/brief/lincoln", {"embed": ["true"]}),
    ):  # fmt: skip
        assert (made.scheme, made.netloc, made.path) == ("https", "pulse.example.org", path)
        assert parse_qs(made.query) == {"link": [share_links.token(link, data.key())], **more}
    (expander,) = [expander for expander in page.expander if expander.label == "Show it as a tab in Teams"]
    assert not expander.proto.expanded
    assert "2. Choose **Website**." in expander.markdown[0].value
    shown = words(page)
    assert "no comments, and small groups stay hidden. It can't be used to upload." in shown
    assert f"Anyone who has this link can open it until **{date_said(link.expires_at)}**" in shown
    assert "works on this computer only" not in shown


def test_a_link_to_the_district_names_no_school(app: OpenPage, answers: Path) -> None:
    page = press(share(app(store=answers, as_=FAY)), "Make a link")
    (link,) = all_links()
    assert link.school_id == "district"
    assert parse_qs(urlsplit(addresses(page)[0]).query) == {"link": [share_links.token(link, data.key())]}


def test_the_link_opens_the_school_for_whoever_has_it(app: OpenPage, answers: Path) -> None:
    page = press(choose(app(store=answers), "lincoln"), "Make a link")
    (link,) = all_links()
    carried = {name: value[0] for name, value in parse_qs(urlsplit(addresses(page)[0]).query).items()}
    guest = app(store=answers, **carried)
    assert f"Shared view of Lincoln High, until {date_said(link.expires_at)}." in guest.main.caption[0].value
    assert field(guest, "selectbox", "School").value == "lincoln"


def test_on_this_computer_it_says_that_the_link_works_here_only(app: OpenPage, answers: Path) -> None:
    page = app(store=answers)
    page.context = {"url": "http://localhost:8501/"}
    page = press(share(page), "Make a link")
    assert addresses(page)[0].startswith("http://localhost:8501/?link=")
    assert "Until sign-in is set up and PD Pulse runs on a network" in words(page)


def test_how_long_it_is_open_can_be_chosen(app: OpenPage, answers: Path) -> None:
    page = share(app(store=answers, as_=FAY))
    assert field(page, "button_group", "For how long").options == ["7 days", "30 days", "90 days", "180 days"]
    links.make_link(data.store(), "district", 7, FAY.name)
    page = share(page)
    (link,) = all_links()
    made = f"made {moment_said(link.made_at)}, by `{FAY.name}`"
    assert f"Open until {date_said(link.expires_at)}, {made}" in words(page)
    (revoke,) = [button for button in page.button if button.label == "Revoke"]
    assert revoke.help == f"Revokes the link {made}"


def test_a_link_is_revoked_where_it_was_made(app: OpenPage, answers: Path) -> None:
    page = press(share(app(store=answers, as_=FAY)), "Make a link")
    assert "**The link above.** Open until" in words(page)
    page = press(page, "Revoke")
    assert "no longer works." in words(page)
    assert not addresses(page), "what opens nothing is not offered"
    assert [link.is_revoked for link in all_links()] == [True]


def test_only_open_links_to_the_chosen_school_are_listed(app: OpenPage, answers: Path) -> None:
    page = app(store=answers, as_=FAY)
    links.make_link(data.store(), "washington", 7, FAY.name)
    links.make_link(data.store(), "lincoln", -1, FAY.name)
    links.make_link(data.store(), "lincoln", 30, FAY.name)
    page = choose(page, "lincoln")
    assert len([button for button in page.button if button.label == "Revoke"]) == 1
    assert "**Open links to Lincoln High**" in words(page)


def test_a_name_with_markdown_or_html_in_it_stays_text(app: OpenPage, answers: Path) -> None:
    page = app(store=answers, as_=FAY)
    row = dict(zip(SCHOOLS.columns, ("evil", EVIL, "", "High", "North", 3), strict=True))
    reference.put_school(data.store(), row, "test")
    page = press(choose(page, "evil"), "Make a link")
    assert page.text_input[0].label == f"Link to {plain(EVIL)} (copy it)"
    assert f"**Open links to {plain(EVIL)}**" in words(page)
    assert not [source for source in sources(page) if EVIL in source]
    page.query_params["link"] = share_links.token(all_links()[0], data.key())
    page = page.run()
    assert f"Shared view of {plain(EVIL)}, until" in words(page) and escape(EVIL) in "".join(sources(page))
    assert not [source for source in sources(page) if EVIL in source]


def guest(app: OpenPage, store: Path, school_id: str = "district", days: int = 90, **context: bool) -> AppTest:
    """A page as opened with a share link by somebody who has not signed in."""
    page = app(store=store, as_=FAY)
    sign_in(page, None)
    page.context = dict(context)
    page.query_params["link"] = share_links.token(links.make_link(data.store(), school_id, days, FAY.name), data.key())
    return page.run()


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_a_guest_reads_above_the_page_what_is_shared_and_until_when(app: OpenPage, answers: Path) -> None:
    page = guest(app, answers)
    until = date_said(all_links()[0].expires_at)
    assert page.main.caption[0].value == f":material/link: Shared view of the whole district, until {until}."
    assert "Leave the link" in labels(page)


def test_nobody_else_reads_of_a_shared_view(app: OpenPage, looked_at: Path) -> None:
    assert "Shared view" not in words(app(store=looked_at, as_=FAY))


def test_in_a_frame_there_is_no_way_out_of_the_link(app: OpenPage, answers: Path) -> None:
    page = guest(app, answers, "lincoln", is_embedded=True)
    assert "Shared view of Lincoln High, until" in words(page)
    assert "Leave the link" not in labels(page)


def test_in_a_frame_a_closed_link_has_no_button(app: OpenPage, answers: Path) -> None:
    page = guest(app, answers, days=-1, is_embedded=True)
    assert title(page) == "This link no longer works"
    assert "Ask the person who sent it for a new one." in words(page)
    assert not labels(page)


def test_a_closed_link_sends_each_on_to_where_they_can_go(app: OpenPage, answers: Path) -> None:
    page = guest(app, answers, days=-1)
    assert labels(page) == ["Sign in instead"]
    sign_in(page, FAY)
    assert labels(page.run()) == ["Go to your pages"]
    page = page.button[0].click().run()
    assert title(page) != "This link no longer works"


def test_on_this_computer_a_closed_link_is_left_without_signing_in(app: OpenPage, answers: Path) -> None:
    page = app(store=answers)
    page.query_params["link"] = share_links.token(
        links.make_link(data.store(), "district", -1, "This computer"), data.key()
    )
    assert labels(page.run()) == ["Continue without it"]


def test_whoever_has_no_role_can_write_to_those_who_give_one(app: OpenPage, looked_at: Path) -> None:
    page = app(store=looked_at, as_=Actor("new@example.org", "guest"))
    assert title(page) == "You don't have a role yet"
    assert f"Ask [`{FIRST_ADMINISTRATOR}`](mailto:{FIRST_ADMINISTRATOR})." in words(page)
