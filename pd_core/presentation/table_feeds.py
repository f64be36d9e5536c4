"""Feeds in words: what each table holds, and how the programs that read tables take one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEED_LABELS: Mapping[str, str] = {
    "skill-summary": "Skills: how many are proficient",
    "skill-levels": "Skills, level by level",
    "samr-levels": "SAMR, level by level",
    "needs": "Training needs",
    "topics": "Topics wanted",
    "times": "Times that suit",
    "response-rates": "Response rates",
    "verdicts": "Verdicts",
    "growth": "Growth between two waves",
    "transitions": "Transitions between levels",
    "impact": "Impact of trainings",
    "outcomes": "Outcomes",
    "hours": "Hours of training",
    "credentials": "Credentials",
}


@dataclass(frozen=True)
class Steps:
    """How a program takes a feed: its name, and numbered steps in Markdown."""

    program: str
    steps: tuple[str, ...]


def steps(csv_address: str) -> tuple[Steps, ...]:
    """The steps for Power BI, Excel and pandas."""
    return (
        Steps(
            "Power BI",
            (
                "Choose **Get data**, then **Web**.",
                "Paste the CSV address; as the kind of access choose **Anonymous**.",
                "Choose **Load**. In the service, a scheduled refresh reads it again.",
            ),
        ),
        Steps(
            "Excel",
            (
                "Choose **Data**, then **From Web**.",
                "Paste the CSV address, choose **Anonymous** and **Connect**, then **Load**.",
                "**Data**, **Refresh All** reads it again.",
            ),
        ),
        Steps("pandas", (f"`import pandas`, then `pandas.read_csv({csv_address!r})`",)),
    )


def rows_sentence(school_name: str | None, *, has_answers: bool) -> str:
    """Whose rows a feed has: a school's, or (null) every school's; always the district's too."""
    whose = "every school" if school_name is None else school_name
    until = "" if has_answers else " It is empty until the first answers are stored."
    return f"The table has the rows of {whose} and of the district.{until}"


def filter_sentence(filters: tuple[str, ...]) -> str:
    """How to ask for less in the address itself."""
    return (
        "To read less, add filters to the end of the address, each as `&name=value`: "
        f"{', '.join(f'`{name}`' for name in filters)}."
    )
