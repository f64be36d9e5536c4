"""Other schools beside one's own: not at all, without a name, or by name."""

import polars as pl
import pytest

from pd_core.access import DISTRICT, Scope
from pd_core.presentation.comparison_sentences import comparison_sentence
from pd_core.presentation.samr_distribution import samr_sentence
from pd_core.summaries import school_comparison
from pd_core.summaries.samr import samr_by_school
from pd_core.summaries.school_comparison import one_skill
from pd_core.summaries.unnamed_schools import FEWEST_UNNAMED, UNNAMED, comparable_schools, compared_schools
from pd_core.wording import percent
from tests.district import MINE, OTHERS, District, comparisons, principal


def test_schools_stand_beside_by_name_in_comparisons_alone(wide: District):
    survey = wide.survey(scope=principal("named"))
    numbers = ("compared_share", "difference", "difference_low", "difference_high")
    for (name, frame), (_, everything) in zip(comparisons(survey), comparisons(wide.survey()), strict=True):
        exact = everything.drop(numbers, strict=False).filter(pl.col("school_name") != "District")
        assert frame.drop(numbers, strict=False).filter(pl.col("school_name") != "District").equals(exact), name
    assert compared_schools(survey, school_ids=["ada", "bell"]) == ["ada", "bell"]
    assert comparable_schools(survey).height == len(OTHERS) + 1
    assert survey.schools["school_id"].to_list() == [MINE]


def test_schools_that_are_hidden_are_in_no_comparison(wide: District):
    survey = wide.survey(scope=principal())
    found = dict(comparisons(survey))
    assert set(found["grid"]["school_id"]) == {MINE, DISTRICT}
    assert found["one skill"]["school_id"].to_list() == [MINE]
    assert found["SAMR by school"]["school_name"].unique(maintain_order=True).to_list() == ["Lincoln", "District"]
    assert compared_schools(survey) == [MINE]
    assert compared_schools(survey, school_ids=["ada"]) == []
    sentence = comparison_sentence(found["one skill"], 0.1, "Word")
    assert sentence == (
        f"Word: {percent(0.1)} of this year's staff use it on their own, going by those who answered; "
        "Lincoln is clearly below the rest of the district"
    )
    assert samr_sentence(found["SAMR by school"], "school_name").startswith("At Lincoln, 2 of 20 redesign tasks")


def test_unnamed_schools_have_a_share_and_nothing_else(wide: District):
    rows = one_skill(wide.survey(scope=principal("unnamed")), "word", [MINE])
    unnamed = rows.filter(school_id=UNNAMED)
    assert unnamed["school_name"].to_list() == [f"Another school {number}" for number in range(1, 6)]
    assert unnamed["share"].to_list() == [1.0, 0.85, 0.70, 0.55, 0.40], "Ada and Fermi are hidden"
    told = {"wave_id", "school_id", "school_name", "skill_id", "skill_name", "share", "suppressed", "reason"}
    assert told | {"is_small", "is_pooled"} == {name for name in rows.columns if unnamed[name].null_count() == 0}
    assert (set(unnamed["is_pooled"]), set(unnamed["is_small"])) == ({False}, {False})
    assert rows["school_id"].to_list() == [UNNAMED] * 5 + [MINE]


def test_an_unnamed_schools_share_is_not_exact(wide: District):
    wide.answers("bell", 3, proficiency_word=3)
    rows = one_skill(wide.survey(scope=principal("unnamed")), "word", [])
    assert rows.filter(school_id=UNNAMED)["share"].to_list() == [1.0, 0.85, 0.70, 0.55, 0.50], "11 of 23"


def test_unnamed_profiles_add_up_and_stand_before_the_district(wide: District):
    rows = samr_by_school(wide.survey(scope=principal("unnamed")), "word", [MINE])
    names = rows["school_name"].unique(maintain_order=True).to_list()
    assert names == ["Lincoln", *(f"Another school {number}" for number in range(1, 6)), "District"]
    unnamed = rows.filter(pl.col("school_name").str.starts_with("Another"))
    assert unnamed["people"].null_count() == unnamed["respondents"].null_count() == unnamed.height == 25
    assert unnamed.filter(level="R")["share"].to_list() == [1.0, 0.85, 0.70, 0.55, 0.40]
    assert unnamed.group_by("school_name").agg(pl.col("share").sum())["share"].to_list() == pytest.approx([1] * 5)
    sentence = samr_sentence(rows, "school_name")
    assert sentence.startswith("In the district, "), "no school is called the first, least of all one without a name"


def test_no_row_of_an_unnamed_school_goes_through_several_skills(wide: District):
    assert set(school_comparison.grid(wide.survey(scope=principal("unnamed")), [MINE, *OTHERS])["school_id"]) == {
        MINE,
        DISTRICT,
    }


def test_no_filter_narrows_down_which_school_an_unnamed_one_is(wide: District):
    survey = wide.survey(scope=principal("unnamed"))
    all_of_them = one_skill(survey, "word", compared_schools(survey)).filter(school_id=UNNAMED)
    narrowed = compared_schools(survey, levels=["High"], school_ids=["ada"])
    assert one_skill(survey, "word", narrowed).equals(all_of_them)
    teachers = one_skill(wide.survey("teacher", scope=principal("unnamed")), "word", [MINE])
    assert teachers["school_id"].to_list() == [MINE]


def test_a_few_unnamed_schools_would_be_known_all_the_same(wide: District):
    seen = principal("unnamed", MINE, "bell")
    assert FEWEST_UNNAMED == 5
    assert one_skill(wide.survey(scope=seen), "word", [MINE])["school_id"].to_list() == [MINE]
    assert "Another" not in str(samr_by_school(wide.survey(scope=seen), "word", [MINE])["school_name"].to_list())


def test_a_comparison_counts_unnamed_schools(wide: District):
    survey = wide.survey(scope=principal("unnamed"))
    rows = one_skill(survey, "word", [MINE])
    assert comparison_sentence(rows, 0.5, "Word").split("; ") == [
        f"Word: {percent(0.5)} of this year's staff use it on their own, going by those who answered",
        "Lincoln is clearly below the rest of the district",
        "5 other schools are shown without their names",
    ]
    alone = one_skill(wide.survey(scope=Scope(frozenset({"silent"}), "unnamed")), "word", ["silent"])
    assert comparison_sentence(alone, 0.5, "Word").endswith("answered; 6 other schools are shown without their names")
