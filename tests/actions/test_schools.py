"""The district's schools: the same rules for one school on a page and for a list."""

from __future__ import annotations

import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.actions import schools
from pd_core.errors import RefusedName, UnknownName
from pd_core.ingestion import SchoolNames
from pd_core.storage import Store, queries
from tests.actions.people import COMMAND_LINE, FACILITATOR
from tests.conftest import SCHOOLS

UNSEEN = ["", "\u200b", " ;\u2060"]


def renamed(school_id: str, name: str) -> pl.DataFrame:
    return SCHOOLS.with_columns(name=pl.when(school_id=school_id).then(pl.lit(name)).otherwise("name"))


def known(store: Store) -> pl.DataFrame:
    return queries.schools(store, EVERYTHING)


@pytest.mark.parametrize("name", ["Lincoln; South Campus", "West;Side", "A;"])
def test_a_school_whose_name_has_a_semicolon_is_known_once_it_is_matched(store: Store, name: str) -> None:
    schools.match_school(store, FACILITATOR, name, "lincoln")
    assert SchoolNames(known(store)).find(name) == "lincoln"


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_with_nothing_to_read_is_no_school(store: Store, name: str) -> None:
    before = known(store)
    with pytest.raises(RefusedName, match="no letters or digits"):
        schools.match_school(store, FACILITATOR, name, "lincoln")
    with pytest.raises(RefusedName, match="no letters or digits"):
        schools.add_school(store, FACILITATOR, name)
    with pytest.raises(RefusedName, match="no letters or digits"):
        schools.set_schools(store, COMMAND_LINE, renamed("lincoln", name))
    with pytest.raises(RefusedName, match="needs a name"):
        schools.change_school(store, FACILITATOR, {"school_id": "lincoln", "name": name})
    assert known(store).equals(before)


def test_a_name_that_another_school_has_is_refused(store: Store) -> None:
    before = known(store)
    with pytest.raises(RefusedName, match="already a school called “Lincoln High”"):
        schools.add_school(store, FACILITATOR, "lincoln  HIGH")
    with pytest.raises(RefusedName, match="Another school is called"):
        schools.change_school(store, FACILITATOR, {"school_id": "madrona", "name": "LHS"})
    with pytest.raises(RefusedName, match="is the name of"):
        schools.set_schools(store, COMMAND_LINE, renamed("madrona", "Lincoln high"))
    assert known(store).equals(before)


def test_no_list_gives_a_school_the_id_of_the_district(store: Store) -> None:
    listed = SCHOOLS.with_columns(school_id=pl.col("school_id").replace("madrona", "District"))
    with pytest.raises(RefusedName, match="No school can have the id “District”"):
        schools.set_schools(store, COMMAND_LINE, listed)


def test_what_is_not_a_school_is_neither_matched_nor_changed_nor_staffed(store: Store) -> None:
    with pytest.raises(UnknownName):
        schools.match_school(store, FACILITATOR, "Annex", "nowhere")
    with pytest.raises(UnknownName):
        schools.change_school(store, FACILITATOR, {"school_id": "nowhere", "name": "Nowhere"})
    staff = {"respondent": ["code"], "school_id": ["nowhere"], "role": [None], "grade_band": [None]}
    with pytest.raises(RefusedName, match="There is no school nowhere"):
        schools.set_roster(store, COMMAND_LINE, pl.DataFrame(staff))


def test_an_added_school_gets_an_id_of_its_own(store: Store) -> None:
    assert schools.add_school(store, FACILITATOR, "École Été", headcount=12) == "ecole_ete"
    assert schools.add_school(store, FACILITATOR, "District") == "district_2"
    assert known(store).filter(school_id="ecole_ete")["headcount"].item() == 12
