"""The people who carry the trainings: MIEs and facilitators, which schools have one, and where to find more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import polars as pl

from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook, fold
from pd_core.disclosure.sums import MIN_PEOPLE
from pd_core.reference.mie_badges import MieBadge, mie_badges
from pd_core.storage import Store, queries
from pd_core.storage.training_lists import trainer_history, training_list
from pd_core.summaries.held import delivery_rows, held_sessions
from pd_core.summaries.tables import export_table

COVERAGE: Final = ("none", "one", "two or more")
EXPERT: Final = 3
"""The level at which people say that they could teach a skill to others."""
_NEAR_MINUTES: Final = 20
_SCHEMA: Final = {
    "by": pl.String, "school_id": pl.String, "trainer_id": pl.String, "skill_id": pl.String, "kind": pl.String,
    "status": pl.String, "listed_on": pl.Date, "last_on": pl.Date, "skills": pl.Int64, "trainers": pl.Int64,
    "sessions": pl.Int64, "attended": pl.Int64, "hours": pl.Float64, "could_teach": pl.Int64, "suppressed": pl.Boolean,
    "name": pl.String,
}  # fmt: skip


def programme_rows(store: Store, codebook: Codebook) -> pl.DataFrame:
    """`by` says what a row is of.

    trainer: school_id (home, empty: none), trainer_id, kind (mie, facilitator), status (current, left), listed_on,
    last_on, skills (certified), sessions taught, attended, hours (of the people; both null where suppressed).
    badge: an MIE's, by people trained: trainer_id, school_id, kind, status (the badge), listed_on (the day on which it
    was reached, in sessions whose numbers are shown).
    school: trainers (its MIEs now), status (none, one, two or more; `left` where its only MIE left), could_teach
    (people of the last wave at level 3 in the skill where they are most, `skill_id`; null: fewer than five, or hidden).
    skill: trainers certified now (0: no one can teach it).
    applicant: name, kind, school_id, status (applied, accepted, declined, withdrawn), listed_on (the day of it),
    trainer_id (of the trainer who has this name now; empty: none). What a row is not of is empty.
    """
    history = trainer_history(store)
    rows = [*_trainers(store, history), *_schools(store, codebook, history), *_skills(codebook, history)]
    rows += [*_badges(store, history, mie_badges()), *_applicants(store, history)]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _trainers(store: Store, history: pl.DataFrame) -> list[dict[str, object]]:
    held = held_sessions(store)
    sums = held.parts.group_by("trainer_id").agg(
        sessions=pl.col("session_id").n_unique(), attended=pl.col("people").sum(), hours=pl.col("hours").sum()
    )
    taught = {
        row["trainer_id"]: row
        for row in sums.join(held.groups["trainer_id",], on="trainer_id", how="left").iter_rows(named=True)
    }
    rows: list[dict[str, object]] = []
    for one in history.iter_rows(named=True):
        found = taught.get(one["trainer_id"], {"sessions": 0, "attended": 0, "hours": 0.0, "is_hidden": False})
        is_hidden = bool(found["is_hidden"])
        rows.append({
            "by": "trainer", "school_id": one["home_school_id"], "trainer_id": one["trainer_id"], "kind": one["kind"],
            "status": "current" if one["is_current"] else "left", "listed_on": one["listed_on"],
            "last_on": one["last_on"], "skills": len(list(filter(None, one["skills"].split(";")))),
            "sessions": found["sessions"], "attended": None if is_hidden else found["attended"],
            "hours": None if is_hidden else round(found["hours"], 4), "suppressed": is_hidden,
        })  # fmt: skip
    return rows


def _badges(store: Store, history: pl.DataFrame, badges: Sequence[MieBadge]) -> list[dict[str, object]]:
    """Of hidden numbers it counts none, so that no day tells of one."""
    so_far = pl.col("attended").cum_sum().over("trainer_id", order_by=("delivered_on", "session_id"))
    held = delivery_rows(store, EVERYTHING).drop_nulls("attended").with_columns(so_far=so_far)
    mies = history.filter(kind="mie").select("trainer_id", "kind", school_id="home_school_id")
    rows: list[dict[str, object]] = []
    for badge in badges:
        reached = held.filter(pl.col("so_far") > badge.more_than)
        days = reached.group_by("trainer_id").agg(listed_on=pl.col("delivered_on").min())
        of_mies = mies.join(days, on="trainer_id", maintain_order="left")
        rows += [{"by": "badge", "status": badge.name, "suppressed": False, **one} for one in of_mies.to_dicts()]
    return rows


def _schools(store: Store, codebook: Codebook, history: pl.DataFrame) -> list[dict[str, object]]:
    mies = history.filter(pl.col("kind") == "mie")
    now = Counter(mies.filter("is_current")["home_school_id"].to_list())
    once = set(mies["home_school_id"])
    experts = _experts(store, codebook)
    rows: list[dict[str, object]] = []
    for school_id in queries.schools(store, EVERYTHING)["school_id"]:
        status = COVERAGE[min(now[school_id], 2)] if now[school_id] or school_id not in once else "left"
        of_skill = experts.get(school_id, {})
        best = max(of_skill, key=lambda skill_id: of_skill[skill_id], default=None)
        rows.append({
            "by": "school", "school_id": school_id, "status": status, "trainers": now[school_id],
            "skill_id": best or "", "could_teach": of_skill[best] if best else None, "suppressed": best is None,
        })  # fmt: skip
    return rows


def _skills(codebook: Codebook, history: pl.DataFrame) -> list[dict[str, object]]:
    certified = Counter(
        skill_id
        for skills in history.filter("is_current")["skills"]
        for skill_id in skills.split(";")
        if skill_id
    )  # fmt: skip
    return [
        {"by": "skill", "skill_id": one, "trainers": certified[one], "suppressed": False} for one in codebook.skills
    ]


def _applicants(store: Store, history: pl.DataFrame) -> list[dict[str, object]]:
    current = history.filter("is_current").select("name", "trainer_id").iter_rows()
    now = {fold(name): trainer_id for name, trainer_id in current}
    return [
        {
            "by": "applicant", "name": row["name"], "kind": row["kind"], "school_id": row["school_id"],
            "status": row["status"], "listed_on": row["applied_on"], "trainer_id": now.get(fold(row["name"]), ""),
            "suppressed": False,
        }
        for row in training_list(store, "applicant").sort("applied_on", descending=True, maintain_order=True).to_dicts()
    ]  # fmt: skip


def _experts(store: Store, codebook: Codebook) -> dict[str, dict[str, int]]:
    """School to skill to the people of its last wave at level 3, where they are five or more and shown."""
    waves = queries.waves(store)["wave_id"].to_list()
    if not waves:
        return {}
    levels = export_table(store, codebook, "skill-levels", wave=waves[-1], target_share=0.6, scope=EVERYTHING)
    shown = levels.filter(
        (pl.col("level") == EXPERT) & ~pl.col("suppressed") & (pl.col("respondents") >= MIN_PEOPLE)
    ).filter(pl.col("school_id").is_in(queries.schools(store, EVERYTHING)["school_id"].to_list()))
    found: dict[str, dict[str, int]] = {}
    for school_id, skill_id, people in shown.select("school_id", "skill_id", "respondents").iter_rows():
        found.setdefault(school_id, {})[skill_id] = int(people)
    return found


def recruits(rows: pl.DataFrame) -> pl.DataFrame:
    """The schools of `programme_rows` without an MIE where five or more people could teach a skill, most first."""
    found = rows.filter((pl.col("by") == "school") & (pl.col("trainers") == 0) & pl.col("could_teach").is_not_null())
    return found.sort("could_teach", descending=True)


def lenders(store: Store, codebook: Codebook, school_id: str, skill_id: str) -> pl.DataFrame:
    """Schools near this one where five or more people could teach a skill, by number of people: school_id, minutes (of
    the way), could_teach. Near: up to 20 minutes as listed, or of the same region."""
    regions = dict(queries.schools(store, EVERYTHING).select("school_id", "region").iter_rows())
    ways = {frozenset(row[:2]): row[2] for row in training_list(store, "travel").iter_rows()}
    rows = []
    for other, of_skill in _experts(store, codebook).items():
        listed = ways.get(frozenset((school_id, other)))
        is_same = bool(regions.get(other)) and regions.get(other) == regions.get(school_id)
        minutes = listed if listed is not None else _NEAR_MINUTES if is_same else None
        if other != school_id and minutes is not None and minutes <= _NEAR_MINUTES and skill_id in of_skill:
            rows.append((other, float(minutes), of_skill[skill_id]))
    schema = {"school_id": pl.String, "minutes": pl.Float64, "could_teach": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("could_teach", descending=True)
