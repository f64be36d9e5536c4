"""School comparisons in words: who differs clearly, and for whom that cannot be said."""

import polars as pl
import pytest

from pd_core.presentation.comparison_sentences import comparison_sentence, grid_sentence, own_sentence, with_words
from pd_core.summaries import school_comparison
from pd_core.summaries.school_comparison import ABOVE, BELOW, CANNOT_TELL, NO_GROUP, SAME, district_share_of, one_skill
from pd_core.summaries.unnamed_schools import compared_schools
from pd_core.wording import percent
from tests.district import District


def test_a_comparison_says_who_stands_apart(two_schools: District):
    survey = two_schools.survey()
    share = district_share_of(survey, "word")
    assert share == pytest.approx(0.6)
    rows = one_skill(survey, "word", compared_schools(survey))
    sentence = comparison_sentence(rows, share, "Word")
    assert sentence.split("; ") == [
        f"Word: {percent(0.6)} of this year's staff use it on their own, going by those who answered",
        "Lincoln is clearly above the rest of the district, Madison is clearly below",
    ]
    of_role = comparison_sentence(rows, share, "Word", of_role=True)
    assert of_role.startswith(f"Word: {percent(0.6)} of this year's staff of that role use it on their own, going by")
    unsure = rows.with_columns(share_low=None, share_high=None).cast({"share_low": float, "share_high": float})
    unknown = comparison_sentence(unsure, share, "Word")
    assert unknown.endswith("; how sure that is cannot be said without a staff list")
    assert comparison_sentence(rows, None, "Word") == "Word cannot be compared yet"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"above": 1, "same": 1}, "A is clearly above schools like it; B is about the same"),
        (
            {"above": 4, "below": 2, "cannot": 12},
            "A and 3 more are clearly above schools like them, E and F are clearly below; "
            "for 12 schools it cannot be said yet",
        ),
        ({"same": 3}, "3 schools are about the same as schools like them"),
        ({"cannot": 1, "none": 2}, "for A it cannot be said yet; for 2 schools there are too few schools like them"),
    ],
)
def test_a_comparison_says_it_by_the_words(two_schools: District, words, sentence):
    row = one_skill(two_schools.survey(), "word", ["lincoln"])
    said = {"above": ABOVE, "same": SAME, "below": BELOW, "cannot": CANNOT_TELL, "none": NO_GROUP["like"]}
    each = [said[word] for word, number in words.items() for _ in range(number)]
    schools = zip(each, "ABCDEFGHIJKLMNOPQR", strict=False)
    rows = pl.concat(row.with_columns(word=pl.lit(word), school_name=pl.lit(name)) for word, name in schools)
    found = comparison_sentence(rows, 0.5, "Word", compared_with="like")
    start = f"Word: {percent(0.5)} of this year's staff use it on their own, going by those who answered"
    assert found == f"{start}; {sentence}"


def test_the_grid_names_the_skills_that_stand_apart_from_the_middle_one(district: District):
    answers = {"proficiency_word": 3, "proficiency_teams": 2, "proficiency_sway": 0, "proficiency_forms": 1}
    district.answers("lincoln", 40, **answers)
    sentence = grid_sentence(school_comparison.grid(district.survey(), ["lincoln"]))
    assert sentence == (
        "Word and Teams are the district's strengths; "
        "fewer people use Sway and Forms on their own than most other skills"
    )


def test_the_grid_names_no_skill_by_chance(district: District):
    district.answers("lincoln", 9, proficiency_word=3, proficiency_teams=3)
    district.answers("lincoln", 2, proficiency_word=3, proficiency_teams=0)
    sentence = grid_sentence(school_comparison.grid(district.survey(), ["lincoln"]))
    assert sentence == "No skill of the district clearly differs from the others"
    district.schools(lincoln=None)
    sentence = grid_sentence(school_comparison.grid(district.survey(), ["lincoln"]))
    assert sentence == "Which skills differ clearly cannot be said without a staff list"


def test_trust_says_why_a_share_is_uncertain():
    rows = pl.DataFrame(
        [
            (0.5, 0.45, 0.55, 50, 60, False, ""),
            (0.5, 0.2, 0.8, 8, 60, False, "8 of 60 answered, give or take 30 points"),
            (0.5, 0.2, 0.8, 60, 40, False, "60 answered, give or take 30 points"),
            (0.5, None, None, 8, 60, False, "8 of 60 answered"),
            (0.5, None, None, 30, None, False, "the number of staff is not known"),
            (0.6, 0.3, 0.8, 6, 60, True, "pooled with the district's answers, since only 6 answered"),
            (0.85, None, None, None, None, False, ""),
            (None, None, None, None, None, False, ""),
        ],
        schema=["share", "share_low", "share_high", "respondents", "headcount", "is_pooled", "expected"],
        orient="row",
    )
    found = with_words(rows, of_role=False)
    assert found["trust"].to_list() == rows["expected"].to_list()
    of_role = with_words(rows.drop("is_pooled"), of_role=True)
    assert of_role["trust"][4] == "how many have this role is not known"
    assert of_role["trust"][5].startswith("6 of 60 answered, give or take ")


def test_a_range_of_ranks_is_said_in_ordinals():
    ranks = [(1, 1, 4), (2, 3, 24), (11, 22, 24), (None, None, None)]
    rows = pl.DataFrame(ranks, schema=dict.fromkeys(("rank_from", "rank_to", "ranked"), pl.Int64), orient="row")
    numbers = dict.fromkeys(("share", "share_low", "share_high", "respondents", "headcount"), pl.lit(None, pl.Float64))
    found = with_words(rows.with_columns(**numbers), of_role=False)
    assert found["rank_text"].to_list() == ["1st of 4, most likely", "2nd to 3rd of 24", "11th to 22nd of 24", None]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"Word": ABOVE, "Excel": BELOW, "Teams": SAME, "Sway": BELOW},
         "Ada is clearly above the rest of the district in Word, clearly below in Excel and Sway"),
        ({"Word": SAME, "Excel": BELOW}, "Ada is clearly below the rest of the district in Excel"),
        ({"Word": SAME, "Excel": CANNOT_TELL}, "Ada is in no skill clearly above or below the rest of the district"),
        ({"Word": NO_GROUP["district"]}, "Ada: no other school to compare with"),
        ({"Word": None}, "Ada cannot be compared yet"),
    ],
)  # fmt: skip
def test_one_school_is_said_skill_by_skill(words: dict[str, str | None], sentence: str) -> None:
    rows = [{"school_name": "Ada", "skill_name": skill, "word": word} for skill, word in words.items()]
    schema = dict.fromkeys(("school_name", "skill_name", "word"), pl.String)
    assert own_sentence(pl.DataFrame(rows, schema=schema), "district") == sentence
