"""What the rules alone would show of schools and roles, for the attack's sums without a store; and waves to attack."""

import itertools

import numpy as np

from pd_core.attack.linear_sums import Sums
from pd_core.disclosure import suppression
from pd_core.disclosure.suppression import SHOWN, Counts, Flags
from tests.district import District

SCHOOLS = ("ada", "bell", "curie", "darwin")
HEADCOUNTS = {"ada": 10, "bell": 31, "curie": None, "darwin": 60}
ROLES = ("teacher", "counselor", "specialist")
_waves = itertools.count()


def published_groups(respondents: Counts, knowers: Flags | None = None) -> Flags:
    """Each group of schools × roles whose answers are shown, as a row: over no role filter and each single role."""
    schools = suppression.hide_schools(respondents.sum(axis=1), knowers=knowers)
    roles = suppression.hide_roles(respondents, schools, knowers=knowers)
    shape = respondents.shape
    groups = [_group(shape, *cell) for cell in np.argwhere((roles.rules == SHOWN) & (respondents > 0))]
    groups += [_group(shape, school, slice(None)) for school in np.flatnonzero(schools.rules == SHOWN)]
    groups += [roles.counted * (np.arange(shape[1]) == role) for role in np.flatnonzero(roles.districts == SHOWN)]
    groups += [np.broadcast_to(schools.counted[:, None], shape)] if schools.district == SHOWN else []
    groups += [merged * (np.arange(shape[0]) == school)[:, None] for school, merged in enumerate(_merged(roles))]
    return np.array([np.ravel(group) for group in groups], dtype=np.bool_).reshape(len(groups), respondents.size)


def _merged(roles: suppression.Roles) -> list[Flags]:
    return [np.broadcast_to(of_school, roles.merged.shape) for of_school in roles.merged]


def found_out(respondents: Counts, groups: Flags) -> list[list[int]]:
    """Sets of cells, 1 to 4 people together, whose answers follow from those of `groups`."""
    return Sums(respondents, groups).few_together()


def hidden_cells_found_out(respondents: Counts, groups: Flags) -> list[int]:
    """The cells that are not among `groups` but whose answers follow from them."""
    sums = Sums(respondents, groups)
    follows = sums.follow(np.eye(respondents.size, dtype=np.bool_))
    return [int(cell) for cell in sums.unknown if follows[cell]]


def wide_district(district: District) -> District:
    """Makes these the district's schools: with a roster by role, and one without a headcount."""
    district.schools(**HEADCOUNTS)
    staff = dict(zip(ROLES, (40, 12, 9), strict=True))
    district.roster(ada=staff, bell=staff, darwin=staff)
    return district


def store_wave(district: District, table: Counts) -> str:
    """Stores a wave in which so many people of each school and role (the last: none) answered; gives its name."""
    groups = []
    for (school, role), count in np.ndenumerate(table):
        able = int(count) // 3
        said = {"role": (*ROLES, None)[role], "topics": "teams_class"}
        groups.append((SCHOOLS[school], able, said | {"proficiency_word": 3, "samr_word": role % 2 * 3}))
        groups.append((SCHOOLS[school], int(count) - able, said | {"proficiency_word": 0, "samr_word": 2}))
    return store_answers(district, groups)


def store_answers(district: District, groups: list[tuple[str, int, dict[str, object]]]) -> str:
    """Stores a wave of its own with school, people and their answers; gives its name."""
    wave = f"Wave {next(_waves)}"
    district.many(groups, wave=wave)
    return wave


def _group(shape: tuple[int, ...], school: int | slice, role: int | slice) -> Flags:
    group = np.zeros(shape, dtype=np.bool_)
    group[school, role] = True
    return group.ravel()
