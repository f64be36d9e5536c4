"""Who took part in which waves: whether it follows of 1 to 4 people that they answered some waves and not others.

By school and role filter, what is not known are the people of each pattern of waves: whole numbers, not negative. What
is shown is how many answered each wave, and how many answered both of a pair. A number follows if it is the same in all
patterns that fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from pd_core.attack.findings import Found
from pd_core.attack.people_of_waves import PeopleOfWaves
from pd_core.attack.published import Published
from pd_core.disclosure.suppression import FEWEST, Counts, Flags
from pd_core.wording import listed

BY_PATTERNS = "by how many answered each wave and both of each two"
_IN, _OUT, _ANY = 1, 0, -1


def found_by_participation(
    published: Published,
    people: PeopleOfWaves,
    skill_id: str,
    told: Mapping[tuple[int, int], Sequence[tuple[int, int]]],
    tables: tuple[str, ...],
    item: str,
) -> Iterator[Found]:
    """Groups of 1 to 4 who answered some waves and not others, where that follows. `told` (place of the school, place
    of the filter) says of which pairs the number of matched people is shown."""
    waves = len(published.waves)
    kept: dict[tuple[bytes, tuple[tuple[int, int], ...]], list[tuple[int, ...]]] = {}
    for (school, role), pairs in told.items():
        patterns = _patterns(people, skill_id, school, role, pairs)
        key = patterns.tobytes(), tuple(sorted(pairs))
        if key not in kept:
            kept[key] = list(_fixed(patterns, _shown(waves, pairs)))
        names = [published.waves[one] for one in sorted({wave for pair in pairs for wave in pair})]
        for waves_of in kept[key]:
            of = [name for name, wanted in zip(published.waves, waves_of, strict=True) if wanted == _IN]
            without = [name for name, wanted in zip(published.waves, waves_of, strict=True) if wanted == _OUT]
            who = f"who answered {listed(of)}" + (f", not {listed(without)}" if without else "")
            how, filtered = f"{BY_PATTERNS}: {who}", published.filters[role]
            yield Found(listed(names), tables, item, published.school_ids[school], filtered, how)


def _patterns(people: PeopleOfWaves, skill_id: str, school: int, role: int, pairs: Sequence[tuple[int, int]]) -> Counts:
    """How many people of a school answered in just these waves, by pattern (bit: wave); none in no wave."""
    waves = range(len(people.schools))
    code = np.zeros(people.schools.shape[1], dtype=np.int64)
    for wave in waves:
        code |= people.of_wave(skill_id, wave, school, role).astype(np.int64) << wave
    for pair in pairs:  # a school that was merged had other names before
        both = people.both_times(skill_id, pair, school, role).astype(np.int64)
        code |= both << pair[0] | both << pair[1]
    found = np.bincount(code, minlength=2 ** len(waves))
    found[0] = 0
    return found.astype(np.int64)


def _shown(waves: int, pairs: Sequence[tuple[int, int]]) -> Flags:
    """The patterns that each number which is shown is the sum of."""
    bits = (np.arange(2**waves)[:, None] >> np.arange(waves)) & 1 == 1
    rows = [bits[:, wave] for wave in {wave for pair in pairs for wave in pair}]
    rows += [bits[:, one] & bits[:, other] for one, other in pairs]
    return np.array(rows, dtype=np.bool_)


def _fixed(patterns: Counts, shown: Flags) -> Iterator[tuple[int, ...]]:
    """Which waves to have answered, and which not, are known of how few people: as `_IN`, `_OUT` or `_ANY` by wave."""
    waves = (len(patterns) - 1).bit_length()
    bits = (np.arange(len(patterns))[:, None] >> np.arange(waves)) & 1
    seen = set[bytes]()
    for wanted in product((_ANY, _IN, _OUT), repeat=waves):
        which = np.all((bits == wanted) | (np.array(wanted) == _ANY), axis=1)
        number = int(patterns @ which)
        if _IN in wanted and 0 < number < FEWEST and (which & (patterns > 0)).tobytes() not in seen:
            seen.add((which & (patterns > 0)).tobytes())
            if all(_is_bound(patterns, shown, which, sign) for sign in (1, -1)):
                yield wanted


def _is_bound(patterns: Counts, shown: Flags, which: Flags, sign: int) -> bool:
    """Whether no patterns that fit have fewer people in these (sign 1), or more (sign -1), than in truth."""
    rows = shown[:, 1:].astype(np.float64)
    values = rows @ patterns[1:]
    aim = sign * which[1:].astype(np.float64)
    limits, whole = LinearConstraint(rows, values, values), np.ones(aim.size)
    found = milp(aim, constraints=limits, integrality=whole, bounds=Bounds(0, values.max(initial=0))).x
    return found is None or round(float(aim @ found)) == round(float(aim @ patterns[1:]))
