"""The lists for a plan: what is taken, and which rows are refused with which sentence."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from pd_core.codebook import Codebook
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT
from pd_core.errors import RefusedFile
from pd_core.reference.catalog import read_catalog
from pd_core.reference.goals import read_goals, read_travel
from pd_core.reference.locks import read_locks
from pd_core.reference.slots import read_slots
from pd_core.reference.trainers import read_trainers, slots_not_listed
from pd_core.school_names import SchoolNames

SCHOOLS = SchoolNames(
    pl.DataFrame({"school_id": ["lincoln", "ruby"], "name": ["Lincoln High", "Ruby"], "aliases": ["LHS", ""]})
)
TRAINERS = "trainer_id,name,kind,home_school_id,skills,hours,slots\n"
CATALOG = "training_id,title,skill_id,kind,minutes,seats,actions,url\n"
SLOTS = "slot_id,starts_at,ends_at,time\n"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(ROOT / "data" / "codebook")


def trainers(codebook: Codebook, *rows: str) -> pl.DataFrame:
    return read_trainers("t.csv", (TRAINERS + "\n".join(rows)).encode(), codebook, SCHOOLS)


def test_a_trainer_is_taken_with_home_and_skills_by_any_of_their_names(codebook: Codebook) -> None:
    found = trainers(codebook, "m1,Mia,MIE,LHS,Teams; onenote;teams,7.5,x1;x2", "f1,,facilitator,,,0,")
    assert found.rows() == [
        ("m1", "Mia", "mie", "lincoln", "teams;onenote", 7.5, "x1;x2"),
        ("f1", "f1", "facilitator", "", "", 0.0, ""),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",A,mie,lincoln,teams,4,", "row 2: trainer_id is empty."),
        ("a,A,coach,lincoln,teams,4,", "row 2: kind is “coach”; expected mie or facilitator."),
        ("a,A,mie,,teams,4,", "row 2: an MIE needs a home_school_id: the school where the MIE works."),
        ("a,A,mie,lincon,teams,4,", "row 2: home_school_id “lincon” is not a school of the district. Did you mean"),
        ("a,A,mie,lincoln,canva,4,", "row 2: skill “canva” is not in the codebook;"),
        ("a,A,mie,lincoln,teams,1e9,", "row 2: hours is “1e9”; expected the hours still to give, from 0 to 2,000."),
        ("a,A,mie,lincoln,teams,-1,", "row 2: hours is “-1”;"),
        ("a,A,mie,lincoln,teams,nan,", "row 2: hours is “nan”;"),
        ("a,A,mie,lincoln,teams,4,\na,B,mie,ruby,teams,4,", "row 3: trainer_id “a” is already in row 2."),
    ],
)
def test_a_trainer_that_cannot_be_used_is_refused_by_row(codebook: Codebook, row: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        trainers(codebook, row)
    assert any(detail.startswith(sentence) for detail in caught.value.details)


def test_slots_of_trainers_that_are_not_listed_are_told(codebook: Codebook) -> None:
    listed = read_slots("s.csv", f"{SLOTS}x1,2031-01-14 15:30,2031-01-14 17:00,".encode(), codebook)
    found = trainers(codebook, "m1,Mia,mie,ruby,teams,4,x1;x9", "m2,Ben,mie,ruby,teams,4,x1")
    assert slots_not_listed(found, listed) == ["m1: slot x9 is not in the list of slots."]


def test_where_no_slots_are_listed_yet_one_sentence_says_so(codebook: Codebook) -> None:
    found = trainers(codebook, "m1,Mia,mie,ruby,teams,4,x1", "m2,Ben,mie,ruby,teams,4,x2")
    assert slots_not_listed(found, pl.DataFrame(schema={"slot_id": pl.String})) == [
        "2 trainers with slots of their own: no slots are listed yet."
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("t,T,canva,entry,60,20,a,", "row 2: skill_id “canva” is not in the codebook."),
        ("t,T,teams,both,60,20,a,", "row 2: kind is “both”; expected entry or implementation."),
        ("t,T,teams,entry,0,20,a,", "row 2: minutes is “0”; expected a number from 1 to 1,440."),
        ("t,T,teams,entry,60,2.5,a,", "row 2: seats is “2.5”; expected a whole number from 1 to 10,000."),
        ("t,T,teams,entry,60,20,a;b;c,", "row 2: actions has 3 parts; expected one or two, separated by “;”."),
        ("t,T,teams,entry,60,20,a,ftp://x", "row 2: url is “ftp://x”; expected a link that starts with https://"),
        ("t,T,teams,entry,60,20,a,\nt,T,teams,entry,60,20,a,", "row 3: training_id “t” is already in row 2."),
    ],
)
def test_a_training_that_cannot_be_used_is_refused_by_row(codebook: Codebook, row: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read_catalog("c.csv", (CATALOG + row).encode(), codebook)
    assert any(detail.startswith(sentence) for detail in caught.value.details)


def test_a_catalog_of_five_thousand_is_refused_with_how_many_to_delete(codebook: Codebook) -> None:
    rows = "\n".join(f"t{number},T,teams,entry,60,20,a," for number in range(5_000))
    with pytest.raises(RefusedFile, match=r"5,000 trainings; at most 2,000.*Delete the last 3,000 rows"):
        read_catalog("c.csv", (CATALOG + rows).encode(), codebook)


def test_a_slot_goes_over_midnight_and_no_further_than_a_day(codebook: Codebook) -> None:
    found = read_slots("s.csv", f"{SLOTS}x,2031-01-14 23:00,2031-01-15 01:00,".encode(), codebook)
    assert found["ends_at"].to_list() == [datetime(2031, 1, 15, 1)]
    with pytest.raises(RefusedFile) as caught:
        read_slots("s.csv", f"{SLOTS}x,2031-01-14 23:00,2031-01-16 01:00,".encode(), codebook)
    assert "is not after starts_at “2031-01-14 23:00” and within a day of it." in caught.value.details[0]


@pytest.mark.parametrize("text", ["2031-01-14 15:30", "2031-01-14T15:30", "2031-01-14 15:30:00"])
def test_a_slots_time_is_local_year_first(codebook: Codebook, text: str) -> None:
    found = read_slots("s.csv", f"{SLOTS}x,{text},2031-01-14 17:00,After school".encode(), codebook)
    assert found.rows() == [("x", datetime(2031, 1, 14, 15, 30), datetime(2031, 1, 14, 17), "after_school")]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("x,14/01/2031 15:30,2031-01-14 17:00,", "row 2: starts_at is “14/01/2031 15:30”; expected local time"),
        ("x,2031-01-14 15:30+01:00,2031-01-14 17:00,", "row 2: starts_at is “2031-01-14 15:30+01:00”;"),
        ("x,2031-01-14 17:00,2031-01-14 15:30,", "row 2: ends_at “2031-01-14 15:30” is not after starts_at"),
        ("x,2031-01-14 15:30,2031-01-14 17:00,tea", "row 2: time is “tea”; expected before_school, after_school"),
        ("x,9999-12-31 23:00,9999-12-31 23:30,", "row 2: starts_at is “9999-12-31 23:00”; expected local time"),
        ("x;y,2031-01-14 15:30,2031-01-14 17:00,", "row 2: slot_id “x;y” has a “;”"),
        (
            "x,2031-01-14 15:30,2031-01-14 17:00,\nx,2031-01-15 15:30,2031-01-15 17:00,",
            "row 3: slot_id “x” is already in row 2.",
        ),
    ],
)
def test_a_slot_that_cannot_be_used_is_refused_by_row(codebook: Codebook, row: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read_slots("s.csv", (SLOTS + row).encode(), codebook)
    assert any(detail.startswith(sentence) for detail in caught.value.details)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("lincoln,teams,4", "row 2: weight is “4”; expected a number from 0 to 3."),
        ("nowhere,teams,1", "row 2: school_id “nowhere” is not a school of the district."),
        ("lincoln,canva,1", "row 2: skill_id “canva” is not in the codebook."),
        ("lincoln,teams,1\nLHS,Teams,2", "row 3: lincoln and teams are already in row 2."),
    ],
)
def test_a_goal_that_cannot_be_used_is_refused_by_row(codebook: Codebook, row: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read_goals("g.csv", f"school_id,skill_id,weight\n{row}".encode(), codebook, SCHOOLS)
    assert any(detail.startswith(sentence) for detail in caught.value.details)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("lincoln,ruby,9\nruby,lincoln,12", "row 3: ruby to lincoln is 12 minutes, but row 2 has 9 for the same two"),
        ("lincoln,LHS,9", "row 2: both ends are lincoln; expected two buildings."),
        ("lincoln,ruby,-3", "row 2: minutes is “-3”; expected a number from 0 to 600."),
        ("lincoln,nowhere,9", "row 2: other_school_id “nowhere” is not a school of the district."),
    ],
)
def test_a_way_that_cannot_be_used_is_refused_by_row(rows: str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read_travel("w.csv", f"school_id,other_school_id,minutes\n{rows}".encode(), SCHOOLS)
    assert any(detail.startswith(sentence) for detail in caught.value.details)


def test_a_way_that_is_listed_both_ways_with_the_same_minutes_is_one_way() -> None:
    rows = b"school_id,other_school_id,minutes\nlincoln,ruby,9\nruby,lincoln,9"
    assert read_travel("w.csv", rows, SCHOOLS).rows() == [("lincoln", "ruby", 9.0)]


def test_goals_may_be_none(codebook: Codebook) -> None:
    assert read_goals("g.csv", b"school_id,skill_id,weight\n", codebook, SCHOOLS).is_empty()


def test_a_lock_needs_an_action_that_is_known() -> None:
    with pytest.raises(RefusedFile) as caught:
        read_locks("l.csv", b"action,school_id,training_id,trainer_id,slot_id\nlock,a,,,\nstop,a,,,")
    assert caught.value.details == ("row 3: action is “stop”; expected lock or forbid.",)


def test_the_starter_catalog_has_a_class_for_each_skill_with_something_to_do_tomorrow(codebook: Codebook) -> None:
    content = (ROOT / "data" / "catalogue" / "catalogue.csv").read_bytes()
    found = read_catalog("catalogue.csv", content, codebook)
    by_kind = {str(kind): set(rows["skill_id"]) for (kind,), rows in found.group_by("kind")}
    classroom = {item.skill_id for item in codebook.items.values() if item.kind == "samr"}
    assert by_kind == {"entry": set(codebook.skills), "implementation": classroom}
    assert all(1 <= len(actions.split(";")) <= 2 and actions for actions in found["actions"])


def test_the_sample_lists_can_be_used(codebook: Codebook) -> None:
    folder = ROOT / "data" / "sample"
    schools = SchoolNames(pl.read_csv(folder / "schools.csv"))
    listed = read_trainers("trainers.csv", (folder / "trainers.csv").read_bytes(), codebook, schools)
    slots = read_slots("slots.csv", (folder / "slots.csv").read_bytes(), codebook)
    assert slots_not_listed(listed, slots) == []
    assert not read_goals("goals.csv", (folder / "goals.csv").read_bytes(), codebook, schools).is_empty()
    assert not read_travel("travel.csv", (folder / "travel.csv").read_bytes(), schools).is_empty()
