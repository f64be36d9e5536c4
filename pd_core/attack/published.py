"""Everything that is published of a store, put together as somebody would who collects it: each wave, table, filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.attack.linear_sums import Numbers
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.needs.estimates import trainings
from pd_core.storage import Store, queries
from pd_core.summaries.tables import TABLES as ALL
from pd_core.survey.counts import Tallies, count
from pd_core.survey.scoped_survey import survey
from pd_core.survey.unsuppressed import district_of

RESPONSE_RATES = "response-rates"
WAITING = "waiting"
NEEDS = "needs"
ANSWERS = {"skill-levels": "level", "samr-levels": "level", "topics": "code", "times": "code"}
"""Tables that say how many chose each answer (column respondents), with the column of the answer."""
TABLES = (RESPONSE_RATES, "skill-summary", NEEDS, *ANSWERS)
"""All tables with numbers that come from answers, but for verdicts."""
WEIGHTED = ("skill-summary", "skill-levels", "samr-levels")
"""Tables in which the district's share is weighted."""
_PUBLIC = ("headcount", "level")
"""Numbers in tables that are no answers."""


@dataclass(frozen=True)
class Published:
    """What is published: names of waves, filters (“” for all roles), tables and schools; how many numbers; the rest
    is `questions`, and in `weighted` the tables with a weighted share of the district, by wave and filter.

    A frame of `weighted` has school_id, question, answer, respondents, count, headcount, share, suppressed and, where
    the table has them, share_low and share_high.
    """

    waves: list[str]
    filters: list[str]
    tables: list[str]
    school_ids: list[str]
    numbers: int
    questions: list[Question]
    weighted: list[tuple[str, str, str, pl.DataFrame]]


@dataclass(frozen=True)
class Question:
    """What one wave's tables show of one question, over all filters.

    Places are the schools and, last, the district; filters are no role and each role. `people` (school, role; those of
    no role last) answered the question: that is not published. `shown` and `hidden` (place, filter) say of which groups
    a number stands in any table, and which are hidden in any; `tables` are these. `counts` (place, filter, answer) are
    the people who gave each answer, NaN where that is not shown. `together` (group, school, role) are further groups
    of one role of which a number is shown.
    """

    wave_id: str
    name: str
    tables: tuple[str, ...]
    people: Counts
    shown: Flags
    hidden: Flags
    counts: Numbers
    together: Flags

    def group(self, place: int, role: int) -> Flags:
        """The cells (school, role) of the group in this place under this filter."""
        cells = np.zeros(self.people.shape, dtype=np.bool_)
        schools = slice(None) if place == self.people.shape[0] else place
        cells[schools, slice(None) if role == 0 else role - 1] = True
        return cells

    def groups(self, which: Flags) -> Flags:
        """The cells of each group that `which` (place, filter) marks: an axis of groups, then school, role."""
        found = [self.group(int(place), int(role)) for place, role in np.argwhere(which)]
        return np.array(found, dtype=np.bool_).reshape(len(found), *self.people.shape)


def collect(store: Store, codebook: Codebook, target_share: float, *, wave: str | None = None) -> Published:
    """Reads every table under every filter, for all schools and the district: of one wave or, with `wave` null, of all.

    Pages also filter by level, region and school: that leaves rows out of these tables and adds no number. Of needs it
    takes the groups and what is hidden of them, without the urns: those draw from groups that are shown (`posterior`),
    and their percentiles and probabilities, in whole people and whole per cents, are no sums. The same goes for
    verdicts.
    """
    waves = queries.waves(store)["wave_id"].to_list() if wave is None else [wave]
    filters = ["", *codebook.labels("role")]
    school_ids: list[str] = queries.schools(store, EVERYTHING)["school_id"].to_list()
    questions: list[Question] = []
    weighted = []
    numbers = 0
    frames: dict[str, list[tuple[str, int, pl.DataFrame]]] = {wave_id: [] for wave_id in waves}
    for (place, role), wave_id in product(enumerate(filters), waves):
        seen = survey(store, codebook, wave_id, role or None, target_share, EVERYTHING)
        for table in TABLES:
            frame = trainings(district_of(seen)) if table == NEEDS else ALL[table](seen)
            frame = _asked(table, frame)
            numbers += int(frame.select(pl.sum_horizontal(pl.col(_numbers(frame)).count())).item())
            frames[wave_id].append((table, place, frame))
    for wave_id, of_wave in frames.items():
        people = _people(store, codebook, wave_id, school_ids, filters[1:])
        questions += _questions(wave_id, of_wave, people, school_ids)
        headcounts = {place: frame for table, place, frame in of_wave if table == RESPONSE_RATES}
        weighted += [
            (wave_id, filters[place], table, _with_count(frame, headcounts[place]))
            for table, place, frame in of_wave
            if table in WEIGHTED
        ]
    return Published(waves, filters, list(TABLES), school_ids, numbers, questions, weighted)


def _asked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Adds what a row is about: question, and answer where the table tells them apart."""
    question, answer = pl.lit(table), ANSWERS.get(table)
    if table in ("skill-levels", "skill-summary"):
        question = "proficiency_" + pl.col("skill_id")
    elif table == "samr-levels":
        question = "samr_" + pl.col("skill_id")
    elif table == NEEDS:
        entry = pl.when(pl.col("training") == "entry").then(pl.lit("proficiency_"))
        question = entry.otherwise(pl.lit(f"{WAITING}_")) + pl.col("skill_id")
    said = pl.col(answer).cast(pl.String) if answer else pl.lit("")
    return frame.with_columns(question=question, answer=said)


def _numbers(frame: pl.DataFrame) -> list[str]:
    """The columns with numbers that come from answers."""
    return [name for name, dtype in frame.schema.items() if dtype.is_numeric() and name not in _PUBLIC]


def _with_count(frame: pl.DataFrame, headcounts: pl.DataFrame) -> pl.DataFrame:
    by_level = "answered" in frame.columns
    frame = frame.with_columns(count="respondents", respondents="answered") if by_level else frame
    frame = frame if by_level else frame.with_columns(count="proficient")
    headcounts = headcounts.select("school_id", "headcount")
    kept = [name for name in ("share", "share_low", "share_high") if name in frame.columns]
    return frame.join(headcounts, on="school_id", how="left", maintain_order="left").select(
        "school_id", "question", "answer", "respondents", "count", "headcount", "suppressed", *kept
    )


def _questions(
    wave_id: str, frames: list[tuple[str, int, pl.DataFrame]], people: dict[str, Counts], school_ids: list[str]
) -> Iterator[Question]:
    places = {school_id: place for place, school_id in enumerate([*school_ids, DISTRICT])}
    filters = 1 + max(place for _, place, _ in frames)
    by_question: dict[str, list[tuple[str, int, pl.DataFrame]]] = {}
    for table, role, frame in frames:
        for (name,), rows in frame.group_by("question", maintain_order=True):
            by_question.setdefault(str(name), []).append((table, role, rows))
    for name, found in by_question.items():
        answered = people[name]
        shown, hidden = np.zeros((2, len(places), filters), dtype=np.bool_)
        answers: list[str] = []
        for table, _, rows in found:
            answers += [said for said in rows["answer"].unique(maintain_order=True) if table in ANSWERS]
        answers = list(dict.fromkeys(answers)) or [""]
        counts = np.full((len(places), filters, len(answers)), np.nan)
        together = []
        for table, role, rows in found:
            any_number = pl.any_horizontal(pl.col(_numbers(rows)).is_not_null())
            for school_id, is_shown, is_hidden in rows.select("school_id", any_number, "suppressed").iter_rows():
                shown[places[school_id], role] |= is_shown
                hidden[places[school_id], role] |= is_hidden
            if table in ANSWERS or table == RESPONSE_RATES:
                for school_id, said, number in rows.select("school_id", "answer", "respondents").iter_rows():
                    counts[places[school_id], role, answers.index(said)] = np.nan if number is None else number
            if table == RESPONSE_RATES and role:
                together.append(_rated(rows, role, school_ids, answered.shape))
        tables = tuple(dict.fromkeys(table for table, _, _ in found))
        yield Question(
            wave_id, name, tables, answered, shown, hidden, counts,
            np.array(together, dtype=np.bool_).reshape(len(together), *answered.shape),
        )  # fmt: skip


def _rated(rows: pl.DataFrame, role: int, school_ids: list[str], shape: tuple[int, ...]) -> Flags:
    """Whose number a role's rate times its headcount is: of all schools with a headcount, or of those shown."""
    cells = np.zeros(shape, dtype=np.bool_)
    district = rows.filter(pl.col("school_id") == DISTRICT).row(0, named=True)
    known = rows.filter((pl.col("school_id") != DISTRICT) & pl.col("headcount").is_not_null())
    if district["rate"] is None:
        return cells
    if known["headcount"].sum() != district["headcount"]:
        known = known.filter(~pl.col("suppressed"))
    cells[:, role - 1] = np.isin(school_ids, known["school_id"].to_list())
    return cells


def _people(
    store: Store, codebook: Codebook, wave_id: str, school_ids: list[str], roles: list[str]
) -> dict[str, Counts]:
    """How many answered each question, by school and role, the last for those of no role."""
    everybody = _answered(count(store, codebook, wave_id, school_ids, None), codebook)
    by_role = [_answered(count(store, codebook, wave_id, school_ids, role), codebook) for role in roles]
    found = {}
    for name, total in everybody.items():
        cells = np.stack([of_role[name] for of_role in by_role], axis=1)
        found[name] = np.column_stack([cells, total - cells.sum(axis=1)])
    return found


def _answered(tallies: Tallies, codebook: Codebook) -> dict[str, Counts]:
    """Question to the number of people by school, of the role that was asked for."""
    found = {RESPONSE_RATES: tallies.everybody}
    found |= {item.item_id: of.sum(axis=2) for item, of in zip(tallies.items, tallies.at_level, strict=True)}
    found |= {f"{WAITING}_{skill_id}": of for skill_id, of in zip(tallies.pairs, tallies.both, strict=True)}
    found |= dict(tallies.answered)
    by_skill = {item.item_id: f"{item.kind}_{item.skill_id}" for item in codebook.items.values() if item.skill_id}
    return {by_skill.get(name, name): counts[:, tallies.role] for name, counts in found.items()}
