"""The order of schools: by name, by a skill, by need, the own or the wanted one first, the district last."""

from __future__ import annotations

import pytest

from pd_core.access import DISTRICT, Scope
from pd_core.presentation import school_comparison
from pd_core.presentation.school_order import BY_NAME, BY_NEED, ORDERS, chosen_line, ordered
from pd_core.summaries.school_comparison import grid
from tests.district import District, principal

SCHOOLS = ("ada", "bell", "curie", "few")


@pytest.fixture
def four(district: District) -> District:
    """Word is used by 10 of 20 at Ada, 2 of 10 at Bell, 20 of 20 at Curie; at Few 3 answered, which is hidden."""
    district.schools(ada=20, bell=10, curie=20, few=10)
    able, not_able = {"proficiency_word": 3, "role": "teacher"}, {"proficiency_word": 0, "role": "teacher"}
    district.many(
        [("ada", 10, able), ("ada", 10, not_able), ("bell", 2, able), ("bell", 8, not_able), ("curie", 20, able)]
    )
    district.many([("few", 3, able)])
    return district


def order(district: District, by: str, *first: str) -> list[str]:
    survey = district.survey()
    rows = ordered(survey, grid(survey, SCHOOLS, "district"), by, first)
    return rows["school_id"].unique(maintain_order=True).to_list()


def test_by_name_the_district_comes_last(four: District) -> None:
    assert order(four, BY_NAME) == [*SCHOOLS, DISTRICT]


def test_by_a_skill_the_lowest_share_comes_first_and_what_is_hidden_last(four: District) -> None:
    assert order(four, "word") == ["bell", "ada", "curie", "few", DISTRICT]


def test_by_need_most_people_come_first(four: District) -> None:
    assert order(four, BY_NEED) == ["ada", "bell", "curie", "few", DISTRICT]


def test_it_is_said_in_one_line_what_is_chosen() -> None:
    usual = ORDERS[BY_NAME]
    assert chosen_line([], [], [], usual, "") == ""
    assert chosen_line(["high", "middle"], ["north"], ["Bell", "Curie"], "Word, lowest first", "Ada High") == (
        "Level: High or Middle. Region: North. Schools: Bell or Curie. Sorted by: Word, lowest first. "
        "Ada High comes first, as you looked for it."
    )
    assert chosen_line([], [], ["A", "B", "C", "D"], usual, "") == "Schools: 4 chosen."


def test_a_wanted_school_comes_before_all(four: District) -> None:
    assert order(four, "word", "curie") == ["curie", "bell", "ada", "few", DISTRICT]


def test_the_map_and_the_list_begin_with_the_wanted_school(four: District) -> None:
    survey = four.survey()
    first = ("curie",)
    map_ = school_comparison.grid_section(survey, SCHOOLS, "district", "word", first)
    listed = school_comparison.skill_section(survey, "word", SCHOOLS, "district", "raw", first)
    for section in (map_, listed):
        assert section.table and section.table.frame["school_name"][0] == "Curie"
        assert section.drawing and '[\\"Curie\\"]' in str(section.drawing.spec).replace('"', '\\"')


def test_a_long_map_is_a_table_whose_head_stays(district: District) -> None:
    names = [f"school{number:02}" for number in range(20)]
    district.schools(**dict.fromkeys(names, 12))
    district.many([(name, 8, {"proficiency_word": 2, "role": "teacher"}) for name in names])
    survey = district.survey()
    assert school_comparison.is_long(survey, tuple(names), "district")
    assert school_comparison.grid_section(survey, tuple(names), "district").cells
    assert not school_comparison.is_long(survey, tuple(names[:5]), "district")
    assert not school_comparison.grid_section(survey, tuple(names[:5]), "district").cells


@pytest.mark.parametrize(("scope", "start"), [(principal("hidden", "ada"), "Ada "), (Scope(None), "")])
def test_a_principals_map_speaks_of_the_own_school(four: District, scope: Scope, start: str) -> None:
    seen = ("ada",) if scope.school_ids else SCHOOLS
    sentence = school_comparison.grid_section(four.survey(scope=scope), seen, "district").sentence
    assert sentence.startswith(start) and (("rest of the district" in sentence) is bool(start)), sentence
