"""Growth of the same people: tests, who came and went, the lowest schools, order, and questions that changed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pd_core.presentation.growth_notes import growth_notes
from pd_core.summaries.growth_samr import redesigned
from tests.district import District, principal, row
from tests.summaries.two_waves import NOW, THEN, WAVES, People, answer, at_level, grown


def test_the_same_people_are_tested_from_what_is_shown_of_them(improved: District) -> None:
    found = row(grown(improved).matched, school_id="lincoln", skill_id="word")
    assert (found["detail"], found["matched"]) == ("levels", 40)
    assert (found["up"], found["same"], found["down"]) == (35, 5, 0)
    assert found["sign_p"] == pytest.approx(2 * 0.5**35)
    assert found["level_p"] == pytest.approx(2 * 0.5**35), "all moved up by one or two levels"
    assert found["homogeneity_p"] < 0.001
    assert found["from_stayers"] == 0.75
    assert (found["from_newcomers"], found["from_leavers"], found["leavers_share_from"]) == (0, 0, None)


def test_where_only_moves_are_shown_nothing_tells_who_was_proficient(district: District) -> None:
    answer(district, THEN, at_level(0, range(8)) | at_level(1, range(8, 11)) | at_level(3, range(11, 14)))
    answer(district, NOW, at_level(2, range(10)) | at_level(1, range(10, 11)) | at_level(0, range(11, 14)))
    found = row(grown(district).matched, school_id="lincoln", skill_id="word")
    assert (found["detail"], found["up"], found["same"], found["down"]) == ("moves", 10, 1, 3)
    assert found["sign_p"] is not None
    hidden = ("level_p", "homogeneity_p", "from_stayers", "stayers_share_from", "stayers_share_to")
    assert [found[name] for name in hidden] == [None] * len(hidden)


def test_stayers_newcomers_and_leavers_add_up_to_the_change(district: District) -> None:
    answer(district, THEN, at_level(1, range(20)) | at_level(2, range(20, 30)))
    answer(district, NOW, at_level(2, range(20)) | at_level(3, range(30, 40)))
    found = grown(district)
    part, whole = (
        row(found.matched, school_id="lincoln", skill_id="word"),
        row(found.changes, school_id="lincoln", skill_id="word"),
    )
    assert (part["matched"], part["leavers"], part["newcomers"]) == (20, 10, 10)
    assert (part["stayers_share_from"], part["leavers_share_from"]) == (0, 1)
    parts = part["from_stayers"] + part["from_newcomers"] + part["from_leavers"]
    assert parts == pytest.approx(whole["change"])


def test_a_principal_sees_no_test_of_the_district(improved: District) -> None:
    own = grown(improved, scope=principal("hidden", "madison"))
    assert own.matched["school_id"].unique().to_list() == ["madison"]
    assert own.lowest("word") is None


def test_the_lowest_schools_are_set_against_what_having_been_lowest_explains(district: District) -> None:
    source = np.random.default_rng(7)
    names = [f"s{number}" for number in range(16)]
    district.schools(**dict.fromkeys(names))
    for wave in WAVES:
        people = {}
        for name in names:
            able = int(source.binomial(20, 0.5))
            people |= at_level(2, range(able), name) | at_level(0, range(able, 20), name)
        answer(district, wave, {f"{wave} {person}": found for person, found in people.items()})
    found = grown(district).lowest("word")
    assert found is not None and found.schools == 4
    assert found.rise > 0.05, "chance alone lifts those that were picked for being low"
    assert found.expected == pytest.approx(found.rise, abs=0.12)


def test_two_schools_have_no_lowest_quarter(improved: District) -> None:
    assert grown(improved).lowest("word") is None


def test_rows_come_by_the_shrunken_change_and_never_by_the_change(district: District) -> None:
    answer(district, THEN, at_level(0, range(40)) | at_level(0, range(8), "madison"))
    answer(
        district,
        NOW,
        at_level(2, range(20))
        | at_level(0, range(20, 40))
        | at_level(2, range(6), "madison")
        | at_level(0, range(6, 8), "madison"),
    )
    rows = grown(district).of_skill("word")
    assert rows["shrunken_change"].is_sorted(descending=True)
    assert grown(district).of("lincoln")["skill_name"].to_list() == ["Word"]


def test_samr_then_and_now_are_the_two_waves_own(district: District) -> None:
    for wave, level in zip(WAVES, (1, 4), strict=True):
        answer(district, wave, {f"{n}": ("lincoln", {"samr_word": level, "proficiency_word": 2}) for n in range(12)})
    found = grown(district).samr("lincoln")
    full = found.filter(pl.col("share") == 1).select("wave_id", "level", "is_then")
    assert sorted(full.rows()) == [(THEN, "S", True), (NOW, "R", False)]
    assert grown(district, scope=principal("hidden", "madison")).samr("lincoln").is_empty()


def test_a_question_that_was_reworded_is_flagged_on_its_row_and_above_all(district: District) -> None:
    people = at_level(1, range(20))
    answer(district, THEN, people, wording=(("proficiency_word", "Word"), ("proficiency_teams", "Teams")))
    answer(district, NOW, people, wording=(("proficiency_word", "Microsoft 365 Word"), ("proficiency_teams", "TEAMS ")))
    found = grown(district)
    assert row(found.changes, school_id="lincoln", skill_id="word")["reason"] == "the question was reworded"
    assert "The question was reworded, which may move answers by itself: Word." in growth_notes(found)


def test_rewording_is_judged_school_by_school_and_flags_the_district(district: District) -> None:
    district.schools(lincoln=60, madison=40, oak=40)
    old, new = (("proficiency_word", "Word"),), (("proficiency_word", "Microsoft Word"),)
    for school_id, now in (("lincoln", old), ("madison", new)):
        answer(district, THEN, at_level(1, range(20), school_id), wording=old)
        answer(district, NOW, at_level(1, range(20), school_id), wording=now)
    found = grown(district)
    flags = {school_id: row(found.changes, school_id=school_id, skill_id="word")["reason"] for school_id in
             ("lincoln", "madison", "district")}  # fmt: skip
    assert flags == {
        "lincoln": "", "madison": "the question was reworded", "district": "the question was reworded",
    }  # fmt: skip
    noted = "The question was reworded, which may move answers by itself: Word."
    assert [noted in growth_notes(found, one) for one in ("lincoln", "madison", "district")] == [False, True, True]


def test_a_school_of_which_some_got_new_words_is_flagged(district: District) -> None:
    answer(district, THEN, at_level(1, range(20)), wording=(("proficiency_word", "Word"),))
    answer(district, NOW, at_level(1, range(15)), wording=(("proficiency_word", "Microsoft Word"),))
    answer(district, NOW, at_level(1, range(15, 20)), wording=(("proficiency_word", "Word"),))
    reason = row(grown(district).changes, school_id="lincoln", skill_id="word")["reason"]
    assert reason == "the question was reworded"


def test_the_districts_skills_come_by_the_change_allowing_for_chance(district: District) -> None:
    """About Teams few answered and the change is larger, but less sure than that of Word, about which many did."""
    for wave, teams, able in ((THEN, 2, 10), (NOW, 5, 32)):
        people: dict[str, tuple[str, dict[str, object]]] = {}
        for number in range(50):
            said: dict[str, object] = {"proficiency_word": 2 if number < able else 0, "proficiency_excel": 1}
            said |= {"proficiency_teams": 2 if number < teams else 0} if number < 6 else {}
            people[f"{number}"] = ("lincoln", said)
        answer(district, wave, people, anonymous=True)
    rows = grown(district).of("district")
    changes = dict(rows.select("skill_name", "change").iter_rows())
    assert changes["Teams"] > changes["Word"] > changes["Excel"]
    assert rows["skill_name"].to_list()[:2] == ["Word", "Teams"]
    assert rows["shrunken_change"].null_count() == rows.height


def test_the_district_cannot_tell_for_a_role_without_a_staff_list(district: District) -> None:
    def people(level: int) -> People:
        return {f"p{n}": ("lincoln", {"proficiency_word": level, "role": "teacher"}) for n in range(20)}

    answer(district, THEN, people(1))
    answer(district, NOW, people(1))
    found = row(grown(district, role="teacher").changes, school_id="district", skill_id="word")
    assert (found["verdict"], found["smallest_change"], found["change_low"], found["p"]) == (
        "cannot tell", None, None, None,
    )  # fmt: skip
    assert found["reason"] == "respondents only: without a staff list by role there is no range"
    district.roster(lincoln={"teacher": 40})
    answer(district, NOW, people(1))
    told = row(grown(district, role="teacher").changes, school_id="district", skill_id="word")
    assert told["smallest_change"] is not None and told["reason"] == ""


def test_redesigned_tasks_that_moved_most_come_with_what_chance_does_to_one_of_all(district: District) -> None:
    for wave, level in zip(WAVES, (1, 4), strict=True):
        answer(district, wave, {f"{n}": ("lincoln", {"samr_word": level if n < 10 else 1, "samr_teams": 1,
               "proficiency_word": 2, "proficiency_teams": 2}) for n in range(12)})  # fmt: skip
    profiles = grown(district).samr("lincoln")
    moves = redesigned(profiles, "lincoln")
    assert moves["skill_name"].to_list() == ["Word", "Teams"]
    assert (moves["share_from"][0], moves["share_to"][0]) == (0, pytest.approx(10 / 12))
    assert moves["p_of_all"][0] < 0.01
    assert moves["p_of_all"][1] == 1
    of_district = redesigned(grown(district).samr("district"), "district")
    assert of_district["p_of_all"].null_count() == of_district.height
