"""Districts drawn at random: whatever people answered in which waves, all pairs together give no few people away."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from pd_core.survey import pairs_together
from pd_core.survey.district_survey import DistrictSurvey
from tests.attack.several_waves import WAVES, Groups, History, found, waves_of
from tests.district import District

_SIZES = [1, 2, 3, 4, 5, 6, 9, 12, 15, 20]
_ROLES = ("teacher", "paraeducator", "specialist")


def drawn(seed: int, waves: int) -> Groups:
    """Groups of one role and history: many came each time, some left or came, few changed much."""
    source = np.random.default_rng((seed, waves))
    groups: Groups = []
    for role in _ROLES[: source.integers(1, len(_ROLES) + 1)]:
        levels = source.integers(0, 4, waves)
        groups.append((role, int(source.integers(10, 30)), tuple(int(level) for level in levels)))
        for _ in range(source.integers(2, 5)):
            is_there = source.random(waves) < 0.7
            moved = np.clip(levels + source.integers(-1, 2, waves), 0, 3)
            history: History = tuple(
                int(level) if there else None for level, there in zip(moved, is_there, strict=True)
            )
            if is_there.any():
                groups.append((role, int(source.choice(_SIZES)), history))
    return groups


@pytest.mark.parametrize(("seed", "waves"), [(0, 2), (0, 3)])
def test_nothing_follows_in_a_random_district(small_district: District, seed: int, waves: int) -> None:
    waves_of(small_district, drawn(seed, waves))
    assert found(small_district) == ()


def test_other_schools_change_nothing_of_a_pair(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    waves_of(district, drawn(1, 3), [*drawn(2, 3), ("teacher", 12, (1, 2, 2))])
    asked = [(one, other) for one, other in combinations(WAVES[:3], 2)]
    whole = DistrictSurvey(district.store, district.codebook, WAVES[2], None, 0.6)
    of_some = [pairs_together.matched_people(whole, *pair) for pair in asked]
    monkeypatch.setattr(pairs_together._Pairs, "_with_merged", lambda _, schools: np.ones_like(schools))
    of_all = [pairs_together.matched_people(whole, *pair) for pair in asked]
    for some, every in zip(of_some, of_all, strict=True):
        for name in ("shown", "roles_shown", "details", "role_details"):
            assert (getattr(some, name) == getattr(every, name)).all(), name
    assert any(one.details.any() for one in of_some)


@pytest.mark.slow
@pytest.mark.parametrize("waves", [2, 3])
@pytest.mark.parametrize("seed", range(1, 16))
def test_nothing_follows_in_many_random_districts(small_district: District, seed: int, waves: int) -> None:
    waves_of(small_district, drawn(seed, waves))
    assert found(small_district) == ()
