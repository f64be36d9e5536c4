"""What trainings moved in attendance, discipline and achievement; or why that cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.access import EVERYTHING
from pd_core.cache import Cache
from pd_core.errors import UnknownName, UserError
from pd_core.measures import impact as measure
from pd_core.measures.staggered import MIN_BEFORE, MIN_TREATED, Numbers, Starts
from pd_core.measures.synthetic_control import placebo_rank
from pd_core.reference.periods import Kind, converted, kind_of
from pd_core.storage import Store, outcomes, queries
from pd_core.summaries.taught import taught
from pd_core.wording import listed, plural

ALL = "all"
"""All trainings together."""
TREATED_SHARE = 0.3
"""A school has started once so large a share of its staff has been trained."""
MIN_STUDENTS = 10
IMPACT_SCHEMA = {
    "measure": pl.String,
    "training_id": pl.String,
    "schools_treated": pl.Int64,
    "schools_not_yet": pl.Int64,
    "periods": pl.Int64,
    "effect": pl.Float64,
    "effect_low": pl.Float64,
    "effect_high": pl.Float64,
    "p": pl.Float64,
    "smallest_effect": pl.Float64,
    "check_effect": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
}
_kept = Cache(max_entries=64, max_bytes=1_000_000)
OUTCOME_COLUMNS = ("school_id", "period", "measure", "value", "n", "lower", "upper", "suppressed")


@dataclass(frozen=True)
class Panel:
    """One outcome of all students by school and period, and when schools started: as `measures.staggered` has them.

    `notes` say which schools are left out, and why.
    """

    school_ids: list[str]
    periods: list[str]
    values: Numbers
    starts: Starts
    notes: tuple[str, ...] = ()


def outcome_rows(store: Store) -> pl.DataFrame:
    """Every outcome that counts: the columns of `OUTCOME_COLUMNS`, and student_group (empty: all students)."""
    return outcomes.outcomes(store).select(*OUTCOME_COLUMNS, "student_group")


def impact(store: Store, *, measure_name: str | None = None, training: str | None = None) -> pl.DataFrame:
    """A row per measure (or the one named), for one training or all together: the columns of `IMPACT_SCHEMA`.

    Effects of shares are shares (3 points = .03). effect_low and effect_high hold the effect at 95%; smallest_effect
    would be found in 4 of 5 cases; check_effect is imputed. p is of re-drawn starts, not adjusted; the verdict allows
    for the number of measures asked about (Holm). cannot tell always has a reason. With fewer than five treated schools
    effect and p are those of a synthetic control among placebos, and the rest is null. Kept until anything is written.
    Raises UserError where there are no outcomes or no deliveries, UnknownName for a name that does not exist.
    """
    rows, delivered = outcomes.outcomes(store), taught(store).rows
    names = rows["measure"].unique().sort().to_list()
    if not names:
        raise UserError("There are no outcomes yet.", "Load some: python -m pd_core outcomes FILE.")
    if delivered.is_empty():
        raise UserError(
            "There are no deliveries yet.",
            "Say which sessions were held (python -m pd_core deliver FILE), or load what was taught outside the plan "
            "(deliveries FILE).",
        )
    wanted = names if measure_name is None else [_known("measure", measure_name, names)]
    trainings = delivered["training_id"].unique().sort().to_list()
    training_id = ALL if training is None or training == ALL else _known("training", training, trainings)
    panels = [panel(store, name, training_id) for name in wanted]
    found = [_estimate(store, name, training_id, one) for name, one in zip(wanted, panels, strict=True)]
    adjusted = measure.holm(np.array([one.p for one in found]))
    table = [
        _row(name, training_id, one, estimate, float(p))
        for name, one, estimate, p in zip(wanted, panels, found, adjusted, strict=True)
    ]
    return pl.DataFrame(table, schema=IMPACT_SCHEMA)


def _estimate(store: Store, name: str, training_id: str, one: Panel) -> measure.Estimate:
    """The estimate of a measure and training, worked out once for each version of the store."""
    place, version = (id(store), store.location), (store.version(), taught(store).mark)
    return _kept.get(
        (place, version, name, training_id),
        lambda: measure.estimate(one.values, one.starts),
        outdated=lambda key: key[0] == place and key[1] != version,
    )


def panel(store: Store, measure_name: str, training_id: str, treated_share: float = TREATED_SHARE) -> Panel:
    """The panel of a measure and a training (or `ALL`); a school starts in the first period of the outcome by which
    `treated_share` of its staff had been trained: the running sum of people newly trained over its headcount.

    People on lists count once; of sessions with a number only, each time. Values of fewer than `MIN_STUDENTS` students
    are missing."""
    rows = outcomes.outcomes(store).filter((pl.col("measure") == measure_name) & (pl.col("student_group") == ""))
    periods = rows["period"].unique().sort().to_list()
    staff = dict(queries.schools(store, EVERYTHING).select("school_id", "headcount").iter_rows())
    schools = [school for school in rows["school_id"].unique().sort().to_list() if staff.get(school)]
    without = rows["school_id"].n_unique() - len(schools)
    notes = [f"{plural(without, 'school')} without a headcount left out"] if without else []
    values = np.full((len(schools), len(periods)), np.nan)
    place = {school: number for number, school in enumerate(schools)}
    when = {period: number for number, period in enumerate(periods)}
    few = pl.col("n") < MIN_STUDENTS
    for school, period, value in (
        rows.filter(~few.fill_null(False) & pl.col("value").is_not_null())
        .select("school_id", "period", "value")
        .iter_rows()
    ):
        if school in place:
            values[place[school], when[period]] = value
    delivered = taught(store).rows
    if training_id == ALL:
        delivered = delivered.select("school_id", "period", people="newly_of_all")
    else:
        delivered = delivered.filter(training_id=training_id).select("school_id", "period", people="newly")
    starts, unplaced = _starts(delivered, schools, periods, staff, treated_share)
    if unplaced:
        kinds, kind = listed(sorted(set(unplaced.values()))), kind_of(periods[0])
        notes.append(
            f"{plural(len(unplaced), 'school')} left out, for what was taught there by {kinds} cannot be placed among "
            f"the outcome's {kind}s: load it by {kind}"
        )
    keeps = [number for number, school in enumerate(schools) if school not in unplaced]
    return Panel([schools[number] for number in keeps], periods, values[keeps], starts[keeps], tuple(notes))


def _starts(
    delivered: pl.DataFrame, schools: list[str], periods: list[str], staff: dict[str, int], treated_share: float
) -> tuple[Starts, dict[str, Kind]]:
    """The period in which each school had `treated_share` of its staff trained, counted from 0; the number of periods:
    never. And the schools of which that is not known, with the kind of a period that lies in none of the outcome's."""
    starts = np.full(len(schools), len(periods), dtype=np.int64)
    unplaced: dict[str, Kind] = {}
    if not periods:
        return starts, unplaced
    kind = kind_of(periods[0])
    given: dict[str, list[tuple[str, int]]] = {}
    for school, period, people in delivered.iter_rows():
        given.setdefault(school, []).append((period, people))
    for number, school in enumerate(schools):
        needed, trained = treated_share * staff[school] - 1e-9, 0
        found = given.get(school, [])
        other = [(period, people) for period, people in found if people and converted(period, kind) is None]
        if other and sum(people for _, people in found) >= needed:
            unplaced[school] = kind_of(other[0][0])
            continue
        for at, people in sorted((converted(period, kind) or "", people) for period, people in found):
            trained += people
            if trained >= needed:
                # Before the first period counts as the first: the school was never seen untrained.
                starts[number] = sum(period < at for period in periods)
                break
    return starts, unplaced


def _row(name: str, training_id: str, one: Panel, found: measure.Estimate, adjusted_p: float) -> dict[str, object]:
    verdict, reason = measure.verdict(found, adjusted_p)
    treated = one.starts < len(one.periods)
    numbers: dict[str, float | None] = {
        "effect": found.effect,
        "effect_low": found.low,
        "effect_high": found.high,
        "p": found.p,
        "smallest_effect": found.smallest,
        "check_effect": found.check,
    }
    if found.gates and 0 < int((treated & (one.starts >= MIN_BEFORE)).sum()) < MIN_TREATED:
        placebo = placebo_rank(one.values, one.starts)
        if placebo is not None:
            numbers |= {"effect": placebo.effect, "p": placebo.p}
            ranked = f"it ranks {placebo.rank} of {placebo.placebos + 1}, the others being placebos"
            reason += f"; against a synthetic control {ranked}"
    early = int((one.starts < MIN_BEFORE).sum())
    notes = list(one.notes)
    if early and verdict == measure.CANNOT_TELL:
        notes.append(f"{plural(early, 'school')} started before the outcome had {MIN_BEFORE} periods")
    return {
        "measure": name,
        "training_id": training_id,
        "schools_treated": int(treated.sum()),
        "schools_not_yet": int((~treated).sum()),
        "periods": len(one.periods),
        **{key: None if value is None or np.isnan(value) else float(value) for key, value in numbers.items()},
        "verdict": verdict,
        "reason": "; ".join(filter(None, [reason, *notes])),
    }


def _known(what: str, wanted: str, known: list[str]) -> str:
    for name in known:
        if name.casefold() == " ".join(wanted.casefold().split()):
            return name
    raise UnknownName(f"There is no {what} “{wanted}”.", f"Known: {', '.join(known[:20])}.")
