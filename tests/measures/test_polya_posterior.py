"""Pólya's urn: its exact distribution on small staffs, its mean, and what is read from its draws."""

from math import isnan, sqrt

import numpy as np
import pytest

from pd_core.measures import polya_posterior
from pd_core.measures.polya_posterior import both_top_two, complete, in_top_two, likely_range, rank_ranges
from pd_core.measures.polya_urn import PRIOR_WEIGHT, Group
from tests.measures.posterior_by_hand import every_outcome, sure_after

NAN = float("nan")


def group(answers: list[str], unseen: int, others: list[str] | None = None) -> Group:
    """Rows as "10-": yes, no, not answered."""
    items = len((answers or others)[0])
    return Group(rows(answers, items), unseen, rows(others or [], items))


def rows(texts: list[str], items: int) -> np.ndarray:
    said = [[{"1": 1, "0": 0, "-": -1}[letter] for letter in text] for text in texts]
    return np.array(said, np.int8).reshape(len(texts), items)


def asked(groups: list[Group], *, enough: float = 0.9, seed: int = 3, **more) -> int | None:
    items = range(groups[0].answers.shape[1])
    only_sure = polya_posterior.Enough(probability=enough, answered=0, lead=0)
    chosen = {"entry": items, "enough": only_sure, "often": 0.5, "buildings": 20, "draws": 100, "seed": seed, **more}
    return polya_posterior.more_answers(groups, **chosen)


SMALL_STAFFS = {
    "the respondents alone": [group(["100", "010", "001"], 4)],
    "one respondent": [group(["100"], 4, ["010", "001"])],
    "nobody answered": [group([], 3, ["100", "010", "001"])],
    "four and four": [group(["1000", "0100", "0010", "0010"], 4, ["0001"])],
    "items that go together": [group(["110", "001"], 3, ["110", "011", "000"])],
    "not all items answered": [group(["1-", "01", "00"], 3, ["-1", "10"])],
    "two groups": [group(["1000"], 2, ["0100"]), group(["0010", "0001"], 2)],
    "a group of whom nothing is known": [group(["10", "01"], 2), Group(rows([], 2), 3, rows([], 2))],
}


@pytest.mark.parametrize("groups", SMALL_STAFFS.values(), ids=SMALL_STAFFS.keys())
def test_draws_have_the_chances_that_following_every_sequence_gives(groups):
    draws = 40_000
    expected = every_outcome(groups)
    assert sum(expected.values()) == 1
    found = complete(groups, draws=draws, seed=11)
    for needs, chance in expected.items():
        often = np.isclose(found, needs, atol=1e-4, equal_nan=True).all(axis=1).mean()
        assert abs(often - chance) < 4.5 * sqrt(chance * (1 - chance) / draws) + 1e-12, needs


@pytest.mark.parametrize(
    ("answered", "yes", "unseen", "of_others"), [(20, 14, 40, 0.25), (5, 0, 55, 0.5), (1, 1, 9, 0)]
)
def test_the_mean_is_that_of_the_closed_form(answered, yes, unseen, of_others):
    others = ["1"] * round(of_others * 20) + ["0"] * round((1 - of_others) * 20)
    needs = complete([group(["1"] * yes + ["0"] * (answered - yes), unseen, others)], draws=20_000, seed=1)[:, 0]
    mean = yes + unseen * (yes + PRIOR_WEIGHT * of_others) / (answered + PRIOR_WEIGHT)
    assert needs.mean() == pytest.approx(mean, abs=4.5 * needs.std() / sqrt(20_000))


def test_when_everyone_answered_the_draws_are_the_answers():
    for groups in ([group(["110", "100"], 0, ["001"])], [group(["110"], 0), group(["100"], 0)]):
        assert (complete(groups, draws=3, seed=1) == [2, 1, 0]).all()
        assert asked(groups) is None
    low, high = likely_range(complete([group(["110", "100"], 0)], draws=50, seed=1))
    assert low.tolist() == high.tolist() == [2, 1, 0]


def test_everyone_identical_leaves_nothing_to_chance():
    staff = [group(["110"] * 4, 16, ["110"] * 9)]
    needs = complete(staff, draws=50, seed=1)
    assert (needs == [20, 20, 0]).all()
    assert both_top_two(needs, (0, 1)) == 1
    assert asked(staff) == 1


def test_without_any_answer_nothing_is_known():
    needs = complete([Group(rows([], 2), 7, rows([], 2))], draws=5, seed=1)
    assert np.isnan(needs).all()
    assert np.isnan(in_top_two(needs)).all()
    assert np.isnan(likely_range(needs)).all()
    assert both_top_two(needs, (0, 1)) == 0


def test_an_item_nobody_answered_is_unknown_and_the_others_are_not():
    needs = complete([group(["1-0", "0-1"], 3, ["1-1"])], draws=40, seed=1)
    assert np.isnan(needs).all(axis=0).tolist() == [False, True, False]
    assert isnan(in_top_two(needs)[1])


def test_those_who_answered_an_item_stand_for_those_who_did_not():
    assert complete([group(["1", "0", "-", "1"], 0)], draws=1, seed=1).item() == pytest.approx(4 * 2 / 3)


def test_the_same_seed_gives_the_same_draws_whatever_was_drawn_before():
    one, other = [group(["10", "01", "11"], 9, ["00"])], [group(["01"], 5)]
    first = complete(one, draws=50, seed=[7, 1])
    complete(other, draws=50, seed=[7, 2])
    assert (complete(one, draws=50, seed=[7, 1]) == first).all()
    assert (complete(one, draws=50, seed=[7, 2]) != first).any()


def test_a_need_lies_between_what_was_seen_and_what_is_possible():
    source = np.random.default_rng(1)
    answers, others = (source.integers(0, 2, (people, 6)).astype(np.int8) for people in (12, 50))
    needs = complete([Group(answers[:5], 7, others), Group(answers[5:], 20, others[:3])], draws=300, seed=1)
    seen = answers.sum(axis=0)
    assert (needs == np.rint(needs)).all()
    assert ((seen <= needs) & (needs <= seen + 27)).all()


def test_needs_of_the_same_whole_number_of_people_share_a_place():
    needs = np.array([[9, 7, 7.4, 2], [9, 9, 9, 2], [5, 4, 3, 2]])
    assert in_top_two(needs).tolist() == pytest.approx([1, 1, 2 / 3, 0])
    assert both_top_two(needs, (0, 1)) == 1
    assert both_top_two(needs, (0, 2)) == pytest.approx(2 / 3)
    assert both_top_two(needs, (0, 3)) == 0


def test_the_larger_of_the_shown_needs_no_comparison():
    assert both_top_two(np.array([[9.0, 3, 5]]), (0, 1)) == 0
    assert both_top_two(np.array([[3.0, 9, 2]]), (0, 1)) == 1


def test_with_two_items_both_are_the_greatest():
    needs = np.array([[9.0, 0], [1, 4]])
    assert in_top_two(needs).tolist() == [1, 1]
    assert both_top_two(needs, (0, 1)) == 1
    assert in_top_two(needs[:, :1]).tolist() == [1]
    assert both_top_two(needs[:, :1], (0,)) == 1


def test_unknown_items_are_left_out():
    needs = np.array([[NAN, 3, 2, 1], [NAN, 3, 1, NAN]])
    assert in_top_two(needs)[1:].tolist() == [1, 1, 0]
    assert both_top_two(needs, (1, 2)) == both_top_two(needs, (0, 1)) == 1
    assert both_top_two(needs, (1, 3)) == 0.5


def test_a_number_counts_half_as_below_itself_in_the_likely_range():
    draws = np.repeat([10.0, 11, 12, 13], [19, 31, 31, 19])[:, None]
    assert [end.item() for end in likely_range(draws)] == [11, 12]
    draws = np.repeat([10.0, 11, 12, 13], [21, 29, 29, 21])[:, None]
    assert [end.item() for end in likely_range(draws)] == [10, 13]
    assert [end.item() for end in likely_range(np.repeat([4.0, 5], [50, 50])[:, None])] == [4, 5]
    assert [end.item() for end in likely_range(np.repeat([4.0, 5], [90, 10])[:, None])] == [4, 4]


def test_an_item_that_may_be_unknown_has_no_likely_range():
    low, high = likely_range(np.array([[1, NAN], [1, 2], [1, 2]]))
    assert (low[0], high[0]) == (1, 1)
    assert isnan(low[1])
    assert isnan(high[1])


def test_more_answers_are_what_plain_loops_find():
    staff = [
        group(["1000", "0100", "0010", "0001", "1100"], 8, ["1100", "0110", "1001"]),
        group(["0011", "0110", "1001"], 6, ["1000", "0110"]),
    ]
    found = asked(staff, buildings=1000, draws=60)
    too_few, enough = (
        sure_after(answers, staff, enough=0.9, buildings=150, draws=60, seed=5) for answers in (found - 2, found + 1)
    )
    assert 2 < found < 14
    assert too_few < 0.5 < enough


def test_all_the_unseen_always_suffice():
    close = [group(["1000", "0100", "0010", "0001"] * 2, 12)]
    assert 8 <= asked(close) <= 12
    assert asked(close, enough=1.01) == 12, "no share of draws is so great"
    assert asked(close, enough=0) == 1
    assert asked([Group(rows([], 3), 4, rows([], 3))]) == 4


def test_only_the_entry_items_count_for_more_answers():
    source = np.random.default_rng(4)
    answers, others = (source.integers(0, 2, (people, 6)).astype(np.int8) for people in (14, 40))
    entry = [4, 1, 2]
    alone = [Group(answers[:, entry], 30, others[:, entry])]
    assert asked([Group(answers, 30, others)], entry=entry) == asked(alone) > 1


def test_a_hopeless_tie_needs_nobody():
    assert asked([group(["1111", "0000"], 30)]) == 1, "equal needs are the same need"


def test_ranks_are_ranges_and_equal_schools_share_them():
    shares = np.array([[0.9, 0.5, 0.5, 0.1]] * 20)
    low, high = rank_ranges(shares)
    assert low.tolist() == [1, 2, 2, 4]
    assert high.tolist() == [1, 3, 3, 4]
    assert low.dtype == high.dtype == np.int64


def test_a_rank_in_fewer_than_one_draw_of_twenty_is_outside_the_range():
    shares = np.array([[0.9, 0.5]] * 97 + [[0.1, 0.5]] * 3)
    assert [ends.tolist() for ends in rank_ranges(shares)] == [[1, 2], [1, 2]]
    shares = np.array([[0.9, 0.5]] * 90 + [[0.1, 0.5]] * 10)
    assert [ends.tolist() for ends in rank_ranges(shares)] == [[1, 1], [2, 2]]
