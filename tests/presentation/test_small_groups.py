"""Groups that are too small to show alone: rows on pages and in files, and sentences that say how they count."""

from __future__ import annotations

import pytest

from pd_core.access import EVERYTHING
from pd_core.presentation.overview import skills_section
from pd_core.presentation.samr_distribution import profile_section
from pd_core.presentation.school_comparison import grid_section, skill_section
from pd_core.presentation.section import Section
from pd_core.presentation.small_groups import counted_together, export_notes
from pd_core.survey.scoped_survey import Survey
from tests.district import District, principal

SCHOOLS = ["lincoln", "madison", "ada", "bell", "curie"]
TOGETHER = "3 schools with fewer than 5 answers each count together, as one row."
WITHOUT = "The district's figures are without 6 answers from schools too small to show."


@pytest.fixture
def small(district: District) -> District:
    """Two schools that are shown; Ada, Bell and Curie are too small, and can be counted together."""
    district.schools(lincoln=60, madison=40, ada=10, bell=10, curie=10)
    said = {"proficiency_word": 3, "samr_word": 2, "topics": "excel_data", "role": "teacher"}
    district.many([("lincoln", 30, said), ("madison", 20, said)])
    district.many([("ada", 4, said), ("bell", 3, said), ("curie", 3, said | {"proficiency_word": 0})])
    return district


@pytest.fixture
def left_out(district: District) -> District:
    """Two schools that are shown, and two that are too small even together."""
    district.schools(lincoln=60, madison=40, ada=10, bell=10)
    district.many([(one, 20, {"proficiency_word": 3}) for one in ("lincoln", "madison")])
    district.many([("ada", 4, {"proficiency_word": 3}), ("bell", 2, {"proficiency_word": 3})])
    return district


def compared(survey: Survey, schools: list[str]) -> dict[str, Section]:
    return {
        "grid": grid_section(survey, tuple(schools), "district"),
        "one skill": skill_section(survey, "word", tuple(schools), "district", "pooled"),
        "SAMR": profile_section(survey, "school", "word"),
    }


def rows_of(section: Section) -> list[str]:
    assert section.table is not None
    return section.table.frame["school_name"].unique(maintain_order=True).to_list()


def test_small_schools_are_a_row_of_each_comparison_with_a_sentence_that_explains_it(small: District) -> None:
    for name, section in compared(small.survey(), SCHOOLS).items():
        assert any(row.startswith("Small schools together") for row in rows_of(section)), name
        assert TOGETHER in str(section.note), name


def test_a_filter_by_school_has_no_row_of_schools_that_it_may_leave_out(small: District) -> None:
    sections = compared(small.survey(), ["lincoln", "madison"])
    assert rows_of(sections["grid"]) == ["Lincoln", "Madison", "District"]
    assert rows_of(sections["one skill"]) == ["Lincoln", "Madison"]


def test_a_principal_sees_no_row_of_other_small_schools_and_no_number_of_them(small: District) -> None:
    survey = small.survey(scope=principal())
    assert survey.small_groups.skill_summary.is_empty()
    assert counted_together(survey) == ""


def test_what_the_district_is_without_is_said_exactly_to_those_who_see_every_school(left_out: District) -> None:
    assert counted_together(left_out.survey()) == WITHOUT
    note = skills_section(left_out.survey(), "district", "share").note
    assert WITHOUT in str(note)
    assert "without a few answers from schools too small to show" in counted_together(
        left_out.survey(scope=principal())
    )


def test_the_page_of_one_school_says_nothing_of_other_small_ones(small: District) -> None:
    assert "together" not in str(skills_section(small.survey(), "lincoln", "share").note)


def test_other_roles_together_are_next_to_their_school(district: District) -> None:
    for role, people, level in (("teacher", 20, 3), ("counselor", 3, 3), ("specialist", 4, 0)):
        district.answers("lincoln", people, role=role, proficiency_word=level, samr_word=1)
        district.answers("madison", people, role=role, proficiency_word=level, samr_word=1)
    sections = compared(district.survey("counselor"), ["lincoln", "madison"])
    assert rows_of(sections["grid"])[2:4] == ["Lincoln, other roles together", "Madison, other roles together"]
    assert "Lincoln, other roles together (24)" in rows_of(sections["SAMR"]), "counselors do not teach"


def test_topics_of_small_groups_are_counted_together(small: District) -> None:
    rows = small.survey().small_groups.wishes("topics").filter(code="excel_data").to_dicts()
    assert [(row["school_id"], row["respondents"], row["answered"], row["share"]) for row in rows] == [
        ("small_schools", 10, 10, 1.0)
    ]


def test_topics_of_merged_roles_are_counted_together_under_a_filter_by_one_of_them(district: District) -> None:
    for role, people, topic in (("teacher", 20, "other"), ("counselor", 3, "excel_data"), ("specialist", 4, "other")):
        district.answers("lincoln", people, role=role, proficiency_word=3, topics=topic)
    rows = district.survey("counselor").small_groups.wishes("topics").filter(code="excel_data").to_dicts()
    assert [(row["school_name"], row["respondents"], row["answered"]) for row in rows] == [
        ("Lincoln, other roles together (7)", 3, 7)
    ]
    assert district.survey("teacher").small_groups.wishes("topics").is_empty()


def test_an_exported_table_says_for_each_wave_what_it_is_without(left_out: District) -> None:
    left_out.answers("lincoln", 20, wave="Fall 2027", proficiency_word=3)
    notes = export_notes(
        left_out.store, left_out.codebook, wave=None, role=None, target_share=0.6, scope=EVERYTHING
    )  # fmt: skip
    assert notes == [f"Fall 2026: {WITHOUT}"]
