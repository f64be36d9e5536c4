"""All waves put together: the tables of each, and what growth and transitions of all pairs show of those who answered
both times.

What is not known are people by school, and by role and answer in each wave; “absent” is one more role and one more
answer. The tables of a wave are sums over all who answered it; figures of a pair's matched people are sums over those
who answered both times in one school, and, under a role filter, had that role both times.

- Sets of 1 to 4 people, made up of whole cells, follow if they are shown groups added and subtracted, those of every
  pair that has this wave. What follows is then how they answered in it, and that they took part. An attacker knows who
  took part in which waves, and looks for the answers of a wave among people of each answer of earlier ones, too: a
  table of levels has a row for each.
- Who took part in which waves, and not in others, is looked for besides (`by_participation`).
- Where a school's table of proficient or not is hidden, its interval, p and smallest change could be equations for it,
  unless they are those of different people: found is a group of 1 to 4 proficient, or not, the first time, if in all
  tables of whole numbers that fit they are as many, and as many of them are proficient the second time.
- A pair that is asked for with its later wave first must show nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.attack.by_participation import found_by_participation
from pd_core.attack.by_sums import shown_groups
from pd_core.attack.findings import BY_SUMS, NO_ROLE, Found, knowing
from pd_core.attack.linear_sums import Sums, alike
from pd_core.attack.matched_tables import fitting_tables
from pd_core.attack.people_of_waves import PeopleOfWaves, people_of_waves
from pd_core.attack.published import Published, Question
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import FEWEST, Counts, Flags
from pd_core.errors import UserError
from pd_core.storage import Store
from pd_core.summaries.growth import Growth, growth
from pd_core.survey.wave_pair import wave_pair
from pd_core.wording import listed

TABLES = ("growth", "transitions")
BY_CHANGE = "since no other table of whole numbers fits the change that is shown"
BACKWARD = "by asking for the later wave first"
_LEVELS = 4
_Pair = tuple[int, int]


@dataclass(frozen=True)
class _Skill:
    """What is published of one skill: the question of each wave (null: not asked there), and further groups of people.

    `matched` are groups of matched people by pair, `rows` those of them with an answer the first time; `told` (place of
    the school, place of the filter) says of which pairs the number of matched people is shown.
    """

    skill_id: str
    questions: list[Question | None]
    matched: dict[_Pair, list[Flags]] = field(default_factory=dict)
    rows: dict[_Pair, list[Flags]] = field(default_factory=dict)
    told: dict[tuple[int, int], list[_Pair]] = field(default_factory=dict)


def found_by_pairs(store: Store, codebook: Codebook, target_share: float, published: Published) -> Iterator[Found]:
    """Plays all pairs of the published waves together, for a stranger and for those who know the answers of schools."""
    if len(published.waves) < 2:
        return
    people = people_of_waves(store, codebook, published)
    questions = {(one.wave_id, one.name): one for one in published.questions}
    skills = {
        skill_id: _Skill(skill_id, [questions.get((wave, f"proficiency_{skill_id}")) for wave in published.waves])
        for skill_id in people.levels
    }
    for one, other in combinations(range(len(published.waves)), 2):
        for place, role in enumerate(published.filters):
            try:
                pair = growth(
                    store, codebook, from_wave=published.waves[one], to_wave=published.waves[other], role=role or None,
                    target_share=target_share, scope=EVERYTHING,
                )  # fmt: skip
            except UserError:  # without a skill in common there is nothing to put together
                break
            _add_matched(people, skills, pair, (one, other), place)
            yield from _by_change(pair, role)
            yield from _backward(pair, role)
    for of_skill in skills.values():
        for place, question in enumerate(of_skill.questions):
            if question is not None:
                yield from _by_sums(published, people, of_skill, place, question)
        item = f"proficiency_{of_skill.skill_id}"
        yield from found_by_participation(published, people, of_skill.skill_id, of_skill.told, TABLES, item)


def _add_matched(people: PeopleOfWaves, skills: Mapping[str, _Skill], found: Growth, pair: _Pair, role: int) -> None:
    """Adds the groups of matched people of which a number is shown: with the change, and by answer the first time."""
    places = {school_id: place for place, school_id in enumerate(people.school_ids)}
    shown = found.changes.filter((pl.col("school_id") != DISTRICT) & pl.col("matched").is_not_null())
    for school_id, skill_id, matched in shown.select("school_id", "skill_id", "matched").iter_rows():
        skill = skills[skill_id]
        skill.told.setdefault((places[school_id], role), []).append(pair)
        if matched:
            skill.matched.setdefault(pair, []).append(people.both_times(skill_id, pair, places[school_id], role))
    tables = found.transitions.filter((pl.col("school_id") != DISTRICT) & pl.col("people").is_not_null())
    rows = tables.select("school_id", "skill_id", "level_from").unique(maintain_order=True)
    for school_id, skill_id, level in rows.iter_rows():
        both = people.both_times(skill_id, pair, places[school_id], role)
        start, _, end = level.partition("-")
        levels = range(_LEVELS) if level == "any" else range(int(start), int(end or start) + 1)
        of_levels = np.isin(people.levels[skill_id][pair[0]], list(levels))
        skills[skill_id].rows.setdefault(pair, []).append(both & of_levels)
    for (skill_id,), schools in wave_pair(found.earlier, found.later).counted.group_by("skill_id"):
        # The district's table of levels: a sum of schools' tables.
        skill, named = skills[str(skill_id)], [places[one] for one in schools["school_id"]]
        both = np.any([people.both_times(str(skill_id), pair, place, role) for place in named], axis=0)
        skill.matched.setdefault(pair, []).append(both)
        levels_from = people.levels[str(skill_id)][pair[0]]
        skill.rows.setdefault(pair, []).extend(both & (levels_from == level) for level in range(_LEVELS))


def _by_sums(
    published: Published, people: PeopleOfWaves, skill: _Skill, place: int, question: Question
) -> Iterator[Found]:
    """Sets of 1 to 4 people of which it follows how they answered in one wave."""
    answered = people.levels[skill.skill_id][place] >= 0
    school, role = people.schools[place][answered], people.roles[place][answered]
    more = [one for pair, groups in skill.matched.items() if place in pair for one in groups]
    more += [one for pair, rows in skill.rows.items() if place == pair[1] for one in rows]
    of_pairs = np.array(more, dtype=np.bool_).reshape(-1, answered.size)[:, answered]
    groups = np.concatenate([shown_groups(question)[:, school, role], of_pairs])
    # People in the same groups and schools are not told apart: what follows of one follows of all.
    places, kind = alike(np.concatenate([groups, np.arange(len(published.school_ids))[:, None] == school]).T)
    size, at, groups = np.bincount(kind, minlength=len(places)), school[places], groups[:, places]
    nobody = np.zeros(len(published.school_ids), dtype=np.bool_)
    together = {place, *chain.from_iterable(pair for pair in skill.matched if place in pair)}
    of_waves = [published.waves[one] for one in sorted(together)]
    for known in [nobody, *published.knowers]:
        is_open = np.flatnonzero(~known[at])
        for few in _few(groups[:, is_open], size[is_open].astype(np.int64)):
            of = np.isin(kind, is_open[few])
            how = BY_SUMS + knowing(published, known)
            yield _found(published, of_waves, question.name, school[of], role[of], how)


def _few(groups: Flags, people: Counts) -> Iterator[list[int]]:
    """Sets of kinds, 1 to 4 people together, that follow from groups (group, kind); those that are in the same groups
    are taken together."""
    places, kind = alike(groups.T)
    together = np.bincount(kind, people, len(places)).astype(np.int64)
    if len(groups) and ((together > 0) & (together < FEWEST)).any():
        for few in Sums(together, groups[:, places]).few_together():
            yield np.flatnonzero(np.isin(kind, few)).tolist()


def _found(published: Published, waves: list[str], item: str, schools: Counts, roles: Counts, how: str) -> Found:
    names = [*published.filters[1:], NO_ROLE]
    return Found(
        listed(waves),
        TABLES,
        item,
        ";".join(published.school_ids[place] for place in np.unique(schools)),
        ";".join(names[place] for place in np.unique(roles)),
        how,
    )


def _by_change(found: Growth, role: str) -> Iterator[Found]:
    """Groups of 1 to 4, proficient or not the first time, of which the change that is shown tells all."""
    shown = found.transitions.filter(pl.col("level_from") == "any").select("school_id", "skill_id").unique()
    rows = found.changes.join(shown, on=["school_id", "skill_id"], how="semi", maintain_order="left")
    for school_id, skill_id, tables in fitting_tables(found, rows):
        first, both, matched = tables["matched_from"], tables["matched_both"], tables["matched"]
        rest, still = matched - first, tables["matched_to"] - both
        for size, after in ((first, both), (rest, still)):
            if size.n_unique() == 1 and 0 < int(size[0]) < FEWEST and after.n_unique() == 1:
                yield Found(_waves(found), TABLES[:1], f"proficiency_{skill_id}", school_id, role, BY_CHANGE)
                break


def _backward(found: Growth, role: str) -> Iterator[Found]:
    """Groups of which more is shown when the later wave is asked for first."""
    forward, backward = wave_pair(found.earlier, found.later), wave_pair(found.later, found.earlier)
    keys = ["school_id", "skill_id"]
    cells = [pair.transitions.group_by(keys).len("cells") for pair in (forward, backward)]
    more = [
        cells[1].join(cells[0], on=keys, how="left", suffix="_forward").filter(
            pl.col("cells") > pl.col("cells_forward").fill_null(0)
        ),
        backward.matched.join(forward.matched, on=keys, how="left", suffix="_forward").filter(
            pl.col("matched").is_not_null() & pl.col("matched_forward").is_null()
        ),
    ]  # fmt: skip
    for school_id, skill_id in pl.concat([one.select(keys) for one in more]).unique(maintain_order=True).iter_rows():
        yield Found(_waves(found), TABLES, f"proficiency_{skill_id}", school_id, role, BACKWARD)


def _waves(found: Growth) -> str:
    return listed([found.earlier.wave_id, found.later.wave_id])
