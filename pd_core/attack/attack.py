"""An attacker who has everything that is published of a store, and tries to learn what hidden groups answered.

What is not known are the numbers of people by school, role and answer to a question. Every published number is a sum of
some of them. The attacker may know who answered which question (not what), and does the sums:

- A group *follows* if its people are the people of shown groups, added and subtracted: then so do its answers, whatever
  they are. Found is every hidden group that follows, unless a shown group has the very same people; and every set of 1
  to 4 people, made up of whole cells of school and role, that follows or is shown.
- Numbers of people are not negative. Where nobody of a sum gave an answer, nobody of its parts did; and where one of
  two parts is known in this way, so is the other. Smallest and greatest values tell no more than that: what does not
  vary among the values that fit follows once the cells that can only be 0 are left out. So it takes a sum of which
  nobody gave an answer (or all: then nobody gave the others). Sums of 1 to 4 people are found already, whatever they
  answered; so it is one of 5 or more, which may be shown. The rules accept that, as for a shown group of 5 that agrees:
  these numbers are counted as `unanimous`. How many people a hidden group has is not published and not used here.
- Questions about one skill tell of the same people. Were all proficient, who waits for an implementation class would be
  who is at a low SAMR level, less those who said nothing of themselves; were all at a low level, it would be who is
  proficient, less those who said nothing of their students. So these are sums too, filter by filter.
- The district's weighted shares and their ranges are worked out from what else is shown. Where that fails they tell
  something of their own, and are found.

With the response rates, role is the answer, and sums are those of the tables by role. The number of people in a school
is no answer and never hidden: which numbers of respondents follow with its help is counted as `respondents`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.attack.linear_sums import NONE, Sums
from pd_core.attack.published import RESPONSE_RATES, WAITING, Published, Question, collect
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.measures.district import district_share
from pd_core.storage import Store

BY_SUMS = "by adding and subtracting what is shown"
ELSEWHERE = "another table shows it"
BY_PAIR = "by two questions together, if all gave the same answer to one of them"
BY_WEIGHTS = "by the district's weighted share"


@dataclass(frozen=True)
class Found:
    """A group whose answers can be had, in `tables` that tell of the question `item`; not what they are.

    `school` and `role` are ids (of several, with “;” between; school “district” for the whole, role “” for all and “?”
    for people of no role). `how` says in words how it was had.
    """

    wave_id: str
    tables: tuple[str, ...]
    item: str
    school: str
    role: str
    how: str


@dataclass(frozen=True)
class Attack:
    """What was looked at, and what was found.

    `waves`, `filters` (roles; “” for all) and `tables` by id; `numbers` that are published; of all questions,
    `equations`: the groups of which a number is, and the `hidden` groups. `unanimous`: numbers of hidden groups that
    follow from a larger sum in which all agree; `respondents`: hidden groups of the response rates whose number follows
    from the never hidden totals of schools. Neither is an answer of a few, and neither is in `found`.
    """

    waves: tuple[str, ...]
    filters: tuple[str, ...]
    tables: tuple[str, ...]
    numbers: int
    equations: int
    hidden: int
    unanimous: int
    respondents: int
    found: tuple[Found, ...]


def attack(store: Store, codebook: Codebook, target_share: float, *, wave: str | None = None) -> Attack:
    """Tries to find hidden groups in everything that is published, under all filters, for all schools.

    `target_share` (0-1) is the response rate that is enough, as for the tables; `wave` the id of one wave (null: all).
    """
    published = collect(store, codebook, target_share, wave=wave)
    found: list[Found] = []
    equations = hidden = unanimous = respondents = 0
    for question in published.questions:
        groups = shown_groups(question)
        sums = Sums(question.people, groups)
        equations, hidden = equations + len(groups), hidden + int(question.hidden.sum())
        found += _by_sums(published, question, sums)
        if question.name == RESPONSE_RATES:
            totals = question.groups(question.shown & ~_of_roles(question))
            respondents += len(_following(question, Sums(question.people, np.concatenate([groups, totals]))))
            respondents -= len(_following(question, sums))
        else:
            unanimous += _unanimous(question, sums)
    found += _by_pairs(published)
    found += _by_weights(published)
    return Attack(
        tuple(published.waves),
        tuple(published.filters),
        tuple(published.tables),
        published.numbers,
        equations,
        hidden,
        unanimous,
        respondents,
        tuple(found),
    )


def shown_groups(question: Question) -> Flags:
    """The cells of each group of which a number is shown; of response rates, only under a role filter."""
    shown = question.shown
    if question.name == RESPONSE_RATES:
        shown = shown & _of_roles(question)
    return np.concatenate([question.groups(shown), question.together])


def _of_roles(question: Question) -> Flags:
    """Marks every group of one role."""
    of_roles: Flags = np.broadcast_to(np.arange(question.shown.shape[1]) > 0, question.shown.shape)
    return of_roles


def _by_sums(published: Published, question: Question, sums: Sums) -> Iterator[Found]:
    for place, role in np.argwhere(question.hidden & question.shown):
        yield _found(published, question, [(int(place), int(role))], ELSEWHERE)
    for group in _following(question, sums):
        yield _found(published, question, [group], BY_SUMS)
    for few in sums.few_together():
        cells = [divmod(cell, question.people.shape[1]) for cell in few]
        yield _found(published, question, [(school, role + 1) for school, role in cells], BY_SUMS)


def _following(question: Question, sums: Sums) -> list[tuple[int, int]]:
    """The hidden groups (place, filter) that follow, without those of the very people of a shown one."""
    which = question.hidden & ~question.shown
    groups = question.groups(which) & (question.people > 0)
    shown = {cells.tobytes() for cells in shown_groups(question) & (question.people > 0)}
    found = zip(np.argwhere(which).tolist(), groups, sums.follow(groups), strict=True)
    return [(place, role) for (place, role), cells, follows in found if follows and cells.tobytes() not in shown]


def _unanimous(question: Question, sums: Sums) -> int:
    """How many numbers of hidden groups, by answer, follow only once what can only be 0 is left out."""
    groups = question.groups(question.hidden)
    groups = groups[~sums.follow(groups)]
    number = 0
    for answer in range(question.counts.shape[2]):
        counts = question.counts[:, :, answer]
        is_shown = ~np.isnan(counts)
        more = sums.can_be_more_than_0(question.groups(is_shown), counts[is_shown])
        number += int(sums.follow(groups, more).sum()) if not more.all() else 0
    return number


def _by_pairs(published: Published) -> Iterator[Found]:
    """Hidden people who answered one of two questions about a skill, filter by filter; see the module's first words.

    Where they are in schools that are shown, nobody can know how many they are: that is not looked for.
    """
    by_name = {(question.wave_id, question.name): question for question in published.questions}
    for (wave_id, name), waiting in by_name.items():
        kind, _, skill_id = name.partition("_")
        if kind != WAITING:
            continue
        for other in ("samr", "proficiency"):
            question = by_name[wave_id, f"{other}_{skill_id}"]
            for role in range(len(published.filters)):
                people = [_of_role(one.people, role) for one in (waiting, question)]
                cells = np.column_stack([people[0], people[1] - people[0]])
                groups = [
                    _group(cells.shape, int(place), only)
                    for one, only in ((question, slice(None)), (waiting, slice(0, 1)))
                    for place in np.flatnonzero(one.shown[:, role])
                ]
                sums = Sums(cells, np.array(groups, dtype=np.bool_).reshape(len(groups), *cells.shape))
                hidden = np.repeat(question.hidden[:-1, role, None], 2, axis=1)
                for few in sums.few_together(hidden):
                    places = [(cell // 2, role) for cell in few]
                    yield _found(published, question, places, BY_PAIR)


def _of_role(people: Counts, role: int) -> Counts:
    of_role: Counts = people.sum(axis=1) if role == 0 else people[:, role - 1]
    return of_role


def _group(shape: tuple[int, ...], place: int, only: slice) -> Flags:
    cells = np.zeros(shape, dtype=np.bool_)
    cells[slice(None) if place == shape[0] else place, only] = True
    return cells


def _by_weights(published: Published) -> Iterator[Found]:
    for wave_id, role, table, frame in published.weighted:
        for name in unexplained(frame):
            yield Found(wave_id, (table,), name, DISTRICT, role, BY_WEIGHTS)


def unexplained(frame: pl.DataFrame) -> list[str]:
    """The questions whose weighted share of the district, or its range, is not what the shown numbers make it.

    `frame` is one of `Published.weighted`. Hidden schools are in what is left of the district's sums, as one.
    """
    by, numbers = ["question", "answer"], ["respondents", "count"]
    district = frame.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null())
    schools = frame.filter(pl.col("school_id") != DISTRICT)
    seen = schools.filter(~pl.col("suppressed"))
    staff = (
        schools.filter("suppressed")
        .group_by(by)
        .agg(headcount=pl.when(pl.col("headcount").is_not_null().any()).then(pl.col("headcount").sum()))
    )
    rest = (
        district.select(*by, *numbers)
        .join(seen.group_by(by).agg(pl.col(numbers).sum().name.prefix("seen_")), on=by, how="left")
        .with_columns(*(pl.col(name) - pl.col(f"seen_{name}").fill_null(0) for name in numbers))
        .join(staff, on=by, how="left")
        .with_columns(school_id=pl.lit(""))
    )
    columns = ["school_id", *by, *numbers, "headcount"]
    whole = pl.concat([seen.select(columns), rest.select(columns)]).with_columns(level=pl.lit("one"))
    expected = district_share(whole, by=by, count="count").select(*by, pl.col("^share.*$").name.prefix("expected_"))
    shares = [name for name in ("share", "share_low", "share_high") if name in frame.columns]
    found = district.join(expected, on=by, how="left").filter(
        pl.any_horizontal(*((pl.col(name) - pl.col(f"expected_{name}")).abs() > NONE for name in shares))
    )
    return sorted(set(found["question"].to_list()))


def _found(published: Published, question: Question, groups: list[tuple[int, int]], how: str) -> Found:
    schools, roles = [*published.school_ids, DISTRICT], [*published.filters, "?"]
    return Found(
        question.wave_id,
        question.tables,
        question.name,
        ";".join(dict.fromkeys(schools[place] for place, _ in groups)),
        ";".join(dict.fromkeys(roles[role] for _, role in groups)),
        how,
    )
