"""What is published of a wave, table by table and filter by filter, is read as an attacker would."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pd_core.measures.district import district_share
from pd_core.summaries.needs import needs
from pd_core.summaries.overview import Overview, overview
from pd_core.summaries.survey import Survey
from pd_core.summaries.wishes import wishes
from tests.summaries.attack import found_out, hidden_cells_found_out
from tests.summaries.conftest import District

SCHOOLS = ("ada", "bell", "curie", "darwin")
HEADCOUNTS = {"ada": 10, "bell": 31, "curie": None, "darwin": 60}
ROLES = ("teacher", "counselor", "specialist")
NOTHING = pl.DataFrame(schema={"school_id": pl.String, "respondents": pl.Int64})
waves = itertools.count()
people = st.one_of(st.integers(0, 7), st.sampled_from([0, 3, 5, 15]))
tables = arrays(np.int64, (len(SCHOOLS), len(ROLES) + 1), elements=people)


@pytest.fixture(scope="module")
def wide_district(shared_district: District) -> District:
    shared_district.schools(**HEADCOUNTS)
    staff = dict(zip(ROLES, (40, 12, 9), strict=True))
    shared_district.roster(ada=staff, bell=staff, darwin=staff)
    return shared_district


def answered(district: District, table: np.ndarray) -> dict[str | None, Survey]:
    """Stores a wave in which so many people of each school and role answered; the survey of each filter."""
    wave = f"Wave {next(waves)}"
    groups = []
    for (school, role), count in np.ndenumerate(table):
        able = int(count) // 3
        said = {"role": (*ROLES, None)[role], "topics": "teams_class"}
        groups.append((SCHOOLS[school], able, said | {"proficiency_word": 3, "samr_word": role % 2 * 3}))
        groups.append((SCHOOLS[school], int(count) - able, said | {"proficiency_word": 0, "samr_word": 2}))
    district.many(groups, wave=wave)
    return {role: district.survey(role, wave=wave) for role in (None, *ROLES)}


def shown(frames: dict[str | None, pl.DataFrame], number: str) -> np.ndarray:
    """The groups whose `number` stands in any of the frames, over all filters."""
    shape = (len(SCHOOLS), len(ROLES) + 1)
    groups = []
    for role, frame in frames.items():
        for school_id in (*SCHOOLS, "district"):
            values = frame.filter(school_id=school_id)[number]
            if values.null_count() < values.len():
                group = np.zeros(shape, dtype=np.bool_)
                schools = slice(None) if school_id == "district" else SCHOOLS.index(school_id)
                group[schools, slice(None) if role is None else ROLES.index(role)] = True
                groups.append(group.ravel())
    return np.array(groups, dtype=np.bool_).reshape(len(groups), shape[0] * shape[1])


@settings(max_examples=10)
@given(tables)
@example(np.array([[3, 9, 6, 0], [20, 2, 6, 1], [9, 9, 2, 0], [30, 12, 4, 5]]))
def test_no_filter_of_any_table_and_no_sentence_gives_a_small_group_away(wide_district: District, table: np.ndarray):
    surveys = answered(wide_district, table)
    small_groups_are_safe(surveys, table)
    for role, survey in surveys.items():
        weighted_share_follows_from_what_is_shown(survey, f"{role}, {table.tolist()}")
        for school_id in SCHOOLS:
            words_come_from_what_is_shown(overview(survey, school_id))


def small_groups_are_safe(surveys: dict[str | None, Survey], table: np.ndarray) -> None:
    published = {
        ("skill summary", "proficient"): lambda survey: survey.skill_summary.filter(skill_id="word"),
        ("skill levels", "respondents"): lambda survey: survey.skill_levels.filter(skill_id="word"),
        ("SAMR levels", "share"): lambda survey: survey.samr_levels.filter(skill_id="word"),
        ("entry needs", "people"): lambda survey: needs(survey).filter(skill_id="word", training="entry"),
        ("implementation", "people"): lambda survey: needs(survey).filter(skill_id="word", training="implementation"),
        ("topics", "respondents"): lambda survey: wishes(survey, "topics"),
        ("response rates", "respondents"): lambda survey: survey.response_rates if survey.role else NOTHING,
    }
    for (name, number), rows in published.items():
        groups = shown({role: rows(survey) for role, survey in surveys.items()}, number)
        assert found_out(table, groups) == [], f"{name}: {table.tolist()} gives away these cells together"
        hidden = [cell for cell in hidden_cells_found_out(table, groups) if cell % table.shape[1] < len(ROLES)]
        assert hidden == [] or name == "response rates", f"{name}: {table.tolist()} gives away hidden cells"


def weighted_share_follows_from_what_is_shown(survey: Survey, where: str) -> None:
    """The district's share and interval can be worked out from what else is shown: they are no further equation."""
    rows = survey.skill_summary.filter(skill_id="word").join(survey.headcounts, on="school_id", how="left")
    district = rows.filter(school_id="district").row(0, named=True)
    if district["share"] is None:
        return
    schools = rows.filter(pl.col("school_id") != "district")
    seen, unseen = schools.filter(~pl.col("suppressed")), schools.filter("suppressed")
    staff = unseen["headcount"].drop_nulls()
    rest = pl.DataFrame(
        {
            "school_id": ["rest"],
            "respondents": [district["respondents"] - seen["respondents"].sum()],
            "proficient": [district["proficient"] - seen["proficient"].sum()],
            "headcount": [staff.sum() if staff.len() else None],
        },
        schema_overrides={"headcount": pl.Int64},
    )
    both = pl.concat([seen.select(rest.columns), rest]).with_columns(level=pl.lit("one"))
    expected = district_share(both, by=[], count="proficient").row(0, named=True)
    for column in ("share", "share_low", "share_high"):
        assert district[column] == pytest.approx(expected[column]), f"{column}: {where}"


def words_come_from_what_is_shown(found: Overview) -> None:
    if found.skills["suppressed"].any() and found.skills.filter(~pl.col("suppressed"))["share"].is_null().all():
        assert found.needs == ()
        assert found.strengths == "No skill can be shown yet"
        assert found.figures[1].value == "–"


def test_the_order_of_a_hidden_schools_wishes_is_not_that_of_their_number(district: District):
    district.answers("lincoln", 30, topics="teams_class")
    district.answers("madison", 3, topics="samr_lessons")
    codes = wishes(district.survey(), "topics").filter(school_id="madison")["code"].to_list()
    assert codes == list(district.codebook.labels("topics"))


def test_a_wider_headcount_does_not_undo_what_is_hidden(district: District):
    """Hidden schools with different headcounts: weighted each by its own, their two counts could be solved for."""
    district.schools(ada=10, bell=50, lincoln=60)
    district.answers("lincoln", 20, proficiency_word=0)
    district.answers("ada", 3, proficiency_word=3)
    district.answers("bell", 4, proficiency_word=0)
    one = district.survey().skill_summary.filter(school_id="district", skill_id="word")
    district.schools(ada=50, bell=10, lincoln=60)
    other = district.survey().skill_summary.filter(school_id="district", skill_id="word")
    assert one["share"].item() == pytest.approx(other["share"].item())


def test_a_role_filter_leaves_out_of_the_rate_what_would_tell_hidden_schools_apart(district: District):
    district.schools(ada=10, bell=50, lincoln=60)
    district.roster(ada={"teacher": 10}, lincoln={"teacher": 50, "counselor": 9})
    for school_id, people in (("ada", 3), ("bell", 4), ("lincoln", 20)):
        district.answers(school_id, people, role="teacher", proficiency_word=1)
    found = district.survey("teacher").response_rates.filter(school_id="district").row(0, named=True)
    assert (found["headcount"], found["rate"]) == (50, 0.4)


def low_samr(district: District) -> pl.DataFrame:
    return district.survey().samr_levels.filter(pl.col("skill_id") == "word", pl.col("level").is_in(["none", "S"]))


def implementation(district: District) -> pl.DataFrame:
    return needs(district.survey()).filter(skill_id="word", training="implementation")


def test_who_waits_does_not_tell_the_samr_levels_of_a_hidden_school(district: District):
    """Where all are proficient, who waits is who is at level none or S: a second way to the same number."""
    district.schools(ada=10, bell=20, lincoln=60, madison=60)
    district.answers("ada", 6, proficiency_word=2, samr_word=0)
    district.answers("bell", 4, samr_word=1)
    district.answers("bell", 8, proficiency_word=2)
    for school_id in ("lincoln", "madison"):
        district.answers(school_id, 20, proficiency_word=2, samr_word=2)
    hidden = low_samr(district).filter("suppressed")["school_id"].unique(maintain_order=True).to_list()
    assert hidden == ["ada", "bell"]
    rows = implementation(district)
    assert rows.filter(pl.col("school_id").is_in(hidden))["people"].to_list() == [None, None]
    assert rows.filter(pl.col("school_id").is_in(hidden))["suppressed"].all()


def test_the_districts_waiting_is_hidden_where_it_would_leave_over_a_few(district: District):
    district.schools(ada=10, bell=20, curie=10, lincoln=60)
    district.answers("ada", 3, proficiency_word=2, samr_word=0)
    district.answers("curie", 4, proficiency_word=2, samr_word=0)
    district.answers("bell", 3, samr_word=1)
    district.answers("lincoln", 20, proficiency_word=2, samr_word=2)
    found = implementation(district).filter(school_id="district").row(0, named=True)
    assert (found["people"], found["headcount"]) == (None, None)
    assert found["reason"] == "fewer than 5 people would be left over"


@settings(max_examples=15)
@given(arrays(np.int64, (len(SCHOOLS), 3), elements=people))
@example(np.array([[6, 0, 0], [0, 8, 4], [20, 0, 0], [40, 0, 0]]))
@example(np.array([[6, 0, 0], [5, 0, 0], [0, 0, 4], [40, 0, 0]]))
def test_two_items_together_give_no_hidden_school_away(wide_district: District, table: np.ndarray):
    """Cells are school x (answered both, and about the students only); all are proficient, the worst there is."""
    wave = f"Wave {next(waves)}"
    both, own, use = {"proficiency_word": 2, "samr_word": 1}, {"proficiency_word": 2}, {"samr_word": 1}
    said = [
        (school, int(n), a)
        for school, row in zip(SCHOOLS, table, strict=True)
        for n, a in zip(row, (both, own, use), strict=True)
    ]
    wide_district.many(said, wave=wave)
    survey = wide_district.survey(wave=wave)
    levels = survey.samr_levels.filter(skill_id="word", level="S")
    waiting = needs(survey).filter(skill_id="word", training="implementation")
    groups, hidden = [], []
    for rows, items, number in ((levels, [0, 1], "respondents"), (waiting, [0], "people")):
        for place, school_id in enumerate((*SCHOOLS, "district")):
            shown = rows.filter(school_id=school_id)[number].null_count() == 0 and rows.height > 0
            schools = slice(None) if school_id == "district" else place
            if shown:
                group = np.zeros((len(SCHOOLS), 2), dtype=np.bool_)
                group[schools, items] = True
                groups.append(group.ravel())
            elif rows is levels and place < len(SCHOOLS):
                hidden.append(place)
    cells = table[:, [0, 2]]
    found = found_out(cells, np.array(groups, dtype=np.bool_).reshape(len(groups), cells.size))
    assert [cell for cell in found if all(one // 2 in hidden for one in cell)] == [], f"{table.tolist()}"
