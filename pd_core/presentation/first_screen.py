"""The first screen in words: one sentence of verdict, three figures, two needs, one thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.estimates import ENTRY
from pd_core.needs.needs import needed
from pd_core.needs.verdicts import NEAR, verdict_of
from pd_core.presentation.advice import Action, district_advice, school_advice
from pd_core.presentation.comparison_sentences import marks_sentence
from pd_core.presentation.need_sentences import need_sentence, sureness
from pd_core.presentation.section import Figure
from pd_core.summaries.school_comparison import ABOVE
from pd_core.summaries.skills import compared_skills
from pd_core.summaries.training_needs import needs_of
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent

MOST = 0.5


@dataclass(frozen=True)
class Need:
    """A skill that people need a training in, in a sentence, and how sure that is (may be empty)."""

    skill_id: str
    skill_name: str
    sentence: str
    sureness: str


@dataclass(frozen=True)
class Overview:
    """A school, or the district, in words.

    `verdict` is the school's (see `verdicts`), for the district unknown; `headline` says it in a sentence;
    `close_behind` names further needs that may be among the two greatest, and `tipping` what would change them, each in
    a sentence or empty; `marks` says why the word for a mark outside its range is not clear, or is empty; `skills` are
    those of `compared_skills`; `action` is where to go next, with `advice`, the sentence for it.
    """

    name: str
    verdict: str
    headline: str
    figures: tuple[Figure, ...]
    strengths: str
    needs: tuple[Need, ...]
    close_behind: str
    tipping: str
    marks: str
    action: Action
    advice: str
    skills: pl.DataFrame


def overview(survey: Survey, school_id: str = DISTRICT, verdicts: pl.DataFrame | None = None) -> Overview:
    """The overview of a school or, by default, of the district.

    The district's names and counts no school outside the scope; it leads with `verdicts` of its schools if they are
    given and all are worked out. Raises KeyError for a school outside the scope.
    """
    rates = survey.response_rates.filter(pl.col("school_id") == school_id)
    if rates.is_empty():
        raise KeyError(school_id)
    is_district = school_id == DISTRICT
    row = rates.row(0, named=True) if is_district else verdict_of(survey, school_id)
    skills = compared_skills(survey, school_id)
    shown = skills.filter(pl.col("share").is_not_null())
    classes = needs_of(survey, school_id, ENTRY)
    entry = needed(classes)
    may_rank = not classes["suppressed"].any()
    hidden = shown.is_empty() and bool(skills["suppressed"].any())
    why = skills.filter("suppressed")["reason"][0] if hidden else ""
    if is_district:
        action, advice = district_advice(survey, entry, verdicts, may_rank=may_rank)
    else:
        action, advice = school_advice(survey, row, entry, hidden=hidden, may_rank=may_rank)
    found = tuple(
        Need(row["skill_id"], row["skill_name"], need_sentence(row), sureness(row)) for row in entry.head(2).to_dicts()
    )
    return Overview(
        name=str(row["school_name"]),
        verdict="unknown" if is_district else str(row["verdict"]),
        headline=_district_verdict(survey, row, verdicts, why) if is_district else str(row["sentence"]),
        figures=tuple(_figures(survey, row, shown)),
        strengths=_strengths(shown, found if may_rank else ()),
        needs=found,
        close_behind=_close_behind(entry[2:]),
        tipping="" if is_district else str(row["tipping"]),
        marks=marks_sentence(skills, "skill_name"),
        action=action,
        advice=advice,
        skills=skills,
    )


def _district_verdict(survey: Survey, rate: Mapping[str, object], verdicts: pl.DataFrame | None, why: str) -> str:
    """The district's answers and schools in a sentence; `why` all of its results are hidden (empty: they are not)."""
    if verdicts is not None and survey.scope.school_ids is None and not verdicts["verdict"].null_count():
        counts = {verdict: int((verdicts["verdict"] == verdict).sum()) for verdict in ("safe", "leaning", "too early")}
        if any(counts.values()):
            return _decided(counts | {"unknown": int((verdicts["verdict"] == "unknown").sum())}, verdicts.height)
    staff, share = rate["headcount"], rate["rate"]
    answered, more = survey.answered_of_staff
    if answered + more == 0:
        return f"No one here has answered in {survey.wave_id} yet."
    if staff is None:
        people = "1 person" if more == 1 else f"{more:,} people"
        return f"{people} answered; how many work here is not known, so no one can say whether that is enough."
    counted = f"{answered:,} of the district's {staff:,} staff answered"
    if more:
        counted += f", and {more:,} more in schools whose staff number is not known"
    if why:
        return f"{counted}, but the results are hidden: {why}."
    if rate["status"] == "on target":
        return f"{counted}: the target is reached."
    if isinstance(share, float) and share < MOST / 2:
        return f"Only {counted}: far too few to decide for everyone."
    return f"{counted}: not yet enough to decide for everyone."


def _decided(counts: Mapping[str, int], schools: int) -> str:
    """“24 of 60 schools are safe to decide on; 12 lean to a decision, and for 20 it is too early.”"""
    safe, leaning, early = counts["safe"], counts["leaning"], counts["too early"]
    start = f"{safe} of {schools} schools {'is' if safe == 1 else 'are'} safe to decide on"
    rest = [f"{leaning} {'leans' if leaning == 1 else 'lean'} to a decision"] if leaning else []
    rest += [f"for {early} it is too early"] if early else []
    rest += [f"for {counts['unknown']} it cannot be said"] if counts["unknown"] else []
    return f"{start}; {listed(rest)}." if rest else f"{start}."


def _figures(survey: Survey, row: Mapping[str, object], shown: pl.DataFrame) -> list[Figure]:
    share = row["rate"]
    target = percent(survey.target_share)
    answered = Figure(
        "Answered",
        percent(share) if isinstance(share, float) else "–" if row["suppressed"] else f"{row['respondents']:,}",
        f"target {target}" if isinstance(share, float) or row["suppressed"] else "the number of staff is not known",
    )
    mastered = int((shown["share"] >= MOST).sum()) if shown.height else 0
    most = Figure(
        "Skills in hand",
        f"{mastered} of {shown.height}" if shown.height else "–",
        "half or more use them" if shown.height else "nothing can be shown yet",
    )
    if row["school_id"] != DISTRICT:
        sure = row["probability"]
        value = percent(sure) if isinstance(sure, float) else "–"
        return [answered, Figure("How sure", value, "that the two greatest needs stay"), most]
    if survey.scope.school_ids is not None:
        people = "–" if row["suppressed"] else f"{row['respondents']:,}"
        return [answered, most, Figure("People", people, "answered in the whole district")]
    schools = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
    enough = int((schools["status"] == "on target").sum())
    return [answered, most, Figure("On target", f"{enough} of {schools.height}", "schools with enough answers")]


def _strengths(shown: pl.DataFrame, found: tuple[Need, ...]) -> str:
    if shown.is_empty():
        return "No skill can be shown yet"
    best = shown.row(0, named=True)
    needed = found[0].skill_name if found else ""
    above = [name for name in shown.filter(pl.col("word") == ABOVE)["skill_name"] if name != needed]
    ahead = f"{listed(above[:2])} {'is' if len(above[:2]) == 1 else 'are'} clearly ahead of the rest of the district"
    # A share of few people comes with their number, and respondents are never called all staff.
    whom = (
        f" of the {best['respondents']:,} who answered" if best["school_id"] != DISTRICT else " of those who answered"
    )
    strength = f"{best['skill_name']} is the strength: {percent(best['share'])}{whom} use it on their own"
    if not found:
        return ahead if above else strength
    return f"{ahead if above else strength}; {found[0].skill_name} is where most help is needed so far"


def _close_behind(further: pl.DataFrame) -> str:
    """The further needs that may well be among the two greatest too; empty if there are none."""
    rows = further.filter(pl.col("top_two") >= NEAR)
    named = [f"{name} ({percent(sure)})" for name, sure in rows.select("skill_name", "top_two").iter_rows()]
    return f"Close behind, and perhaps one of the two or tied with them: {listed(named)}." if named else ""
