"""Everybody who can look is played with what they see: guests, principals and MIEs under each setting.

That they find nothing with all rules on is in `test_attack`.
"""

import numpy as np
import polars as pl
import pytest

from pd_core import access
from pd_core.access import Scope
from pd_core.attack.attack import Attack, attack
from pd_core.attack.by_visitors import BY_UNNAMED
from pd_core.attack.findings import ELSEWHERE
from pd_core.attack.onlookers import onlookers
from pd_core.summaries import tables, unnamed_schools
from tests.attack.attacking import store_wave, wide_district
from tests.district import District

SMALL_SCHOOL = [[3, 0, 0, 0], [20, 0, 0, 0], [30, 0, 0, 0], [40, 0, 0, 0]]


@pytest.fixture(scope="module")
def wide(shared_small: District) -> District:
    return wide_district(shared_small)


def attacked(district: District, table: list[list[int]]) -> Attack:
    wave = store_wave(district, np.array(table))
    return attack(district.store, district.codebook, 0.6, wave=wave)


def by(found: Attack) -> set[str]:
    return {one.how for one in found.found}


def test_each_kind_of_visitor_is_played_under_each_setting():
    people = list(onlookers(["ada", "bell"], [frozenset({"ada", "bell"})]))
    assert len({one.who for one in people}) == len(people) == 3 * (3 + 2 * 3)
    guests = [one for one in people if one.who.startswith("a guest")]
    assert {one.scope.others for one in guests} == {"hidden"}, "links never show other schools"
    assert {len(one.scope.school_ids or "") for one in guests} == {0, 1}
    named = [one for one in people if one.scope.others == "named"]
    assert {one.knows for one in named} == {frozenset(), *(frozenset(k) for k in (["ada"], ["bell"], ["ada", "bell"]))}


def test_a_table_that_forgets_its_scope_is_found_with_who_sees_it(wide: District, monkeypatch: pytest.MonkeyPatch):
    """A hidden school's number in the table of a guest alone; everybody else's is right."""

    def forgetful(wave):
        rows = wave.skill_summary
        if wave.scope == Scope(frozenset({"bell"})):
            hidden = wave._district.skill_summary.filter(school_id="ada").with_columns(share=pl.lit(0.5))
            rows = pl.concat([rows, hidden], how="vertical_relaxed")
        return rows

    monkeypatch.setitem(tables.TABLES, "skill-summary", forgetful)
    found = attacked(wide, SMALL_SCHOOL)
    assert {one.school for one in found.found} == {"ada"}
    assert ELSEWHERE in {one.how.split(",")[0] for one in found.found}
    assert any("a guest of a link to bell" in one.how for one in found.found)


def test_a_link_that_showed_other_schools_would_be_played_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "scope_of", lambda actor, action, others: Scope(actor.school_ids, others))
    from pd_core.attack import onlookers as module  # noqa: PLC0415 - after the change

    monkeypatch.setattr(module, "scope_of", access.scope_of)
    guests = [one for one in onlookers(["ada"], []) if one.who.startswith("a guest")]
    assert {one.scope.others for one in guests} == {"hidden", "unnamed", "named"}


def test_unnamed_schools_that_are_few_or_exact_are_found(small_district: District, monkeypatch: pytest.MonkeyPatch):
    district = small_district
    names = ("ada", "bell", "curie", "darwin", "edison", "galileo", "lincoln")
    district.schools(**{name: 60 + number for number, name in enumerate(names)})
    district.many(
        [
            (name, people, {"proficiency_word": level})
            for number, name in enumerate(names)
            for level, people in ((2, 11 + number), (0, 23 - 2 * number))
        ]
    )
    assert attack(district.store, district.codebook, 0.6).found == ()
    monkeypatch.setattr(unnamed_schools, "STEP", 0.0001)
    ways = {one.how for one in attack(district.store, district.codebook, 0.6).found}
    assert any(BY_UNNAMED in how and "other schools unnamed" in how for how in ways)
