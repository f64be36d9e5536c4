"""The first screen: one sentence of verdict, three figures, two needs, one thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppression import FEWEST
from pd_core.needs.estimates import ENTRY
from pd_core.needs.needs import needed, needs
from pd_core.needs.verdicts import can_be_shown, verdict_of
from pd_core.summaries.school_comparison import ABOVE, grid
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent, whole, within

MOST = 0.5
CLOSE = 0.2
"""How probable it is at least that a need is among the two greatest, to be told of beside them."""


@dataclass(frozen=True)
class Figure:
    """One number with its name and what it is of."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Need:
    """A skill that people need a training in, as a sentence says it, and how sure that is (may be empty)."""

    skill_id: str
    skill_name: str
    sentence: str
    sureness: str


@dataclass(frozen=True)
class Overview:
    """A school, or the district, in words.

    `decision` is the school's verdict (see `verdicts`), for the district unknown; `verdict` says it in a sentence;
    `close_behind` names further needs that may be among the two greatest, in a sentence or empty; `skills` has the
    columns of `comparing.grid`, the school's words against the rest of the district, and district_share (of the rest of
    the district; null for the district itself), most proficient first;
    `action` is one of `upload`, `remind`, `plan`, `district` (there is nothing to do here: look at the district) with
    `advice`, the sentence for it.
    """

    name: str
    decision: str
    verdict: str
    figures: tuple[Figure, ...]
    strengths: str
    needs: tuple[Need, ...]
    close_behind: str
    action: str
    advice: str
    skills: pl.DataFrame


def overview(survey: Survey, school_id: str = DISTRICT, verdicts: pl.DataFrame | None = None) -> Overview:
    """The overview of a school or, by default, of the district.

    The district's names and counts no school outside the scope; it leads with `verdicts` of its schools, where they are
    given and all are worked out. Raises KeyError for a school that is not seen.
    """
    rates = survey.response_rates.filter(pl.col("school_id") == school_id)
    if rates.is_empty():
        raise KeyError(school_id)
    is_district = school_id == DISTRICT
    row = rates.row(0, named=True) if is_district else verdict_of(survey, school_id)
    skills = _beside_district(survey, school_id)
    shown = skills.filter(pl.col("share").is_not_null())
    entry = needed(needs(survey, [school_id]).filter(pl.col("training") == ENTRY))
    found = tuple(
        Need(row["skill_id"], row["skill_name"], need_sentence(row), sureness(row)) for row in entry.head(2).to_dicts()
    )
    hidden = shown.is_empty() and bool(skills["suppressed"].any())
    action, advice = _district_advice(survey, found) if is_district else _advice(survey, row, found, hidden=hidden)
    return Overview(
        name=str(row["school_name"]),
        decision="unknown" if is_district else str(row["verdict"]),
        verdict=_district_verdict(survey, row, verdicts, hidden=hidden) if is_district else str(row["sentence"]),
        figures=tuple(_figures(survey, row, shown)),
        strengths=_strengths(shown, found),
        needs=found,
        close_behind=_close_behind(entry[2:]),
        action=action,
        advice=advice,
        skills=skills,
    )


def _beside_district(survey: Survey, school_id: str) -> pl.DataFrame:
    rows = grid(survey, [school_id], "district")
    district = rows.filter(pl.col("school_id") == DISTRICT).select("skill_id", district_share="share")
    if school_id == DISTRICT:
        district = district.clear()
    own = rows.filter(pl.col("school_id") == school_id)
    own = own.join(district, on="skill_id", how="left", maintain_order="left")
    # A school is marked with what its words compare it with.
    own = own.with_columns(district_share=pl.coalesce("compared_share", "district_share"))
    return own.sort("share", descending=True, nulls_last=True, maintain_order=True)


def _district_verdict(
    survey: Survey, rate: Mapping[str, object], verdicts: pl.DataFrame | None, *, hidden: bool
) -> str:
    if verdicts is not None and survey.scope.school_ids is None and not verdicts["verdict"].null_count():
        counts = {verdict: int((verdicts["verdict"] == verdict).sum()) for verdict in ("safe", "leaning", "too early")}
        if any(counts.values()):
            return _decided(counts | {"unknown": int((verdicts["verdict"] == "unknown").sum())}, verdicts.height)
    staff, share = rate["headcount"], rate["rate"]
    answered, more = survey.answered_of_staff
    if answered + more == 0:
        return f"Nobody here has answered in {survey.wave_id} yet."
    if staff is None:
        people = "1 person" if more == 1 else f"{more:,} people"
        return f"{people} answered; how many work here is not known, so nobody can say whether that is enough."
    counted = f"{answered:,} of the district's {staff:,} staff answered"
    if more:
        counted += f", and {more:,} more in schools whose staff number is not known"
    if hidden:
        return f"{counted}, but the results stay hidden: they would give away the answers of a smaller group."
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
        return [answered, Figure("How sure", value, "that the two greatest needs stay the same"), most]
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
    # A share from few people is never told alone.
    of_whom = f" of the {best['respondents']:,} who answered" if best["school_id"] != DISTRICT else ""
    strength = f"{best['skill_name']} is the strength: {percent(best['share'])}{of_whom} use it on their own"
    if not found:
        return ahead if above else strength
    return f"{ahead if above else strength}; so far most people need help with {found[0].skill_name}"


def _close_behind(further: pl.DataFrame) -> str:
    """The further needs that may well be among the two greatest too; empty where there are none."""
    rows = further.filter(pl.col("top_two") >= CLOSE)
    named = [f"{name} ({percent(sure)})" for name, sure in rows.select("skill_name", "top_two").iter_rows()]
    return f"Close behind, and perhaps one of the two: {listed(named)}." if named else ""


def sureness(row: Mapping[str, object]) -> str:
    """“93% sure to be among the two greatest needs”, of a row of `needs`; empty where it is not known."""
    sure = row["top_two"]
    return f"{percent(sure)} sure to be among the two greatest needs" if isinstance(sure, float) else ""


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


def _district_advice(survey: Survey, found: tuple[Need, ...]) -> tuple[str, str]:
    schools = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
    late = schools.filter(
        pl.col("status").is_in(["no answers", "behind", "too few"]) & (pl.col("headcount") >= FEWEST)
    ).sort("rate", nulls_last=True)
    names = late["school_name"].to_list()
    if names:
        those = listed(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} more schools"
        return "remind", f"Send the form again to {those}."
    if survey.response_rates.filter(pl.col("school_id") == DISTRICT)["headcount"].null_count():
        return "upload", "Tell the district's administrator how many staff work here."
    return _plan(found)


def _advice(survey: Survey, row: Mapping[str, object], found: tuple[Need, ...], *, hidden: bool) -> tuple[str, str]:
    """What to do next at a school, of its row of `verdicts`."""
    status, staff, answered, decision = (row[name] for name in ("status", "headcount", "respondents", "verdict"))
    if not can_be_shown(staff) and status != "check headcount":
        few = f"Fewer than {FEWEST} people work here, so these results can never be shown alone"
        return "district", f"{few}; they count in the district's."
    if decision in ("leaning", "too early"):
        return "remind", _remind(survey, row)
    if status == "check headcount":
        return "upload", f"Tell the district's administrator that more than {staff} people work here."
    if hidden:
        if isinstance(answered, int) and answered < FEWEST:
            return "remind", f"Send the form again: results can be shown from {FEWEST} answers on."
        return "district", "Plan with the district's results: they count the answers from here too."
    if status == "no headcount":
        return "upload", "Tell the district's administrator how many staff work here."
    return _plan(found)


def _remind(survey: Survey, row: Mapping[str, object]) -> str:
    more, missing = row["more_answers"], row["missing"]
    if isinstance(more, int):
        answers = "1 more answer would" if more == 1 else f"about {more} more answers would"
        return f"Send the form again: {answers} probably make it safe to decide."
    if isinstance(missing, int) and missing:
        reach = "1 more answer reaches" if missing == 1 else f"{missing} more answers reach"
        return f"Send the form again: {reach} the district's target of {percent(survey.target_share)}."
    return "Send the form again: those who have not answered could still change what is needed most."


def _plan(found: tuple[Need, ...]) -> tuple[str, str]:
    if found:
        return "plan", f"Plan the {found[0].skill_name} class: {within(found[0].sentence)} would gain from it."
    return "plan", "Look at the training page together with your facilitator."
