"""The commands that set the lists a training plan is made from, and that propose one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.cli.context import Shared
from pd_core.cli.exit_codes import DONE, REFUSED
from pd_core.cli.input_files import content_of, label_of
from pd_core.cli.quiet import libraries_quiet
from pd_core.reference.applicants import read_applicants
from pd_core.reference.budget import read_budget
from pd_core.reference.catalog import read_catalog
from pd_core.reference.goals import read_goals, read_travel
from pd_core.reference.locks import read_locks
from pd_core.reference.slots import read_slots
from pd_core.reference.trainers import read_trainers
from pd_core.reports.terminal import say
from pd_core.school_names import SchoolNames
from pd_core.storage import queries
from pd_core.wording import plural


def trainers(file: str, /, *, call: Shared) -> None:
    """Loads the list of trainers, CSV or XLSX.

    Replaces the earlier list.

    Its columns: trainer_id, name, kind (mie, facilitator), home_school_id, skills (separated by ;), hours still to
    give, slots (separated by ;, empty: all).
    """
    with call.store() as store:
        names = SchoolNames(queries.schools(store, EVERYTHING))
        listed = read_trainers(label_of(file), content_of(file), call.codebook, names)
        warnings = training_lists.set_trainers(store, call.visitor, listed)
    mies = int((listed["kind"] == "mie").sum())
    text = f"{plural(listed.height, 'trainer')} are set: {mies} MIE, {listed.height - mies} facilitator."
    call.answer(_with(text, warnings), trainers=listed.height, mies=mies, warnings=warnings)


def catalog(file: str, /, *, call: Shared) -> None:
    """Loads the catalog of trainings, CSV or XLSX.

    Replaces the earlier list.

    Its columns: training_id, title, skill_id, kind (entry, implementation), minutes, seats, actions (one or two,
    separated by ;), url.
    """
    with call.store() as store:
        listed = read_catalog(label_of(file), content_of(file), call.codebook)
        training_lists.set_catalog(store, call.visitor, listed)
    call.answer(f"{plural(listed.height, 'training')} are in the catalog.", trainings=listed.height)


def slots(file: str, /, *, call: Shared) -> None:
    """Loads the times for trainings, CSV or XLSX.

    Replaces the earlier list.

    Its columns: slot_id, starts_at, ends_at (local time: 2027-01-19 15:30), time (a choice of the form's question
    about times, or empty).
    """
    with call.store() as store:
        listed = read_slots(label_of(file), content_of(file), call.codebook)
        warnings = training_lists.set_slots(store, call.visitor, listed)
    call.answer(_with(f"{plural(listed.height, 'slot')} are set.", warnings), slots=listed.height, warnings=warnings)


def goals(file: str, /, *, call: Shared) -> None:
    """Loads each school's priorities, CSV or XLSX.

    Replaces the earlier list.

    Its columns: school_id, skill_id, weight (0 to 3; what is not listed counts 1).
    """
    with call.store() as store:
        names = SchoolNames(queries.schools(store, EVERYTHING))
        listed = read_goals(label_of(file), content_of(file), call.codebook, names)
        training_lists.set_goals(store, call.visitor, listed)
    call.answer(f"{plural(listed.height, 'goal')} are set.", goals=listed.height)


def travel(file: str, /, *, call: Shared) -> None:
    """Loads travel times between schools, CSV or XLSX.

    Replaces the earlier list.

    Its columns: school_id, other_school_id, minutes (both ways). Ways that are not listed take 20 minutes within a
    region, else 40.
    """
    with call.store() as store:
        names = SchoolNames(queries.schools(store, EVERYTHING))
        listed = read_travel(label_of(file), content_of(file), names)
        training_lists.set_travel(store, call.visitor, listed)
    call.answer(f"{plural(listed.height, 'way')} are set.", ways=listed.height)


def budget(file: str, /, *, call: Shared) -> None:
    """Loads what training may cost, CSV or XLSX.

    Replaces the earlier list.

    Its columns: year (2026-27, July to June), fund, rate (dollars for an hour of one person), amount (dollars),
    hours_each (the most hours a person is paid for; empty: seven), trainings (ids, `;` between; empty: all others).
    """
    with call.store() as store:
        listed = read_budget(label_of(file), content_of(file))
        training_lists.set_budget(store, call.visitor, listed)
    call.answer(f"{plural(listed.height, 'fund')} are set.", funds=listed.height)


def applicants(file: str, /, *, call: Shared) -> None:
    """Loads who applied to become an MIE or a facilitator, CSV or XLSX.

    Replaces the earlier list.

    Its columns: name, kind (mie, facilitator; empty: mie), school_id, applied_on, status (applied, accepted, declined,
    withdrawn; empty: applied).
    """
    with call.store() as store:
        names = SchoolNames(queries.schools(store, EVERYTHING))
        listed = read_applicants(label_of(file), content_of(file), names)
        training_lists.set_applicants(store, call.visitor, listed)
    call.answer(f"{plural(listed.height, 'application')} are set.", applicants=listed.height)


def propose(
    *,
    wave: Annotated[str, Parameter(metavar="NAME", help="The wave whose needs count.")],
    locks: Annotated[
        str | None,
        Parameter(
            metavar="FILE",
            help="What is decided already: action (lock, forbid), school_id, training_id, trainer_id, slot_id; an "
            "empty field fits anything.",
        ),
    ] = None,
    time_limit: Annotated[float, Parameter(metavar="S", help="Seconds to search for. Default: 10.")] = 10.0,
    fewest: Annotated[int, Parameter(metavar="N", help="The fewest people in a session. Default: 5.")] = 5,
    budget: Annotated[float | None, Parameter(metavar="MONEY", help="The most that people's hours may cost.")] = None,
    rate: Annotated[float | None, Parameter(metavar="MONEY", help="What an hour of one person costs.")] = None,
    call: Shared,
) -> int:
    """Proposes a training plan, for people to agree to.

    It reaches as many people in need as trainers' hours, slots, seats and schools' topics allow. Sessions that are
    agreed or scheduled stay; earlier proposals are replaced.
    """
    from pd_core.actions.plans import propose as proposed  # noqa: PLC0415 - its solver would slow down the lists
    from pd_core.planning.feasibility import NoPlan  # noqa: PLC0415 - as above
    from pd_core.reports.plan_text import plan_text  # noqa: PLC0415 - as above

    rules = read_locks(label_of(locks), content_of(locks)) if locks is not None else ()
    try:
        with call.store() as store, libraries_quiet():
            problem, found = proposed(
                store, call.visitor, call.codebook, wave, target_share=call.settings.target_share,
                now=call.settings.local_now(), rules=rules, seconds=time_limit, fewest=fewest, budget=budget, rate=rate,
            )  # fmt: skip
    except NoPlan as error:
        say(error.text())
        if call.as_json:
            call.answer("", status="infeasible", message=error.text())
        return REFUSED
    call.answer(plan_text(problem, found), **found.as_json())
    return DONE


def _with(text: str, warnings: Sequence[str]) -> str:
    return "\n".join([text, *(f"Note: {warning}" for warning in warnings)])
