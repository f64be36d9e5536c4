"""Needs and wishes in words."""

import polars as pl

from pd_core.presentation.comparison_sentences import comparison_sentence
from pd_core.presentation.need_sentences import need_sentence, needs_sentence
from pd_core.presentation.samr_distribution import samr_sentence
from pd_core.presentation.training_planning import wishes_sentence
from pd_core.summaries.samr import samr_by_skill
from pd_core.summaries.school_comparison import one_skill
from pd_core.summaries.training_needs import needs_of, wishes_of
from pd_core.summaries.unnamed_schools import compared_schools
from tests.district import District


def test_wishes_are_said_with_their_numbers(two_schools: District):
    rows = wishes_of(two_schools.survey(), "lincoln", "topics")
    assert wishes_sentence(rows, "No one.") == "Data in Excel (40 of 40)", (
        "what has no name of its own is not recommended"
    )
    assert wishes_sentence(wishes_of(two_schools.survey(), "empty", "topics"), "No one.") == "No one."


def test_needs_are_said_in_order(two_schools: District):
    rows = needs_of(two_schools.survey(), "madison", "entry")
    assert need_sentence(rows.row(0, named=True)).startswith("About 39 of 40 people (37 to 40; 40 if"), (
        "others' answers count a little while 10 are unseen"
    )
    for decision, said in (("safe", ""), ("leaning", "probably "), ("too early", ""), ("unknown", "")):
        sentence = needs_sentence(rows.with_columns(decision=pl.lit(decision)), "No one.")
        so_far = " so far" if decision in ("too early", "unknown") else ""
        assert sentence == f"Word is {said}needed most{so_far}"
    assert needs_sentence(needs_of(two_schools.survey(), "empty", "entry"), "No one.") == "No one."


def test_hidden_groups_are_said_with_the_reason_and_no_number(district: District):
    district.answers("lincoln", 40, proficiency_word=1, samr_word=4, topics="other")
    district.answers("madison", 3, proficiency_word=1, samr_word=4, topics="other")
    survey = district.survey()
    hidden = "Hidden: fewer than 5 answers"
    assert needs_sentence(needs_of(survey, "madison", "entry"), "No one.") == hidden
    assert wishes_sentence(wishes_of(survey, "madison", "topics"), "No one.") == hidden
    assert samr_sentence(samr_by_skill(survey, "madison")) == "No SAMR profile can be shown yet"
    rows = one_skill(survey, "word", compared_schools(survey))
    assert comparison_sentence(rows, None, "Word") == "Word cannot be compared yet"
