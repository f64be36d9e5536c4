"""Each training that was given: people, hours, growth, effect, what is not known, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.sums import MIN_PEOPLE
from pd_core.storage import Store, outcomes
from pd_core.summaries.deliveries import between, summed
from pd_core.summaries.given import did_by_training
from pd_core.summaries.growth import IMPROVED, Growth
from pd_core.summaries.impact_answers import HIGHER, LOWER, NO_DIFFERENCE, Answer
from pd_core.summaries.impact_estimates import Question
from pd_core.summaries.impact_figures import Impact
from pd_core.summaries.taught import taught

KEEP, CHANGE, STOP, UNKNOWN = "keep", "change", "stop", "not known yet"
"""What follows from a training's effects: one the good way and none the other; none of the size that could be seen; one
the other way and none the good; anything else."""


def trainings(store: Store) -> dict[str, str]:
    """Training id to title of each training that was given, most people first."""
    rows = summed(store)
    return dict(rows.select("training_id", "title").iter_rows())


def measures(store: Store) -> list[str]:
    """The outcomes that are stored."""
    return [str(name) for name in outcomes.outcomes(store)["measure"].unique().sort()]


def questions_asked(impact: Impact) -> list[Question]:
    """What a page about `impact` asks: its own questions, and those of the board."""
    if not impact.measures:
        return []
    return impact.questions(list(dict.fromkeys([impact.training_id, *trainings(impact.store)])))


def board(store: Store, pair: Growth | None, answers: Sequence[Answer], today: date, rate: float = 0.0) -> pl.DataFrame:
    """A row per training that was given, most people first: training_id, title, skill_id, actions, schools, people
    (each time that someone attended; of files, newly trained), hours (null: not known), cost (dollars that funds pay;
    where none does, hours times `rate`, the pay of a person's hour; null where some of it is not known), suppressed,
    reason;

    answered (people who answered a follow-up link that has closed by `today`) and did_share (0 to 1: of them, those who
    did the next-day action; null: fewer than five answered);

    taught_grew of taught schools, others_grew of others: schools where its skill improved, of those where a word could
    be given; declined counts as not (null: no two waves, no skill, or it was not given between them). Taught are those
    where five people or more attended between the waves; those where fewer did are in neither. follows is one of KEEP,
    CHANGE, STOP, UNKNOWN: from `answers` about the training alone, and never from growth, which has no comparison with
    what would have been.
    """
    rows = summed(store, rate=rate).join(
        did_by_training(store, today), on="training_id", how="left", maintain_order="left"
    )
    grown = {} if pair is None else _grown(store, pair)
    of_training: dict[str, list[Answer]] = {}
    for answer in answers:
        of_training.setdefault(answer.training_id, []).append(answer)
    found = [_with_growth(row, grown, of_training.get(row["training_id"], [])) for row in rows.to_dicts()]
    counts = dict.fromkeys(("taught_grew", "taught", "others_grew", "others"), pl.Int64)
    return pl.DataFrame(found, schema=dict(rows.schema) | counts | {"follows": pl.String})


def _with_growth(
    row: dict[str, object], grown: Mapping[str, tuple[int, int, int, int]], answers: Sequence[Answer]
) -> dict[str, object]:
    counts = grown.get(str(row["training_id"]), (None, None, None, None))
    names = ("taught_grew", "taught", "others_grew", "others")
    return row | dict(zip(names, counts, strict=True)) | {"follows": _follows(answers)}


def _grown(store: Store, pair: Growth) -> dict[str, tuple[int, int, int, int]]:
    """Training id to schools that were taught and improved, taught at all, not taught and improved, not taught."""
    words = pair.changes.filter((pl.col("school_id") != DISTRICT) & pl.col("verdict").is_not_null())
    skills = dict(summed(store).select("training_id", "skill_id").iter_rows())
    found = {}
    given = taught(store).rows.filter(between(pair))
    people = given.group_by("training_id", "school_id", maintain_order=True).agg(pl.col("people").sum())
    for (training_id,), rows in people.group_by("training_id", maintain_order=True):
        skill_id = skills.get(training_id)
        if skill_id is None:
            continue
        is_few = pl.col("people") < MIN_PEOPLE
        of_skill = words.filter(
            pl.col("skill_id") == skill_id, ~pl.col("school_id").is_in(rows.filter(is_few)["school_id"].to_list())
        ).with_columns(taught=pl.col("school_id").is_in(rows.filter(~is_few)["school_id"].to_list()))
        parts = [of_skill.filter("taught"), of_skill.filter(~pl.col("taught"))]
        counts = [number for part in parts for number in (part.filter(verdict=IMPROVED).height, part.height)]
        found[str(training_id)] = (counts[0], counts[1], counts[2], counts[3])
    return found


def _follows(answers: Sequence[Answer]) -> str:
    good = sum(answer.verdict == (HIGHER if answer.good == "higher" else LOWER) for answer in answers if answer.good)
    bad = sum(answer.verdict == (LOWER if answer.good == "higher" else HIGHER) for answer in answers if answer.good)
    if good and not bad:
        return KEEP
    if bad and not good:
        return STOP
    if answers and all(answer.verdict == NO_DIFFERENCE for answer in answers):
        return CHANGE
    return UNKNOWN
