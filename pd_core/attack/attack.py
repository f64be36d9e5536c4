"""Attackers who have everything that is published of a store, and try to learn what hidden groups answered.

What is not known are the numbers of people by school, role and answer to a question. Every published number is a sum of
some of them. An attacker may know who answered which question (not what), and does the sums. A stranger knows no
answer; besides, for each school and for each person who has a role for several, there is an attacker who knows all
answers of these schools: their principal, or the MIE who has their export. Each of them has every number of every table
and filter here, exact and of all schools. A share link's guest, and whoever has schools under any setting of
`PD_OTHER_SCHOOLS`, see a part of that, or of the district the same rounded: what does not follow here follows for none.

- A set of 1 to 4 people, made up of whole cells of school and role, *follows* if it is the people of shown groups,
  added and subtracted: then so do its answers, whatever they are.
- Numbers of people are whole, not negative, and no more than there are people: so a hidden cell can be found that does
  not follow from the sums alone, where only one number fits. Where nobody (or everybody) of a sum of 5 or more gave an
  answer, none (or all) of its parts did; the rules accept that, as for a shown group of 5 that agrees. These numbers
  are counted as `unanimous`.
- Questions about one skill tell of the same people, but an implementation class is counted of all respondents, in
  groups that both of its questions show: it has no remainder of a few.
- The district's weighted shares and their ranges are worked out from what else is shown. Where that fails they tell
  something of their own, and are found. Whoever sees one school alone, others hidden, has only these shares of the
  others: `recovered` counts the schools whose number of the proficient is the only one that fits, all weights and
  numbers of respondents known.

With the response rates, role is the answer, and sums are those of the tables by role. The number of people in a school
is no answer and never hidden: which numbers of respondents follow with its help is counted as `respondents`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.attack.linear_sums import NONE, Sums
from pd_core.attack.published import RESPONSE_RATES, Published, Question, collect
from pd_core.attack.weights import District, recovered
from pd_core.attack.whole_numbers import Puzzle, fixed
from pd_core.codebook import Codebook
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE
from pd_core.disclosure.suppression import FEWEST, Counts, Flags
from pd_core.measures.district import district_share
from pd_core.storage import Store
from pd_core.survey.scoped_survey import survey

BY_SUMS = "by adding and subtracting what is shown"
ELSEWHERE = "another table shows it"
BY_WHOLE_NUMBERS = "since no other whole numbers fit what is shown"
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
    from the never hidden totals of schools; `recovered`: numbers of shown schools that somebody who does not see them
    can work out. None is an answer of a few, and none is in `found`.
    """

    waves: tuple[str, ...]
    filters: tuple[str, ...]
    tables: tuple[str, ...]
    numbers: int
    equations: int
    hidden: int
    unanimous: int
    respondents: int
    recovered: int
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
        found += _shown_elsewhere(published, question)
        for knower in _knowers(published, question, sums):
            found += _by_sums(published, question, knower)
        if question.name == RESPONSE_RATES:
            totals = question.groups(question.shown & ~_of_roles(question))
            respondents += len(_following(question, Sums(question.people, np.concatenate([groups, totals]))))
            respondents -= len(_following(question, sums))
        else:
            unanimous += _unanimous(question, sums)
    found += _by_whole_numbers(published)
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
        _recovered(store, codebook, target_share, published),
        tuple(dict.fromkeys(found)),
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


def _shown_elsewhere(published: Published, question: Question) -> Iterator[Found]:
    for place, role in np.argwhere(question.hidden & question.shown):
        yield _found(published, question, [(int(place), int(role))], ELSEWHERE)


def _knowers(published: Published, question: Question, stranger: Sums) -> Iterator[tuple[Sums, Flags]]:
    """What a stranger has, and everybody who knows a school of which something is hidden; with their schools."""
    schools = len(published.school_ids)
    yield stranger, np.zeros(schools, dtype=np.bool_)
    unknown = np.zeros(question.people.size, dtype=np.bool_)
    unknown[stranger.unknown] = True
    is_open = unknown.reshape(question.people.shape).any(axis=1)
    groups = shown_groups(question)
    for known in published.knowers:
        if (known & is_open).any():
            yield Sums(question.people, np.concatenate([groups, _own(question, known)])), known


def _own(question: Question, known: Flags) -> Flags:
    """Every cell of the schools that are known, as a group of its own."""
    cells = np.broadcast_to(known[:, None], question.people.shape) & (question.people > 0)
    own = np.eye(question.people.size, dtype=np.bool_)[cells.ravel()]
    return own.reshape(len(own), *question.people.shape)


def _by_sums(published: Published, question: Question, knower: tuple[Sums, Flags]) -> Iterator[Found]:
    sums, known = knower
    others = np.broadcast_to(~known[:, None], question.people.shape)
    for few in sums.few_together(others):
        cells = [divmod(cell, question.people.shape[1]) for cell in few]
        yield _found(
            published, question, [(school, role + 1) for school, role in cells], BY_SUMS + _told(published, known)
        )


def _told(published: Published, known: Flags) -> str:
    """Which answers the attacker knew, to put behind how something was found."""
    schools = [school for school, is_known in zip(published.school_ids, known, strict=True) if is_known]
    return f", with the answers of {' and '.join(schools)}" if schools else ""


def _by_whole_numbers(published: Published) -> Iterator[Found]:
    """Hidden schools and cells of 1 to 4 people of which only one number fits, for a stranger and for each knower."""
    asked = [question for question in published.questions if question.name != RESPONSE_RATES]
    nobody = np.zeros((1, len(published.school_ids)), dtype=np.bool_)
    for known in np.concatenate([nobody, published.knowers]):
        puzzles, wanted, places = [], [], []
        for question in asked:
            people = question.people.ravel()
            sets = _few_sets(question, known)
            if not len(sets):
                continue
            own = known.repeat(question.people.shape[1])
            for answer in range(question.counts.shape[2]):
                counts = question.counts[:, :, answer]
                is_shown = question.shown & ~np.isnan(counts)
                groups = question.groups(is_shown).reshape(-1, people.size)
                values = counts[is_shown] - groups[:, own] @ _truth(question, answer).ravel()[own]
                puzzles.append(Puzzle.of(groups & ~own, values, np.where(own, 0, people)))
                wanted.append(sets)
                places.append(question)
        for place, number in fixed(puzzles, wanted):
            question = places[place]
            cells = [divmod(int(cell), question.people.shape[1]) for cell in np.flatnonzero(wanted[place][number])]
            groups_of = [(school, role + 1) for school, role in cells]
            yield _found(published, question, groups_of, BY_WHOLE_NUMBERS + _told(published, known))


def _few_sets(question: Question, known: Flags) -> Flags:
    """The hidden schools and cells of 1 to 4 people in other schools than those known: set, cell (raveled)."""
    cells = np.eye(question.people.size, dtype=np.bool_)[((question.people > 0) & (question.people < FEWEST)).ravel()]
    totals = question.people.sum(axis=1)
    schools = np.repeat(np.eye(len(totals), dtype=np.bool_), question.people.shape[1], axis=1)
    sets = np.concatenate([cells, schools[(totals > 0) & (totals < FEWEST)]])
    return sets[~(sets & known.repeat(question.people.shape[1])).any(axis=1)]


def _truth(question: Question, answer: int) -> Counts:
    return question.truth[:, :, answer]


def _recovered(store: Store, codebook: Codebook, target_share: float, published: Published) -> int:
    """How many numbers of the proficient of schools that they do not see the people of one school can work out."""
    number = 0
    for wave_id in published.waves:
        whole = survey(store, codebook, wave_id, None, target_share, EVERYTHING)
        exact = whole.skill_summary.join(
            whole.headcounts, on="school_id", how="left", maintain_order="left"
        ).with_columns(pl.col("headcount").fill_null(0))
        districts = exact.filter(pl.col("school_id") == DISTRICT)
        shown = exact.filter((pl.col("school_id") != DISTRICT) & (pl.col("respondents") > 0))
        for own in shown["school_id"].unique(maintain_order=True):
            scope = Scope(frozenset({own}))
            seen = survey(store, codebook, wave_id, None, target_share, scope).skill_summary
            seen = seen.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null())
            is_exact = seen["share"].equals(districts["share"])
            for row in seen.to_dicts():
                rows = shown.filter(pl.col("skill_id") == row["skill_id"])
                total = districts.filter(pl.col("skill_id") == row["skill_id"])["respondents"].item()
                if rows["respondents"].sum() == total and rows["headcount"].sum():
                    steps = (0.0, 0.0) if is_exact else (0.005, STEP_OF_PEOPLE / 2)
                    number += len(recovered(_as_seen(rows, row["share"], row["proficient"], own, steps)))
    return number


def _as_seen(rows: pl.DataFrame, share: float, able: int, own: str, steps: tuple[float, float]) -> District:
    people = rows["respondents"].to_numpy()
    staff = np.where(rows["headcount"].to_numpy() > 0, np.maximum(rows["headcount"].to_numpy(), people), 0)
    is_own = (rows["school_id"] == own).to_numpy()
    return District(people, staff, rows["proficient"].to_numpy(), is_own, share, steps[0], able, steps[1])


def _following(question: Question, sums: Sums) -> list[tuple[int, int]]:
    """The hidden groups (place, filter) that follow, without those of the very people of a shown one."""
    which = question.hidden & ~question.shown
    which[-1] = False
    groups = question.groups(which) & (question.people > 0)
    shown = {cells.tobytes() for cells in shown_groups(question) & (question.people > 0)}
    found = zip(np.argwhere(which).tolist(), groups, sums.follow(groups), strict=True)
    return [(place, role) for (place, role), cells, follows in found if follows and cells.tobytes() not in shown]


def _unanimous(question: Question, sums: Sums) -> int:
    """How many numbers of hidden groups, by answer, follow only once what can only be 0 is left out."""
    groups = question.groups(question.hidden[:-1])
    groups = groups[~sums.follow(groups)]
    number = 0
    for answer in range(question.counts.shape[2]):
        counts = question.counts[:, :, answer]
        is_shown = ~np.isnan(counts)
        more = sums.can_be_more_than_0(question.groups(is_shown), counts[is_shown])
        number += int(sums.follow(groups, more).sum()) if not more.all() else 0
    return number


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
        schools.filter(pl.col("suppressed") & pl.col("counted"))
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
