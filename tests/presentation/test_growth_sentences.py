"""What changed, in words: no more than the figures say."""

from __future__ import annotations

import polars as pl
import pytest

from pd_core.presentation.growth_sentences import (
    change_sentence,
    lowest_sentence,
    matched_sentence,
    samr_sentence,
    schools_sentence,
    seen_sentence,
    since_sentence,
    stayers_sentence,
    taught_sentence,
    title_sentence,
    with_seen_change,
)
from pd_core.summaries.growth import LowestSchools

SCHEMA = {
    "skill_name": pl.String, "verdict": pl.String, "share_from": pl.Float64, "share_to": pl.Float64,
    "respondents_from": pl.Int64, "respondents_to": pl.Int64, "matched": pl.Int64, "change": pl.Float64,
    "smallest_change": pl.Float64, "suppressed": pl.Boolean, "reason": pl.String,
}  # fmt: skip


def changes(*rows: tuple[str, str | None], **values: object) -> pl.DataFrame:
    usual = {
        "share_from": 0.12, "share_to": 0.41, "respondents_from": 34, "respondents_to": 36, "matched": 22,
        "change": 0.29, "smallest_change": 0.24, "suppressed": False, "reason": "",
    }  # fmt: skip
    return pl.DataFrame(
        [{"skill_name": skill, "verdict": word, **usual, **values} for skill, word in rows], schema=SCHEMA
    )


def test_the_first_screen_says_it_all_in_one_sentence() -> None:
    same = [(f"Skill {number}", "no detectable change") for number in range(9)]
    rows = changes(("OneNote", "improved"), *same, ("Sway", "cannot tell"))
    assert change_sentence("Cedar Hollow", rows) == (
        "Cedar Hollow improved in OneNote (12% → 41%, 34 and 36 answers, 22 the same people); "
        "no detectable change in nine skills; cannot tell for Sway."
    )


def test_people_who_are_hidden_or_none_are_not_called_the_same() -> None:
    for matched in (None, 0):
        assert "same people" not in change_sentence("Oak", changes(("Word", "improved"), matched=matched))


def test_without_any_change_no_word_of_change_comes_first() -> None:
    rows = changes(("Word", "no detectable change"), ("Excel", "no detectable change"))
    assert change_sentence("Oak", rows) == "Oak: no detectable change in Word and Excel."


def test_many_improved_skills_are_named_and_two_have_their_numbers() -> None:
    sentence = change_sentence("Oak", changes(*((name, "improved") for name in ("A", "B", "C", "D"))))
    assert sentence.count("answers") == 2
    assert sentence.endswith("C and D.")


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ({"suppressed": True, "change": None, "reason": "Fall 2025: fewer than 5 people answered"},
         "nothing can be shown (Fall 2025: fewer than 5 people answered)."),
        ({"change": None, "reason": "no answers in Fall 2025"}, "no answers in Fall 2025."),
        ({"reason": "few"}, "fewer than 10 answers in a wave for Word, too few to say."),
    ],
)  # fmt: skip
def test_without_a_word_the_reason_is_said(values: dict[str, object], end: str) -> None:
    assert change_sentence("Oak", changes(("Word", None), **values)) == f"Oak: {end}"


def test_no_change_and_cannot_tell_come_with_what_could_have_been_seen() -> None:
    rows = pl.concat([
        changes(("A", "no detectable change"), smallest_change=0.18),
        changes(("B", "cannot tell"), smallest_change=0.31),
        changes(("C", "improved"), smallest_change=0.05),
    ])  # fmt: skip
    assert seen_sentence(rows) == (
        "Where no change was detected, or we cannot tell, 34 to 36 people answered each time: a change of 18 to 31 "
        "points would have been seen in 4 of 5 cases if it were the only one looked at. Among many it must be larger, "
        "and a smaller one may be there unseen."
    )
    assert seen_sentence(changes(("C", "improved"))) == ""


def test_where_nothing_varied_no_change_of_0_points_is_said_to_be_seen() -> None:
    alike = changes(("A", "no detectable change"), smallest_change=0.0)
    unknown = (
        "In A everyone answered alike, or the same people answered the same, so how large a change would have been "
        "seen is not known."
    )
    assert seen_sentence(alike) == unknown
    both = seen_sentence(pl.concat([alike, changes(("B", "cannot tell"), smallest_change=0.31)]))
    assert "a change of 31 points" in both and both.endswith(unknown)


def test_where_nothing_varied_the_chart_gets_no_mark_at_0_points() -> None:
    rows = pl.concat([changes(("A", "no detectable change"), smallest_change=one) for one in (0.0, 0.31)])
    assert with_seen_change(rows)["smallest_change"].to_list() == [None, 0.31]


def test_another_page_is_told_of_how_many_answers_and_what_could_have_been_seen() -> None:
    assert since_sentence("Oak", "Fall 2025", changes(("A", "no detectable change"))) == (
        "Since Fall 2025, Oak: no detectable change in A. Looked at alone, a change of 24 points would have been seen "
        "in 4 of 5 cases (34 to 36 people answered each time)."
    )
    assert since_sentence("Oak", "Fall 2025", changes(("A", "improved"))).endswith("22 the same people).")


def test_a_change_of_a_reworded_question_is_not_said_elsewhere_without_that() -> None:
    reworded = changes(("A", "improved"), reason="the question was reworded")
    said = since_sentence("Oak", "Fall 2025", pl.concat([reworded, changes(("B", "improved"))]))
    assert said.endswith(" The question was reworded for A, which may move answers by itself.")
    same = changes(("A", "no detectable change"), reason="the question was reworded")
    assert "reworded" not in since_sentence("Oak", "Fall 2025", same)


def test_a_change_without_a_range_says_why_it_cannot_be_told() -> None:
    rows = changes(("A", "cannot tell"), ("B", "cannot tell"), smallest_change=None, reason="respondents only")
    assert change_sentence("Oak", rows) == "Oak: cannot tell for A and B (respondents only)."


def test_schools_are_counted_and_none_is_called_the_best() -> None:
    rows = changes(("x", "improved"), ("x", "improved"), ("x", "cannot tell"), ("x", None))
    assert schools_sentence("OneNote", rows) == (
        "OneNote, 4 schools: 2 improved, cannot tell at 1 and no word for 1, with too few answers"
    )


def test_a_group_picked_for_being_low_stands_next_to_regression_to_the_mean() -> None:
    sentence = lowest_sentence("OneNote", "Fall 2025", LowestSchools(15, 0.09, 0.06))
    assert sentence == (
        "The 15 schools lowest in OneNote in Fall 2025 rose 9 points on average; about 6 points up would come from "
        "having been lowest alone, even if nothing had changed."
    )
    assert "fell 2 points" in lowest_sentence("OneNote", "Fall 2025", LowestSchools(3, -0.02, 0.06))
    assert lowest_sentence("OneNote", "Fall 2025", None) == ""


def test_the_same_people_are_counted_with_what_chance_does() -> None:
    row = {"detail": "levels", "up": 14, "same": 5, "down": 3, "sign_p": 0.0127}
    assert matched_sentence("OneNote", row, "") == (
        "Of 22 people who answered about OneNote both times, 14 went up, 3 went down and 5 stayed; chance alone rarely "
        "does that."
    )
    assert "chance alone could do that" in matched_sentence("OneNote", row | {"sign_p": 0.4}, "")
    assert "became proficient" in matched_sentence("OneNote", row | {"detail": "proficient or not"}, "")
    assert matched_sentence("OneNote", row | {"sign_p": None}, "").endswith("3 went down.")
    assert matched_sentence("OneNote", None, "too few") == (
        "OneNote: what the same people answered both times is hidden: too few."
    )


def test_leavers_who_were_unlike_stayers_are_said() -> None:
    rows = pl.DataFrame({
        "skill_name": ["Word", "Teams"], "stayers_share_from": [0.5, 0.4], "leavers_share_from": [0.4, 0.35],
        "leavers": [20, 20], "matched": [30, 30],
    })  # fmt: skip
    assert stayers_sentence(rows) == (
        "Leavers were unlike stayers in Word (40% of 20 leavers, 50% of 30 stayers): that moves the share without "
        "anyone learning."
    )
    assert "no skill set them 10 points" in stayers_sentence(rows.tail(1))
    assert "cannot be shown" in stayers_sentence(rows.head(0))


def test_what_was_taught_is_listed_and_small_groups_are_not_counted_out() -> None:
    rows = pl.DataFrame(
        {"title": ["OneNote", "Forms"], "people": [14, None]}, schema={"title": pl.String, "people": pl.Int64}
    )
    assert taught_sentence(rows) == "Taught between the two waves: OneNote (14 people) and another"
    assert "too few to show" in taught_sentence(rows.tail(1))
    assert "No training is recorded" in taught_sentence(rows.head(0))


def test_samr_moves_are_said_in_shares_with_their_answers_and_what_chance_does() -> None:
    moves = pl.DataFrame({
        "skill_name": ["Word", "Teams"], "share_from": [0.1, 0.2], "share_to": [0.3, 0.2],
        "respondents_from": [20, 20], "respondents_to": [30, 30], "p_of_all": [0.2, 1.0],
    })  # fmt: skip
    said = "The part that redesigns tasks or makes new ones moved most, of two skills, with Word: 10% → 30%"
    assert samr_sentence(moves, "Fall 2025") == f"{said} (20 and 30 answers); chance alone could do that"
    sure = moves.with_columns(p_of_all=pl.lit(0.01))
    assert samr_sentence(sure, "Fall 2025").endswith("chance alone rarely does that")
    unknown = moves.with_columns(p_of_all=pl.lit(None))
    assert samr_sentence(unknown, "Fall 2025").endswith("; no range is worked out for it")
    assert "No SAMR profile" in samr_sentence(moves.head(0), "Fall 2025")


def test_the_title_names_few_skills_and_no_numbers() -> None:
    improved = changes(*((name, "improved") for name in ("Word", "Excel", "Sway", "Forms")), ("Teams", "declined"))
    assert title_sentence("Oak", improved) == "Oak improved in Word, Excel and two more skills and declined in Teams"
    same = changes(*((name, "no detectable change") for name in ("A", "B", "C")), ("D", "cannot tell"))
    assert title_sentence("Oak", same) == "Oak: no detectable change in three skills; cannot tell for D"
    assert title_sentence("Oak", changes(("D", "cannot tell"))) == "Oak: cannot tell for D"
