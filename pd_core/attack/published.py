"""Everything that is published of a store, put together: each wave, table and filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.attack.groups_together import counted_together, rated
from pd_core.attack.linear_sums import Numbers
from pd_core.attack.truth import RESPONSE_RATES, WAITING, Truth, true_counts
from pd_core.codebook import Codebook
from pd_core.disclosure.suppressed_frames import coarse
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.needs.estimates import trainings
from pd_core.storage import Store, queries
from pd_core.summaries.tables import TABLES as ALL
from pd_core.survey.counts import Tallies
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import survey
from pd_core.survey.unsuppressed import district_of

NEEDS = "needs"
ANSWERS = {"skill-levels": "level", "samr-levels": "level", "topics": "code", "times": "code"}
"""Tables that say how many chose each answer (column respondents), with the column of the answer."""
WAITS = ("not_used", "substituted")
"""Columns of the table of needs that count an implementation class's people, of its respondents."""
SETS = ("topics", "times")
"""Questions to which a person may give several answers."""
TABLES = (RESPONSE_RATES, "skill-summary", NEEDS, *ANSWERS)
"""All tables with numbers that come from answers, but for verdicts."""
WEIGHTED = ("skill-summary", "skill-levels", "samr-levels")
"""Tables in which the district's share is weighted."""
_NUMBER = "any_number"
_PUBLIC = ("headcount", "level", "lean")
"""Numbers in tables that are no answers."""


@dataclass(frozen=True)
class Published:
    """What is published: names of waves, filters (“” for all roles), tables and schools; how many numbers; the rest
    is `questions`, and in `weighted` the tables with a weighted share of the district, by wave and filter.

    A frame of `weighted` has school_id, question, answer, respondents, count, headcount, share, suppressed, counted
    (whether the school is in the district's figure) and, where the table has them, share_low and share_high.
    `knowers` are the schools whose answers a person knows (person, school): of each school, and of several.
    `is_coarse`: the district's figures are rounded for those who do not see every school. `frames` are the tables
    themselves, by wave, place of the filter and table, as `asked` gives them.
    """

    waves: list[str]
    filters: list[str]
    tables: list[str]
    school_ids: list[str]
    numbers: int
    questions: list[Question]
    weighted: list[tuple[str, str, str, pl.DataFrame]]
    knowers: Flags
    is_coarse: bool
    frames: Mapping[tuple[str, int, str], pl.DataFrame]


@dataclass(frozen=True)
class Question:
    """What one wave's tables show of one question, over all filters.

    Places are the schools and, last, the district; filters are no role and each role. `people` (school, role; those of
    no role last) answered the question: that is not published. `shown` and `hidden` (place, filter) say of which groups
    a number is in any table, and which are hidden in any; `tables` are these. `counts` (place, filter, answer) are
    the people who gave each answer, NaN where that is not shown. `together` (group, school, role) are further groups
    of one role of which a number is shown. `counted` (school, filter) says whose answers the district's figure is of.
    `truth` (school, role, answer) are the people who gave each answer: those of a school are known to its own. The
    answers of an implementation class are `WAITS`.
    """

    wave_id: str
    name: str
    tables: tuple[str, ...]
    people: Counts
    shown: Flags
    hidden: Flags
    counts: Numbers
    together: Flags
    counted: Flags
    truth: Counts

    @property
    def takes_one(self) -> bool:
        """Whether a person gives one answer at most."""
        return self.name not in SETS

    def groups(self, which: Flags) -> Flags:
        """The cells of each group that `which` (place, filter) marks: an axis of groups, then school, role."""
        places, filters = np.nonzero(which)
        cells = np.zeros((places.size, *self.people.shape), dtype=np.bool_)
        is_school, of_all = places < self.people.shape[0], filters == 0
        one = np.flatnonzero(is_school & of_all)
        cells[one, places[one]] = True
        one = np.flatnonzero(is_school & ~of_all)
        cells[one, places[one], filters[one] - 1] = True
        one = np.flatnonzero(~is_school & of_all)
        cells[one] = self.counted[:, [0]]
        one = np.flatnonzero(~is_school & ~of_all)
        cells[one, :, filters[one] - 1] = self.counted[:, filters[one]].T
        return cells


def collect(store: Store, codebook: Codebook, target_share: float, waves: list[str]) -> Published:
    """Reads every table of `waves` (their ids) under every filter, for all schools and the district.

    Filters by level, region and school leave rows out and add no number. Needs and verdicts draw from groups that are
    shown; their percentiles and chances are no sums, so only their groups are taken.
    """
    filters = ["", *codebook.labels("role")]
    school_ids: list[str] = queries.schools(store, EVERYTHING)["school_id"].to_list()
    questions: list[Question] = []
    weighted = []
    numbers = 0
    frames: dict[str, list[tuple[str, int, pl.DataFrame]]] = {wave_id: [] for wave_id in waves}
    counted: dict[str, dict[str, dict[int, Flags]]] = {wave_id: {} for wave_id in waves}
    staff: dict[tuple[str, bool, int], pl.DataFrame] = {}
    tallies: dict[str, list[Tallies]] = {wave_id: [] for wave_id in waves}
    knowers = np.eye(len(school_ids), dtype=np.bool_)
    is_coarse = True
    for (place, role), wave_id in product(enumerate(filters), waves):
        seen = survey(store, codebook, wave_id, role or None, target_share, EVERYTHING)
        for name, of_schools in _counted(district_of(seen)).items():
            counted[wave_id].setdefault(name, {})[place] = of_schools
        district = seen.skill_summary.filter(pl.col("school_id") == DISTRICT)
        scoped = survey(store, codebook, wave_id, role or None, target_share, Scope(frozenset()))
        is_coarse &= scoped.skill_summary.equals(coarse(district))
        staff[wave_id, False, place] = seen.headcounts
        staff[wave_id, True, place] = district_of(seen).teaching_staff
        tallies[wave_id].append(district_of(seen).tallies)
        knowers = np.unique(np.vstack([knowers, district_of(seen).knowers]), axis=0)
        for table in TABLES:
            frame = trainings(district_of(seen)) if table == NEEDS else ALL[table](seen)
            frame = asked(table, frame)
            numbers += int(frame.select(pl.sum_horizontal(pl.col(numbers_of(frame)).count())).item())
            frames[wave_id].append((table, place, frame))
    for wave_id, of_wave in frames.items():
        people = true_counts(codebook, tallies[wave_id][0], tallies[wave_id][1:])
        questions += _questions(wave_id, of_wave, people, school_ids, counted[wave_id])
        weighted += [
            (
                wave_id,
                filters[place],
                table,
                _with_count(frame, staff[wave_id, table == "samr-levels", place], school_ids, place, counted[wave_id]),
            )
            for table, place, frame in of_wave
            if table in WEIGHTED
        ]
    shown = {(wave_id, place, table): rows for wave_id, of in frames.items() for table, place, rows in of}
    return Published(waves, filters, list(TABLES), school_ids, numbers, questions, weighted, knowers, is_coarse, shown)


def joined(one: Published, other: Published) -> Published:
    """What is published of two sets of waves of one store."""
    return replace(
        one,
        waves=[*one.waves, *other.waves],
        numbers=one.numbers + other.numbers,
        questions=[*one.questions, *other.questions],
        weighted=[*one.weighted, *other.weighted],
        knowers=np.unique(np.vstack([one.knowers, other.knowers]), axis=0),
        is_coarse=one.is_coarse and other.is_coarse,
        frames={**one.frames, **other.frames},
    )


def asked(table: str, frame: pl.DataFrame) -> pl.DataFrame:
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


def numbers_of(frame: pl.DataFrame) -> list[str]:
    """The columns with numbers that come from answers."""
    return [name for name, dtype in frame.schema.items() if dtype.is_numeric() and name not in _PUBLIC]


def _counted(whole: DistrictSurvey) -> dict[str, Flags]:
    """Question to the schools whose answers its figure of the district is of."""
    tallies = whole.tallies
    at_level = tallies.at_level.sum(axis=3)
    places = {(item.kind, item.skill_id): place for place, item in enumerate(tallies.items)}
    parts = {
        f"{WAITING}_{skill_id}": at_level[[places["proficiency", skill_id], places["samr", skill_id]]]
        for skill_id in tallies.pairs
    }
    counts = {f"{WAITING}_{skill_id}": both for skill_id, both in zip(tallies.pairs, tallies.both, strict=True)}
    counts |= dict(tallies.answered)
    rows = [whole.groups]
    if counts:
        rows.append(whole.hidden(np.stack(list(counts.values())), list(counts), parts))
    names = {item.item_id: f"{item.kind}_{item.skill_id}" for item in tallies.items} | {"": RESPONSE_RATES}
    rules = pl.concat(rows).filter(pl.col("school_id") != DISTRICT)
    rules = rules.with_columns(pl.col("item_id").replace(names))
    return {str(name): rows["counted"].to_numpy() for (name,), rows in rules.group_by("item_id", maintain_order=True)}


def _with_count(
    frame: pl.DataFrame,
    headcounts: pl.DataFrame,
    school_ids: list[str],
    role: int,
    counted: Mapping[str, Mapping[int, Flags]],
) -> pl.DataFrame:
    by_level = "answered" in frame.columns
    frame = frame.filter(pl.col("school_id").is_in([*school_ids, DISTRICT]))
    frame = frame.with_columns(count="respondents", respondents="answered") if by_level else frame
    frame = frame if by_level else frame.with_columns(count="proficient")
    headcounts = headcounts.select("school_id", "headcount")
    kept = [name for name in ("share", "share_low", "share_high") if name in frame.columns]
    in_figure = {(school, name): True for name in counted for school in np.array(school_ids)[counted[name][role]]}
    flags = [(school, name) in in_figure for school, name in frame.select("school_id", "question").iter_rows()]
    return (
        frame.with_columns(counted=pl.Series(flags, dtype=pl.Boolean))
        .join(headcounts, on="school_id", how="left", maintain_order="left")
        .select(
            "school_id", "question", "answer", "respondents", "count", "headcount", "suppressed", "counted", *kept
        )
    )  # fmt: skip


def _known(frame: pl.DataFrame) -> list[pl.Expr]:
    """Whether each number of a row is shown."""
    return [pl.col(name).is_not_null() for name in numbers_of(frame)]


def _by_question(
    frames: Iterable[tuple[str, int, pl.DataFrame]],
) -> dict[str, list[tuple[str, int, pl.DataFrame]]]:
    """The rows of each question: table, place of the filter, rows."""
    found: dict[str, list[tuple[str, int, pl.DataFrame]]] = {}
    for table, role, frame in frames:
        for (name,), rows in frame.group_by("question", maintain_order=True):
            found.setdefault(str(name), []).append((table, role, rows))
    return found


def _questions(
    wave_id: str,
    frames: list[tuple[str, int, pl.DataFrame]],
    true: Truth,
    school_ids: list[str],
    counted: Mapping[str, Mapping[int, Flags]],
) -> Iterator[Question]:
    places = {school_id: place for place, school_id in enumerate([*school_ids, DISTRICT])}
    filters = 1 + max(place for _, place, _ in frames)
    is_placed = pl.col("school_id").is_in(list(places))
    by_question = _by_question(
        (table, role, frame.filter(is_placed).with_columns(pl.any_horizontal(_known(frame)).alias(_NUMBER)))
        for table, role, frame in frames
    )
    merged = _by_question((table, role, frame.filter(~is_placed)) for table, role, frame in frames)
    for name, found in by_question.items():
        answered = true.people[name]
        shown, hidden = np.zeros((2, len(places), filters), dtype=np.bool_)
        answers: list[str] = []
        for table, _, rows in found:
            answers += [said for said in rows["answer"].unique(maintain_order=True) if table in ANSWERS]
        answers = list(WAITS) if name.startswith(WAITING) else list(dict.fromkeys(answers)) or [""]
        counts = np.full((len(places), filters, len(answers)), np.nan)
        together = []
        in_figure = np.stack([counted[name][role] for role in range(filters)], axis=1)
        for table, role, rows in found:
            for school_id, is_shown, is_hidden in rows.select("school_id", _NUMBER, "suppressed").iter_rows():
                shown[places[school_id], role] |= is_shown
                hidden[places[school_id], role] |= is_hidden
            if table in ANSWERS or table == RESPONSE_RATES:
                for school_id, said, number in rows.select("school_id", "answer", "respondents").iter_rows():
                    counts[places[school_id], role, answers.index(said)] = np.nan if number is None else number
            elif name.startswith(WAITING):
                for school_id, *of_school in rows.select("school_id", *WAITS).iter_rows():
                    counts[places[school_id], role] = [np.nan if number is None else number for number in of_school]
            if table == RESPONSE_RATES and role:
                together.append(rated(rows, role, school_ids, in_figure))
        for _, role, rows in merged.get(name, []):
            together += counted_together(rows, role, places, hidden, in_figure, answered)
        tables = tuple(dict.fromkeys(table for table, _, _ in found))
        yield Question(
            wave_id, name, tables, answered, shown, hidden, counts,
            np.array(together, dtype=np.bool_).reshape(len(together), *answered.shape), in_figure,
            np.stack([true.gave.get(name, {}).get(said, np.zeros_like(answered)) for said in answers], axis=2),
        )  # fmt: skip
