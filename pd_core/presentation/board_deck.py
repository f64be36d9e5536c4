"""The board deck: the district's coverage, needs, plan, hours, growth and effects; no school is named or ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import polars as pl

from pd_core.access import DISTRICT
from pd_core.presentation import growth_sentences, impact_sentences, overview, sessions
from pd_core.presentation import hours as hours_of
from pd_core.presentation.brief import SAMPLE, Plan, facts, progress_text, skills_part
from pd_core.presentation.document import Document, Part
from pd_core.presentation.growth import since_last
from pd_core.presentation.session_views import Grid
from pd_core.presentation.technology_plan import need_points
from pd_core.summaries.growth import Growth
from pd_core.summaries.impact_answers import Answer
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import date_said, listed, plural, whole

MOST_TRAININGS, MOST_YEARS = 10, 3
HOW = (
    "The survey was sent to all staff. Shares are of those who answered; each school weighs as much as it has staff.",
    "A range says where a share may lie if those who did not answer are like those who did.",
    "A school is safe to decide on if in at least 9 of 10 simulated cases its two greatest needs stay.",
    "A change is called improved or declined only where chance rarely makes one of its size.",
    "Groups of fewer than 5 people are hidden, here and everywhere in PD Pulse.",
)


def board_deck(
    survey: Survey, verdicts: pl.DataFrame | None, plan: Plan | None, pair: Growth | None, trained: pl.DataFrame,
    answers: Sequence[Answer], hours: pl.DataFrame, money: pl.DataFrame, *, today: date, address: str = "",
    is_sample: bool = False,
) -> Document:  # fmt: skip
    """The deck. `verdicts` are those of all schools (null: the reader does not see every school), `trained` the rows of
    `summaries.deliveries.summed`, `answers` what is known of effects on outcomes, `hours` and `money` the tables of
    sessions that were held."""
    found = overview.district_opening(survey, verdicts)
    rate = survey.response_rates.filter(pl.col("school_id") == DISTRICT).row(0, named=True)
    skills = skills_part(survey, DISTRICT, found)
    parts = [
        Part("coverage", "Who answered, and what it allows", lines=_coverage(survey, verdicts, found.headline)),
        *([skills] if skills else []),
        Part("needs", "What staff need", points=need_points(survey, DISTRICT)),
        _planned(plan),
        _hours(trained, hours, money),
        _growth(pair),
        Part("effects", "Attendance, discipline, achievement", lines=_effects(answers)),
        Part("methods", "How these numbers are made", lines=HOW),
    ]
    return Document(
        name=DISTRICT,
        title="Professional development: report to the board",
        about=", ".join(filter(None, [survey.wave_id, f"made on {date_said(today)}", SAMPLE if is_sample else ""])),
        headline=found.headline,
        figures=facts(found, rate),
        progress=min(float(rate["rate"]), 1.0) if isinstance(rate["rate"], float) else None,
        progress_text=progress_text(survey, rate),
        parts=tuple(parts),
        footer="PD Pulse. No school is ranked.",
        address=address,
    )


def _coverage(survey: Survey, verdicts: pl.DataFrame | None, headline: str) -> tuple[str, ...]:
    answered, more = survey.answered_of_staff
    lines = [headline, f"{answered + more:,} staff members answered in {survey.wave_id}."]
    if verdicts is not None:
        silent = verdicts.filter(pl.col("respondents") == 0).height
        lines += [f"{plural(silent, 'school')} without an answer so far."] if silent else []
    lines += [f"The figures are {survey.left_out}."] if survey.left_out else []
    return tuple(dict.fromkeys(lines))


def _planned(plan: Plan | None) -> Part:
    heading = "What is planned"
    found = plan.record.sessions() if plan else []
    counts = Counter(one.state for one in found)
    if plan is None or not found:
        return Part("planned", heading, lines=("No training is planned yet.",))
    said = [f"{counts[state]:,} {label.lower()}" for state, label in sessions.STATES.items() if counts[state]]
    kinds = {one.training_id: one for one in plan.lists.trainings}
    rows = Counter(one.training_id for one in found if one.state != "cancelled").most_common(MOST_TRAININGS)
    grid = Grid(
        ("Training", "Sessions"),
        tuple((kinds[name].title if name in kinds else name, f"{number:,}") for name, number in rows),
    )
    return Part("planned", heading, lines=(f"{plural(len(found), 'session')}: {listed(said)}.",), grid=grid)


def _hours(trained: pl.DataFrame, hours: pl.DataFrame, money: pl.DataFrame) -> Part:
    heading = "Hours and money"
    years = hours_of.years(hours, money)
    lines = [f"{hours_of.headline(hours, money, year)}." for year in list(years)[:MOST_YEARS]]
    shown = trained.filter(pl.col("people").is_not_null())
    if shown.is_empty():
        return Part("hours", heading, lines=tuple(lines) or ("What was taught is not recorded yet.",))
    total = sum(shown["hours"].drop_nulls().to_list())
    more = trained.height - shown.height
    lines += [f"Over all years, outside the plan too: {whole(total):,} hours of people in trainings."]
    lines += [f"{plural(more, 'training')} with fewer than 5 people not shown."] if more else []
    grid = Grid(
        ("Training", "People", "Hours"),
        tuple(
            (row["title"], f"{row['people']:,}", "–" if row["hours"] is None else f"{whole(row['hours']):,}")
            for row in shown.head(MOST_TRAININGS).to_dicts()
        ),
    )
    return Part("hours", heading, lines=tuple(lines), grid=grid)


def _growth(pair: Growth | None) -> Part:
    heading = "What changed"
    if pair is None:
        return Part("growth", heading, lines=("There is no earlier wave to compare with yet.",))
    return Part("growth", heading, lines=(since_last(pair, DISTRICT), growth_sentences.NO_CAUSE))


def _effects(answers: Sequence[Answer]) -> tuple[str, ...]:
    if not answers:
        return ("Nothing can be said of effects yet: it takes outcomes of students and a record of what was taught.",)
    visible = [(answer.measure, impact_sentences.visible_sentence(answer)) for answer in answers]
    first = [f"{measure[:1].upper()}{measure[1:]}: {line[:1].lower()}{line[1:]}" for measure, line in visible if line]
    said = [impact_sentences.answer_sentence(answer) for answer in answers]
    return tuple(dict.fromkeys((*first, f"{impact_sentences.title(answers, 'All trainings together')}.", *said)))
