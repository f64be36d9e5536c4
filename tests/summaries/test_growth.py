"""Growth between two waves: what is shown of matched people, words, and what must be refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pd_core.access import Scope
from pd_core.errors import UnknownName, UserError
from pd_core.presentation.growth_notes import growth_notes
from pd_core.storage import reference
from pd_core.summaries.growth import GROWTH_COLUMNS
from tests.district import District, principal, row
from tests.summaries.two_waves import NOW, THEN, WAVES, People, answer, at_level, grown


def test_a_school_that_learned_improved_with_all_figures(improved: District) -> None:
    changes = grown(improved).changes
    assert tuple(changes.columns) == GROWTH_COLUMNS
    found = row(changes, school_id="lincoln", skill_id="word")
    assert (found["from_wave"], found["to_wave"], found["verdict"]) == (THEN, NOW, "improved")
    assert (found["respondents_from"], found["respondents_to"], found["matched"]) == (40, 40, 40)
    assert (found["share_from"], found["share_to"], found["change"]) == (0.125, 0.875, 0.75)
    assert found["change_low"] < 0.75 < found["change_high"]
    assert (found["suppressed"], found["reason"]) == (False, "")


def test_the_same_people_with_the_same_answers_did_not_change(improved: District) -> None:
    found = row(grown(improved).changes, school_id="madison", skill_id="word")
    assert (found["change"], found["p"], found["verdict"]) == (0, 1, "no detectable change")
    assert (found["smallest_change"], found["shrunken_change"]) == (0, 0)


def test_the_district_is_weighted_as_in_each_wave(improved: District) -> None:
    found = row(grown(improved).changes, school_id="district", skill_id="word")
    for side, wave in (("from", THEN), ("to", NOW)):
        table = improved.survey(wave=wave).skill_summary
        assert found[f"share_{side}"] == row(table, school_id="district", skill_id="word")["share"]
    assert found["matched"] == 60
    assert found["verdict"] == "improved"
    assert found["shrunken_change"] is None


def test_transitions_are_the_matched_peoples_levels_as_far_as_they_may_be_told(improved: District) -> None:
    found = grown(improved).transitions.filter(skill_id="word")
    full = found.filter(school_id="lincoln")
    assert full.height == 16
    assert row(full, level_from="1", level_to="3")["people"] == 30
    assert found.filter(school_id="district")["people"].sum() == 60
    answer(improved, THEN, {"new": ("madison", {"proficiency_word": 1})})
    again = grown(improved).transitions.filter(skill_id="word", school_id="madison")
    assert again.select("level_from", "people", "suppressed").rows() == [(None, None, True)], "one left"
    assert "too few" in again["reason"].item()


def test_a_row_of_one_to_four_people_leaves_only_up_same_and_down(district: District) -> None:
    answer(district, THEN, at_level(0, range(8)) | at_level(1, range(8, 11)) | at_level(3, range(11, 14)))
    answer(district, NOW, at_level(2, range(10)) | at_level(1, range(10, 11)) | at_level(0, range(11, 14)))
    found = grown(district).transitions.filter(school_id="lincoln", skill_id="word")
    assert found.select("level_from", "level_to", "people").rows() == [
        ("any", "up", 10), ("any", "same", 1), ("any", "down", 3),
    ]  # fmt: skip
    answer(district, THEN, at_level(3, range(14, 20)))
    answer(district, NOW, at_level(3, range(14, 20)))
    found = grown(district).transitions.filter(school_id="lincoln", skill_id="word")
    assert found.select("level_from", "level_to", "people").rows() == [
        ("0-1", "0-1", 1), ("0-1", "2-3", 10), ("2-3", "0-1", 3), ("2-3", "2-3", 6),
    ]  # fmt: skip


def test_a_small_school_hides_that_wave_and_the_pair(improved: District) -> None:
    answer(improved, THEN, at_level(1, range(3), "silent"))
    improved.schools(lincoln=60, madison=40, silent=20)
    answer(improved, NOW, at_level(2, range(12), "silent"))
    found = row(grown(improved).changes, school_id="silent", skill_id="word")
    assert found["suppressed"] and f"{THEN}: fewer than 5" in found["reason"]
    shown = [name for name, value in found.items() if value is not None]
    assert set(shown) == {
        "from_wave", "to_wave", "school_id", "skill_id", "respondents_to", "share_to", "suppressed", "reason",
    }  # fmt: skip


def test_matched_people_are_hidden_where_one_to_four_answered_only_once(improved: District) -> None:
    answer(improved, NOW, at_level(2, range(40, 43)))
    found = row(grown(improved).changes, school_id="lincoln", skill_id="word")
    assert found["matched"] is None
    assert found["verdict"] == "improved", "as of different people"


def test_fewer_than_ten_answers_have_figures_and_no_word(district: District) -> None:
    answer(district, THEN, at_level(0, range(9)))
    answer(district, NOW, at_level(2, range(12)))
    found = row(grown(district).changes, school_id="lincoln", skill_id="word")
    assert (found["change"], found["verdict"]) == (1, None)
    assert "fewer than 10" in found["reason"]


def test_waves_without_people_in_common_and_anonymous_ones_are_compared_and_say_so(district: District) -> None:
    answer(district, THEN, at_level(0, range(20)))
    answer(district, NOW, at_level(2, range(20, 40)))
    left = grown(district)
    assert row(left.changes, school_id="lincoln", skill_id="word")["matched"] == 0
    assert any("No one is known to have answered in both waves" in note for note in growth_notes(left))
    answer(district, NOW, at_level(2, range(30), "madison"), anonymous=True)
    assert any("1 school without answers in Fall 2025: Madison" in note for note in growth_notes(grown(district)))


def test_that_no_one_answered_twice_is_said_of_no_more_schools_than_are_seen(district: District) -> None:
    answer(district, THEN, at_level(0, range(20)))
    answer(district, NOW, at_level(2, range(20, 40)))
    for wave in (THEN, NOW):
        answer(district, wave, at_level(1, range(20), "madison"))
    of_district, own = (grown(district, scope=scope) for scope in (Scope(frozenset()), principal("hidden", "lincoln")))
    assert not any("answered in both waves" in note for note in growth_notes(of_district))
    assert any(
        "No one at the schools shown here is known to have answered in both waves" in note for note in growth_notes(own)
    )


def test_a_school_with_too_few_answers_to_show_is_not_said_to_have_none(district: District) -> None:
    for wave in (THEN, NOW):
        answer(district, wave, at_level(1, range(12)))
    answer(district, THEN, at_level(1, range(12), "madison"))
    answer(district, NOW, at_level(1, range(3), "madison"))
    assert not any("without answers" in note for note in growth_notes(grown(district)))


def test_an_anonymous_wave_matches_nobody(district: District) -> None:
    answer(district, THEN, at_level(0, range(20)))
    answer(district, NOW, at_level(2, range(20)), anonymous=True)
    found = grown(district)
    assert row(found.changes, school_id="lincoln", skill_id="word")["matched"] == 0
    assert growth_notes(found)[0].startswith("Fall 2026 is anonymous")


def test_where_some_answers_are_anonymous_it_says_that_they_count_as_leavers_and_newcomers(district: District) -> None:
    for school, few in (("lincoln", 5), ("madison", 4)):
        answer(district, THEN, at_level(0, range(30), school))
        answer(district, NOW, at_level(2, range(20), school))
        answer(district, NOW, at_level(2, range(20, 20 + few), school), anonymous=True)
    found = grown(district)
    assert row(found.changes, school_id="lincoln", skill_id="word")["matched"] == 20
    said = {
        school: [one for one in growth_notes(found, school) if "anonymous" in one]
        for school in ("lincoln", "madison", "district")
    }
    assert said["madison"] == [], "fewer than five are not told of"
    assert said["lincoln"] == said["district"]
    assert said["lincoln"][0].startswith("Some or all of these answers in Fall 2026 are anonymous: the people who gave")
    turned = grown(district, from_wave=NOW, to_wave=THEN)
    assert [one for one in growth_notes(turned, "lincoln") if "anonymous" in one] == said["lincoln"]


def test_a_school_without_answers_in_one_wave_says_so(improved: District) -> None:
    improved.schools(lincoln=60, madison=40, new=20)
    answer(improved, NOW, at_level(2, range(12), "new"))
    found = row(grown(improved).changes, school_id="new", skill_id="word")
    assert (found["change"], found["verdict"], found["reason"]) == (None, None, "no answers in Fall 2025")


def test_who_moved_to_another_school_is_matched_in_neither(district: District) -> None:
    answer(district, THEN, at_level(0, range(20)) | at_level(0, range(20), "madison"))
    moved = {name: ("madison", answers) for name, (_, answers) in at_level(2, range(10)).items()}
    answer(district, NOW, at_level(2, range(10, 20)) | moved | at_level(0, range(20), "madison"))
    changes = grown(district).changes
    assert row(changes, school_id="lincoln", skill_id="word")["matched"] == 10
    assert row(changes, school_id="madison", skill_id="word")["matched"] == 20


def test_one_role_matches_those_who_had_it_both_times(district: District) -> None:
    def people(roles: dict[str, range], level: int) -> People:
        return {
            f"p{number}": ("lincoln", {"proficiency_word": level, "role": role})
            for role, numbers in roles.items()
            for number in numbers
        }

    answer(district, THEN, people({"teacher": range(20), "para": range(20, 35)}, 0))
    answer(district, NOW, people({"teacher": range(15), "para": range(15, 35)}, 2))
    found = row(grown(district, role="teacher").changes, school_id="lincoln", skill_id="word")
    assert (found["respondents_from"], found["respondents_to"], found["matched"]) == (20, 15, 15)


def test_the_family_is_the_district_whoever_asks(improved: District) -> None:
    own = grown(improved, scope=principal("hidden", "madison")).changes
    assert own["school_id"].unique().sort().to_list() == ["district", "madison"]
    everything = grown(improved).changes
    district = row(own, school_id="district", skill_id="word")
    exact = row(everything, school_id="district", skill_id="word")
    assert district["share_to"] == round(exact["share_to"], 2) != exact["share_to"]
    assert district["change_low"] == pytest.approx(np.floor(100 * exact["change_low"]) / 100)
    assert district["verdict"] == exact["verdict"]
    assert own.filter(school_id="madison").equals(everything.filter(school_id="madison"))


def test_pairs_that_are_none_are_refused(district: District) -> None:
    with pytest.raises(UserError, match="There is no wave with answers yet; growth needs two"):
        grown(district)
    answer(district, THEN, at_level(0, range(20)))
    with pytest.raises(UserError, match="There is one wave with answers, Fall 2025; growth needs two"):
        grown(district)
    answer(district, NOW, at_level(1, range(20), skill="teams"))
    with pytest.raises(UserError, match="have no skill in common"):
        grown(district)
    with pytest.raises(UserError, match="have no skill in common"):
        grown(district, role="teacher")
    answer(district, NOW, at_level(1, range(20, 40)))
    with pytest.raises(UserError, match="No one with the role Teacher answered about the same skill in Fall 2025 and"):
        grown(district, role="teacher")
    with pytest.raises(UserError, match="Fall 2026 cannot be compared with itself"):
        grown(district, from_wave=NOW, to_wave=NOW)
    with pytest.raises(UserError, match=r"Fall 2025 is the first wave: there is none before it.*--from"):
        grown(district, to_wave=THEN)
    with pytest.raises(UserError, match=r"Fall 2026 is the last wave: there is none after it.*--to"):
        grown(district, from_wave=NOW)
    with pytest.raises(UnknownName, match="There is no wave “Spring”"):
        grown(district, from_wave="Spring")
    assert any("Only Fall 2026 asks about Teams" in note for note in growth_notes(grown(district)))
    back = grown(district, from_wave=NOW, to_wave="fall 2025").changes
    assert row(back, school_id="lincoln", skill_id="word")["from_wave"] == NOW


def merge(district: District, **successors: str) -> None:
    """Says in the list of schools which became which, with the headcounts of the test."""
    rows = [
        (name, name.title(), "", "High", "North", 60, successors.get(name, ""))
        for name in ("lincoln", "madison", "oak")
    ]
    columns = [*reference.SCHOOL_COLUMNS, reference.SUCCESSOR]
    reference.set_schools(district.store, pl.DataFrame(rows, schema=columns, orient="row"), "test")


def test_merged_schools_count_as_their_successor_and_their_people_are_matched(district: District) -> None:
    answer(district, THEN, at_level(1, range(20), "lincoln") | at_level(2, range(12), "madison"))
    both = {
        name: ("oak", {"proficiency_word": 2}) for name in at_level(1, range(20)) | at_level(2, range(12), "madison")
    }
    merge(district, lincoln="oak", madison="oak")
    answer(district, NOW, both)
    found = grown(district)
    oak = row(found.changes, school_id="oak", skill_id="word")
    assert (oak["respondents_from"], oak["respondents_to"], oak["matched"]) == (32, 32, 32)
    assert (oak["share_from"], oak["share_to"]) == (12 / 32, 1)
    assert set(found.changes["school_id"]) == {"oak", "district"}
    assert "Lincoln was merged into Oak, where its answers count." in growth_notes(found)


def test_a_hidden_school_that_was_merged_hides_the_sum(district: District) -> None:
    answer(district, THEN, at_level(1, range(20), "lincoln") | at_level(2, range(3), "madison"))
    merge(district, lincoln="oak", madison="oak")
    answer(district, NOW, at_level(2, range(25), "oak"))
    oak = row(grown(district).changes, school_id="oak", skill_id="word")
    assert oak["suppressed"] and oak["respondents_from"] is None and oak["share_from"] is None


def test_a_school_with_a_successor_that_is_open_in_both_waves_stays_itself(district: District) -> None:
    merge(district, lincoln="oak")
    for wave in WAVES:
        answer(district, wave, at_level(1, range(20), "lincoln"))
    answer(district, NOW, at_level(2, range(15), "oak"))
    changes = grown(district).changes
    assert row(changes, school_id="lincoln", skill_id="word")["matched"] == 20
    assert row(changes, school_id="oak", skill_id="word")["reason"] == "no answers in Fall 2025"


def test_the_district_has_no_count_of_the_same_people_where_each_schools_is_hidden(district: District) -> None:
    answer(district, THEN, at_level(1, range(20)) | at_level(1, range(20), "madison"))
    answer(district, NOW, at_level(2, range(3, 23)) | at_level(2, range(2, 22), "madison"))
    found = grown(district)
    assert row(found.changes, school_id="district", skill_id="word")["matched"] is None
    hidden = row(found.transitions, school_id="district", skill_id="word")
    assert (hidden["people"], hidden["suppressed"]) == (None, True)
    assert hidden["reason"] == "at no school may all levels of the same people be shown"


def test_the_district_counts_no_one_only_where_each_school_is_known_to_have_none(district: District) -> None:
    answer(district, THEN, at_level(1, range(20)) | at_level(1, range(20), "madison"))
    answer(district, NOW, at_level(2, range(20, 40)) | at_level(2, range(20, 40), "madison"))
    assert row(grown(district).changes, school_id="district", skill_id="word")["matched"] == 0


def test_a_school_that_everyone_left_is_not_said_to_have_hidden_people(district: District) -> None:
    answer(district, THEN, at_level(1, range(20)) | at_level(1, range(20), "madison"))
    answer(district, NOW, at_level(2, range(20, 40)) | at_level(1, range(20), "madison"))
    found = grown(district)
    left = row(found.transitions, school_id="lincoln", skill_id="word")
    assert left["reason"] == "no one is known to have answered both times"
    assert any("No one is known to have answered in both waves" in note for note in growth_notes(found, "lincoln"))
    assert not any("in both waves" in note for note in growth_notes(found, "madison"))


def test_a_school_that_answered_once_gives_that_as_the_reason(improved: District) -> None:
    improved.schools(lincoln=60, madison=40, new=20)
    answer(improved, NOW, at_level(2, range(12), "new"))
    found = grown(improved)
    assert row(found.transitions, school_id="new", skill_id="word")["reason"] == "no answers in Fall 2025"
    assert not any("in both waves" in note for note in growth_notes(found, "new"))
