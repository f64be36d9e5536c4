"""What the stored answers say: counted in the store as one would by hand."""

from __future__ import annotations

from collections import Counter
from random import Random

import polars as pl
import pytest

from pd_core.codebook import Codebook
from pd_core.storage import Store, open_store, queries, registers, store_upload, undo_upload

from .made_up import FALL, SPRING, answers, row, staff, upload

LEVELS = {"proficiency_teams": 4, "proficiency_onenote": 4, "samr_teams": 5}
SCHOOLS = ("lincoln", "madrona", "jefferson")


def put(store: Store, name: str, rows: pl.DataFrame, wave_id: str = FALL) -> None:
    store_upload(store, upload(name, rows, wave_id), rows)


def school_list(*rows: tuple[str, str, int | None]) -> pl.DataFrame:
    named = pl.DataFrame(
        list(rows), schema={"school_id": pl.String, "name": pl.String, "headcount": pl.Int64}, orient="row"
    )
    return named.with_columns(aliases=pl.lit(""), level=pl.lit(""), region=pl.lit(""))


def random_answers(wave: str, people: int, seed: int) -> list[dict[str, object]]:
    chance = Random(seed)
    return [
        row(
            f"{wave} {number}",
            school_id=chance.choice(SCHOOLS),
            role=chance.choice(["teacher", "office", None]),
            **{item: chance.choice([None, *range(levels)]) for item, levels in LEVELS.items()},
        )
        for number in range(people)
    ]


@pytest.mark.parametrize("by_role", [False, True])
@pytest.mark.parametrize("school_ids", [None, ["madrona"], ["lincoln", "jefferson"], []])
@pytest.mark.parametrize("wave_id", [None, FALL])
def test_people_at_each_level_are_counted_as_by_hand(
    counted: tuple[Store, list[tuple[str, dict[str, object]]]],
    by_role: bool,
    school_ids: list[str] | None,
    wave_id: str | None,
):
    store, kept = counted
    expected: Counter[tuple[object, ...]] = Counter()
    for wave, answer in kept:
        if (wave_id in (None, wave)) and (school_ids is None or answer["school_id"] in school_ids):
            group = (wave, answer["school_id"], *([answer["role"]] if by_role else []))
            for item, levels in LEVELS.items():
                for level in range(levels):
                    expected[*group, item, level] += answer[item] == level
    found = queries.level_counts(store, LEVELS, wave_id=wave_id, school_ids=school_ids, by_role=by_role)
    role = ["role"] if by_role else []
    assert found.columns == ["wave_id", "school_id", *role, "item_id", "level", "respondents"]
    assert found.schema["respondents"] == found.schema["level"] == pl.Int64
    assert {tuple(values[:-1]): values[-1] for values in found.iter_rows()} == dict(expected)
    assert found.height == len(expected)


@pytest.fixture(scope="module")
def counted(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory):
    """Two waves of answers, some of them replaced and some taken out; and the answers that are left."""
    store = open_store(str(tmp_path_factory.mktemp("counted") / "pd.duckdb"), list(codebook.items.values()))
    kept = [(FALL, answer) for answer in random_answers(FALL, 3000, seed=1)]
    kept += [(SPRING, answer) for answer in random_answers(SPRING, 500, seed=2)]
    put(store, "fall", answers(*(answer for wave, answer in kept if wave == FALL)))
    put(store, "spring", answers(*(answer for wave, answer in kept if wave == SPRING)), SPRING)
    edited = {**kept[0][1], "answered_at": kept[0][1]["answered_at"].replace(year=2027), "proficiency_teams": 0}
    kept[0] = (FALL, edited)
    put(store, "edited", answers(edited))
    put(store, "mistake", answers(*random_answers("mistake", 200, seed=3)))
    undo_upload(store, "mistake", "Mia")
    yield store, kept
    store.close()


def test_levels_above_two_and_thousands_of_people_are_counted(store: Store):
    rows = pl.concat(
        staff((f"{level} {n}" for n in range(1000 + level)), proficiency_teams=min(level, 3), samr_teams=level)
        for level in range(5)
    )
    put(store, "first", rows)
    found = queries.level_counts(store, LEVELS).sort("item_id", "level")
    by_item = {item: found.filter(item_id=item)["respondents"].to_list() for item in LEVELS}
    assert by_item["samr_teams"] == [1000, 1001, 1002, 1003, 1004]
    assert by_item["proficiency_teams"] == [1000, 1001, 1002, 2007]
    assert by_item["proficiency_onenote"] == [0, 0, 0, 0]


def test_an_empty_store_answers_every_question_with_no_rows(store: Store):
    assert not queries.has_uploads(store)
    assert queries.wave_ids(store) == []
    for frame in (
        queries.uploads(store),
        queries.waves(store),
        queries.schools(store),
        queries.roster_headcounts(store),
        queries.respondents(store),
        queries.level_counts(store, LEVELS),
        queries.level_counts(store, {}),
        queries.choice_counts(store, "topics"),
        queries.answered_counts(store, "topics"),
        queries.ready_for_implementation(store, {"teams": ("proficiency_teams", "samr_teams")}, proficient=2),
    ):
        assert frame.is_empty()


def test_a_store_whose_only_upload_was_taken_out_is_empty_again(store: Store):
    put(store, "first", staff(["Ada"]))
    assert queries.has_uploads(store)
    undo_upload(store, "first", "Mia")
    assert not queries.has_uploads(store)
    assert queries.waves(store).is_empty()


def test_waves_stand_in_the_order_of_time_not_of_upload_or_name(store: Store):
    put(store, "later", staff(["Ada", "Ben"], hour=4000), SPRING)
    put(store, "earlier", answers(row("a", hour=1), row("b", hour=9)), FALL)
    put(store, "first of all", answers(row("c", hour=-9000)), "Winter 2025")
    waves = queries.waves(store)
    assert waves["wave_id"].to_list() == ["Winter 2025", FALL, SPRING]
    assert waves["respondents"].to_list() == [1, 2, 2]
    assert [moment.hour for moment in waves.row(1)[1:3]] == [9, 17]
    assert queries.wave_ids(store) == [FALL, SPRING, "Winter 2025"]


def test_respondents_are_people_by_wave_school_and_role(store: Store):
    put(
        store,
        "first",
        answers(row("a", role="teacher"), row("b", role="teacher"), row("c"), row("d", school_id="madrona")),
    )
    found = queries.respondents(store).sort("school_id", "role", nulls_last=True)
    assert found.rows() == [
        (FALL, "lincoln", "teacher", 2),
        (FALL, "lincoln", None, 1),
        (FALL, "madrona", None, 1),
    ]


def test_each_chosen_topic_counts_once_a_person(store: Store):
    put(store, "first", answers(row("a", topics="x;y"), row("b", topics="y"), row("c", topics=""), row("d")))
    found = queries.choice_counts(store, "topics", wave_id=FALL, school_ids=["lincoln"])
    assert sorted(found.rows()) == [(FALL, "lincoln", "x", 1), (FALL, "lincoln", "y", 2)]
    assert queries.answered_counts(store, "topics").rows() == [(FALL, "lincoln", 3)]


def test_people_who_are_proficient_but_substitute_wait_for_the_implementation_class(store: Store):
    levels = [(3, 0), (2, 1), (2, 2), (1, 0), (3, None), (None, 1)]
    rows = [row(str(n), proficiency_teams=own, samr_teams=use) for n, (own, use) in enumerate(levels)]
    put(store, "first", answers(*rows))
    skills = {"teams": ("proficiency_teams", "samr_teams")}
    assert queries.ready_for_implementation(store, skills, proficient=2).rows() == [(FALL, "lincoln", "teams", 4, 2)]


def test_the_rows_of_an_upload_are_told_by_school(store: Store):
    put(store, "first", answers(row("a"), row("b"), row("c", school_id="madrona")))
    assert queries.upload_schools(store, "first") == {"lincoln": 2, "madrona": 1}


def test_the_rosters_headcounts_go_before_the_lists(store: Store):
    registers.set_schools(store, school_list(("a", "A", 10), ("b", "B", 20), ("c", "C", None)), "Mia")
    for staff_of_a in (5, 3):
        people = [(f"{n}", "a", "teacher" if n else None, None) for n in range(staff_of_a)]
        roster = pl.DataFrame(
            people, schema=dict.fromkeys(("respondent", "school_id", "role", "grade_band"), pl.String), orient="row"
        )
        registers.set_roster(store, roster, "Mia")
    headcounts = queries.schools(store).select("school_id", "headcount").rows()
    assert headcounts == [("a", 3), ("b", 20), ("c", None)]
    by_role = queries.roster_headcounts(store).sort("role", nulls_last=True).rows()
    assert by_role == [("a", "teacher", 2), ("a", None, 1)]


def test_a_new_list_of_schools_keeps_those_that_have_answers(store: Store):
    registers.set_schools(store, school_list(("lincoln", "Lincoln High", 60), ("gone", "Gone", 5)), "Mia")
    put(store, "first", staff(["Ada"]))
    assert registers.set_schools(store, school_list(("new", "New", 7)), "Mia") == ["lincoln"]
    assert queries.schools(store)["school_id"].to_list() == ["lincoln", "new"]


def test_a_school_that_returns_to_the_list_is_listed_again(store: Store):
    for listed in ("a", "b", "a"):
        registers.set_schools(store, school_list((listed, listed.upper(), 1)), "Mia")
    assert queries.schools(store)["school_id"].to_list() == ["a"]


def test_one_school_can_be_added_or_corrected_beside_the_list(store: Store):
    registers.set_schools(store, school_list(("a", "A", 10), ("b", "B", 20)), "Mia")
    texts = {"aliases": "Ay", "level": "High", "region": "North"}
    registers.put_school(store, {"school_id": "a", "name": "A High", "headcount": None, **texts}, "Mia")
    assert queries.schools(store).rows() == [("a", "A High", "Ay", "High", "North", None), ("b", "B", "", "", "", 20)]


def test_the_latest_meaning_of_a_forms_words_counts(store: Store):
    schema = {"subject": pl.String, "answer": pl.String, "code": pl.String}
    for code in ("role", None):
        rows = [("Your job?", None, code), ("role", "Lehrkraft", "teacher")]
        registers.save_mapping(store, "form a", pl.DataFrame(rows, schema=schema, orient="row"), "Mia")
    found = queries.mapping(store, "form a").sort("subject")
    assert found.rows() == [("Your job?", None, None), ("role", "Lehrkraft", "teacher")]
    assert queries.mapping(store, "form b").is_empty()
