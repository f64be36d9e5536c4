"""How much the rules hide in made-up districts, beside hiding a second school too; and that nothing follows."""

import numpy as np
import pytest

from pd_core.disclosure.suppression import FEWEST, SHOWN, Counts, hide_schools
from tests.attack.attacking import found_out, published_groups

SKILLS, DISTRICTS = 12, 200
BEFORE, NOW = 0.1543, 0.1313


def made_up(random: np.random.Generator) -> tuple[Counts, Counts]:
    """Respondents by school, and those who answered each skill by skill and school."""
    staff = random.integers(8, 90, random.integers(6, 25))
    respondents = random.binomial(staff, random.beta(1.6, 2.2, staff.size))
    return respondents, random.binomial(respondents, 0.95, (SKILLS, staff.size))


def hidden_with_a_second_school(respondents: Counts, answered: Counts) -> Counts:
    """How many schools of an item were hidden when hidden ones had to be two and 5 people or more in each sum."""
    hidden = (answered > 0) & (answered < FEWEST)
    left_over = answered.sum() - answered
    hidden |= (answered > 0) & (left_over > 0) & (left_over < FEWEST)
    while hidden.sum() == 1 or 0 < answered[hidden].sum() < FEWEST:
        free = np.flatnonzero(~hidden & (answered > 0))
        if not free.size:
            break
        hidden[free[np.argmin(respondents[free])]] = True
    return hidden


def shares_hidden(districts: int) -> tuple[float, float]:
    """The part of school × skill cells with answers that is hidden, before and now."""
    random = np.random.default_rng(2026)
    cells = before = now = 0
    for _ in range(districts):
        respondents, items = made_up(random)
        for answered in items:
            cells += int((answered > 0).sum())
            before += int(hidden_with_a_second_school(respondents, answered).sum())
            now += int(((hide_schools(respondents, answered).rules != SHOWN) & (answered > 0)).sum())
    return before / cells, now / cells


def test_fewer_cells_are_hidden_than_with_a_second_school_in_200_districts():
    before, now = shares_hidden(DISTRICTS)
    assert now < before
    assert (before, now) == (pytest.approx(BEFORE, abs=0.0005), pytest.approx(NOW, abs=0.0005))


def nothing_of_a_few_follows(seed: int) -> None:
    """By role in a made-up district, for a stranger, for each school, and for somebody who knows two of them."""
    random = np.random.default_rng(seed)
    respondents, _ = made_up(random)
    table = np.stack([random.multinomial(people, [0.55, 0.15, 0.1, 0.07, 0.05, 0.05, 0.03]) for people in respondents])
    places = np.arange(len(table))
    two = np.isin(places, random.choice(len(table), 2, replace=False))
    groups = published_groups(table, two[None])
    assert found_out(table, groups) == [], f"district {seed}"
    cells = np.eye(table.size, dtype=np.bool_)
    for known in [*(places == school for school in places), two]:
        own = known.repeat(table.shape[1])
        found = found_out(table, np.concatenate([groups, cells[own]]))
        elsewhere = [few for few in found if not own[few].any()]
        assert elsewhere == [], f"district {seed}: whoever knows {np.flatnonzero(known)}"


def test_nothing_of_a_few_follows_in_20_districts():
    for seed in range(20):
        nothing_of_a_few_follows(seed)


@pytest.mark.slow
def test_nothing_of_a_few_follows_in_200_districts():
    for seed in range(DISTRICTS):
        nothing_of_a_few_follows(seed)
