"""The urn of one answer: its closed form is what the urn of whole rows draws."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import betabinom

from pd_core.measures import polya_posterior, polya_urn
from pd_core.measures.shrinkage import completed_shares, with_pooled_share


def pooled(
    counted: int | None, answered: int | None, people: int | None, prior_share: float | None
) -> tuple[float, ...]:
    frame = pl.DataFrame(
        {"count": [counted], "n": [answered], "people": [people], "prior_share": [prior_share]},
        schema={"count": pl.Int64, "n": pl.Int64, "people": pl.Int64, "prior_share": pl.Float64},
    )
    found = with_pooled_share(frame, count="count", base="n", population="people", prior_share="prior_share")
    return found.select("pooled", "pooled_low", "pooled_high").row(0)


def drawn(counted: int, answered: int, people: int, prior_share: float) -> np.ndarray:
    """Shares of the staff that the urn of whole rows draws."""
    answers = np.array([[1]] * counted + [[0]] * (answered - counted), dtype=np.int8)
    others = np.array([[1]] * round(prior_share * 100) + [[0]] * round((1 - prior_share) * 100), dtype=np.int8)
    group = polya_urn.Group(answers, people - answered, others)
    return polya_posterior.complete([group], draws=4_000, seed=7)[:, 0] / people


@pytest.mark.parametrize(
    ("counted", "answered", "people", "prior_share"), [(5, 6, 60, 0.4), (0, 5, 40, 0.5), (7, 9, 12, 1)]
)
def test_the_closed_form_is_what_the_urn_draws(counted: int, answered: int, people: int, prior_share: float) -> None:
    draws = drawn(counted, answered, people, prior_share)
    mean, low, high = pooled(counted, answered, people, prior_share)
    assert mean == pytest.approx(draws.mean(), abs=0.012)
    assert low == pytest.approx(np.quantile(draws, 0.025), abs=1.01 / people)
    assert high == pytest.approx(np.quantile(draws, 0.975), abs=1.01 / people)
    quick = completed_shares(
        *(np.array([value], dtype=np.float64) for value in (counted, answered, people, prior_share)),
        draws=4_000,
        seed=7,
    )
    assert quick.mean() == pytest.approx(draws.mean(), abs=0.012)
    assert quick.std() == pytest.approx(draws.std(), abs=0.012)


def test_six_of_sixty_are_drawn_nearly_half_way_to_everybody() -> None:
    mean, _, _ = pooled(6, 6, 60, 0.4)
    assert mean == pytest.approx((6 + 54 * (6 + 5 * 0.4) / 11) / 60)


def test_the_range_is_that_of_scipys_beta_binomial() -> None:
    rows = [(counted, answered, people, 0.35) for counted, answered, people in ((0, 5, 9), (3, 8, 60), (40, 44, 45))]
    frame = pl.DataFrame(rows, schema=["counted", "answered", "people", "others"], orient="row")
    found = with_pooled_share(frame, count="counted", base="answered", population="people", prior_share="others")
    for row, (counted, answered, people, others) in zip(found.to_dicts(), rows, strict=True):
        yes = counted + polya_urn.PRIOR_WEIGHT * others
        no = answered - counted + polya_urn.PRIOR_WEIGHT * (1 - others)
        low, high = (counted + betabinom.ppf([0.025, 0.975], people - answered, yes, no)) / people
        assert (row["pooled_low"], row["pooled_high"]) == pytest.approx((low, high), abs=1e-12)


def test_where_everyone_answered_nothing_is_drawn() -> None:
    assert pooled(3, 8, 8, 0.9) == (0.375, 0.375, 0.375)
    assert pooled(3, 8, 5, 0.9) == (0.375, 0.375, 0.375), "a list of staff that is out of date"


@pytest.mark.parametrize("prior_share", [0.0, 1.0])
def test_where_all_say_the_same_so_does_the_urn(prior_share: float) -> None:
    said = round(5 * prior_share)
    assert pooled(said, 5, 60, prior_share) == pytest.approx((prior_share, prior_share, prior_share), abs=1e-9)


@pytest.mark.parametrize("missing", range(4))
def test_what_is_not_known_is_null(missing: int) -> None:
    known: list[float | None] = [3, 5, 60, 0.5]
    known[missing] = None
    assert pooled(*known) == (None, None, None)
    assert pooled(0, 0, 60, 0.5) == (None, None, None)


def test_a_count_beyond_those_who_answered_is_refused() -> None:
    with pytest.raises(ValueError, match="count must lie between 0 and n"):
        pooled(6, 5, 60, 0.5)


def test_the_same_schools_have_the_same_draws() -> None:
    numbers = [np.array(values, dtype=np.float64) for values in ([3, 30], [6, 40], [60, 40], [0.5, 0.5])]
    first, second = (completed_shares(*numbers, draws=50, seed=1) for _ in range(2))
    assert (first == second).all()
    assert (first[:, 1] == 0.75).all(), "everyone answered"
    assert first[:, 0].min() >= 3 / 60
    assert first[:, 0].max() <= 57 / 60
