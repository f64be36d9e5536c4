"""Attackers who have everything that is published of a store, and try to learn what hidden groups answered.

What is not known are the numbers of people by school, role and answer to a question. Every published number is a sum of
some of them. An attacker may know who answered which question (not what), and does the sums. A stranger knows no
answer; besides, for each school and for each person who has a role for several, there is an attacker who knows all
answers of these schools: their principal, or the MIE who has their export. Each of them has every number of every table
and filter here, exact and of all schools. Then each person who can look is played with what they see: a share link's
guest, and principals and MIEs under each setting of `PD_OTHER_SCHOOLS` (`by_visitors`), and with the
plan's sessions (`by_plan`); and with the sums of who attended (`by_held`), of credentials and of answers
of the next day (`by_earned`). Last, all pairs of waves are put together
(`by_pairs`).

- A set of 1 to 4 people, made up of whole cells of school and role, *follows* if it is the people of shown groups,
  added and subtracted: then so do its answers, whatever they are (`by_sums`).
- Numbers of people are whole, not negative, and no more than there are, and a person gives one answer: so a hidden cell
  can be found that does not follow from the sums alone, where only one number fits (`by_whole_numbers`). What a larger
  sum gives away in which all agree is accepted, and counted as `unanimous`.
- The district's weighted shares and their ranges are worked out from what else is shown. Where that fails they tell
  something of their own, and are found (`by_weights`).

With the response rates, role is the answer, and sums are those of the tables by role. The number of people in a school
is no answer and never hidden: which numbers of respondents follow with its help is counted as `respondents`.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Generic, NamedTuple, TypeVar

from pd_core.attack.by_earned import found_by_earned, found_by_next_day
from pd_core.attack.by_held import found_by_held
from pd_core.attack.by_pairs import found_by_pairs
from pd_core.attack.by_plan import found_by_plan
from pd_core.attack.by_sums import found_by_sums, respondents_that_follow, shown_elsewhere, shown_groups, unanimous
from pd_core.attack.by_visitors import found_by_visitors, recovered_by_visitors, visits
from pd_core.attack.by_weights import found_by_weights
from pd_core.attack.by_whole_numbers import found_by_whole_numbers
from pd_core.attack.findings import Found
from pd_core.attack.linear_sums import Sums
from pd_core.attack.published import Published, collect, joined
from pd_core.attack.truth import RESPONSE_RATES
from pd_core.codebook import Codebook
from pd_core.storage import Store, queries

T = TypeVar("T")


@dataclass(frozen=True)
class Attack:
    """What was looked at, and what was found.

    `waves`, `filters` (roles; “” for all) and `tables` by id; `visitors`: how many were played; `numbers` that are
    published; of all questions, `equations`: the groups of which a number is, and the `hidden` groups. `unanimous`:
    numbers of hidden groups that follow from a larger sum in which all agree; `respondents`: hidden groups of the
    response rates whose number follows from the never hidden totals of schools; `recovered`: numbers of shown schools
    that a person who does not see them can work out. None is an answer of a few, and none is in `found`.
    """

    waves: tuple[str, ...]
    filters: tuple[str, ...]
    tables: tuple[str, ...]
    visitors: int
    numbers: int
    equations: int
    hidden: int
    unanimous: int
    respondents: int
    recovered: int
    found: tuple[Found, ...]


def attack(
    store: Store,
    codebook: Codebook,
    target_share: float,
    *,
    wave: str | None = None,
    in_two_processes: bool = False,
) -> Attack:
    """Tries to find hidden groups in everything that is published, under all filters, for all schools.

    `target_share` (0-1) is the response rate that is enough, as for the tables; `wave` the id of one wave (null: all,
    and all pairs of them together). `in_two_processes`: what needs no store is worked out in a process of its own while
    this one reads what visitors see; starting it pays for a whole district.
    """
    waves = queries.waves(store)["wave_id"].to_list() if wave is None else [wave]
    everything = collect(store, codebook, target_share, [])
    visitors = recovered = 0
    with _process() if in_two_processes else ThreadPoolExecutor(1) as beside:
        summing = [_Task(beside, _by_numbers, everything)]  # of nothing: the process starts meanwhile
        playing = []
        for wave_id in waves:
            published = collect(store, codebook, target_share, [wave_id])
            numbers = replace(published, frames={})
            summing.append(_Task(beside, _by_numbers, numbers))
            looked = visits(store, codebook, target_share, published)
            playing.append(_Task(beside, found_by_visitors, numbers, looked))
            visitors = looked.visitors  # the same people in each wave
            recovered += recovered_by_visitors(store, codebook, target_share, published, looked)
            everything = joined(everything, published)
        others = [
            *found_by_plan(store, everything),
            *found_by_held(store),
            *found_by_earned(store, codebook),
            *found_by_next_day(store),
            *found_by_pairs(store, codebook, target_share, everything),
        ]
        played = [task.result() for task in reversed(playing)]
        sums = [task.result() for task in reversed(summing)]
    found = [one for of_wave in sums for one in of_wave.found] + [one for of_wave in played for one in of_wave]
    return Attack(
        tuple(everything.waves),
        tuple(everything.filters),
        tuple(everything.tables),
        visitors,
        everything.numbers,
        sum(of_wave.equations for of_wave in sums),
        sum(of_wave.hidden for of_wave in sums),
        sum(of_wave.unanimous for of_wave in sums),
        sum(of_wave.respondents for of_wave in sums),
        recovered,
        tuple(dict.fromkeys([*found, *others])),
    )


class _Task(Generic[T]):
    """Work for an executor, or for the one that waits for it if that has not begun it by then."""

    def __init__(self, executor: Executor, work: Callable[..., T], *args: object) -> None:
        self._work, self._args = work, args
        self._future = executor.submit(work, *args)

    def result(self) -> T:
        return self._work(*self._args) if self._future.cancel() else self._future.result()


def _process() -> Executor:
    """A process of its own; Ctrl-C is for the one that waits for it."""
    return ProcessPoolExecutor(1, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN))


def _by_numbers(published: Published) -> _Sums:
    """All that the published numbers say by themselves, without their `frames`."""
    sums = _by_sums(published)
    return sums._replace(found=(*sums.found, *found_by_whole_numbers(published), *found_by_weights(published)))


class _Sums(NamedTuple):
    """As of the fields of `Attack` with these names, of all questions."""

    equations: int
    hidden: int
    unanimous: int
    respondents: int
    found: tuple[Found, ...]


def _by_sums(published: Published) -> _Sums:
    found: list[Found] = []
    equations = hidden = agreed = respondents = 0
    for question in published.questions:
        groups = shown_groups(question)
        sums = Sums(question.people, groups)
        equations, hidden = equations + len(groups), hidden + int(question.hidden.sum())
        found += shown_elsewhere(published, question)
        found += found_by_sums(published, question, sums)
        if question.name == RESPONSE_RATES:
            respondents += respondents_that_follow(question, sums)
        else:
            agreed += unanimous(question, sums)
    return _Sums(equations, hidden, agreed, respondents, tuple(found))
