"""One table says of every school what it needs, and whether that can be decided; it is sorted and filtered."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_core.codebook import Codebook
from pd_core.needs.verdicts import VERDICTS, verdicts
from pd_core.presentation.need_sentences import need_in_short
from pd_core.presentation.schools_at_a_glance import (
    FILTERS,
    HEADS,
    Arrangement,
    Schools,
    arranged,
    choices,
    glance,
    schools_at_a_glance,
)
from pd_core.presentation.section import Section
from pd_core.survey.scoped_survey import Survey
from tests.district import District, principal, row

NEEDS = ("first", "second", "implementation")


def school(
    name: str,
    verdict: str = "safe",
    first: str | None = None,
    people: float | None = None,
    topic: str | None = None,
    rate: float = 0.625,
) -> dict[str, object]:
    """A row of the table: what is not named is alike for all schools."""
    needs = {
        f"{need}_{part}": value
        for need in NEEDS
        for part, value in {
            "id": first and first.lower() if need == "first" else None,
            "need": first if need == "first" else None,
            "people": None,
            "short": f"{people:.0f} people" if people and need == "first" else None,
            "number": people if need == "first" else None,
        }.items()
    }
    return {
        "school_id": name.lower(), "school_name": name, "rate": rate, "level": "high", "level_said": "High",
        "region": None, "region_said": None, "verdict_id": verdict, "verdict": VERDICTS[verdict],
        "topic_id": topic and topic.lower(), "topic": topic, "time_id": None, "time": None, **needs,
    }  # fmt: skip


SCHEMA = {name: pl.Float64 if name == "rate" or name.endswith("_number") else pl.String for name in school("any")}
ROWS = pl.DataFrame(
    [
        school("Alder", "too early", "Word", 12.0),
        school("birch", "safe", "Word", 30.0, "Quizzes"),
        school("Cedar", "leaning", None, None, "Mail"),
        school("Dogwood", "safe", "Excel", 8.0, "Quizzes", 0.75),
    ],
    schema=SCHEMA,
)


LABELS = {
    "verdict": dict(VERDICTS),
    "class": {"word": "Word", "excel": "Excel"},
    "time": {"lunch": "Lunch", "after_school": "After school"},
}
SCHOOLS = Schools(Section("schools-at-a-glance", ""), LABELS, (), ROWS)


def glanced(survey: Survey) -> pl.DataFrame:
    return schools_at_a_glance(survey, verdicts(survey)).rows


def names(arrangement: Arrangement) -> list[str]:
    return [cells[0][0] for cells in arranged(SCHOOLS, arrangement).rows]


def said(*among: tuple[str, tuple[str, ...]], found: str = "") -> str:
    return arranged(SCHOOLS, Arrangement(found=found, among=among)).shown


def test_each_school_has_its_two_greatest_needs_and_what_its_staff_asked_for(district: District) -> None:
    district.many(
        [
            (
                "lincoln",
                30,
                {"proficiency_word": 0, "proficiency_teams": 3, "proficiency_excel": 3, "topics": "teams_class"},
            ),
            ("lincoln", 10, {"proficiency_word": 3, "proficiency_teams": 0, "proficiency_excel": 3, "times": "lunch"}),
            ("lincoln", 2, {"proficiency_word": 3, "proficiency_teams": 3, "proficiency_excel": 0, "times": "lunch"}),
        ]
    )
    rows = glanced(district.survey())
    lincoln = row(rows, school_id="lincoln")
    assert (lincoln["first_need"], lincoln["second_need"]) == ("Word", "Teams")
    assert (lincoln["first_id"], lincoln["time_id"]) == ("word", "lunch")
    about = str(lincoln["first_short"]).split(" people")[0]
    assert str(lincoln["first_people"]).startswith(f"{about} of 60 people")
    assert row(rows, school_id="madison")["first_need"] is None, "no one has answered there"


def test_a_topic_outside_the_list_is_never_recommended(district: District) -> None:
    district.many([("lincoln", 20, {"topics": "other"}), ("lincoln", 10, {"topics": "teams_class"})])
    assert row(glanced(district.survey()), school_id="lincoln")["topic"] not in (None, "Other")


def test_somebody_with_one_school_sees_that_school_alone(wide: District) -> None:
    assert glanced(wide.survey(scope=principal()))["school_id"].to_list() == ["lincoln"]


def test_a_file_has_the_whole_sentences_and_no_ids_but_the_schools(wide: District) -> None:
    survey = wide.survey()
    found = verdicts(survey)
    table = glance(survey, found, schools_at_a_glance(survey, found), Arrangement()).table
    assert table.frame.columns == ["school_id", *table.columns]
    assert str(row(table.frame, school_id="lincoln")["first_people"]).count(" of ") == 1


def test_a_cell_has_how_many_below_the_class_and_the_share_of_answers_below_the_verdict() -> None:
    alder, _, cedar, _ = arranged(SCHOOLS, Arrangement()).rows
    assert dict(zip(HEADS, alder, strict=True))["first_need"] == ("Word", "12 people")
    assert dict(zip(HEADS, alder, strict=True))["verdict"] == ("Too early", "63% answered")
    assert dict(zip(HEADS, cedar, strict=True))["first_need"] == ("", "")


@pytest.mark.parametrize(
    ("by", "is_reversed", "expected"),
    [
        ("school_name", False, ["Alder", "birch", "Cedar", "Dogwood"]),
        ("school_name", True, ["Dogwood", "Cedar", "birch", "Alder"]),
        ("verdict", False, ["Dogwood", "birch", "Cedar", "Alder"]),
        ("verdict", True, ["Alder", "Cedar", "birch", "Dogwood"]),
        ("first_need", False, ["Dogwood", "birch", "Alder", "Cedar"]),
        ("first_need", True, ["Alder", "birch", "Dogwood", "Cedar"]),
        ("topic", False, ["Cedar", "birch", "Dogwood", "Alder"]),
    ],
)
def test_it_is_sorted_with_the_most_people_first_and_the_unknown_last(
    by: str, is_reversed: bool, expected: list[str]
) -> None:
    assert names(Arrangement(by, is_reversed)) == expected


def test_the_school_that_is_looked_for_comes_first() -> None:
    assert names(Arrangement(found="cedar")) == ["Cedar", "Alder", "birch", "Dogwood"]
    among = (("verdict", ("safe",)),)
    assert names(Arrangement(found="cedar", among=among)) == ["Cedar", "birch", "Dogwood"], "whatever the filters say"


def test_filters_are_all_kept_to_and_what_is_chosen_within_one_is_either_or() -> None:
    assert names(Arrangement(among=(("verdict", ("safe", "leaning")),))) == ["birch", "Cedar", "Dogwood"]
    shown = arranged(SCHOOLS, Arrangement(among=(("verdict", ("safe",)), ("class", ("word",)))))
    assert [cells[0][0] for cells in shown.rows] == ["birch"]


def test_it_says_what_is_chosen_and_how_many_schools_have_it() -> None:
    assert said() == "All 4 schools."
    assert said(("class", ("excel", "word")), ("verdict", ("safe",))) == (
        "2 of 4 schools fit. Class: Word or Excel. Verdict: Safe to decide."
    )
    assert said(("verdict", ("unknown",))) == "No school fits. Verdict: Cannot say. Choose fewer filters."


def test_a_school_that_is_looked_for_is_not_counted_among_those_that_fit() -> None:
    assert said(found="cedar") == "All 4 schools. Cedar comes first, as you looked for it."
    assert said(("verdict", ("leaning",)), found="cedar").startswith("1 of 4 schools fits.")
    assert said(("verdict", ("safe",)), found="cedar") == (
        "2 of 4 schools fit. Verdict: Safe to decide. Cedar comes first, as you looked for it, though it does not fit."
    )


def test_times_are_sorted_as_the_survey_lists_them() -> None:
    times = pl.Series("time", ["After school", None, "Lunch", "After school"])
    schools = replace(SCHOOLS, rows=ROWS.with_columns(times))
    by_time = [cells[0][0] for cells in arranged(schools, Arrangement("time")).rows]
    assert by_time == ["Cedar", "Alder", "Dogwood", "birch"]


def test_all_that_a_school_could_have_is_offered_so_that_an_address_stays_right(codebook: Codebook) -> None:
    found = choices(ROWS, codebook)
    assert set(found) == {"verdict", "class", "topic", "time", "level"}
    assert list(found["verdict"]) == ["safe", "leaning", "too early", "unknown"]
    assert list(found["class"]) == list(codebook.skills)
    assert "other" not in found["topic"]
    assert found["level"] == {"high": "High"}


def test_it_says_first_for_how_many_schools_it_is_too_early(district: District) -> None:
    district.many([("lincoln", 20, {"proficiency_word": 0})])
    survey = district.survey()
    found = verdicts(survey)
    assert found.filter(pl.col("verdict") == "too early").height == 1
    opening = schools_at_a_glance(survey, found).opening
    assert opening.heading == f"What {found.height} schools need, in one table"
    assert opening.lines[0] == "For 1 school it is too early to decide: they need more answers."


def test_the_same_arrangement_is_made_once(wide: District) -> None:
    survey = wide.survey()
    found = verdicts(survey)
    schools = schools_at_a_glance(survey, found)
    assert schools_at_a_glance(survey, found) is schools
    by_topic = glance(survey, found, schools, Arrangement("topic"))
    assert glance(survey, found, schools, Arrangement("topic")) is by_topic
    assert glance(survey, found, schools, Arrangement()) is not by_topic


def test_nothing_is_kept_while_verdicts_are_worked_out(wide: District) -> None:
    survey = wide.survey()
    waiting = verdicts(survey).with_columns(verdict=pl.lit(None, pl.String))
    schools = schools_at_a_glance(survey, waiting)
    shown = glance(survey, waiting, schools, Arrangement())
    assert {cells[1][0] for cells in shown.rows} == {"Being worked out"}
    assert shown is not glance(survey, waiting, schools, Arrangement())


@given(
    st.sampled_from(list(HEADS)), st.booleans(), st.sampled_from(["", *ROWS["school_id"]]),
    st.lists(st.sampled_from(["safe", "leaning", "too early", "unknown"]), unique=True),
)  # fmt: skip
def test_any_arrangement_shows_each_school_that_fits_once(
    by: str, is_reversed: bool, found: str, chosen: list[str]
) -> None:
    among = (("verdict", tuple(chosen)),) if chosen else ()
    fits = pl.col("verdict_id").is_in(chosen) | (pl.col("school_id") == found)
    fitting = ROWS.filter(fits) if chosen else ROWS
    assert sorted(names(Arrangement(by, is_reversed, found, among))) == sorted(fitting["school_name"])


def test_every_filter_names_columns_of_the_table(district: District) -> None:
    columns = set(glanced(district.survey()).columns)
    assert columns == set(SCHEMA)
    assert {name for _, pairs in FILTERS.values() for pair in pairs for name in pair} <= columns


@pytest.mark.parametrize(
    ("people", "low", "high", "said"),
    [
        (24.2, 19.0, 29.0, "About 24 people (19\u00a0to\u00a029)"),
        (24.0, 24.0, 24.0, "24 people"),
        (1.0, None, None, "1 of the 12 who answered"),
    ],
)
def test_how_many_people_is_said_in_short(people: float, low: float | None, high: float | None, said: str) -> None:
    assert need_in_short({"people": people, "people_low": low, "people_high": high, "respondents": 12}) == said
