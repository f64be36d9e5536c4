"""A need in words, and which classes lead: ties, hidden classes, and what those who did not answer could change."""

import polars as pl
import pytest

from pd_core.needs.needs import needs
from pd_core.presentation.advice import start_with
from pd_core.presentation.comparison_sentences import marks_sentence
from pd_core.presentation.need_sentences import need_sentence, needs_sentence
from pd_core.summaries.training_needs import needs_of, wishes_of
from tests.district import District


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        (
            {"people": 24.4, "people_low": 19.2, "people_high": 29.1, "headcount": 42},
            "About 24 of 42 people (19 to 29)",
        ),
        (
            {"people": 24.0, "people_low": 19.0, "people_high": 29.0, "headcount": 42, "people_stressed": 27.0},
            "About 24 of 42 people (19 to 29; 27 if those who did not answer are 15 points less skilled)",
        ),
        (
            {"people": 8.0, "people_low": 8.0, "people_high": 8.0, "headcount": 42, "training": "implementation"}
            | {"not_used": 3, "substituted": 5},
            "8 of 42 people; of those who answered, 3 not with students yet and 5 for the same task as before",
        ),
        (
            {"people": 8.0, "people_low": 8.0, "people_high": 8.0, "headcount": 557, "staff": 581}
            | {"school_id": "district"},
            "8 of the 557 people at schools with answers (581 in all)",
        ),
        ({"people": 42.0, "people_low": 42.0, "people_high": 42.0, "headcount": 42}, "42 of 42 people"),
        ({"people": 8.0, "respondents": 20}, "8 of the 20 who answered"),
        ({"suppressed": True, "reason": "fewer than 5 answers"}, "Hidden: fewer than 5 answers."),
        ({"respondents": 0}, "No one answered this."),
    ],
)
def test_a_need_is_said_with_its_range(need, sentence):
    names = ("people", "people_low", "people_high", "people_stressed", "headcount", "staff", "respondents", "reason")
    nothing = dict.fromkeys((*names, "not_used", "substituted"))
    asked = {"suppressed": False, "training": "entry", "school_id": "lincoln"}
    assert need_sentence(nothing | asked | need) == sentence


def a_need(name: str, people: float, *, decision: str = "safe", suppressed: bool = False) -> dict[str, object]:
    reason = "fewer than 5 answers" if suppressed else None
    return {"skill_name": name, "people": None if suppressed else people, "decision": decision} | {
        "suppressed": suppressed,
        "reason": reason,
    }


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("Word", 9), ("Teams", 7), ("Sway", 6)], "Word and Teams are needed most"),
        ([("Word", 9), ("Teams", 7), ("Sway", 7)], "Word is needed most; Teams and Sway are tied behind it"),
        ([("Word", 9), ("Teams", 9), ("Sway", 6)], "Word and Teams are needed most, by as many people each"),
        (
            [(name, 4) for name in ("Word", "Teams", "Sway", "Forms", "Stream")],
            "Word, Teams, Sway and 2 more are needed most, by as many people each",
        ),
        ([("Word", 3), ("Teams", 0)], "Word is needed most"),
        ([("Word", 0), ("Teams", 0)], "No one."),
    ],
)
def test_needs_of_as_many_people_are_said_as_tied(rows, sentence):
    frame = pl.DataFrame([a_need(name, float(people)) for name, people in rows], schema_overrides={"reason": pl.String})
    assert needs_sentence(frame, "No one.") == sentence


def test_no_class_is_called_the_most_needed_while_another_is_hidden():
    rows = [a_need("OneNote", 29.0, decision="unknown"), a_need("Teams", 80.0, suppressed=True)]
    sentence = needs_sentence(pl.DataFrame(rows), "No one.")
    assert sentence == "OneNote can be shown; 1 class cannot, so which leads cannot be said"


def test_an_implementation_sentence_has_a_decision_of_its_own(district: District):
    clear = {"proficiency_word": 3, "proficiency_teams": 0, "proficiency_sway": 0}
    district.answers("lincoln", 24, **clear, samr_word=0, samr_teams=4, samr_onenote=4, proficiency_onenote=3)
    district.answers("lincoln", 24, **clear, samr_word=4, samr_teams=4, samr_onenote=0, proficiency_onenote=3)
    rows = needs(district.survey(), ["lincoln"])
    entry, later = (rows.filter(training=kind).drop_nulls("people") for kind in ("entry", "implementation"))
    assert set(entry["decision"]) == {"safe"}
    assert later["certainty"].n_unique() == 1
    assert later["certainty"][0] != entry["certainty"][0] or later["decision"][0] != "unknown"


def test_other_is_never_the_topic_to_begin_with(district: District):
    district.answers("lincoln", 20, proficiency_word=0, topics="other")
    district.answers("lincoln", 6, proficiency_word=0, topics="other;excel_data")
    survey = district.survey()
    said = start_with(
        needs_of(survey, "lincoln", "entry"),
        wishes_of(survey, "lincoln", "topics"),
        wishes_of(survey, "lincoln", "times"),
    )
    assert "“Data in Excel” (6 of 26)" in said and "Other" not in said
    assert "say they need help with it or do not use it" in said and "gain" not in said


def test_a_mark_outside_its_range_without_a_clear_word_has_a_clause_that_says_why():
    rows = pl.DataFrame(
        {
            "skill_name": ["Stream", "Sway", "Word"],
            "why": ["chance", "chance", None],
        }
    )
    assert marks_sentence(rows, "skill_name") == (
        "Stream and Sway: the mark is outside the line, but among so many comparisons, chance alone could make that "
        "difference."
    )
    assert marks_sentence(rows[2:], "skill_name") == ""
