"""What people with buildings see: their schools and the district, and nothing of others."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import polars as pl
import pytest

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.disclosure.suppressed_frames import coarse
from pd_core.errors import UnknownName
from pd_core.presentation.advice import start_with
from pd_core.presentation.comparison_sentences import comparison_sentence, grid_sentence
from pd_core.presentation.first_screen import overview
from pd_core.presentation.need_sentences import needs_sentence
from pd_core.presentation.samr_distribution import samr_sentence
from pd_core.presentation.training_planning import wishes_sentence
from pd_core.storage import responses
from pd_core.summaries.samr import samr_by_skill
from pd_core.summaries.school_comparison import district_share_of
from pd_core.summaries.tables import ALL_TABLES, TABLES, export_table, uploads
from pd_core.summaries.training_needs import needs_of, wishes_of
from pd_core.survey import district_survey
from pd_core.survey.comments import comments
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.small_groups import SmallGroups
from tests.district import FALL, MINE, OTHERS, District, comparisons, principal

GUEST = Scope(frozenset())


def frames(survey: Survey) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every public table of a survey, and every table that can be taken away."""
    for name in dir(survey):
        if not name.startswith("_") and isinstance(getattr(survey, name), pl.DataFrame):
            yield name, getattr(survey, name)
    for name, table in TABLES.items():
        yield name, table(survey)


def said(survey: Survey) -> Iterator[str]:
    """Every sentence and figure about a school that is seen, and about the district."""
    for school_id in (*survey.schools["school_id"], DISTRICT):
        yield from strings(overview(survey, school_id))
        entry, class_two = (needs_of(survey, school_id, training) for training in ("entry", "implementation"))
        topics, times = (wishes_of(survey, school_id, wish) for wish in ("topics", "times"))
        yield start_with(entry, topics, times)
        yield from (needs_sentence(rows, "No one.") for rows in (entry, class_two))
        yield from (wishes_sentence(rows, "No one.") for rows in (topics, times))
        profile = samr_by_skill(survey, school_id)
        yield samr_sentence(profile)
        yield from (text for frame in (entry, class_two, topics, times, profile) for text in strings(frame))
    found = dict(comparisons(survey))
    yield grid_sentence(found["grid"])
    yield samr_sentence(found["SAMR by school"], "school_name")
    yield comparison_sentence(found["one skill"], district_share_of(survey, "word"), "Word")


def strings(thing: object) -> Iterator[str]:
    """Every text in a thing, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, pl.DataFrame):
        for row in thing.iter_rows():
            yield from (str(value) for value in row)
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from strings(value)
    elif isinstance(thing, (list, tuple)):
        for value in thing:
            yield from strings(value)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from strings(getattr(thing, one.name))


def names_others(text: str) -> bool:
    return any(school_id in text.casefold() for school_id in OTHERS)


@pytest.mark.parametrize("beside", ["hidden", "unnamed", "named"])
@pytest.mark.parametrize("role", [None, "teacher"])
def test_a_principals_tables_have_rows_of_their_school_and_the_district_alone(wide: District, beside, role):
    survey = wide.survey(role, scope=principal(beside))
    found = dict(frames(survey))
    assert {"schools", "response_rates", "skill_summary", "samr_levels", "needs", "topics"} <= set(found)
    for name, frame in found.items():
        assert set(frame["school_id"]) <= {MINE, DISTRICT}, name
        assert not any(map(names_others, strings(frame))), name


def test_the_walk_over_all_tables_would_find_another_school(wide: District):
    assert all(any(map(names_others, strings(frame))) for _, frame in frames(wide.survey()) if frame.height)
    assert any(map(names_others, said(wide.survey())))


@pytest.mark.parametrize("beside", ["hidden", "unnamed"])
@pytest.mark.parametrize("scope", [{MINE}, set(), {MINE, "silent"}])
@pytest.mark.parametrize("role", [None, "teacher"])
def test_nothing_that_is_said_or_compared_names_a_school_that_is_not_seen(wide: District, beside, scope, role):
    survey = wide.survey(role, scope=Scope(frozenset(scope), beside))
    texts = [*said(survey), *(text for _, frame in comparisons(survey) for text in strings(frame))]
    unseen = set(OTHERS) - scope
    assert [text for text in texts if any(school_id in text.casefold() for school_id in unseen)] == []


@pytest.mark.parametrize("role", [None, "teacher"])
def test_the_same_is_hidden_for_every_scope_and_the_district_is_rounded_where_not_all_is_seen(wide: District, role):
    all_seen, mine = wide.survey(role), wide.survey(role, scope=principal())
    found = dict(frames(mine))
    for name, frame in frames(all_seen):
        if name not in ("comments", "schools"):
            assert found[name].equals(coarse(frame.filter(pl.col("school_id").is_in([MINE, DISTRICT])))), name
    everything, seen = overview(all_seen), overview(mine)
    assert seen.strengths == everything.strengths
    assert [need.skill_id for need in seen.needs] == [need.skill_id for need in everything.needs]
    own = ["school_id", "skill_id", "share", "share_low", "share_high", "suppressed"]
    assert seen.skills.select(own).equals(coarse(everything.skills.select(own)))


def test_the_districts_overview_does_not_count_schools_that_are_not_seen(wide: District):
    assert overview(wide.survey()).figures[2].note == "schools with enough answers"
    found = overview(wide.survey(scope=GUEST))
    assert (found.figures[2].label, found.figures[2].value) == ("People", "125")
    assert found.action == "plan", "nobody there can remind a school"
    assert overview(wide.survey(scope=principal())).advice == "Send the form again to Lincoln."


def test_a_school_that_is_not_seen_is_as_one_that_does_not_exist(wide: District):
    survey = wide.survey(scope=principal())
    for school_id in ("ada", "nowhere"):
        with pytest.raises(KeyError):
            overview(survey, school_id)
        with pytest.raises(KeyError):
            comments(survey, school_id)
        assert needs_of(survey, school_id, "entry").is_empty()
        assert wishes_of(survey, school_id, "topics").is_empty()
        assert samr_by_skill(survey, school_id).is_empty()


def test_a_further_scope_counts_nothing_again(wide: District, monkeypatch: pytest.MonkeyPatch):
    first = wide.survey()
    assert dict(frames(first))
    monkeypatch.setattr(responses, "answers", None)
    monkeypatch.setattr(district_survey, "count", None)
    monkeypatch.setattr(district_survey, "hide", None)
    for school_id in (MINE, *OTHERS):
        survey = wide.survey(scope=principal("hidden", school_id))
        assert survey._district is first._district
        assert dict(frames(survey))["needs"]["school_id"].unique(maintain_order=True).to_list() == [school_id, DISTRICT]


def test_nothing_public_of_a_survey_leads_to_what_its_scope_does_not_see(wide: District):
    survey = wide.survey(scope=principal())
    public = {type(getattr(survey, name)) for name in dir(survey) if not name.startswith("_")}
    known = {pl.DataFrame, Scope, str, type(None), float, tuple, type(survey.codebook), type(survey.seen), SmallGroups}
    assert public <= known


def exported(district: District, table: str, scope: Scope, **filters: str) -> pl.DataFrame:
    return export_table(district.store, district.codebook, table, target_share=0.6, scope=scope, **filters)


@pytest.mark.parametrize("table", [name for name in ALL_TABLES if name not in ("comments", "uploads")])
@pytest.mark.parametrize("beside", ["hidden", "unnamed", "named"])
def test_a_table_to_take_away_has_no_other_school(wide: District, table, beside):
    found = exported(wide, table, principal(beside))
    assert set(found["school_id"]) == ({MINE} if table == "verdicts" else {MINE, DISTRICT})
    assert not any(map(names_others, strings(found)))
    assert exported(wide, table, EVERYTHING)["school_id"].n_unique() > 2


@pytest.mark.parametrize("table", ["needs", "uploads"])
@pytest.mark.parametrize("beside", ["hidden", "unnamed", "named"])
def test_asking_for_a_school_that_is_not_seen_is_answered_as_for_one_that_does_not_exist(wide, table, beside):
    errors = []
    for school in ("ada", "zzzz"):
        with pytest.raises(UnknownName) as error:
            exported(wide, table, principal(beside), school=school)
        errors.append((error.value.message, error.value.remedy))
    assert errors[0][0] == "There is no school “ada”."
    assert errors[0][0].replace("ada", "zzzz") == errors[1][0]
    assert errors[0][1] == errors[1][1] == "Known: Lincoln, District."
    exported(wide, table, principal(beside), school="Lincoln")


def test_an_upload_is_seen_where_all_its_schools_are(wide: District):
    said: dict[str, object] = {"proficiency_word": 1}
    for groups in ([(MINE, 1, said)], [("ada", 1, said)], [(MINE, 1, said), ("ada", 1, said)]):
        wide.many(groups)
    assert uploads(wide.store, EVERYTHING).height == 4
    assert exported(wide, "uploads", EVERYTHING, school="ada").height == 3
    assert uploads(wide.store, principal()).height == 1
    assert exported(wide, "uploads", principal()).height == 1
    assert uploads(wide.store, principal("named", MINE, "ada")).height == 3
    assert uploads(wide.store, GUEST).is_empty()


def test_comments_are_no_table_for_those_who_see_some_schools(wide: District):
    assert set(exported(wide, "comments", EVERYTHING)["comment"].drop_nulls()) >= {"At lincoln", "At bell"}
    for scope in (principal("named"), GUEST, Scope(frozenset({MINE, *OTHERS}))):
        with pytest.raises(UnknownName) as error:
            exported(wide, "comments", scope)
        assert error.value.message == "There is no table “comments”."
        assert "comments" not in error.value.remedy
        assert comments(wide.survey(scope=scope), DISTRICT).is_empty()
    assert "comments" in ALL_TABLES
    assert FALL in exported(wide, "comments", EVERYTHING)["wave_id"]
