"""Administration: who has a role, which links are open, what was done; for administrators alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pages.components.markdown import plain
from pd_core.access import Actor, Role
from pd_core.actions import audit as actions_audit
from pd_core.actions import share_links
from pd_core.actions.roles import give_role
from pd_core.errors import RefusedName
from pd_core.storage import audit, links, reference, roles
from tests.actions.people import ADMINISTRATOR
from tests.conftest import SCHOOLS
from tests.pages.conftest import FIRST_ADMINISTRATOR
from tests.pages.seen import OpenPage, tables, title, words

ANN = Actor("ann@example.org", "administrator")
WRITER = "*[a](b)*@example.org"
EVIL = "<img src=x> *High* $a$ [link](https://example.org)"


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def confirm(page: AppTest, opener: str, label: str) -> AppTest:
    """Presses a button of an open dialog. A browser runs the dialog alone; here the page opens it in the same run."""
    next(button for button in page.button if button.label == opener).click()
    return press(page, label)


def field(page: AppTest, kind: str, label: str, place: int = 0) -> Any:
    return [widget for widget in page.get(kind) if widget.label == label][place]


def give(page: AppTest, email: str, role: Role, *schools: str) -> AppTest:
    field(page, "text_input", "E-mail address").set_value(email)
    page = field(page, "selectbox", "Role").set_value(role).run()
    if schools:
        field(page, "multiselect", "Schools (at least one)").set_value(list(schools))
    return press(page, "Give the role")


def roles_shown(page: AppTest) -> dict[str, tuple[str, str]]:
    rows = [row for table in tables(page) for row in table if "Address" in row]
    return {row["Address"]: (row["Role"], row["Schools"]) for row in rows}


def done(page: AppTest) -> list[tuple[str, str, str]]:
    rows = [row for table in tables(page) for row in table if "what" in row]
    return [(row["what"], row["actor"], row["subject"]) for row in rows]


def test_the_title_says_how_many_have_a_role_and_which_schools_have_nobody(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    assert title(page) == "2 people have a role; 4 schools have neither an MIE nor a principal"
    page = give(page, "mia@example.org", "mie", "lincoln", "madrona")
    page = give(page, "pat@example.org", "principal", "lincoln", "jefferson")
    assert title(page) == "4 people have a role; 1 school has neither an MIE nor a principal"
    assert "**Neither MIE nor principal:** Washington Elementary." in words(page)
    assert "**No MIE:** Jefferson Middle." in words(page)
    assert "**No principal:** Madrona K-8." in words(page)
    page = give(page, "wes@example.org", "mie", "washington")
    assert title(page) == "5 people have a role; 3 schools lack an MIE or a principal"
    page = give(page, "kim@example.org", "mie", "jefferson")
    page = give(page, "lee@example.org", "principal", "madrona", "washington")
    assert title(page) == "7 people have a role; every school has an MIE and a principal"


def test_without_schools_the_page_says_so(app: OpenPage) -> None:
    page = app("administration", as_=ANN)
    assert title(page) == "2 people have a role; no schools are known yet"
    assert "There are no schools yet." in words(page)


def test_this_computer_is_told_that_roles_begin_with_sign_in(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers)
    assert title(page) == "1 person has a role; 4 schools have neither an MIE nor a principal"
    assert "Roles take effect once sign-in is set up" in words(page)
    assert "Roles take effect" not in words(app("administration", store=answers, as_=ANN))


@pytest.mark.parametrize("role", ["facilitator", "mie", "principal"])
def test_others_are_refused_in_words(app: OpenPage, answers: Path, role: Role) -> None:
    page = app("administration", store=answers, as_=Actor("somebody@example.org", role, frozenset({"lincoln"})))
    (refusal,) = page.error
    assert refusal.value.startswith("Your role does not include this page.")
    assert not tables(page) and not page.title and not page.text_input
    assert ("refused", "somebody@example.org", "page administration") in [
        (row["kind"], row["actor"], row["subject"]) for row in audit.audit(data.store()).to_dicts()
    ]


def test_a_guest_of_a_link_is_refused(app: OpenPage, answers: Path) -> None:
    page = app("overview", store=answers)
    link = links.make_link(data.store(), "lincoln", 90, "test")
    page.query_params["link"] = share_links.token(link, data.key())
    page = page.switch_page("administration.py").run()
    assert "Your role does not include this page." in page.error[0].value
    assert not tables(page) and not page.title


def test_a_role_is_given_changed_and_taken_back(app: OpenPage, answers: Path) -> None:
    page = give(app("administration", store=answers, as_=ANN), " Mia@Example.org ", "mie", "lincoln", "madrona")
    assert page.success[0].value == "`mia@example.org` now has the role MIE."
    assert roles_shown(page)["mia@example.org"] == ("MIE", "Lincoln High, Madrona K-8")
    assert field(page, "text_input", "E-mail address").value == "", "the form is ready for the next person"

    page = field(page, "selectbox", "Person").set_value("mia@example.org").run()
    assert field(page, "selectbox", "Role", 1).value == "mie"
    assert field(page, "multiselect", "Schools (at least one)", 1).value == ["lincoln", "madrona"]
    field(page, "multiselect", "Schools (at least one)", 1).set_value(["jefferson"])
    page = field(page, "selectbox", "Role", 1).set_value("principal").run()
    page = press(page, "Save the change")
    assert roles_shown(page)["mia@example.org"] == ("Principal", "Jefferson Middle")

    page = press(page, "Remove the role")
    assert "mia@example.org" in roles_shown(page), "only after a second press"
    page = confirm(page, "Remove the role", "Yes, remove it")
    assert "mia@example.org" not in roles_shown(page)
    assert [entry for entry in done(page) if "mia" in entry[2]] == [
        ("Role given or removed", "ann@example.org", "mia@example.org: no role"),
        ("Role given or removed", "ann@example.org", "mia@example.org: principal"),
        ("Role given or removed", "ann@example.org", "mia@example.org: mie"),
    ]


def test_a_role_for_the_whole_district_asks_for_no_school(app: OpenPage, answers: Path) -> None:
    page = give(app("administration", store=answers, as_=ANN), "fay@example.org", "facilitator")
    assert roles_shown(page)["fay@example.org"] == ("Facilitator", "Whole district")
    assert not [box for box in page.multiselect if box.label.startswith("Schools") and box.value]


@pytest.mark.parametrize(
    ("email", "schools", "refusal"),
    [
        ("mia", ("lincoln",), "This is not an e-mail address."),
        ("mia@example.org", (), "This role needs a school."),
        (FIRST_ADMINISTRATOR, ("lincoln",), "makes this person an administrator."),
        (ANN.name, ("lincoln",), "This is your own role."),
    ],
)
def test_what_cannot_be_given_is_refused_in_words(
    app: OpenPage, answers: Path, email: str, schools: tuple[str, ...], refusal: str
) -> None:
    page = app("administration", store=answers, as_=ANN)
    before = roles.people(data.store())
    page = give(page, email, "mie", *schools)
    assert refusal in page.error[0].value
    assert roles.people(data.store()).equals(before)


def test_a_school_that_is_not_there_is_refused(app: OpenPage, answers: Path) -> None:
    app("administration", store=answers, as_=ANN)
    reference.set_schools(data.store(), SCHOOLS.filter(SCHOOLS["school_id"] != "madrona"), "test")
    with pytest.raises(RefusedName, match="There is no school madrona"):
        give_role(data.store(), ADMINISTRATOR, (), "mia@example.org", "mie", ["lincoln", "madrona"])


def test_nobody_takes_their_own_role_back(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    page = field(page, "selectbox", "Person").set_value(ANN.name).run()
    page = confirm(press(page, "Remove the role"), "Remove the role", "Yes, remove it")
    assert "This is your own role." in page.error[0].value
    assert roles_shown(page.run())[ANN.name] == ("Administrator", "Whole district")


def test_the_first_administrators_are_named(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    assert roles_shown(page)[FIRST_ADMINISTRATOR] == ("Administrator (by setting)", "Whole district")
    assert "The setting `PD_ADMINISTRATORS` names the first administrators" in words(page)
    assert f"It names `{FIRST_ADMINISTRATOR}`." in words(page)


def test_an_administrator_sees_the_pages_as_somebody_else(app: OpenPage, answers: Path) -> None:
    page = give(app("administration", store=answers, as_=ANN), "pat@example.org", "principal", "lincoln")
    hint = "Choose a person to change or remove their role, or to see the pages as they do."
    assert hint in words(page), "it is said before anybody is chosen"
    page = field(page, "selectbox", "Person").set_value("pat@example.org").run()
    page = press(page, "See the pages as this person")
    until = "until you stop or reload the page."
    assert f"You see the pages as `pat@example.org`, Principal of Lincoln High, {until}" in words(page)
    page = press(page, "Back to your own view")
    assert "You see the pages as" not in words(page)


def test_an_open_link_is_listed_and_revoked(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    assert "No share link is open." in words(page)
    link = links.make_link(data.store(), "lincoln", 90, "fay@example.org")
    links.make_link(data.store(), "district", -1, "expired@example.org")
    page.run()
    assert "1 link is open." in words(page)
    (row,) = [row for table in tables(page) for row in table if "link_id" in row]
    assert (row["where"], row["made_by"], row["made_at"]) == ("Lincoln High", "fay@example.org", link.made_at)
    page = field(page, "selectbox", "Revoke a link").set_value(link.link_id).run()
    page = press(page, "Revoke")
    assert "1 link is open." in words(page), "only after a second press"
    page = confirm(page, "Revoke", "Revoke the link")
    assert "No share link is open." in words(page)
    assert "by `fay@example.org`, no longer works." in page.success[0].value
    found = links.find_link(data.store(), link.link_id)
    assert found is not None and found.is_revoked
    assert done(page)[0][:2] == ("Share link revoked", "ann@example.org")


def test_links_are_told_apart_by_who_made_them_and_when(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    made = [links.make_link(data.store(), "lincoln", 90, name) for name in ("fay@example.org", ANN.name)]
    chosen = field(page.run(), "selectbox", "Revoke a link")
    expected = [
        f"Lincoln High, made {link.made_at:%B} {link.made_at.day}, {link.made_at:%H:%M:%S} UTC, by {link.made_by}"
        f" ({link.link_id[:6]})"
        for link in made
    ]
    assert sorted(chosen.options) == sorted(expected)


def test_the_audit_says_when_who_and_what_before_where(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    (shown,) = [table for table in page.dataframe if "what" in table.value]
    assert list(shown.proto.column_order) == ["recorded_at", "actor", "what", "subject", "where"]


def test_the_audit_is_filtered_by_kind_and_person_and_the_address_keeps_it(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    assert {what for what, _, _ in done(page)} >= {"Upload", "Schools changed", "Role given or removed", "Sign-in"}
    page = field(page, "multiselect", "What").set_value(["upload"]).run()
    assert {what for what, _, _ in done(page)} == {"Upload"}
    assert page.query_params["kind"] == "upload"
    page = field(page, "multiselect", "Who").set_value([ANN.name]).run()
    assert not done(page)
    assert "Nothing of this kind happened in this period." in words(page)
    page = app("administration", store=answers, as_=ANN, kind=["people", "sign-in"], who=[ANN.name], period="7")
    assert set(done(page)) == {("Sign-in", ANN.name, "")}, "the mark of a sign-in tells people nothing"


def test_the_audit_looks_as_far_back_as_is_asked(app: OpenPage, answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = app("administration", store=answers, as_=ANN)
    assert len(done(page)) > 4
    now = actions_audit._now()
    monkeypatch.setattr(actions_audit, "_now", lambda: now + timedelta(days=20))
    assert len(done(page.run())) > 4
    page = field(page, "selectbox", "Period").set_value("7").run()
    assert "Nothing of this kind happened in this period." in words(page)
    assert len(done(field(page, "selectbox", "Period").set_value("all").run())) > 4


def test_a_long_audit_shows_the_latest_500_and_downloads_all(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN, kind="export")
    for number in range(501):
        data.store().note("export", "fay@example.org", (), f"table {number}.csv")
    page.run()
    said = "501 entries, latest first. The table shows the latest 500; the files hold all. Times are UTC."
    assert said in words(page)
    assert [entry[2] for entry in done(page)] == [f"table {number}.csv" for number in range(500, 0, -1)]
    assert [button.label for button in page.get("download_button")] == ["Download Excel file", "Download CSV file"]


def test_a_name_with_markdown_or_html_in_it_stays_text(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ANN)
    row = dict(zip(SCHOOLS.columns, ("evil", EVIL, "", "High", "North", 3), strict=True))
    reference.put_school(data.store(), row, "test")
    roles.put_person(data.store(), WRITER, "mie", ["evil"], "test")
    reference.put_school(data.store(), {**row, "school_id": "worse"}, "test")
    page = field(page.run(), "selectbox", "Person").set_value(WRITER).run()
    shown = words(page) + "".join(button.label for button in page.button)
    assert plain(EVIL) in shown and EVIL not in shown
    page = press(page, "See the pages as this person")
    assert f"You see the pages as `{WRITER}`, MIE" in words(page), "code shows letter for letter"
    page = press(page, "Back to your own view").switch_page("administration.py").run()
    assert roles_shown(page)[WRITER] == ("MIE", EVIL), "a table shows letter for letter"
