"""What people wrote: who sees it, from how many on, and in what order."""

from dataclasses import replace

import pytest

from pd_core.access import DISTRICT
from pd_core.codebook import Codebook, Item
from pd_core.storage import open_store
from pd_core.survey.comments import all_comments, comments
from tests.district import District

TOO_FEW = "comments are shown from 10 respondents on"


@pytest.mark.parametrize(("others", "is_shown"), [(8, False), (9, True)])
def test_comments_are_shown_from_ten_respondents_on(district: District, others, is_shown):
    district.answers("lincoln", others, proficiency_word=1)
    district.answers("lincoln", 1, comment="Please teach us Teams.")
    found = comments(district.survey(), "lincoln").to_dicts()
    assert [row["comment"] for row in found] == (["Please teach us Teams."] if is_shown else [None])
    assert [(row["suppressed"], row["reason"]) for row in found] == [(not is_shown, "" if is_shown else TOO_FEW)]


def test_that_comments_are_hidden_does_not_say_whether_there_are_any(district: District):
    district.answers("lincoln", 9, proficiency_word=1)
    district.answers("madison", 9, comment="Thanks")
    survey = district.survey()
    columns = ["comment", "suppressed", "reason"]
    assert comments(survey, "lincoln").select(columns).equals(comments(survey, "madison").select(columns))


def test_comments_stand_by_the_alphabet_as_they_were_written(district: District):
    written = ["thanks", "  A screen reader, please", "Zoom?", "=1+1", "Thanks"]
    for text in written:
        district.answers("lincoln", 1, comment=text)
    district.answers("lincoln", 5, comment=" ")
    found = comments(district.survey(), "lincoln")
    assert found["comment"].to_list() == ["  A screen reader, please", "=1+1", "Thanks", "thanks", "Zoom?"]
    assert found.columns == ["wave_id", "school_id", "school_name", "comment", "suppressed", "reason"]


def test_comments_of_one_role_are_never_shown(district: District):
    district.answers("lincoln", 30, role="teacher", comment="Thanks")
    found = comments(district.survey("teacher"), "lincoln")
    assert found.select("comment", "reason").rows() == [(None, "comments are never shown for one role")]


def test_the_districts_comments_are_those_of_the_schools_that_are_shown(district: District):
    district.answers("lincoln", 10, comment="Our lab is old")
    district.answers("madison", 9, comment="Ours too")
    found = comments(district.survey(), DISTRICT)
    assert found["comment"].to_list() == ["Our lab is old"] * 10
    assert found.select("school_id", "school_name").unique().rows() == [("district", "District")]


def test_many_small_schools_have_no_comments_together(district: District):
    district.answers("lincoln", 9, comment="Our lab is old")
    district.answers("madison", 9, comment="Ours too")
    assert comments(district.survey(), DISTRICT)["comment"].to_list() == [None]
    assert comments(district.survey(), DISTRICT)["reason"].to_list() == [TOO_FEW]


def test_schools_without_answers_have_no_row(district: District):
    district.answers("lincoln", 10, comment="Thanks")
    assert set(all_comments(district.survey())["school_id"]) == {"lincoln", "district"}
    assert all_comments(district.survey(wave="")).is_empty()


def with_comment_items(codebook: Codebook, *item_ids: str) -> Codebook:
    """The codebook with these questions for comments instead of its own."""
    others = {name: item for name, item in codebook.items.items() if item.kind != "comment"}
    own = next(item for item in codebook.items.values() if item.kind == "comment")
    asked = {item_id: Item(**{**vars(own), "item_id": item_id}) for item_id in item_ids}
    return replace(codebook, items=others | asked)


def test_a_survey_without_such_a_question_has_no_comments(district: District, codebook: Codebook):
    district.answers("lincoln", 10, comment="Thanks")
    without = District(district.store, with_comment_items(codebook))
    assert comments(without.survey(), "lincoln").is_empty()
    assert comments(without.survey(), "lincoln").schema == comments(district.survey(), "lincoln").schema


def test_the_comments_to_several_questions_stand_together(tmp_path, codebook: Codebook):
    asked = with_comment_items(codebook, "comment", "comment_on_training")
    store = open_store(str(tmp_path / "two.duckdb"), list(asked.items.values()))
    both = District(store, asked)
    both.schools(lincoln=60)
    both.answers("lincoln", 1, comment="Thanks", comment_on_training="After school")
    both.answers("lincoln", 9, comment_on_training=None)
    assert comments(both.survey(), "lincoln")["comment"].to_list() == ["After school", "Thanks"]
    store.close()
