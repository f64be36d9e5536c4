"""The first screen: one sentence of verdict, three figures, two needs, one thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppression import FEWEST
from pd_core.measures.response_rates import needed_answers
from pd_core.needs.estimates import ENTRY
from pd_core.needs.needs import needed, needs
from pd_core.needs.verdicts import NEAR, can_be_shown, verdict_of
from pd_core.needs.verdicts import verdicts as verdicts_of
from pd_core.summaries.need_sentences import NEED_HELP, need_sentence, sureness
from pd_core.summaries.reminders import resend_sentence
from pd_core.summaries.school_comparison import ABOVE, grid
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent, plural, within

__all__ = ["Figure", "Need", "Overview", "need_sentence", "overview", "sureness"]
MOST = 0.5


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
    `close_behind` names further needs that may be among the two greatest, and `tipping` what would change them, each in
    a sentence or empty; `marks` says why a mark outside its range has no clear word, or is empty; `skills` has the
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
    tipping: str
    marks: str
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
    classes = needs(survey, [school_id]).filter(pl.col("training") == ENTRY)
    entry = needed(classes)
    may_rank = not classes["suppressed"].any()
    found = tuple(
        Need(row["skill_id"], row["skill_name"], need_sentence(row), sureness(row)) for row in entry.head(2).to_dicts()
    )
    hidden = shown.is_empty() and bool(skills["suppressed"].any())
    if is_district:
        action, advice = _district_advice(survey, found, verdicts, may_rank=may_rank)
    else:
        action, advice = _advice(survey, row, found, hidden=hidden, may_rank=may_rank)
    return Overview(
        name=str(row["school_name"]),
        decision="unknown" if is_district else str(row["verdict"]),
        verdict=_district_verdict(survey, row, verdicts, hidden=hidden) if is_district else str(row["sentence"]),
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
    # A share from few people is never told alone, and none of those who answered as of everybody.
    whom = (
        f" of the {best['respondents']:,} who answered" if best["school_id"] != DISTRICT else " of those who answered"
    )
    strength = f"{best['skill_name']} is the strength: {percent(best['share'])}{whom} use it on their own"
    if not found:
        return ahead if above else strength
    return f"{ahead if above else strength}; {found[0].skill_name} is where most help is needed so far"


def marks_sentence(rows: pl.DataFrame, name: str) -> str:
    """Why words are not clear where the mark lies outside the range, of rows of `grid` by their column `name`; empty
    where there are none.

    “Stream: the mark is outside the line, but …”. Rows have share_low, share_high, district_share or compared_share,
    word and why.
    """
    marked = rows.filter((pl.col("why") != "").fill_null(False))
    reasons: dict[str, list[str]] = {}
    for of, why in marked.select(name, "why").iter_rows():
        reasons.setdefault(why, []).append(of)
    told = [f"{_few(names)}: the mark is outside the line, but {why}." for why, names in reasons.items()]
    return " ".join(told)


def _few(names: list[str]) -> str:
    return listed(names) if len(names) < 4 else f"{names[0]}, {names[1]} and {len(names) - 2} more"


def _close_behind(further: pl.DataFrame) -> str:
    """The further needs that may well be among the two greatest too; empty where there are none."""
    rows = further.filter(pl.col("top_two") >= NEAR)
    named = [f"{name} ({percent(sure)})" for name, sure in rows.select("skill_name", "top_two").iter_rows()]
    return f"Close behind, and perhaps one of the two or tied with them: {listed(named)}." if named else ""


def _district_advice(
    survey: Survey, found: tuple[Need, ...], verdicts: pl.DataFrame | None, *, may_rank: bool
) -> tuple[str, str]:
    if verdicts is None:  # somebody with a few schools waits for theirs; a large district's come when they are there
        verdicts = verdicts_of(survey, wait=survey.scope.school_ids is not None)
    late = verdicts.filter("send_again").sort("needed", descending=True, nulls_last=True, maintain_order=True)
    if late.height and late["verdict"].null_count():
        return "remind", "Which buildings need the form again is being worked out."
    if late.height:
        return "remind", resend_sentence(late)
    if survey.response_rates.filter(pl.col("school_id") == DISTRICT)["headcount"].null_count():
        return "upload", "Tell the district's administrator how many staff work here."
    return _plan(found, may_rank=may_rank)


def _advice(
    survey: Survey, row: Mapping[str, object], found: tuple[Need, ...], *, hidden: bool, may_rank: bool
) -> tuple[str, str]:
    """What to do next at a school, of its row of `verdicts`."""
    status, staff = row["status"], row["headcount"]
    if not can_be_shown(staff) and status != "check headcount":
        few = f"Fewer than {FEWEST} people work here, so these results can never be shown alone"
        return "district", f"{few}; they count in the district's."
    if row["send_again"]:
        return "remind", _remind(survey, row)
    if status == "check headcount":
        return "upload", f"Tell the district's administrator that more than {staff} people work here."
    if hidden:
        return "district", "Plan with the district's results: they count the answers from here too."
    if status == "no headcount":
        return "upload", "Tell the district's administrator how many staff work here."
    if row["verdict"] in ("leaning", "too early"):
        names = listed([need.skill_name for need in found])
        return "plan", f"Enough people answered. Talk over which of the classes that are close comes first: {names}?"
    return _plan(found, may_rank=may_rank)


def _remind(survey: Survey, row: Mapping[str, object]) -> str:
    needed, more, answered, missing = (row[name] for name in ("needed", "more_answers", "respondents", "missing"))
    if not isinstance(needed, int):
        return f"Send the form again: results can be shown from {FEWEST} answers on."
    answers = plural(needed, "more answer")
    if isinstance(more, int):
        would = f"{'' if needed == 1 else 'about '}{answers} would"
        return f"Send the form again: {would} probably make it safe to decide."
    reach = "reaches" if needed == 1 else "reach"
    to_target = _to_target(survey, row)
    if isinstance(missing, int) and isinstance(answered, int) and to_target < missing:
        return f"Send the form again: {answers} {'is' if needed == 1 else 'are'} needed before anything can be shown."
    return f"Send the form again: {answers} {reach} the district's target of {percent(survey.target_share)}."


def _to_target(survey: Survey, row: Mapping[str, object]) -> int:
    """How many answers are missing to the district's target alone, of a row of `verdicts` with a headcount."""
    staff, answered = row["headcount"], row["respondents"]
    if not (isinstance(staff, int) and isinstance(answered, int)):
        return 0
    return max(0, needed_answers(survey.target_share, staff) - answered)


def _plan(found: tuple[Need, ...], *, may_rank: bool) -> tuple[str, str]:
    if found and may_rank:
        return "plan", f"Plan the {found[0].skill_name} class: {within(found[0].sentence)} {NEED_HELP}."
    if found:
        hidden = "not every class can be shown, and another may be needed more"
        return "plan", f"Look at the {found[0].skill_name} class: {within(found[0].sentence)} {NEED_HELP}; {hidden}."
    return "plan", "Look at the training page together with your facilitator."
