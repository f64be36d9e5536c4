"""Made-up outcomes of schools by period, and when schools started."""

import numpy as np

SCHOOLS, PERIODS = 60, 18


def outcomes(source: np.random.Generator, *, schools: int = SCHOOLS, periods: int = PERIODS, again: float = 0.3):
    """Each school its own mean, each period its own, and noise that comes back in part (`again`) a period later."""
    noise = np.zeros((schools, periods))
    noise[:, 0] = source.normal(0, 2, schools)
    for period in range(1, periods):
        fresh = source.normal(0, 2, schools)
        noise[:, period] = again * noise[:, period - 1] + np.sqrt(1 - again**2) * fresh
    return 90 + source.normal(0, 4, (schools, 1)) + source.normal(0, 1, periods) + noise


def random_starts(source: np.random.Generator, *, schools: int = SCHOOLS, periods: int = PERIODS):
    """Half of the schools start in one of three periods, whoever they are."""
    starts = np.full(schools, periods)
    starts[: schools // 2] = np.repeat([6, 9, 12], schools // 6)[: schools // 2]
    return source.permutation(starts)


def starts_after_bad_periods(values: np.ndarray) -> np.ndarray:
    """From the sixth period on, the four schools that were furthest below their mean a period before start."""
    schools, periods = values.shape
    starts = np.full(schools, periods)
    apart = values - values.mean(axis=0)
    apart -= apart.mean(axis=1, keepdims=True)
    for period in range(5, 13):
        waiting = np.flatnonzero(starts == periods)
        starts[waiting[np.argsort(apart[waiting, period - 1])[:4]]] = period
    return starts
