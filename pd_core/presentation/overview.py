"""Overview: how is my school doing, can I trust the numbers, what do we do next?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import samr, skills
from pd_core.presentation import columns, first_screen
from pd_core.presentation.first_screen import Overview
from pd_core.presentation.samr_distribution import samr_sentence
from pd_core.presentation.section import Section, Table, drawn, kept_section
from pd_core.presentation.small_groups import counted_together
from pd_core.summaries.samr import samr_by_skill
from pd_core.summaries.skills import levels_by_skill
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import percent, within

View = Literal["share", "worst", "levels"]
VIEWS = {"share": "Who uses it on their own", "worst": "Worst and best case", "levels": "All four levels"}
DISTRICT_VIEWS = {"share": VIEWS["share"], "levels": VIEWS["levels"]}
_RANGES = {
    "share": "How many use it on their own. The line is the likely range, if the others are like those who answered.",
    "worst": "The faint line runs from the share if none of those who did not answer use it to the share if all do.",
}
_SAME = 1e-6
_NEXT_PAGE = {
    "remind": "See who is missing, and the reminder",
    "plan": "Open the training page",
    "upload": "Open the upload page",
}


@kept_section
def opening(survey: Survey, school_id: str) -> Overview:
    """A school's first screen. Raises KeyError for a school outside the visitor's scope."""
    return first_screen.overview(survey, school_id)


def district_opening(survey: Survey, verdicts: pl.DataFrame | None) -> Overview:
    """The district's first screen, with its schools' verdicts once all are worked out."""
    if verdicts is None or verdicts["verdict"].null_count():
        return first_screen.overview(survey, DISTRICT, verdicts)
    key = (__name__, "district", survey.scope)
    return survey.kept(key, lambda: first_screen.overview(survey, DISTRICT, verdicts))


def place(found: Overview, school_id: str, wave_id: str) -> str:
    """The school or district, and the wave, that the page shows."""
    return f"{'The whole district' if school_id == DISTRICT else found.name}, {wave_id}"


def next_page_label(found: Overview, *, to_staff: bool) -> str:
    """The label of the link to the next page; empty if nothing is left to do. The reminder is for people who may write
    `to_staff`."""
    label = _NEXT_PAGE.get(found.action, "")
    return label if to_staff else label.removesuffix(", and the reminder")


def need_lines(found: Overview) -> list[tuple[str, str]]:
    """The greatest needs: skill, and the end of a sentence that says how many people."""
    return [
        (need.skill_name, f"{within(need.sentence)} do not use it on their own yet{_sure(need.sureness)}.")
        for need in found.needs
    ]


def _sure(sureness: str) -> str:
    return f", {sureness}" if sureness else ""


@kept_section
def skills_section(survey: Survey, school_id: str, view: View) -> Section:
    """A school's skills: shares with their ranges, worst cases, or all four levels."""
    found = opening(survey, school_id)
    together = counted_together(survey) if school_id == DISTRICT else ""
    if view == "levels":
        levels = levels_by_skill(survey, school_id)
        return Section(
            "levels",
            levels_sentence(levels),
            heading=found.strengths,
            drawing=drawn(skills.level_bars(levels)),
            table=Table("levels", levels, columns.LEVELS),
            note=" ".join(filter(None, [f"{levels_sentence(levels)}.", together])),
            alt="Bars: how staff answered on each skill, level by level",
        )
    shares = found.skills if view == "worst" else found.skills.drop("share_worst_low", "share_worst_high")
    return Section(
        "skills",
        found.strengths,
        heading=found.strengths,
        drawing=drawn(skills.skill_dots(shares)),
        table=Table("skills", found.skills, columns.SKILLS),
        note=" ".join(filter(None, [_RANGES[view], together or _tick(found, school_id)])),
        alt="Dots with ranges: the share of staff who are proficient in each skill",
    )


def _tick(found: Overview, school_id: str) -> str:
    return "" if school_id == DISTRICT else f"The tick is the rest of the district. {found.marks}".rstrip()


def levels_sentence(levels: pl.DataFrame) -> str:
    """The skills with most answers at the lowest and at the highest level, of `levels_by_skill`."""
    shown = levels.filter(pl.col("share").is_not_null())
    if shown.is_empty():
        return "No levels can be shown yet"
    ends = [shown.filter(pl.col("level") == end) for end in (shown["level"].min(), shown["level"].max())]
    low, high = (end.sort("share", descending=True, maintain_order=True).row(0, named=True) for end in ends)
    return (
        f"“{low['level_label']}” was said most about {low['skill_name']} ({_said_by(low)}), "
        f"“{high['level_label']}” about {high['skill_name']} ({_said_by(high)})"
    )


def _said_by(row: Mapping[str, Any]) -> str:
    """How many chose a level: people of a school, a percentage of the weighted district."""
    if abs(row["people"] / row["respondents"] - row["share"]) > _SAME:
        return percent(row["share"])
    return f"{row['people']:,} of {row['respondents']:,}"


@kept_section
def samr_section(survey: Survey, school_id: str) -> Section:
    """How much technology changes lessons, skill by skill."""
    profile = samr_by_skill(survey, school_id)
    sentence = samr_sentence(profile)
    return Section(
        "samr",
        sentence,
        heading=sentence,
        drawing=drawn(samr.samr_profile(profile, "skill_name")),
        table=Table("samr", profile, columns.SAMR),
        note="What students do with it, from not used (pale) to new tasks (dark).",
        alt="Bars: the share of staff at each SAMR level, skill by skill",
    )
