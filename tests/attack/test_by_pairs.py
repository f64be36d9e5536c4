"""Two waves put together give no group of 1 to 4 away, nor who took part; without a rule, they would."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from pd_core.attack.attack import attack
from pd_core.attack.by_pairs import BY_CHANGE
from pd_core.attack.findings import BY_SUMS, Found
from pd_core.disclosure import two_waves
from pd_core.disclosure.several_waves import Alike
from pd_core.survey import divided_waves, matched_people, wave_pair
from tests.district import District
from tests.summaries.two_waves import NOW, THEN, People, answer

Groups = list[tuple[str, str, int, int | None, int | None]]
"""School, role, people, and their level of Word then and now (null: they did not answer)."""


def both_waves(district: District, groups: Groups, role_now: dict[str, str] | None = None) -> None:
    then: People = {}
    now: People = {}
    for number, (school, role, people, before, after) in enumerate(groups):
        for person in range(people):
            name = f"{school} {number} {person}"
            if before is not None:
                then[name] = (school, {"role": role, "proficiency_word": before})
            if after is not None:
                now[name] = (school, {"role": (role_now or {}).get(role, role), "proficiency_word": after})
    answer(district, THEN, then)
    answer(district, NOW, now)


def found(district: District) -> tuple[Found, ...]:
    return attack(district.store, district.codebook, 0.6).found


OTHER_SCHOOL: Groups = [("madison", "teacher", 12, 1, 2), ("madison", "teacher", 8, 3, 3)]
ONE_LEFT: Groups = [("lincoln", "teacher", 20, 1, 2), ("lincoln", "teacher", 3, 1, None), *OTHER_SCHOOL]
FEW_OF_OTHER_ROLES: Groups = [
    ("lincoln", "teacher", 14, 1, 2), ("lincoln", "teacher", 6, 1, None), ("lincoln", "paraeducator", 9, 1, 1),
    ("lincoln", "paraeducator", 3, 2, None), *OTHER_SCHOOL,
]  # fmt: skip
FEW_AT_A_LEVEL: Groups = [("lincoln", "teacher", 16, 2, 3), ("lincoln", "teacher", 3, 0, 2), *OTHER_SCHOOL]
FEW_LEFT_AT_A_LEVEL: Groups = [
    ("lincoln", "teacher", 6, 0, 2), ("lincoln", "teacher", 7, 2, 2), ("lincoln", "paraeducator", 2, 0, 3),
    ("lincoln", "paraeducator", 9, 2, 3), *OTHER_SCHOOL,
]  # fmt: skip
ROLE_IN_ONE_ROW: Groups = [
    ("lincoln", "teacher", 20, 1, 2), ("lincoln", "paraeducator", 12, 2, 2), ("lincoln", "specialist", 3, 0, 3),
    ("madison", "teacher", 12, 1, 2), ("madison", "paraeducator", 11, 2, 3),
]  # fmt: skip


ALL_TEACHERS_CAME_AGAIN: Groups = [
    ("lincoln", "teacher", 20, 1, 2), ("lincoln", "paraeducator", 2, 1, 2), ("lincoln", "paraeducator", 8, 1, None),
    *OTHER_SCHOOL,
]  # fmt: skip
ONE_ROLE_AT_A_LEVEL: Groups = [
    ("lincoln", "paraeducator", 5, 1, 2), ("lincoln", "paraeducator", 12, 3, 3), ("lincoln", "paraeducator", 6, 0, 0),
    ("lincoln", "paraeducator", 1, 0, 1), ("lincoln", "paraeducator", 1, 2, 2), ("lincoln", "teacher", 27, 1, 1),
    ("lincoln", "teacher", 22, 0, 1), ("lincoln", "teacher", 17, 2, 2), *OTHER_SCHOOL,
]  # fmt: skip


def everything_shown(first: np.ndarray, second: np.ndarray, matched: np.ndarray) -> np.ndarray:
    return matched > 0


def every_level(tables: object, shown: np.ndarray, proficient: int) -> np.ndarray:
    return np.where(shown, two_waves.LEVELS, two_waves.HIDDEN)


def everything_divides(alike: Alike, *_: object, **__: object) -> np.ndarray:
    return np.ones(alike.units, dtype=np.bool_)


Switched = tuple[tuple[ModuleType, str, Callable[..., object]], ...]
DIVIDES: Switched = ((divided_waves, "divides_safely", everything_divides),)
RULES: dict[str, tuple[Switched, Groups]] = {
    "1 and 4: no one or five answered only once": (
        ((matched_people, "shows_matched", everything_shown), *DIVIDES), ONE_LEFT,
    ),
    "2 and 5: no one or five at each level": (
        ((matched_people, "detail", every_level), *DIVIDES), FEW_AT_A_LEVEL,
    ),
    "4: nor of what the roles leave over": (DIVIDES, FEW_OF_OTHER_ROLES),
    "4: nor next to a role of which all came again": (DIVIDES, ALL_TEACHERS_CAME_AGAIN),
    "5: nor of what the roles' tables leave over": (DIVIDES, FEW_LEFT_AT_A_LEVEL),
    "5: nor next to a role in one row": (DIVIDES, ROLE_IN_ONE_ROW),
    "5: nor where one role has no one in a row": (DIVIDES, ONE_ROLE_AT_A_LEVEL),
}  # fmt: skip
FIRST, *OTHERS = RULES


@pytest.mark.parametrize("rule", [FIRST, *(pytest.param(rule, marks=pytest.mark.slow) for rule in OTHERS)])
def test_each_rule_is_needed(small_district: District, monkeypatch: pytest.MonkeyPatch, rule: str):
    district = small_district
    switched, groups = RULES[rule]
    both_waves(district, groups)
    assert found(district) == ()
    for module, name, instead in switched:
        monkeypatch.setattr(module, name, instead)
    district.answers("madison", 6, wave="Another", proficiency_excel=1)  # a new version: nothing is kept
    ways = [one for one in found(district) if one.how.startswith(BY_SUMS) and f"{THEN} and {NOW}" == one.wave_id]
    assert ways, "nothing is found where it should: it proves nothing"


@pytest.mark.slow
def test_exact_changes_give_a_hidden_table_away(small_district: District, monkeypatch: pytest.MonkeyPatch):
    district = small_district
    both_waves(
        district,
        [("lincoln", "teacher", 9, 1, 2), ("lincoln", "teacher", 8, 1, 1), ("lincoln", "teacher", 2, 2, 1),
         ("lincoln", "teacher", 1, 2, 3), *OTHER_SCHOOL],
    )  # fmt: skip
    assert found(district) == ()
    monkeypatch.setattr(wave_pair, "shows_answers", lambda details: details > two_waves.HIDDEN)
    district.answers("madison", 6, wave="Another", proficiency_excel=1)
    assert BY_CHANGE in {one.how for one in found(district)}


def test_waves_without_people_in_common_have_nothing_to_put_together(small_district: District):
    district = small_district
    both_waves(district, [("lincoln", "teacher", 20, 1, None), ("lincoln", "teacher", 3, None, 2)])
    assert found(district) == ()
