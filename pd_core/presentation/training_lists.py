"""The lists that plans are made from: what each is for, its columns, and what became of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pd_core.presentation.section import Column, Columns, Table
from pd_core.wording import listed, plural

ListName = Literal["catalog", "trainers", "slots", "goals", "travel"]


@dataclass(frozen=True)
class PlanningList:
    """A list: the store's name for it, what its page says, what a row is called, its columns (the first `keys` of which
    name a row), and what is said where it is empty."""

    stored: Literal["training", "trainer", "slot", "goal", "travel"]
    label: str
    about: str
    noun: str
    columns: Columns
    keys: tuple[str, ...]
    empty: str


LISTS: Mapping[ListName, PlanningList] = {
    "catalog": PlanningList(
        "training",
        "Catalog",
        "The classes that can be held: entry classes, which MIEs teach, and implementation classes, which facilitators "
        "teach. Each ends with one or two things that everyone does the next day.",
        "training",
        {
            "training_id": Column("Id"), "title": Column("Title"), "skill_id": Column("Skill"), "kind": Column("Kind"),
            "minutes": Column("Minutes", "count"), "seats": Column("Seats", "count"),
            "actions": Column("The next day"), "url": Column("Page about it"),
        },
        ("training_id",),
        "No trainings yet. Begin with `data/catalogue/catalogue.csv`, which comes with PD Pulse.",
    ),
    "trainers": PlanningList(
        "trainer",
        "Trainers",
        "Who teaches: MIEs (entry classes, at their own school and those within 20 minutes) and facilitators "
        "(implementation classes, anywhere), with the skills they are certified for and the hours they still have.",
        "trainer",
        {
            "trainer_id": Column("Id"), "name": Column("Name"), "kind": Column("Kind"),
            "home_school_id": Column("Works at"), "skills": Column("Certified for"), "hours": Column("Hours", "hours"),
            "slots": Column("Slots (empty: all)"),
        },
        ("trainer_id",),
        "No trainers yet.",
    ),
    "slots": PlanningList(
        "slot",
        "Slots",
        "The times at which classes can be held, in local time; each says which choice of the form's question about "
        "times it is, so that a plan can prefer the times that suit a school.",
        "slot",
        {
            "slot_id": Column("Id"), "starts_at": Column("Starts", "moment"), "ends_at": Column("Ends", "moment"),
            "time": Column("Time in the form"),
        },
        ("slot_id",),
        "No slots yet.",
    ),
    "goals": PlanningList(
        "goal",
        "Goals",
        "What a school's principal wants of the year, as weights: how much a person who needs a skill counts there, "
        "from 0 to 3. A skill that is not listed counts once.",
        "weight",
        {"school_id": Column("School"), "skill_id": Column("Skill"), "weight": Column("Counts", "hours")},
        ("school_id", "skill_id"),
        "No goals yet: every person in need counts once.",
    ),
    "travel": PlanningList(
        "travel",
        "Travel",
        "Minutes between two schools, both ways. Schools that are not listed are 20 minutes apart within a region, "
        "else 40; people of schools within 10 minutes can share a session.",
        "way",
        {
            "school_id": Column("From"), "other_school_id": Column("To"), "minutes": Column("Minutes", "count"),
        },
        ("school_id", "other_school_id"),
        "No travel times yet: schools of a region are 20 minutes apart, others 40.",
    ),
}  # fmt: skip


def list_table(name: ListName, rows: pl.DataFrame, skills: Mapping[str, str], schools: Mapping[str, str]) -> Table:
    """A list as a table, its skills and schools by name."""
    about = LISTS[name]
    columns: Columns = {_NAMED.get(column, column): heading for column, heading in about.columns.items()}
    names = {"school_id": schools, "other_school_id": schools, "home_school_id": schools, "skill_id": skills}
    shown = rows.with_columns(
        pl.col(column).replace(names[column]).alias(_NAMED[column]) for column in rows.columns if column in names
    )
    if "skills" in rows.columns:
        certified = [
            ", ".join(skills.get(one, one) for one in cell.split(";") if one) for cell in rows["skills"].to_list()
        ]
        shown = shown.with_columns(skill_names=pl.Series(certified, dtype=pl.String))
    return Table(name, shown, columns)


def list_file(name: ListName, rows: pl.DataFrame) -> Table:
    """A list as its files have it, with ids: they can be changed and dropped again."""
    return Table(name, rows, LISTS[name].columns)


_NAMED: Mapping[str, str] = {
    "school_id": "school_name", "other_school_id": "other_school_name", "home_school_id": "home_school_name",
    "skill_id": "skill_name", "skills": "skill_names",
}  # fmt: skip
"""Columns of ids with the column of names that a page shows in their place."""


def change_sentence(name: ListName, before: pl.DataFrame, after: pl.DataFrame) -> str:
    """What a file would change of a list: rows that are new, changed and gone."""
    keys = list(LISTS[name].keys)
    new = after.join(before, on=keys, how="anti").height
    gone = before.join(after, on=keys, how="anti").height
    same = after.join(before, on=after.columns, how="semi", nulls_equal=True).height
    counts = [(new, "new"), (after.height - new - same, "changed"), (gone, "gone")]
    said = [f"{number:,} {word}" for number, word in counts if number]
    total = plural(after.height, LISTS[name].noun)
    return f"{total}: {listed(said)}; {same:,} as before." if said else f"{total}, all as before."
