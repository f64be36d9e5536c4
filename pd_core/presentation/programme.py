"""The people who carry the trainings, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from pd_core.presentation.section import Column, Section, Table
from pd_core.reference.mie_badges import MieBadge
from pd_core.summaries.programme import recruits
from pd_core.wording import listed, plural

_TRAINERS = {
    "trainer": Column("Trainer"), "role": Column("Role"), "school": Column("Works at"), "status": Column("Status"),
    "badge": Column("MIE badge"), "badge_on": Column("Reached on", "day"),
    "listed_on": Column("On the list since", "day"), "left_on": Column("Last on it, if they left", "day"),
    "skills": Column("Certified skills", "count"),
    "sessions": Column("Sessions taught", "count"), "attended": Column("People reached", "count"),
    "hours": Column("Their hours", "hours"),
}  # fmt: skip
_SCHOOLS = {"school": Column("School"), "status": Column("MIEs")}
_STANDARDS = {
    "standard": Column("Standard"), "name": Column("Name"), "trainings": Column("Trainings", "count"),
    "credentials": Column("Credentials", "count"), "awards": Column("Awards", "count"),
    "covered_by": Column("Covered by"),
}  # fmt: skip
_APPLICANTS = {
    "name": Column("Name"), "role": Column("Role"), "school": Column("Works at"),
    "listed_on": Column("Applied on", "day"), "status": Column("Status"), "now": Column("On the list of trainers now"),
}  # fmt: skip
_EXPERTS = {"school": Column("School"), "skill": Column("Skill"), "could_teach": Column("Could teach it", "count")}
_LENDERS = {
    "school": Column("School"), "could_teach": Column("Could teach it", "count"),
    "minutes": Column("Minutes away", "count"),
}  # fmt: skip


STATUSES = {"applied": "open", "accepted": "accepted", "declined": "declined", "withdrawn": "withdrawn"}


def headline(rows: pl.DataFrame) -> str:
    """How many schools have an MIE, and how many trainers there are."""
    schools = rows.filter(pl.col("by") == "school")
    covered = schools.filter(pl.col("trainers") > 0).height
    trainers = rows.filter((pl.col("by") == "trainer") & (pl.col("status") == "current")).height
    return f"{covered:,} of {plural(schools.height, 'school')} have an MIE; {plural(trainers, 'trainer')} in all"


def next_line(rows: pl.DataFrame, skills: Mapping[str, str]) -> str:
    """What to look after first: schools whose only MIE left, then skills that no one can teach (empty: neither)."""
    left = rows.filter((pl.col("by") == "school") & (pl.col("status") == "left")).height
    untaught = rows.filter((pl.col("by") == "skill") & (pl.col("trainers") == 0))["skill_id"].to_list()
    names = [skills.get(skill_id, skill_id) for skill_id in untaught]
    parts = [f"Find a new MIE for {plural(left, 'school')} whose only one left."] if left else []
    parts += [f"No one is certified for {listed(names)}."] if names else []
    return " ".join(parts)


def sections(
    rows: pl.DataFrame,
    schools: Mapping[str, str],
    skills: Mapping[str, str],
    trainers: Mapping[str, str],
    badges: Sequence[MieBadge],
    today: date,
) -> list[Section]:
    """Trainers with the badges they reached, coverage of schools, and where to recruit."""
    roles = {"mie": "MIE", "facilitator": "Facilitator"}
    named = rows.with_columns(
        school=pl.col("school_id").replace(schools), trainer=pl.col("trainer_id").replace(trainers),
        skill=pl.col("skill_id").replace(skills), role=pl.col("kind").replace(roles),
    )  # fmt: skip
    left_on = pl.when(pl.col("status") == "left").then("last_on")
    reached = rows.filter(pl.col("by") == "badge").group_by("trainer_id", maintain_order=True).last()
    of_trainers = (
        named.filter(pl.col("by") == "trainer")
        .with_columns(left_on=left_on)
        .join(
            reached.select("trainer_id", badge="status", badge_on="listed_on"), on="trainer_id", how="left",
            maintain_order="left",
        )
    )  # fmt: skip
    of_schools = named.filter(pl.col("by") == "school").with_columns(
        pl.col("status").replace({"left": "none, the only one left"})
    )
    found = recruits(named)
    said = "At these schools no one is an MIE, and five or more people say that they could teach the skill to others."
    none = "No school without an MIE has five or more people who say that they could teach a skill."
    return [
        Section(
            "programme_schools", "How many MIEs each school has now.", "Schools",
            table=Table("schools", of_schools, _SCHOOLS),
        ),
        Section(
            "programme_recruits", said if found.height else none, "Where to recruit",
            lines=() if found.height else (none,),
            table=Table("recruits", found, _EXPERTS) if found.height else None,
        ),
        Section(
            "programme_trainers", "People reached are hidden below five.", "Trainers",
            lines=_badges_said(of_trainers, badges, today),
            table=Table("trainers", of_trainers, _TRAINERS),
        ),
    ]  # fmt: skip


def _badges_said(trainers: pl.DataFrame, badges: Sequence[MieBadge], today: date) -> tuple[str, ...]:
    """What the badges take, and which MIEs of the second year or later have none yet."""
    if not badges:
        return ()
    rules = [
        f"{one.name} after more than {one.more_than:,} people{f' ({one.year} rule)' if one.year else ''}"
        for one in badges
    ]
    said = (
        f"An MIE becomes {listed(rules)}. Each time that someone attended counts, in sessions whose number of people "
        "is shown."
    )
    late = trainers.filter(
        (pl.col("kind") == "mie") & (pl.col("status") == "current") & pl.col("badge").is_null()
        & (pl.col("listed_on") <= today - timedelta(days=365))
    )["trainer"].to_list()  # fmt: skip
    if not late:
        return (said,)
    return (said, f"In their second year or later, and not {badges[0].name} yet: {listed(late)}.")


def applicants_section(rows: pl.DataFrame, schools: Mapping[str, str]) -> Section:
    """Who applied, latest first, and what became of it."""
    found = rows.filter(pl.col("by") == "applicant").with_columns(
        school=pl.col("school_id").replace(schools),
        role=pl.col("kind").replace({"mie": "MIE", "facilitator": "Facilitator"}),
        now=pl.when(pl.col("trainer_id") != "").then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    heading = "Who applied"
    if found.is_empty():
        return Section("applicants", "", heading, lines=("No applications are recorded yet.",))
    counts = {status: found.filter(pl.col("status") == status).height for status in STATUSES}
    said = listed([f"{number:,} {STATUSES[status]}" for status, number in counts.items() if number])
    sentence = f"{plural(found.height, 'application')}: {said}."
    waiting = found.filter((pl.col("status") == "accepted") & (pl.col("trainer_id") == ""))["name"].to_list()
    more = (f"Accepted, and not on the list of trainers yet: {listed(waiting)}.",) if waiting else ()
    return Section(
        "applicants", sentence, heading, lines=(sentence, *more), table=Table("applicants", found, _APPLICANTS)
    )


def standards_section(rows: pl.DataFrame) -> Section:
    """What covers the ISTE standards for educators: trainings, credentials, both, or nothing."""
    bare = [f"{row['standard']} {row['name']}" for row in rows.iter_rows(named=True) if row["covered_by"] == "no one"]
    said = f"Nothing covers {listed(bare)}." if bare else "Trainings or credentials cover every standard."
    return Section("standards", said, "ISTE standards for educators", table=Table("standards", rows, _STANDARDS))


def lending(found: pl.DataFrame, schools: Mapping[str, str], school: str, skill: str) -> Section:
    """Which schools nearby could lend a school someone who teaches a skill: by counts, never by name."""
    rows = found.with_columns(school=pl.col("school_id").replace(schools))
    if rows.is_empty():
        return Section("lenders", f"No school near {school} has five or more people who could teach {skill}.")
    names = [str(name) for name in rows["school"].head(3)]
    sentence = f"Near {school}, ask {listed(names)}: five or more people there say that they could teach {skill}."
    return Section("lenders", sentence, lines=(sentence,), table=Table("lenders", rows, _LENDERS))
