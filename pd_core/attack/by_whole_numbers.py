"""What only one set of whole numbers fits: all answers to a question at once, and both questions about a skill.

Numbers of people are whole, not negative and no more than there are, and each person gives one answer: so a number can
be had that does not follow from the sums alone. Where no one (or everyone) of a sum of 5 or more gave an answer, none
(or all) of its parts did; the rules accept that, as for a shown group of 5 that agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pd_core.attack.findings import BY_WHOLE_NUMBERS, Found, finding, knowing
from pd_core.attack.linear_sums import Numbers
from pd_core.attack.published import Published, Question
from pd_core.attack.truth import RESPONSE_RATES, WAITING
from pd_core.attack.whole_numbers import Puzzle, fixed
from pd_core.codebook import PROFICIENT
from pd_core.disclosure.suppression import FEWEST, Counts, Flags

_KINDS = np.array([[able, use == 1, use == 2] for able in (False, True) for use in range(3)])
"""Kinds of people by what they said of a skill: proficient or not, times not used, the same task, or something else."""


@dataclass(frozen=True)
class _Asked:
    """A puzzle of people by school, role and kind of person, with the sets of it that are looked for.

    `question` is the one that a find is counted for; `kinds` is how many kinds there are. `truth` is the number of
    people of each cell: one solution, with which others are found faster.
    """

    question: Question
    kinds: int
    puzzle: Puzzle
    wanted: Flags
    truth: Counts


def found_by_whole_numbers(published: Published) -> Iterator[Found]:
    """Hidden schools and cells of 1 to 4 people of which only one number fits.

    For a stranger who sees all exactly; and for each knower, unless the district is rounded for them: then a sum over
    schools is no equation, and what is left are their own school's and others' shown numbers.
    """
    nobody = np.zeros((1, len(published.school_ids)), dtype=np.bool_)
    for known in nobody if published.is_coarse else np.concatenate([nobody, published.knowers]):
        asked = [*_by_question(published, known, _respondents(published)), *_by_skill(published, known)]
        wanted, truths = [one.wanted for one in asked], [one.truth for one in asked]
        for place, cells_found in fixed([one.puzzle for one in asked], wanted, truths):
            of = asked[place]
            cells = np.flatnonzero(cells_found.reshape(-1, of.kinds).any(axis=1))
            groups = [divmod(int(cell), of.question.people.shape[1]) for cell in cells]
            how = BY_WHOLE_NUMBERS + knowing(published, known)
            yield finding(published, of.question, [(school, role + 1) for school, role in groups], how)


def is_fixed_with(published: Published, question: Question, known: Flags, few: Flags) -> bool:
    """Whether only one number of these few people fits, for a person who knows schools and sees all exactly."""
    asked = list(_by_question(replace(published, questions=[question]), known, _respondents(published)))
    wanted = [
        one.wanted[(one.wanted.reshape(len(one.wanted), -1, one.kinds).any(axis=2) == few).all(axis=1)] for one in asked
    ]
    return bool(fixed([one.puzzle for one in asked], wanted, [one.truth for one in asked]))


def _by_question(published: Published, known: Flags, everybody: Mapping[str, Counts]) -> Iterator[_Asked]:
    """Each question with all of its answers: a person gives one of them, or none."""
    for question in published.questions:
        sets = few_sets(question, known)
        if question.name == RESPONSE_RATES or question.name.startswith(WAITING) or not len(sets):
            continue
        answers = question.counts.shape[2]
        kinds = np.eye(answers + 1, answers, dtype=np.bool_)  # the last kind of person gave no answer
        rows = [_rows(question, answer, kinds[:, answer], known) for answer in range(answers)]
        if question.takes_one:
            rows.append(_totals(everybody[question.wave_id], sets, answers + 1))
        people = np.repeat(question.people.ravel()[:, None], answers + 1, axis=1)
        people[:, -1] = everybody[question.wave_id].ravel()
        gave = question.truth.reshape(-1, answers)
        truth = np.column_stack([gave, everybody[question.wave_id].ravel() - gave.sum(axis=1)])
        yield _asked(question, rows, people, [(sets, kind) for kind in kinds.T], known, truth)


def _by_skill(published: Published, known: Flags) -> Iterator[_Asked]:
    """Both questions about a skill and its implementation class: who is proficient, and what they do with students."""
    everybody = _respondents(published)
    by_name = {(question.wave_id, question.name): question for question in published.questions}
    for (wave_id, name), waiting in by_name.items():
        skill_id = name.removeprefix(f"{WAITING}_")
        own, use = (by_name.get((wave_id, f"{kind}_{skill_id}")) for kind in ("proficiency", "samr"))
        if name == skill_id or own is None or use is None:
            continue
        sets = np.unique(np.concatenate([few_sets(question, known) for question in (own, use)]), axis=0)
        if not len(sets):
            continue
        is_able, unused, same = _KINDS.T
        rows = [_rows(own, slice(PROFICIENT, None), is_able, known), _rows(use, 0, unused, known)]
        rows += [_rows(use, 1, same, known), _totals(everybody[wave_id], sets, len(_KINDS))]
        rows += [_rows(waiting, place, is_able & kind, known) for place, kind in enumerate((unused, same))]
        people = np.repeat(everybody[wave_id].ravel()[:, None], len(_KINDS), axis=1)
        wanted = [(sets, kind) for kind in (is_able, unused, same, is_able & unused, is_able & same)]
        of_use, of_both = use.truth.reshape(-1, use.truth.shape[2])[:, :2], waiting.truth.reshape(-1, 2)
        able = own.truth[:, :, PROFICIENT:].sum(axis=2).ravel()
        others = everybody[wave_id].ravel() - able
        kinds = [others - (of_use - of_both).sum(axis=1), *(of_use - of_both).T, able - of_both.sum(axis=1), *of_both.T]
        yield _asked(waiting, rows, people, wanted, known, np.column_stack(kinds))


_Rows = tuple[Flags, Numbers]


def _rows(question: Question, answer: int | slice, kind: Flags, known: Flags) -> _Rows:
    """Each group of which a number is shown, over kinds of people, with the number less what is known of it."""
    counts = question.counts[:, :, [answer]] if isinstance(answer, int) else question.counts[:, :, answer]
    truth = question.truth[:, :, [answer]] if isinstance(answer, int) else question.truth[:, :, answer]
    is_shown = question.shown & ~np.isnan(counts).any(axis=2)
    groups = question.groups(is_shown).reshape(-1, question.people.size)
    own = known.repeat(question.people.shape[1])
    values = counts.sum(axis=2)[is_shown] - groups[:, own] @ truth.sum(axis=2).ravel()[own]
    return ((groups & ~own)[:, :, None] & kind).reshape(len(groups), -1), values


def _totals(everybody: Counts, sets: Flags, kinds: int) -> _Rows:
    """How many answered at each school of `sets`, which is never hidden, over all kinds of people."""
    schools, roles = everybody.shape
    places = sets.reshape(-1, schools, roles).any(axis=(0, 2))
    groups = np.repeat(np.eye(schools, dtype=np.bool_)[places], roles * kinds, axis=1)
    return groups, everybody.sum(axis=1)[places].astype(np.float64)


def _asked(
    question: Question,
    rows: Sequence[_Rows],
    people: Counts,
    wanted: Sequence[tuple[Flags, Flags]],
    known: Flags,
    truth: Counts,
) -> _Asked:
    own = known.repeat(question.people.shape[1])
    kinds = people.shape[1]
    left = np.where(own[:, None], 0, people).ravel()
    flags, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    puzzle = Puzzle.of(flags, values, left)
    marks = [(sets[:, :, None] & kind).reshape(len(sets), -1) for sets, kind in wanted]
    return _Asked(question, kinds, puzzle, np.concatenate(marks), np.where(own[:, None], 0, truth).ravel())


def _respondents(published: Published) -> dict[str, Counts]:
    """Wave to all who answered, by school and role."""
    return {one.wave_id: one.people for one in published.questions if one.name == RESPONSE_RATES}


def few_sets(question: Question, known: Flags) -> Flags:
    """The hidden schools and cells of 1 to 4 people in other schools than those known: set, cell (raveled)."""
    cells = np.eye(question.people.size, dtype=np.bool_)[((question.people > 0) & (question.people < FEWEST)).ravel()]
    totals = question.people.sum(axis=1)
    schools = np.repeat(np.eye(len(totals), dtype=np.bool_), question.people.shape[1], axis=1)
    sets = np.concatenate([cells, schools[(totals > 0) & (totals < FEWEST)]])
    return sets[~(sets & known.repeat(question.people.shape[1])).any(axis=1)]
