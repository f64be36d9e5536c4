"""Whom a page lets in, and whose figures it shows them."""

from __future__ import annotations

import ast
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from pages.components import data
from pages.components.operations import log_lines
from pages.components.session import authentication, entrance, records
from pd_core.access import Actor
from pd_core.actions import share_links
from pd_core.config import ROOT
from pd_core.storage import audit, links, roles
from tests.pages.conftest import FIRST_ADMINISTRATOR, sign_in
from tests.pages.seen import OpenPage, sent, title, words

PAGES = sorted(file.stem for file in (ROOT / "pages").glob("[a-z]*.py") if file.stem != "frame")
OTHERS = ("Washington", "Jefferson", "Madrona")
ADMINISTRATOR = Actor(FIRST_ADMINISTRATOR, "administrator")
FACILITATOR = Actor("fay@example.org", "facilitator")
MIE = Actor("mia@example.org", "mie", frozenset({"lincoln"}))
PRINCIPAL = Actor("pat@example.org", "principal", frozenset({"lincoln"}))
REFUSAL = "Your role does not include this page."


def everything(page: AppTest) -> str:
    """What a page says, and every row it sends."""
    return words(page) + str(sent(page)) + str([element.options for element in [*page.selectbox, *page.multiselect]])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_nothing_before_its_guard_has_let_somebody_in(name: str) -> None:
    tree = ast.parse((ROOT / "pages" / f"{name}.py").read_text(encoding="utf-8"))
    harmless = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    doing = [statement for statement in tree.body if not isinstance(statement, harmless)]
    doing = [one for one in doing if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    kinds = [type(statement).__name__ for statement in doing]
    assert kinds[-1] == "With" and set(kinds[:-1]) <= {"Assign", "AnnAssign"}, f"{name}: {kinds}"
    call = doing[-1].items[0].context_expr
    assert ast.unparse(call).startswith(f"guard.page('{name}'"), f"{name} begins with {ast.unparse(call)}"


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name not in ("administration", "impact", "upload", "methods")]
)
@pytest.mark.parametrize("actor", [MIE, PRINCIPAL], ids=lambda actor: actor.role)
def test_whoever_has_a_building_sees_no_other(app: OpenPage, looked_at: Path, name: str, actor: Actor) -> None:
    for address in ({}, {"school": "district"}, {"by": "school"}, {"schools": ["washington", "jefferson"]}):
        seen = everything(app(name, store=looked_at, as_=actor, **address))
        assert not [other for other in OTHERS if other in seen], f"{name} {address} shows another building"


@pytest.mark.parametrize("name", ["overview", "training_planning", "samr_distribution"])
def test_an_address_that_names_another_building_is_refused_and_written_down(
    app: OpenPage, answers: Path, name: str
) -> None:
    opened = app(name, store=answers, as_=PRINCIPAL, school="washington")
    assert "is for a school that you cannot see or that does not exist" in words(opened)
    assert "Washington" not in everything(opened)
    noted = audit.audit(data.store(), ["refused"])
    assert noted.select("actor", "subject").rows() == [("pat@example.org", "school: washington")]


def test_a_principal_arrives_at_the_own_building(app: OpenPage, looked_at: Path) -> None:
    assert title(app(store=looked_at, as_=PRINCIPAL)).startswith(
        "Too early to decide: the response rate is fine (40 of 60 staff answered)"
    )


def test_the_district_decides_how_other_buildings_stand_beside(
    app: OpenPage, looked_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PD_OTHER_SCHOOLS", "named")
    assert "Washington" in everything(app("school_comparison", store=looked_at, as_=PRINCIPAL))


def test_nobody_is_let_in_without_signing_in(app: OpenPage, looked_at: Path) -> None:
    for name in PAGES:
        opened = app(name, store=looked_at)
        sign_in(opened, None)
        opened.run()
        assert (title(opened), sent(opened)) == ("Sign in to PD Pulse", [])


def test_somebody_whose_role_was_taken_back_is_out_at_once(app: OpenPage, answers: Path) -> None:
    opened = app(store=answers, as_=PRINCIPAL)
    roles.remove_person(data.store(), PRINCIPAL.name, "test")
    opened.run()
    assert (title(opened), sent(opened)) == ("You don't have a role yet", [])


def test_an_administrator_can_look_at_the_pages_as_somebody_else_and_change_nothing(
    app: OpenPage, answers: Path
) -> None:
    opened = app(store=answers, as_=ADMINISTRATOR)
    roles.put_person(data.store(), MIE.name, "mie", MIE.school_ids, "test")
    opened.session_state["look_as"] = MIE.name
    opened.switch_page("school_comparison.py").run()
    assert "You see the pages as" in words(opened)
    assert "Washington" not in everything(opened)
    opened.switch_page("administration.py").run()
    assert REFUSAL in words(opened)
    before = data.store().version()
    opened.switch_page("upload.py").run()
    assert not opened.exception
    opened.button(key="stop_looking").click().run()
    assert "You see the pages as" not in words(opened)
    assert data.store().version() == before


def test_only_an_administrator_looks_as_somebody_else(app: OpenPage, answers: Path) -> None:
    opened = app(store=answers, as_=PRINCIPAL)
    roles.put_person(data.store(), FACILITATOR.name, "facilitator", (), "test")
    opened.session_state["look_as"] = FACILITATOR.name
    opened.switch_page("school_comparison.py").run()
    assert "Washington" not in everything(opened)


@pytest.mark.parametrize("school_id", ["lincoln", "district"])
def test_a_share_link_shows_its_figures_and_nothing_else(app: OpenPage, answers: Path, school_id: str) -> None:
    opened = app(store=answers)
    link = links.make_link(data.store(), school_id, 90, "test")
    for name in PAGES:
        sign_in(opened, None)
        opened.switch_page(f"{name}.py")
        opened.query_params["link"] = share_links.token(link, data.key())
        opened.run()
        seen = everything(opened)
        assert not opened.exception
        assert not [other for other in OTHERS if other in seen], f"{name} shows another building"
        assert "In their own words" not in seen
        assert (REFUSAL in seen) is (
            name
            in (
                "administration",
                "impact",
                "upload",
                "training_lists",
                "sessions",
                "survey",
                "hours",
                "programme",
                "credentials",
            )
        )


@pytest.mark.parametrize("closed", ["forged", "tampered", "expired", "revoked"])
def test_a_link_that_is_not_open_shows_nothing(app: OpenPage, answers: Path, closed: str) -> None:
    opened = app(store=answers)
    link = links.make_link(data.store(), "lincoln", -1 if closed == "expired" else 90, "test")
    token = share_links.token(link, data.key())
    if closed == "revoked":
        links.revoke_link(data.store(), link.link_id, "test")
    carried = {"forged": f"{token[:-4]}AAAA", "tampered": "x" + token}.get(closed, token)
    sign_in(opened, None)
    opened.query_params["link"] = carried
    opened.run()
    assert (title(opened), sent(opened)) == ("This link no longer works", [])
    assert audit.audit(data.store()).row(0, named=True)["kind"] == "refused"


def test_comments_are_for_facilitators_and_administrators(app: OpenPage, looked_at: Path) -> None:
    heading = "In their own words"
    assert heading in words(app("training_planning", store=looked_at, as_=FACILITATOR, school="lincoln"))
    assert heading not in words(app("training_planning", store=looked_at, as_=MIE, school="lincoln"))


def test_a_refused_file_is_written_down_without_its_folders(app: OpenPage, answers: Path) -> None:
    opened = app("upload", store=answers, as_=MIE)
    opened.file_uploader[0].upload("../../etc/secret.xlsx", b"Dear colleague, this is no survey.").run()
    row = audit.audit(data.store()).row(0, named=True)
    assert (row["kind"], row["actor"], row["subject"]) == ("refused", MIE.name, "file secret.xlsx")


def test_whoever_knocks_without_end_fills_no_disk_and_hides_nobody_else(app: OpenPage, answers: Path) -> None:
    app(store=answers, as_=PRINCIPAL)
    before = audit.audit(data.store()).height
    for number in range(100):
        records.note_once("refused", PRINCIPAL.name, f"school {number}")
    records.note_once("refused", "somebody", "a link that was not made here")
    written = audit.audit(data.store())
    assert 10 < written.height - before < 50
    assert written.row(0, named=True)["actor"] == "somebody"


def test_a_page_that_is_run_without_the_server_asks_for_the_start_address_itself(
    app: OpenPage, looked_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PD_START_TOKEN", "on")
    opened = app(store=looked_at)
    assert title(opened) == "Open PD Pulse by its start address"
    assert "Lincoln" not in everything(opened)
    name, value = f"pd_start_{config.get_option('server.port')}", entrance.entrance().cookie(datetime.now(UTC))
    monkeypatch.setattr(authentication, "request", lambda: (None, {"Host": "localhost", "Cookie": f"{name}={value}"}))
    opened.run()
    assert "Lincoln" in everything(opened)


def test_a_page_that_runs_is_logged_with_its_session(
    app: OpenPage, looked_at: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=log_lines.REQUESTS)
    app("methods", store=looked_at)
    (values,) = [record.values for record in caplog.records if record.message == "run"]  # type: ignore[attr-defined]
    assert values["page"] == "methods" and values["ms"] > 0
