"""Two waves put together: the tables of each, and what growth and transitions show of those who answered both times.

What is not known are people by school, by their role and answer the first time, and by both the second time; “absent”
is one more role and one more answer. The tables of a wave are sums over all who answered it; figures of matched people
are sums over those who answered both times in one school, and, under a role filter, had that role both times.

- Sets of 1 to 4 people, made up of whole cells, follow if they are shown groups added and subtracted. What follows is
  then how they answered the first time, or the second, and that they took part. The answers of the second time are
  looked for among people of each answer of the first time, too: a table of levels has a row for each.
- Where a school's table of proficient or not is hidden, its interval, p and smallest change could be equations for it,
  unless they are those of different people: found is a group of 1 to 4 proficient, or not, the first time, if in all
  tables of whole numbers that fit they are as many, and as many of them are proficient the second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.attack.by_sums import shown_groups
from pd_core.attack.findings import BY_SUMS, NO_ROLE, Found, knowing
from pd_core.attack.linear_sums import Sums, alike
from pd_core.attack.matched_tables import fitting_tables
from pd_core.attack.published import Published, Question
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import FEWEST, Counts, Flags
from pd_core.errors import UserError
from pd_core.storage import Store, responses
from pd_core.summaries.growth import Growth, growth
from pd_core.survey.wave_pair import wave_pair

TABLES = ("growth", "transitions")
BY_CHANGE = "since no other table of whole numbers fits the change that is shown"
_LEVELS = 4
_Rows = list[Flags]


@dataclass(frozen=True)
class _Pair:
    """The people of one question in two waves.

    `cells` has a row for each kind of person that there is: school, role the first time, role the second time, answer
    the first time (places, -1: absent; the role after the last: none), and `people` how many they are. `matched` and
    `rows` are further groups: of matched people, and of those of them with an answer the first time.
    """

    published: Published
    first: Question
    second: Question
    cells: pl.DataFrame
    matched: _Rows = field(default_factory=list)
    rows: _Rows = field(default_factory=list)

    @property
    def people(self) -> Counts:
        people: Counts = self.cells["people"].to_numpy()
        return people

    def both_times(self, school: int, role: int) -> Flags:
        """The matched people of a school; `role` (place of a filter, 0: all) had that role both times."""
        cells = self.cells
        both = (pl.col("school") == school) & (pl.col("role") >= 0) & (pl.col("role_to") >= 0)
        if role:
            both &= (pl.col("role") == role - 1) & (pl.col("role_to") == role - 1)
        return cells.select(both).to_series().to_numpy()

    def answered(self, *levels: int) -> Flags:
        """Those who gave one of these answers the first time."""
        return self.cells["level"].is_in(list(levels)).to_numpy()

    def of_wave(self, question: Question, column: str) -> Flags:
        """The groups of one wave, by the cells of this pair; `column` is the role at that time."""
        role, school = self.cells[column].to_numpy(), self.cells["school"].to_numpy()
        groups: Flags = shown_groups(question)[:, school, role] & (role >= 0)
        return groups


def found_by_two_waves(store: Store, codebook: Codebook, target_share: float, published: Published) -> Iterator[Found]:
    """Plays each two of the published waves, for a stranger and for those who know the answers of schools."""
    for earlier, later in combinations(published.waves, 2):
        pairs = _pairs(store, codebook, published, earlier, later)
        for place, role in enumerate(published.filters):
            try:
                pair = growth(
                    store, codebook, from_wave=earlier, to_wave=later, role=role or None,
                    target_share=target_share, scope=EVERYTHING,
                )  # fmt: skip
            except UserError:  # without a skill in common there is nothing to put together
                break
            _add_matched(pairs, pair, place)
            _add_district(pairs, wave_pair(pair.earlier, pair.later).counted, place)
            yield from _by_change(published, pair, role)
        for of_skill in pairs.values():
            if of_skill.people.size:
                yield from _by_sums(of_skill)


def _add_matched(pairs: dict[str, _Pair], found: Growth, role: int) -> None:
    """Adds the groups of matched people of which a number is shown: with the change, and by answer the first time."""
    places = {school_id: place for place, school_id in enumerate(next(iter(pairs.values())).published.school_ids)}
    shown = found.changes.filter((pl.col("school_id") != DISTRICT) & (pl.col("matched") > 0))
    for school_id, skill_id in shown.select("school_id", "skill_id").iter_rows():
        pair = pairs[skill_id]
        pair.matched.append(pair.both_times(places[school_id], role))
    tables = found.transitions.filter((pl.col("school_id") != DISTRICT) & pl.col("people").is_not_null())
    rows = tables.select("school_id", "skill_id", "level_from").unique(maintain_order=True)
    for school_id, skill_id, level in rows.iter_rows():
        pair = pairs[skill_id]
        both = pair.both_times(places[school_id], role)
        start, _, end = level.partition("-")
        levels = range(_LEVELS) if level == "any" else range(int(start), int(end or start) + 1)
        pair.rows.append(both & pair.answered(*levels))


def _add_district(pairs: dict[str, _Pair], counted: pl.DataFrame, role: int) -> None:
    """Adds the district's table of levels: a sum of schools' tables, of which a number is shown by answer."""
    for (skill_id,), schools in counted.group_by("skill_id"):
        pair = pairs[str(skill_id)]
        places = [place for place, one in enumerate(pair.published.school_ids) if one in schools["school_id"]]
        both = np.any([pair.both_times(place, role) for place in places], axis=0)
        pair.matched.append(both)
        pair.rows.extend(both & pair.answered(level) for level in range(_LEVELS))


def _by_sums(pair: _Pair) -> Iterator[Found]:
    """Sets of 1 to 4 people of which it follows how they answered the first, or the second time."""
    first, second = pair.of_wave(pair.first, "role"), pair.of_wave(pair.second, "role_to")
    of_both = np.array(pair.matched, dtype=np.bool_).reshape(-1, pair.people.size)
    by_answer = np.array(pair.rows, dtype=np.bool_).reshape(-1, pair.people.size)
    for question, groups in (
        (pair.first, np.concatenate([first, of_both])),
        (pair.second, np.concatenate([second, of_both, by_answer])),
    ):
        nobody = np.zeros(len(pair.published.school_ids), dtype=np.bool_)
        for known in [nobody, *pair.published.knowers]:
            yield from _few(pair, question, groups, known)


def _few(pair: _Pair, question: Question, groups: Flags, known: Flags) -> Iterator[Found]:
    """As `by_sums`, over cells that are in the same groups taken together: what follows of one follows of all."""
    is_open = ~known[pair.cells["school"].to_numpy()]
    if not len(groups) or not is_open.any():
        return
    places, kind = alike(groups[:, is_open].T)
    own = groups[:, is_open][:, places]
    people = np.bincount(kind, pair.people[is_open], len(places)).astype(np.int64)
    if not ((people > 0) & (people < FEWEST)).any():
        return
    for few in Sums(people, own).few_together():
        cells = pair.cells.filter(pl.Series(is_open)).filter(pl.Series(np.isin(kind, few)))
        yield _found(pair, question, cells, BY_SUMS + knowing(pair.published, known))


def _found(pair: _Pair, question: Question, cells: pl.DataFrame, how: str) -> Found:
    roles = [*pair.published.filters[1:], NO_ROLE]
    at = "role" if question is pair.first else "role_to"
    schools = [pair.published.school_ids[place] for place in cells["school"].unique(maintain_order=True)]
    named = [roles[place] for place in cells[at].unique(maintain_order=True) if place >= 0]
    waves = f"{pair.first.wave_id} and {pair.second.wave_id}"
    return Found(waves, TABLES, question.name, ";".join(schools), ";".join(named), how)


def _by_change(published: Published, found: Growth, role: str) -> Iterator[Found]:
    """Groups of 1 to 4, proficient or not the first time, of which the change that is shown tells all."""
    shown = found.transitions.filter(pl.col("level_from") == "any").select("school_id", "skill_id").unique()
    rows = found.changes.join(shown, on=["school_id", "skill_id"], how="semi", maintain_order="left")
    for school_id, skill_id, tables in fitting_tables(found, rows):
        first, both, matched = tables["matched_from"], tables["matched_both"], tables["matched"]
        rest, still = matched - first, tables["matched_to"] - both
        for size, after in ((first, both), (rest, still)):
            if size.n_unique() == 1 and 0 < int(size[0]) < FEWEST and after.n_unique() == 1:
                waves = f"{found.earlier.wave_id} and {found.later.wave_id}"
                yield Found(waves, TABLES[:1], f"proficiency_{skill_id}", school_id, role, BY_CHANGE)
                break


def _pairs(store: Store, codebook: Codebook, published: Published, earlier: str, later: str) -> dict[str, _Pair]:
    """Skill to its people in both waves."""
    questions = {(one.wave_id, one.name): one for one in published.questions}
    items = codebook.items_of("proficiency")
    first, second = (
        _answers(store, codebook, published, wave, [one.item_id for one in items]) for wave in (earlier, later)
    )
    keys = ["school", "person"]
    both = first.join(second, on=keys, how="full", coalesce=True, suffix="_to")
    found = {}
    for item in items:
        name = f"proficiency_{item.skill_id}"
        if (earlier, name) not in questions or (later, name) not in questions:
            continue
        level, level_to = pl.col(item.item_id), pl.col(f"{item.item_id}_to")
        absent = pl.lit(-1)
        cells = both.filter(level.is_not_null() | level_to.is_not_null()).select(
            "school",
            role=pl.when(level.is_not_null()).then("role").otherwise(absent),
            role_to=pl.when(level_to.is_not_null()).then("role_to").otherwise(absent),
            level=level.fill_null(-1),
        )
        cells = cells.group_by(cells.columns, maintain_order=True).agg(people=pl.len().cast(pl.Int64))
        found[item.skill_id] = _Pair(published, questions[earlier, name], questions[later, name], cells)
    return found


def _answers(
    store: Store, codebook: Codebook, published: Published, wave_id: str, item_ids: Sequence[str]
) -> pl.DataFrame:
    """school and role (places), person, and the answers; who cannot be recognized is another person in each wave."""
    asks_role = "role" in codebook.items
    columns = ["person", "is_identified", *item_ids, *(["role"] if asks_role else [])]
    rows = responses.answers(store, columns, wave_id=wave_id)
    roles = {role: place for place, role in enumerate(published.filters[1:])}
    role = pl.col("role").replace_strict(roles, default=len(roles), return_dtype=pl.Int64) if asks_role else pl.lit(0)
    places = {school_id: place for place, school_id in enumerate(published.school_ids)}
    alone = pl.format("{} {}", pl.lit(wave_id), pl.int_range(pl.len()))
    rows = rows.with_columns(
        role=role.fill_null(len(roles)),
        school=pl.col("school_id").replace_strict(places, default=None, return_dtype=pl.Int64),
        person=pl.when("is_identified").then(pl.col("person").cast(pl.String)).otherwise(alone),
    )
    return rows.filter(pl.col("school").is_not_null()).select("school", "person", "role", *item_ids)
