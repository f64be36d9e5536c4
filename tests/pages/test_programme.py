"""The page on trainers: which schools have an MIE, where to recruit, and whom to ask nearby."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components import data
from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import queries
from pd_core.summaries import programme
from pd_core.summaries.programme import lenders, programme_rows, recruits
from tests.actions.people import FACILITATOR as PLANNER
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage, title, words
from tests.pages.test_access import FACILITATOR

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
