"""Whether an outcome moved with a training: the estimate, how sure it is, its checks, and the word for it.

A word is given only if chance, an unusual period before the start, and too little data are all ruled out. It is no
proof: schools chose when to start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pd_core.measures.imputation import imputed_effects
from pd_core.measures.staggered import (
    MIN_BEFORE,
    MIN_NOT_YET,
    MIN_TREATED,
    Cells,
    Numbers,
    Starts,
    cells,
    event_effects,
    is_treated,
    overall,
    redrawn,
)
from pd_core.wording import plural

MIN_SCHOOLS: Final = 20
MIN_KNOWN: Final = 0.8
"""Share of school × period cells that must be known."""
DRAWS: Final = 999
SIGNIFICANT: Final = 0.05
HIGHER, LOWER, NO_DIFFERENCE, CANNOT_TELL = "higher", "lower", "no difference", "cannot tell"
UNUSUAL_PERIOD: Final = "schools joined after an unusual period"
MANY_ASKED: Final = "so much is asked about at once that chance alone could bring such an effect somewhere"
_POWER_80: Final = 2.8
_Z_95: Final = 1.96
UNUSUAL: Final = 2.0
"""Standard deviations of a re-drawn estimate by which the imputed one may differ."""
UNUSUAL_BASE: Final = 3.0
"""Standard deviations of the re-drawn movement by which another base period may move the estimate."""
_SEED: Final = 15
_EQUAL: Final = 1e-12


Lacks = Literal["periods", "schools", "start", "earlier periods", "later starts", "treated", "values", "not yet"]


class Gate(NamedTuple):
    """Why nothing can be estimated: `reason` in words, what is `lacking`, and how many of it are `missing`."""

    lacking: Lacks
    missing: int
    reason: str


@dataclass(frozen=True)
class Estimate:
    """The effect of a training on one outcome, in the outcome's unit; numbers are nan where `gates` say why there are
    none.

    `effect`, with `low` and `high` (95%), is the mean over events 0 to the last one. `p` is of re-drawn starts;
    `smallest` the effect that would be found in 4 of 5 cases; `check` the imputed effect; `other_base` the effect with
    the base a period earlier; `base_spread` the standard deviation of what that changes by chance. By event (periods
    since the start): `effects` with `band_low` and `band_high`, which hold all of them at once at 95%.
    """

    cells: Cells
    effect: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    smallest: float = np.nan
    check: float = np.nan
    other_base: float = np.nan
    base_spread: float = np.nan
    effects: tuple[float, ...] = ()
    band_low: tuple[float, ...] = ()
    band_high: tuple[float, ...] = ()
    gates: tuple[Gate, ...] = ()

    @property
    def spread(self) -> float:
        """The standard deviation of re-drawn estimates."""
        return self.smallest / _POWER_80

    @property
    def is_after_unusual_period(self) -> bool:
        """Whether the estimate rests on the one period before the start: the imputed effect, or another base, differs
        by more than chance explains."""
        by_check = abs(self.effect - self.check) > UNUSUAL * self.spread
        moved = abs(self.effect - self.other_base)
        by_base = moved > max(UNUSUAL * self.spread, UNUSUAL_BASE * self.base_spread)
        return bool(by_check or by_base)

    @property
    def differs_before(self) -> bool:
        """Whether any period before the start lies outside its band: said, never a condition."""
        places = self.cells.before
        return any(self.band_low[place] > 0 or self.band_high[place] < 0 for place in places)


def estimate(outcomes: Numbers, starts: Starts, *, draws: int = DRAWS, seed: int = _SEED) -> Estimate:
    """The effect of starting on `outcomes` (schools × periods; nan: not known), with its checks.

    `starts` is the period of each school's start; the number of periods: not yet. Schools that start in one of the
    first `MIN_BEFORE` periods are left out. The p is (1 + #{|θ*| ≥ |θ|}) / (draws + 1) over starts given to the schools
    anew; interval, smallest effect and the checks use re-draws of outcomes with the effect taken off the treated cells,
    or a true effect would widen its own interval.
    """
    # A school that had started before it was observed says nothing, and must not stand among those that have not.
    keeps = starts >= MIN_BEFORE
    found = cells(outcomes[keeps], starts[keeps])
    if gates := tuple(_gates(outcomes, starts, keeps, found)):
        return Estimate(found, gates=gates)
    outcomes, starts = outcomes[keeps], starts[keeps]
    observed = event_effects(outcomes, starts[None], found)
    effect = float(overall(observed, found)[0])
    others = redrawn(starts, draws, seed)
    by_chance = overall(event_effects(outcomes, others, found), found)
    without = np.where(is_treated(outcomes, starts), outcomes - effect, outcomes)
    noise = event_effects(without, others, found)
    spread = float(np.std(overall(noise, found), ddof=1))
    moved = overall(noise, found) - overall(event_effects(without, others, found, earlier=1), found)
    low, high = _band(observed[0], noise)
    return Estimate(
        found,
        effect=effect,
        low=effect - _Z_95 * spread,
        high=effect + _Z_95 * spread,
        p=float((1 + (np.abs(by_chance) >= abs(effect) - _EQUAL).sum()) / (draws + 1)),
        smallest=_POWER_80 * spread,
        check=float(np.nanmean(imputed_effects(outcomes, starts, found))),
        other_base=float(overall(event_effects(outcomes, starts[None], found, earlier=1), found)[0]),
        base_spread=float(np.std(moved, ddof=1)),
        effects=tuple(observed[0].tolist()),
        band_low=tuple(low.tolist()),
        band_high=tuple(high.tolist()),
    )


def _band(observed: Numbers, noise: Numbers) -> tuple[Numbers, Numbers]:
    """Ends that hold every event's effect at once at 95%; Source: Callaway and Sant'Anna (2021), section 4.1."""
    spread = np.nanstd(noise, axis=0, ddof=1)
    scaled = np.divide(np.abs(noise), spread, out=np.zeros_like(noise), where=spread > _EQUAL)
    reach = float(np.quantile(np.nanmax(scaled, axis=1), 0.95))
    return observed - reach * spread, observed + reach * spread


def point_effect(outcomes: Numbers, starts: Starts) -> float:
    """The effect alone, as `estimate` has it; nan where a gate says that there is none."""
    keeps = starts >= MIN_BEFORE
    found = cells(outcomes[keeps], starts[keeps])
    if any(_gates(outcomes, starts, keeps, found)):
        return np.nan
    outcomes, starts = outcomes[keeps], starts[keeps]
    return float(overall(event_effects(outcomes, starts[None], found), found)[0])


def _gates(outcomes: Numbers, starts: Starts, keeps: NDArray[np.bool_], found: Cells) -> Iterator[Gate]:
    """All that is missing for an estimate: first of all schools, then of those that are kept, of which `found`
    are the cells."""
    schools, periods = outcomes.shape
    treated = starts < periods
    if periods <= MIN_BEFORE:
        reason = f"the outcome has {periods} periods; it takes {MIN_BEFORE} before the first start and one after it"
        yield Gate("periods", MIN_BEFORE + 1 - periods, reason)
    if schools < MIN_SCHOOLS:
        yield Gate("schools", MIN_SCHOOLS - schools, f"{schools} schools have the outcome; it takes {MIN_SCHOOLS}")
    if not treated.any():
        reason = "no school has had enough of its staff trained within the outcome's periods"
        yield Gate("start", MIN_TREATED, reason)
    elif not (treated & keeps).any():
        reason = f"all trained schools started before the outcome had {MIN_BEFORE} periods; earlier periods are needed"
        yield Gate("earlier periods", int(MIN_BEFORE - starts[treated].max()), reason)
    elif len(set(starts[treated & keeps].tolist())) == 1 and not (starts >= periods).any():
        who = (
            "all schools started"
            if keeps.all()
            else f"the schools seen {MIN_BEFORE} periods before they started did so"
        )
        reason = f"{who} at once, so there are none to compare them with"
        yield Gate("later starts", MIN_NOT_YET, reason)
    else:
        yield from _gates_of_kept(outcomes[keeps], starts[keeps], found, has_enough=schools >= MIN_SCHOOLS)


def _gates_of_kept(outcomes: Numbers, starts: Starts, found: Cells, *, has_enough: bool) -> Iterator[Gate]:
    treated = int((starts < outcomes.shape[1]).sum())
    before = f"seen {MIN_BEFORE} periods before they started; it takes"
    if treated < MIN_TREATED:
        reason = f"{plural(treated, 'trained school')} {'was' if treated == 1 else 'were'} {before} {MIN_TREATED}"
        yield Gate("treated", MIN_TREATED - treated, reason)
    if has_enough and len(starts) < MIN_SCHOOLS:
        yield Gate("schools", MIN_SCHOOLS - len(starts), f"{len(starts)} schools were {before} {MIN_SCHOOLS}")
    is_known = ~np.isnan(outcomes)
    known = float(is_known.mean())
    if known < MIN_KNOWN:
        reason = f"{100 * known:.0f}% of the outcome's values are known; it takes {100 * MIN_KNOWN:.0f}%"
        yield Gate("values", int(np.ceil(MIN_KNOWN * outcomes.size)) - int(is_known.sum()), reason)
    elif not found.cohorts:
        reason = (
            f"fewer than {MIN_NOT_YET} schools had not started when the others did; more that start later are needed"
        )
        fewest = min(int((starts > start).sum()) for start in starts[starts < outcomes.shape[1]].tolist())
        yield Gate("not yet", max(1, MIN_NOT_YET - fewest), reason)
    elif treated >= MIN_TREATED:
        fewest = min(
            sum(int(is_known[starts == start, start + event].sum()) for start in found.cohorts)
            for event in (found.events[place] for place in found.after)
        )
        if fewest < MIN_TREATED:
            reason = (
                f"{plural(fewest, 'trained school')} can be compared with at least {MIN_NOT_YET} that had not "
                f"started; it takes {MIN_TREATED}"
            )
            yield Gate("treated", MIN_TREATED - fewest, reason)


def holm(p: Numbers) -> Numbers:
    """p-values adjusted for having asked about several effects at once; nan stays. Source: Holm (1979)."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * factors))
    return adjusted


def verdict(found: Estimate, adjusted_p: float) -> tuple[str, str]:
    """The word for an estimate (higher, lower, no difference, cannot tell) and, for cannot tell, its reason.

    *Higher* and *lower* speak of the number, not of good; *no difference* means none as large as `found.smallest`: the
    interval lies within it. `adjusted_p` is the estimate's p after `holm`.
    """
    if found.gates:
        return CANNOT_TELL, found.gates[0].reason
    if found.spread <= _EQUAL:
        return CANNOT_TELL, "the outcome does not vary between schools"
    if found.is_after_unusual_period:
        return CANNOT_TELL, UNUSUAL_PERIOD
    if adjusted_p <= SIGNIFICANT:
        return (HIGHER if found.effect > 0 else LOWER), ""
    if found.p <= SIGNIFICANT:
        return CANNOT_TELL, MANY_ASKED
    if -found.smallest <= found.low and found.high <= found.smallest:
        return NO_DIFFERENCE, ""
    return CANNOT_TELL, "chance could explain it, and an effect as large as the smallest visible one is not ruled out"
