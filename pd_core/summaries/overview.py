"""The first screen: one sentence of verdict, three figures, two needs, one thing to do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from pd_core.access import DISTRICT
from pd_core.summaries.needs import ENTRY, needed, needs
from pd_core.summaries.suppression import FEWEST
from pd_core.summaries.survey import Survey

MOST = 0.5


@dataclass(frozen=True)
class Figure:
    """One number with its name and what it is of."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Need:
    """A skill that people need a training in, as a sentence says it."""

    skill_id: str
    skill_name: str
    sentence: str


@dataclass(frozen=True)
class Overview:
    """A school, or the district, in words.

    `status` is that of the response rate; `skills` has the columns of `skill_summary` and district_share (null for the
    district itself), most proficient first; `action` is one of `upload`, `remind`, `plan`, `district` (there is nothing
    to do here: look at the district) with `advice`, the sentence for it.
    """

    name: str
    status: str
    verdict: str
    figures: tuple[Figure, ...]
    strengths: str
    needs: tuple[Need, ...]
    action: str
    advice: str
    skills: pl.DataFrame


def overview(survey: Survey, school_id: str = DISTRICT) -> Overview:
    """The overview of a school or, by default, of the district.

    The district's names and counts no school outside the scope. Raises KeyError for a school that is not seen.
    """
    rates = survey.response_rates.filter(pl.col("school_id") == school_id)
    if rates.is_empty():
        raise KeyError(school_id)
    rate = rates.row(0, named=True)
    skills = _beside_district(survey, school_id)
    shown = skills.filter(pl.col("share").is_not_null())
    found = tuple(_needs(survey, school_id))
    hidden = shown.is_empty() and bool(skills["suppressed"].any())
    action, advice = _advice(survey, rate, found, hidden=hidden)
    return Overview(
        name=rate["school_name"],
        status=rate["status"],
        verdict=_verdict(survey, rate, hidden=hidden),
        figures=tuple(_figures(survey, rate, shown, school_id)),
        strengths=_strengths(shown, school_id, found),
        needs=found,
        action=action,
        advice=advice,
        skills=skills,
    )


def whole(number: float) -> int:
    """The nearest whole number, halves up, as the charts round."""
    return math.floor(number + 0.5)


def percent(share: float) -> str:
    """A share (0-1) as people read it."""
    return f"{whole(100 * share)} %"


def listed(names: list[str]) -> str:
    """Names as a sentence lists them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def within(sentence: str) -> str:
    """A sentence as it stands within another: with a small first letter."""
    return sentence[:1].lower() + sentence[1:]


def _beside_district(survey: Survey, school_id: str) -> pl.DataFrame:
    rows = survey.skill_summary
    district = rows.filter(pl.col("school_id") == DISTRICT).select("skill_id", district_share="share")
    own = rows.filter(pl.col("school_id") == school_id)
    if school_id == DISTRICT:
        district = district.clear()
    return own.join(district, on="skill_id", how="left", maintain_order="left").sort(
        "share", descending=True, nulls_last=True, maintain_order=True
    )


def _verdict(survey: Survey, rate: dict[str, object], *, hidden: bool) -> str:
    answered, staff, share, status = _answered(survey, rate), rate["headcount"], rate["rate"], rate["status"]
    more = _answered_elsewhere(survey, rate)
    if answered is None:
        return f"The results are hidden: {rate['reason']}."
    if answered + more == 0:
        return f"Nobody here has answered in {survey.wave_id} yet."
    people = "1 person" if answered == 1 else f"{answered:,} people"
    stays_hidden = "but the results stay hidden: they would give away the answers of a smaller group."
    if status == "no headcount":
        if hidden:
            return f"{people} answered: too few to show." if answered < FEWEST else f"{people} answered, {stays_hidden}"
        return f"{people} answered; how many work here is not known, so nobody can say whether that is enough."
    if status == "check headcount":
        return f"{people} answered, more than the {staff:,} on the list: check the number of staff."
    if status == "too few" and not more:
        decide = ", and far too few to decide" if _can_be_shown(staff) else ""
        return f"{answered} of {staff:,} staff answered: too few to show{decide}."
    whose = "the district's " if rate["school_id"] == DISTRICT else ""
    counted = f"{answered:,} of {whose}{staff:,} staff answered"
    if more:
        counted += f", and {more:,} more in schools whose staff number is not known"
    if hidden:
        return f"{counted}, {stays_hidden}"
    if status == "on target":
        return f"{counted}: enough to plan on."
    if isinstance(share, float) and share < MOST / 2:
        return f"Only {counted}: far too few to decide for everyone."
    return f"{counted}: not yet enough to decide for everyone."


def _answered(survey: Survey, rate: dict[str, object]) -> int | None:
    """How many of the staff counted in the headcount answered; null where that is hidden."""
    answered = rate["respondents"]
    if rate["school_id"] == DISTRICT and rate["headcount"] is not None:
        return survey.answered_of_staff[0]
    return answered if isinstance(answered, int) else None


def _answered_elsewhere(survey: Survey, rate: dict[str, object]) -> int:
    """How many answered in schools whose headcount is not known, where the district has one; hidden ones left out."""
    return survey.answered_of_staff[1] if rate["school_id"] == DISTRICT and rate["headcount"] is not None else 0


def _can_be_shown(headcount: object) -> bool:
    """Whether a school is large enough to be shown when everybody there answers."""
    return not isinstance(headcount, int) or headcount >= FEWEST


def _figures(survey: Survey, rate: dict[str, object], shown: pl.DataFrame, school_id: str) -> list[Figure]:
    share = rate["rate"]
    target = percent(survey.target_share)
    answered = Figure(
        "Answered",
        percent(share) if isinstance(share, float) else "–" if rate["suppressed"] else f"{rate['respondents']:,}",
        f"target {target}" if isinstance(share, float) or rate["suppressed"] else "the number of staff is not known",
    )
    mastered = int((shown["share"] >= MOST).sum()) if shown.height else 0
    most = Figure(
        "Skills in hand",
        f"{mastered} of {shown.height}" if shown.height else "–",
        "half or more use them" if shown.height else "nothing can be shown yet",
    )
    if school_id == DISTRICT and survey.scope.school_ids is not None:
        people = "–" if rate["suppressed"] else f"{rate['respondents']:,}"
        return [answered, most, Figure("People", people, "answered in the whole district")]
    if school_id == DISTRICT:
        schools = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
        enough = int((schools["status"] == "on target").sum())
        return [answered, most, Figure("On target", f"{enough} of {schools.height}", "schools with enough answers")]
    above, below = _against_district(shown)
    return [
        answered,
        most,
        Figure(
            "Ahead in",
            f"{len(above)} of {shown.height}" if shown.height else "–",
            f"behind the district in {len(below)}",
        ),
    ]


def _against_district(shown: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Skills in which the whole interval lies above the district's share, and below it."""
    above = shown.filter(pl.col("share_low") > pl.col("district_share"))
    below = shown.filter(pl.col("share_high") < pl.col("district_share"))
    return above["skill_name"].to_list(), below["skill_name"].to_list()


def _strengths(shown: pl.DataFrame, school_id: str, found: tuple[Need, ...]) -> str:
    if shown.is_empty():
        return "No skill can be shown yet"
    best = shown.row(0, named=True)
    needed = found[0].skill_name if found else ""
    above = [] if school_id == DISTRICT else [name for name in _against_district(shown)[0] if name != needed]
    ahead = f"{listed(above[:2])} {'is' if len(above[:2]) == 1 else 'are'} ahead of the district"
    strength = f"{best['skill_name']} is the strength: {percent(best['share'])} use it on their own"
    if not found:
        return ahead if above else strength
    return f"{ahead if above else strength}; {found[0].skill_name} is where most people need help"


def _needs(survey: Survey, school_id: str) -> list[Need]:
    rows = needed(needs(survey).filter((pl.col("school_id") == school_id) & (pl.col("training") == ENTRY)))
    return [Need(row["skill_id"], row["skill_name"], need_sentence(row)) for row in rows.head(2).to_dicts()]


def need_sentence(row: dict[str, object]) -> str:
    """“About 24 of 42 people (19 to 29)”: how many a training is for, of `needs`."""
    people, low, high, staff = (row[name] for name in ("people", "people_low", "people_high", "headcount"))
    if not isinstance(people, float):
        return f"Hidden: {row['reason']}." if row["suppressed"] else "Nobody answered this."
    if not (isinstance(low, float) and isinstance(high, float)):
        return f"{whole(people):,} of the {row['respondents']:,} who answered"
    if whole(high) == whole(low):
        return f"{whole(people):,} of {staff:,} people"
    return f"About {whole(people):,} of {staff:,} people ({whole(low):,} to {whole(high):,})"


def _advice(survey: Survey, rate: dict[str, object], found: tuple[Need, ...], *, hidden: bool) -> tuple[str, str]:
    status, staff, answered = rate["status"], rate["headcount"], rate["respondents"]
    if rate["school_id"] == DISTRICT:
        schools = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
        late = schools.filter(
            pl.col("status").is_in(["no answers", "behind", "too few"]) & (pl.col("headcount") >= FEWEST)
        ).sort("rate", nulls_last=True)
        names = late["school_name"].to_list()
        if names:
            those = listed(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} more schools"
            return "remind", f"Send the form again to {those}."
    elif not _can_be_shown(staff) and status != "check headcount":
        few = f"Fewer than {FEWEST} people work here, so these results can never be shown alone"
        return "district", f"{few}; they count in the district's."
    elif status in ("behind", "too few", "no answers") and isinstance(staff, int) and isinstance(answered, int):
        missing = math.ceil(survey.target_share * staff - 1e-9) - answered
        if missing > 0:
            reach = "more answer reaches" if missing == 1 else "more answers reach"
            target = f"the district's target of {percent(survey.target_share)}"
            return "remind", f"Send the form again: {missing} {reach} {target}."
    if hidden and rate["school_id"] != DISTRICT:
        if isinstance(answered, int) and answered < FEWEST:
            return "remind", f"Send the form again: results can be shown from {FEWEST} answers on."
        return "district", "Plan with the district's results: they count the answers from here too."
    if status == "no headcount":
        return "upload", "Tell the district's administrator how many staff work here."
    if found:
        return "plan", f"Plan the {found[0].skill_name} class: {within(found[0].sentence)} would gain from it."
    return "plan", "Look at the training page together with your facilitator."
