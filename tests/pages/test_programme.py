"""The page on trainers: which schools have an MIE, where to recruit, and whom to ask nearby."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pages.components import data
from pages.components.programme import people
from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT
from pd_core.entities import Delivery
from pd_core.errors import RefusedFile
from pd_core.planning.found import found
from pd_core.planning.plan import plan
from pd_core.planning.result import Binding
from pd_core.planning.staffing import staffing
from pd_core.presentation.coming_plan import coming_section
from pd_core.presentation.programme import sections
from pd_core.reference.mie_badges import mie_badges
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import queries
from pd_core.storage.deliveries import Written, put_deliveries
from pd_core.summaries import programme
from pd_core.summaries.programme import lenders, programme_rows, recruits
from tests.actions.people import FACILITATOR as PLANNER
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage, tables, title, words
from tests.pages.test_access import FACILITATOR
from tests.summaries.test_plan_tables import SHARED

LATER = b"""trainer_id,name,kind,home_school_id,skills,hours,slots
mia,Mia Lane,mie,lincoln,word,4,
"""


@pytest.fixture
def opened(app: OpenPage, answers: Path):
    page = app("programme", store=answers, as_=FACILITATOR)
    load_lists(data.store(), data.real_codebook())
    names = SchoolNames(queries.schools(data.store(), EVERYTHING))
    later = read_trainers("t.csv", LATER, data.real_codebook(), names)
    training_lists.set_trainers(data.store(), PLANNER, later)
    return page.run()


def test_the_first_screen_says_who_has_no_mie_any_more_and_what_no_one_teaches(opened) -> None:
    assert title(opened).endswith("have an MIE; 1 trainer in all")
    seen = words(opened)
    assert "Find a new MIE for 1 school whose only one left." in seen
    assert "No one is certified for Outlook" in seen
    opened.query_params["school"] = "lincoln"
    assert "No school near Lincoln High has five" in words(opened.run()) or "Near Lincoln High, ask" in words(opened)


def test_who_applied_is_loaded_from_a_file_and_what_became_of_it_is_said(opened) -> None:
    assert "No applications are recorded yet." in words(opened)
    bad = b"name,kind,school_id,applied_on,status\nAda,mie,nowhere,soon,maybe\n"
    opened.file_uploader[0].upload("a.csv", bad).run()
    said = opened.error[0].value.replace("\\", "")
    assert "“nowhere” is no school of the list" in said and "expected a day" in said and "“maybe”" in said
    good = (
        b"name,kind,school_id,applied_on,status\nMia Lane,,lincoln,2026-05-01,accepted\n"
        b"Ada Bo,,washington,2026-05-02,accepted\nFin,facilitator,,2026-05-03,\n"
    )
    opened.file_uploader[0].upload("a.csv", good).run()
    opened.button(key="applicants_yes").click().run()
    assert not opened.exception
    assert "3 applications: 1 open and 2 accepted." in words(opened)
    assert "not on the list of trainers yet: Ada Bo" in words(opened)
    rows = programme_rows(data.store(), data.real_codebook()).filter(by="applicant")
    assert rows.select("name", "trainer_id", "status").rows() == [
        ("Fin", "", "applied"), ("Ada Bo", "", "accepted"), ("Mia Lane", "mia", "accepted"),
    ]  # fmt: skip


def test_demand_and_supply_of_the_coming_plan_are_set_against_each_other(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "COMING_STARTS_OPEN", True)
    seen = words(opened.run())
    assert "classes ask for" in seen or "hours for everyone in need" in seen
    assert "No one can teach" in seen and "is said once a plan was proposed" in seen
    table = next(rows for rows in tables(opened) if rows and "asked" in rows[0])
    assert {row["class"] for row in table} == {"Entry class", "Implementation class"}


def test_what_one_more_hour_brings_is_said_of_the_proposed_plan() -> None:
    problem = replace(SHARED, trainers=(replace(SHARED.trainers[0], minutes=30),))
    made = found(SHARED, plan(SHARED))
    binding = (Binding("hours", "m", 0.0, 3.0), Binding("seats", "t", 0.0, 9.0))
    proposed = replace(made, plan=replace(made.plan, binding=binding))
    codebook = load_codebook(ROOT / "data" / "codebook")
    section = coming_section(problem, staffing(problem), proposed, codebook)
    assert section.lines[-1] == "One more hour would bring: with Mia 3 people."
    none = replace(made, plan=replace(made.plan, binding=()))
    assert "more hours would bring no one" in coming_section(problem, staffing(problem), none, codebook).lines[-1]


def test_trainers_schools_and_skills_have_a_row_each(opened) -> None:
    rows = programme_rows(data.store(), data.real_codebook())
    trainers = {row["trainer_id"]: row["status"] for row in rows.to_dicts() if row["by"] == "trainer"}
    assert trainers == {"mia": "current", "wes": "left", "fay": "left"}
    schools = {row["school_id"]: row["status"] for row in rows.to_dicts() if row["by"] == "school"}
    assert schools["lincoln"] == "one" and schools["washington"] == "left"
    assert {row["trainers"] for row in rows.to_dicts() if row["by"] == "skill" and row["skill_id"] == "word"} == {1}


def test_schools_near_that_could_lend_a_strength_are_found_by_counts_of_five_or_more(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"washington": {"teams": 7}, "lincoln": {"teams": 9}}
    monkeypatch.setattr(programme, "_experts", lambda *_: known)
    store, codebook = data.store(), data.real_codebook()
    regions = dict(queries.schools(store, EVERYTHING).select("school_id", "region").iter_rows())
    near = [one for one in known if one != "lincoln" and regions[one] == regions["lincoln"]]
    assert lenders(store, codebook, "lincoln", "teams")["school_id"].to_list() == near
    assert lenders(store, codebook, "lincoln", "word").is_empty()
    assert recruits(programme_rows(store, codebook))["school_id"].to_list() == ["washington"]


def test_badges_are_reached_by_people_trained_on_the_day_that_passes_the_threshold(opened) -> None:
    none_yet = programme_rows(data.store(), data.real_codebook())
    for days, said in ((0, []), (366, ["In their second year or later, and not MIE Trainer yet: Mia."])):
        day = date.today() + timedelta(days=days)
        assert list(sections(none_yet, {}, {}, {"mia": "Mia"}, mie_badges(), day)[2].lines[1:]) == said
    held = [
        Delivery(f"m-{number}", date(2026, 9, number), people, 60.0, "", True, "lincoln", "word-1", "mia")
        for number, people in enumerate((60, 3, 40, 1, 0, 7, 300), start=1)
    ]
    put_deliveries(data.store(), "delivery", "test", lambda _: Written((), held, None, [], "held"))
    rows = programme_rows(data.store(), data.real_codebook()).filter(by="badge")
    # 60 + 40 are not more than 100, and the sessions with 3 people and with 1 count for nothing: they are hidden.
    assert rows.select("trainer_id", "status", "listed_on").rows() == [
        ("mia", "MIE Trainer", date(2026, 9, 6)), ("mia", "MIE Master Trainer", date(2026, 9, 7))
    ]  # fmt: skip
    seen = words(opened.run())
    assert "An MIE becomes MIE Trainer after more than 100 people (2017 rule)" in seen
    (table,) = [rows for rows in tables(opened) if rows and "badge_on" in rows[0]]
    assert [(row["trainer"], row["badge"]) for row in table if row["badge"]] == [("Mia Lane", "MIE Master Trainer")]


def test_a_badge_without_a_number_of_people_is_refused_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "mie_badges.csv"
    file.write_text("badge,more_than,year\nMaster,400,\nTrainer,100,2017\n", encoding="utf-8")
    assert [one.name for one in mie_badges(file)] == ["Trainer", "Master"]
    file.write_text("badge,more_than\nTrainer,many\n,1\n", encoding="utf-8")
    with pytest.raises(RefusedFile) as error:
        mie_badges(file)
    assert error.value.details == (
        "row 2: more_than is “many”; expected a number of people.", "row 3: badge is empty; expected its name."
    )  # fmt: skip
