"""What a school's whole staff may need when only some have answered: the others are drawn from a Pólya urn.

Repeated draws show what the whole staff may look like given who answered, if people who have not answered are like
those who have: the urn does not know who is more likely to answer.

Source: Ghosh and Meeden, Bayesian Methods for Finite Population Sampling (1997).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pd_core.measures.polya_urn import Group, Numbers, Urn, Whole, settle

_ROUNDING: Final = 1e-9


def complete(groups: Sequence[Group], *, draws: int, seed: int | Sequence[int]) -> Numbers:
    """People of the whole headcount with a yes, float64 (draws, items), in each of `draws` completed schools.

    headcount * yes / (yes + no) over everyone seen and drawn, item by item; headcount is all respondents and unseen of
    the groups. Whole numbers where everyone answered every item; nan where no one seen or drawn answered the item.
    Groups are independent; all have the same items. The same groups and seed give the same draws.
    """
    urn = Urn(groups, np.random.default_rng(seed))
    places = urn.draw(draws)
    settle(places)
    return urn.needs(places)


def likely_range(needs: Numbers) -> tuple[Numbers, Numbers]:
    """The range that holds the need in 80% of the draws: its least and greatest whole number of people, (items,) each.

    needs (draws, items) as from complete; an item that is nan in any draw is nan. Both ends belong to the range. They
    are the 10th and 90th percentile of the mid-distribution, in which a number of people counts half as below itself:
    plain percentiles of so few different numbers hold up to 87% where 80% are meant (test_coverage.py).
    Source: Lancaster (1961), Significance tests in discrete distributions.
    """
    ordered = np.sort(np.ascontiguousarray(np.rint(needs).T))
    return _mid_percentile(ordered, 0.1), -_mid_percentile(-ordered[:, ::-1], 0.1)


def in_top_two(needs: Numbers) -> Numbers:
    """How often each item is among the two greatest needs: share of draws in [0, 1], float64 (items,).

    needs (draws, items) as from complete. Needs of the same whole number of people are the same need, so more than two
    items may be among the two greatest. nan items are left out; an item that is nan in every draw is nan.
    """
    whole = _whole(needs)
    greatest = whole.max(axis=0)
    tied = (whole == greatest).sum(axis=0) > 1
    second = np.where(tied, greatest, np.where(whole < greatest, whole, -np.inf).max(axis=0))
    among = ((whole >= second) & np.isfinite(whole)).mean(axis=1)
    return np.where(np.isfinite(whole).any(axis=1), among, np.nan)


def both_top_two(needs: Numbers, shown: tuple[int, ...]) -> float:
    """How often no other item is a greater need than the smaller of the shown ones: share of draws in [0, 1].

    needs (draws, items) as from complete; shown: columns of the items shown as the greatest. Needs of the same whole
    number of people are the same need; nan items are left out, also of the shown. 1 if there are only the shown items.
    """
    is_shown = np.isin(np.arange(needs.shape[1]), shown)
    return float(_none_greater(_whole(needs), is_shown[:, None]).mean())


@dataclass(frozen=True)
class Standing:
    """Which two needs seem the greatest, and how far the next one is behind.

    shown: columns of the (at most two) greatest mean needs, the greatest first; next: column of the greatest mean need
    of fewer whole people than those, None where there is none; lead: people (means over the draws) by which the smaller
    of the shown is greater than that, infinite where there is none.
    """

    shown: tuple[int, ...]
    next: int | None
    lead: float


def standing(needs: Numbers) -> Standing:
    """How the items stand on average; needs (draws, items) as from complete. Items that are nan in a draw are left out.

    Needs of the same whole number of people are the same need: an item that ties with the second is not the next.
    """
    means = np.nan_to_num(needs.mean(axis=0), nan=-np.inf)
    order = np.argsort(-means, kind="stable")
    order = order[np.isfinite(means[order])]
    shown = tuple(int(item) for item in order[:2])
    behind = [int(item) for item in order[2:] if np.rint(means[item]) < np.rint(means[shown[-1]])]
    if not behind:
        return Standing(shown, None, math.inf)
    return Standing(shown, behind[0], float(means[shown[-1]] - means[behind[0]]))


@dataclass(frozen=True)
class Enough:
    """When a decision is safe: none of the other needs is greater in a share of draws of at least `probability`, a
    share of the staff of at least `answered` has answered, and the next need is behind by a share of those who have not
    answered of at least `lead`; all in [0, 1]."""

    probability: float
    answered: float
    lead: float

    def is_met(self, probability: float, respondents: int, staff: int, lead: float) -> bool:
        """Whether so many respondents of so many staff, with a lead in people, are enough. All of them always are."""
        missing = max(0, staff - respondents)
        return bool(
            probability >= self.probability
            and respondents >= self.answered * staff - _ROUNDING
            and lead >= self.lead * missing - _ROUNDING
        )


def more_answers(
    groups: Sequence[Group],
    *,
    entry: Sequence[int],
    enough: Enough,
    fewest: int = 1,
    often: float = 0.8,
    buildings: int,
    draws: int,
    seed: int | Sequence[int],
) -> int | None:
    """The fewest further answers, `fewest` at least, after which it is likely safe to decide on the `entry` columns.

    In each of `buildings` simulated schools, k unseen people, in a random order over all groups, answer by drawing
    from the urn; then `draws` completions by the people who remain tell whether that is `enough` for the two items of
    the greatest mean need. k suffices when it is in a share of the schools of at least `often` (0-1). Found by
    bisection, with the same random numbers for every k. No more than the unseen people, who always suffice; None if no
    one is unseen.
    """
    respondents, unseen = sum(len(group.answers) for group in groups), sum(group.unseen for group in groups)
    if unseen == 0:
        return None
    staff = respondents + unseen
    fewest = min(unseen, max(1, fewest, math.ceil(enough.answered * staff - _ROUNDING) - respondents))
    source = np.random.default_rng(seed)
    urn = Urn(groups, source, items=entry)
    turns = urn.turns(buildings)
    answering, completing = urn.draw(buildings), urn.draw(buildings * draws)
    settle(answering)

    def suffices(answers: int) -> bool:
        answered = (turns < answers)[:, None, :]
        places = np.where(answered, answering[:, None, :], completing.reshape(buildings, draws, -1))
        settle(places)
        needs = urn.needs(places.reshape(buildings * draws, -1))
        means = needs.reshape(buildings, draws, -1).mean(axis=1)
        is_shown, lead = _leads(means)
        none_greater = _none_greater(_whole(needs), np.repeat(is_shown.T, draws, axis=1))
        is_sure = none_greater.reshape(buildings, draws).mean(axis=1) >= enough.probability
        is_ahead = lead >= enough.lead * (unseen - answers) - _ROUNDING
        return bool((is_sure & is_ahead).mean() >= often)

    too_few, enough_answers = fewest - 1, unseen
    while enough_answers - too_few > 1:
        middle = (too_few + enough_answers) // 2
        too_few, enough_answers = (too_few, middle) if suffices(middle) else (middle, enough_answers)
    return enough_answers


def _leads(means: Numbers) -> tuple[NDArray[np.bool_], Numbers]:
    """For each school (the first axis), the two items with the greatest mean, and their lead as in `Standing`."""
    known = np.nan_to_num(means, nan=-np.inf)
    greatest = np.argsort(-known, axis=1, kind="stable")[:, :2]
    is_shown = np.zeros(known.shape, np.bool_)
    np.put_along_axis(is_shown, greatest, True, axis=1)
    smaller = np.where(is_shown & np.isfinite(known), known, np.inf).min(axis=1)
    is_behind = ~is_shown & (np.rint(known) < np.rint(smaller)[:, None])
    return is_shown, smaller - np.where(is_behind, known, -np.inf).max(axis=1)


def rank_ranges(shares: Numbers) -> tuple[Whole, Whole]:
    """The rank of each school as a range, from the 5th to the 95th percentile of its ranks: two int64 (schools,).

    shares (draws, schools), none nan. 1 is the greatest. Schools that are equal in a draw share all the ranks they take
    up: the range begins at the first and ends at the last of them.
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - loads for most of a second, and few commands rank schools

    first = rankdata(-shares, method="min", axis=1)
    last = rankdata(-shares, method="max", axis=1)
    low = np.quantile(first, 0.05, axis=0, method="inverted_cdf")
    high = np.quantile(last, 0.95, axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)


def _whole(needs: Numbers) -> Numbers:
    """Whole people (items, draws), so that a difference under one person is none; -inf for nan: never the greater."""
    whole: Numbers = np.rint(needs.T, order="C")
    whole[np.isnan(whole)] = -np.inf
    return whole


def _mid_percentile(ordered: Numbers, share: float) -> Numbers:
    """Of each item the least whole number with that share of the draws below it, half of those at it counted as such.

    ordered (items, draws), whole numbers, sorted; nan for an item with a nan.
    """
    draws = ordered.shape[1]
    value = ordered[:, math.ceil(share * draws) - 1, None]
    below = (np.count_nonzero(ordered < value, axis=1) + np.count_nonzero(ordered <= value, axis=1)) / 2
    least = np.where(below >= share * draws, value[:, 0], value[:, 0] + 1)
    return np.where(np.isnan(ordered).any(axis=1), np.nan, least)


def _none_greater(whole: Numbers, is_shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each draw, whether no item is greater than the smaller of those shown; both arrays (items, draws)."""
    smaller = np.where(is_shown & np.isfinite(whole), whole, np.inf).min(axis=0)
    greatest_other = np.where(is_shown, -np.inf, whole).max(axis=0)
    return np.asarray(np.isfinite(smaller) & (greatest_other <= smaller))
