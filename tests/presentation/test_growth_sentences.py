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
    stayers_sentence,
    taught_sentence,
    title_sentence,
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
    assert "a change of 18 to 31 points would have been seen in 4 of 5 cases" in seen_sentence(rows)
    assert seen_sentence(changes(("C", "improved"))) == ""


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
    })  # fmt: skip
    assert stayers_sentence(rows) == (
        "Leavers were unlike stayers in Word (40% of leavers, 50% of stayers): that moves the share without anyone "
        "learning."
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


def test_samr_moves_are_said_in_shares_with_their_answers() -> None:
    now = pl.DataFrame({"skill_name": ["Word"] * 2, "level": ["M", "R"], "share": [0.2, 0.1], "respondents": [30, 30]})
    then = now.with_columns(share=pl.lit(0.05), respondents=20)
    assert samr_sentence(now, then, "Fall 2025") == (
        "The part that redesigns tasks or makes new ones moved most with Word: 10% → 30% (20 and 30 answers)"
    )
    assert "No SAMR profile" in samr_sentence(now.head(0), then, "Fall 2025")


def test_the_title_names_few_skills_and_no_numbers() -> None:
    improved = changes(*((name, "improved") for name in ("Word", "Excel", "Sway", "Forms")), ("Teams", "declined"))
    assert title_sentence("Oak", improved) == "Oak improved in Word, Excel and two more skills and declined in Teams"
    same = changes(*((name, "no detectable change") for name in ("A", "B", "C")), ("D", "cannot tell"))
    assert title_sentence("Oak", same) == "Oak: no detectable change in three skills"
    assert title_sentence("Oak", changes(("D", "cannot tell"))) == "Oak: cannot tell for D"
