"""Matched people: up, same, down; exact tests against all their cases, Stuart and Maxwell's against statsmodels."""

import time
from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import SquareTable

from pd_core.measures.transitions import moves, sign_flip_test, sign_test, stuart_maxwell

STUART_1955 = np.array([[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]])
"""Unaided distance vision of 7,477 women, right eye and left."""


def enumerated(table) -> float:
    """p of all 2^k ways to give the level changes a sign."""
    steps = [
        abs(after - before)
        for before, after in product(range(len(table)), repeat=2)
        for _ in range(int(table[before, after]))
        if after != before
    ]
    observed = abs(sum((a - b) * table[b, a] for b, a in product(range(len(table)), repeat=2)))
    ways = np.array(list(product((-1, 1), repeat=len(steps)))) if steps else np.zeros((1, 0))
    return float((np.abs(ways @ np.array(steps, dtype=float)) >= observed - 1e-9).mean())


def test_people_move_up_stay_or_go_down():
    table = np.array([[[3, 2, 0, 1], [1, 4, 5, 0], [0, 2, 6, 0], [0, 0, 1, 2]]])
    assert [one.item() for one in moves(table)] == [8, 15, 4]


def test_the_sign_test_is_the_binomial_one():
    up, down = np.array([9, 0, 5, 12]), np.array([2, 0, 5, 30])
    expected = [binomtest(int(u), int(u + d)).pvalue if u + d else 1 for u, d in zip(up, down, strict=True)]
    assert sign_test(up, down).tolist() == pytest.approx(expected)


def test_the_sign_flip_test_counts_all_ways():
    source = np.random.default_rng(5)
    tables = source.multinomial(14, np.full(16, 1 / 16), 40).reshape(40, 4, 4)
    assert sign_flip_test(tables).tolist() == pytest.approx([enumerated(table) for table in tables])


def test_sign_flips_of_one_step_are_the_sign_test():
    tables = np.zeros((3, 4, 4))
    tables[:, 1, 2], tables[:, 2, 1] = [9, 0, 400], [2, 0, 350]
    assert sign_flip_test(tables).tolist() == pytest.approx(sign_test(tables[:, 1, 2], tables[:, 2, 1]).tolist())


def test_stuart_s_table_gives_his_chi_square():
    statistic, freedom, p = stuart_maxwell(STUART_1955)
    assert (round(float(statistic), 3), float(freedom)) == (11.957, 3)
    assert float(p) == pytest.approx(0.00753, abs=1e-5)


def test_stuart_and_maxwell_s_test_is_that_of_statsmodels():
    source = np.random.default_rng(6)
    tables = source.multinomial(60, source.dirichlet(np.ones(16)), 50).reshape(50, 4, 4)
    statistic, freedom, p = stuart_maxwell(tables)
    told = 0
    for place, table in enumerate(tables):
        moving = (table.sum(axis=0) + table.sum(axis=1) - 2 * np.diag(table)) > 0
        expected = SquareTable(table[np.ix_(moving, moving)], shift_zeros=False).homogeneity()
        if freedom[place] == moving.sum() - 1:
            told += 1
            assert statistic[place] == pytest.approx(expected.statistic)
            assert p[place] == pytest.approx(expected.pvalue)
    assert told > 40


def test_empty_levels_are_left_out_and_few_people_get_no_test():
    table = np.zeros((4, 4))
    table[1, 2], table[2, 1], table[0, 0], table[3, 3] = 12, 3, 10, 4
    statistic, freedom, _ = stuart_maxwell(table)
    assert (float(statistic), float(freedom)) == (pytest.approx(81 / 15), 1), "McNemar's"
    assert np.isnan(stuart_maxwell(table / 2)[0])
    assert np.isnan(stuart_maxwell(np.eye(4) * 30)[0]), "nobody moved"


def test_a_district_with_all_its_roles_takes_a_fraction_of_a_second():
    source = np.random.default_rng(7)
    tables = source.multinomial(40, np.full(16, 1 / 16), 60 * 12 * 8).reshape(60, 12, 8, 4, 4)
    district = tables.sum(axis=0)
    began = time.perf_counter()
    for counts in (tables, district):
        up, _, down = moves(counts)
        sign_test(up, down), sign_flip_test(counts), stuart_maxwell(counts)
    assert time.perf_counter() - began < 0.9
