"""A section is made once for everybody who may see the same, and goes when an answer comes in."""

from __future__ import annotations

import gc
import io
import os
import weakref
from datetime import date

import polars as pl
import pyarrow as pa
import pytest

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.entities import Wave
from pd_core.presentation import overview, representativeness, samr_distribution, school_comparison, training_planning
from pd_core.presentation.response_by_group import group_sections
from pd_core.presentation.response_timeline import timeline_section
from pd_core.presentation.section import Column, Drawing, Section, Table
from pd_core.survey import district_survey
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of
from tests.district import District, principal

TODAY = date(2026, 11, 6)


def every_section(survey: Survey, school_id: str) -> list[Section]:
    """What the five pages of results show of a school."""
    schools = tuple(survey.schools["school_id"])
    plan = training_planning.plan(survey, school_id)
    found = [
        *(overview.skills_section(survey, school_id, view) for view in ("share", "levels")),
        overview.samr_section(survey, school_id),
        samr_distribution.profile_section(survey, "skill", school_id),
        samr_distribution.profile_section(survey, "school", "word"),
        school_comparison.grid_section(survey, schools, "district"),
        school_comparison.skill_section(survey, "word", schools, "district", "pooled"),
        *group_sections(survey, school_id),
        timeline_section(survey, school_id, Wave(survey.wave_id), TODAY),
        *plan.classes,
        *plan.wishes,
    ]
    if school_id != DISTRICT:
        found += representativeness.likeness_sections(survey, school_id)
        found.append(representativeness.weighted_section(survey, school_id))
    return found


def test_the_same_section_is_made_once_for_everybody_with_the_same_scope(wide: District) -> None:
    first = every_section(wide.survey(), "lincoln")
    again = every_section(wide.survey(), "lincoln")
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_another_scope_has_sections_of_its_own(wide: District) -> None:
    everything = overview.skills_section(wide.survey(scope=EVERYTHING), "lincoln", "share")
    mine = overview.skills_section(wide.survey(scope=principal()), "lincoln", "share")
    assert everything is not mine
    assert overview.skills_section(wide.survey(scope=Scope(frozenset({"lincoln"}))), "lincoln", "share") is mine


def test_a_new_answer_makes_new_sections(wide: District) -> None:
    before = overview.skills_section(wide.survey(), "lincoln", "share")
    wide.answers("lincoln", 3, proficiency_word=3)
    after = overview.skills_section(wide.survey(), "lincoln", "share")
    assert before is not after
    assert before.table and after.table
    assert before.table.frame["respondents"].max() != after.table.frame["respondents"].max()


def test_what_was_made_of_an_earlier_version_is_dropped(wide: District) -> None:
    every_section(wide.survey(), "lincoln")
    earlier = weakref.ref(district_of(wide.survey()))
    wide.answers("lincoln", 1, proficiency_word=3)
    assert earlier() is not None
    wide.survey()
    gc.collect()
    assert earlier() is None


def test_every_drawing_has_its_data_and_words(wide: District) -> None:
    for section in every_section(wide.survey(), "lincoln"):
        assert section.sentence
        if section.drawing:
            assert section.drawing.datasets
            assert all(rows_of(content) is not None for content in section.drawing.datasets.values())
            assert "datasets" not in section.drawing.spec
            assert section.table, "every chart has its table"


def test_the_same_numbers_give_the_same_drawing(wide: District) -> None:
    """A browser redraws only what has changed."""
    first = drawing(wide)
    district_survey._kept.clear()
    assert drawing(wide) == first


def drawing(district: District) -> Drawing:
    found = overview.skills_section(district.survey(), "lincoln", "share").drawing
    assert found
    return found


def rows_of(content: bytes) -> list[dict[str, object]]:
    return list(pa.ipc.open_stream(io.BytesIO(content)).read_all().to_pylist())


@pytest.mark.parametrize(
    ("runs", "between"),
    [pytest.param(24, 4, marks=pytest.mark.slow), pytest.param(2_000, 50, marks=pytest.mark.slow)],
    ids=["short", "long"],
)
def test_memory_is_flat_over_many_runs_with_uploads_between(wide: District, runs: int, between: int) -> None:
    """Server memory after the first half is that after the second, whoever looks and whatever comes in."""
    schools = wide.survey().schools["school_id"].to_list()
    scopes = [EVERYTHING, *(principal("hidden", school_id) for school_id in schools)]
    used: list[int] = []
    for run in range(runs):
        scope = scopes[run % len(scopes)]
        school_id = schools[run % len(schools)] if scope is EVERYTHING else next(iter(scope.school_ids or ()))
        every_section(wide.survey(scope=scope), school_id)
        if run % between == between - 1:
            wide.answers("lincoln", 1, proficiency_word=1)
            gc.collect()
            used.append(memory())
    half = len(used) // 2
    assert max(used[half:]) - max(used[:half]) < 30_000_000, [number // 1_000_000 for number in used]


def memory() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_table_on_a_page_shows_shares_in_whole_percents_and_its_files_have_them_whole() -> None:
    frame = pl.DataFrame({"rate": [0.80952, 0.004, None], "answers": [34, 1, 0]})
    table = Table("t", frame, {"rate": Column("Answered", "share"), "answers": Column("Answers", "count")})
    assert table.arrow["rate"].to_pylist() == [0.81, 0.004, None]
    assert table.frame["rate"][0] == 0.80952
