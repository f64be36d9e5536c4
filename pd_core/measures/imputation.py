"""The second opinion on an effect: what treated schools would have had, worked out from all untreated cells."""

from __future__ import annotations

import numpy as np

from pd_core.measures.staggered import Cells, Numbers, Starts, is_treated


def imputed_effects(outcomes: Numbers, starts: Starts, cells: Cells) -> Numbers:
    """θ(e) for each of `cells.events` from 0 on: the mean of outcome less imputed outcome over the cohorts' schools.

    The imputed outcome is α_school + λ_period, fitted by least squares on the cells of schools that have not started.
    nan where no school is known. Source: Borusyak, Jaravel and Spiess (2024), Revisiting event-study designs.
    """
    own, periods = two_way_effects(np.where(is_treated(outcomes, starts), np.nan, outcomes))
    gaps = outcomes - own[:, None] - periods
    effects = []
    for event in (cells.events[place] for place in cells.after):
        found = [gaps[starts == cohort, cohort + event] for cohort in cells.cohorts]
        values = np.concatenate(found)
        known = values[~np.isnan(values)]
        effects.append(known.mean() if known.size else np.nan)
    return np.array(effects)


def two_way_effects(outcomes: Numbers) -> tuple[Numbers, Numbers]:
    """Least-squares α (schools) and λ (periods) of outcomes = α + λ on the cells that are known; nan where a school or
    a period has none. The λ of one period of each connected set is not fixed by the data; their sum is 0."""
    known = ~np.isnan(outcomes)
    weights, values = known.astype(np.float64), np.where(known, outcomes, 0.0)
    counts = weights.sum(axis=1)
    inverse = np.divide(1, counts, out=np.zeros_like(counts), where=counts > 0)
    means = values.sum(axis=1) * inverse
    # With the school's own mean taken off, what is left are as many equations as there are periods.
    left = np.diag(weights.sum(axis=0)) - (weights * inverse[:, None]).T @ weights
    right = values.sum(axis=0) - weights.T @ means
    periods = np.linalg.pinv(left, rcond=1e-10, hermitian=True) @ right
    own = means - (weights @ periods) * inverse
    return np.where(counts > 0, own, np.nan), np.where(known.any(axis=0), periods, np.nan)
