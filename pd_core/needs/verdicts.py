"""Whether a school has answered enough to decide: could those who have not answered still change what it needs most?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, cast

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppression import FEWEST
from pd_core.measures.response_rates import needed_answers
from pd_core.needs.certainty import LEANING, LEAST_LEAD, LEAST_SHARE, NEAR, SAFE, Certainty
from pd_core.needs.estimates import ENTRY, trainings
from pd_core.needs.posterior import BUILDINGS, DRAWS, MOST_STAFF, OFTEN, of_whole
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of
from pd_core.wording import listed, percent, plural

__all__ = [
    "BUILDINGS",
    "DRAWS",
    "LEANING",
    "LEAST_LEAD",
    "LEAST_SHARE",
    "MOST_STAFF",
    "NEAR",
    "OFTEN",
    "SAFE",
    "VERDICTS",
    "are_known",
    "can_be_shown",
    "is_sent_again",
    "tipping",
    "verdict_of",
    "verdicts",
]
VERDICTS: Final[Mapping[str, str]] = {
    "safe": "Safe to decide",
    "leaning": "Leaning",
    "too early": "Too early",
    "unknown": "Cannot say",
}
"""Each verdict as people read it."""
_COLUMNS = [
    *("wave_id", "school_id", "school_name", "school_level", "region", "headcount", "respondents", "rate", "status"),
    *("verdict", "probability", "more_answers", "missing", "suppressed", "reason", "sentence"),
    *("needed", "send_again", "near_ties", "tipping"),
]
_FEW = 10
"""So few people are counted instead of told as a fraction: no one is 1 in 3 of 4."""
_FRACTIONS = ((0.75, "3 in 4"), (2 / 3, "2 in 3"), (0.5, "half"), (1 / 3, "1 in 3"), (0.25, "1 in 4"), (0.2, "1 in 5"))


def verdicts(survey: Survey, school_ids: Sequence[str] | None = None, *, wait: bool = True) -> pl.DataFrame:
    """A row per school in scope (of `school_ids`; null: all), by name: wave_id, school_id, school_name, school_level,
    region, headcount, respondents, rate, status, verdict, probability, more_answers, missing, suppressed, reason,
    sentence, needed, send_again, near_ties, tipping.

    - `probability` (0-1, whole percent, rounded down) that the two entry classes that most people seem to need are the
      two that most need once everyone has answered; ties count as the same need; null if an entry class is hidden
    - `verdict`: safe from `SAFE` on, if `LEAST_SHARE` of the staff answered and the next need is behind by `LEAST_LEAD`
      of those missing; leaning from `LEANING`; too early below that and with fewer than 5 answers; unknown without a
      headcount, with more respondents than it counts, or if a result is hidden; null, only without `wait`: not worked
      out yet
    - `sentence`: the verdict in words
    - `more_answers`: the fewest after which it would probably be safe (null: it is, or that is not known)
    - `missing`: how many are missing to the district's target, and to the fewest that can be shown (null: not known)
    - `needed`: the larger of the two (null: neither is known)
    - `send_again`: whether the form should be sent again (see `is_sent_again`)
    - `near_ties`: how many entry classes are nearly tied for the two that most people need (null: not known)
    - `tipping`: what would change them, in a sentence (“”: not known)
    """
    rates = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
    if school_ids is not None:
        rates = rates.filter(pl.col("school_id").is_in(list(school_ids)))
    if wait:
        of_whole(district_of(survey)).work_out(rates["school_id"].to_list())
    rows = [_with_verdict(survey, rate, wait=wait) for rate in rates.to_dicts()]
    numbers = {"probability": pl.Float64} | dict.fromkeys(("more_answers", "missing", "needed", "near_ties"), pl.Int64)
    words = {"verdict": pl.String, "sentence": pl.String, "tipping": pl.String, "send_again": pl.Boolean}
    return pl.DataFrame(rows, schema={**rates.schema, **numbers, **words}).select(_COLUMNS)


def verdict_of(survey: Survey, school_id: str) -> dict[str, object]:
    """A school's row of `verdicts`. Raises KeyError for a school outside the scope."""
    rates = survey.response_rates.filter(pl.col("school_id") == school_id)
    if rates.is_empty() or school_id == DISTRICT:
        raise KeyError(school_id)
    return _with_verdict(survey, rates.row(0, named=True), wait=True)


def are_known(survey: Survey) -> bool:
    """Whether the verdicts of all schools in scope are worked out."""
    known = of_whole(district_of(survey))
    return all(map(known.knows, survey.schools["school_id"]))


def can_be_shown(headcount: object) -> bool:
    """Whether a school is large enough to be shown once everyone there has answered."""
    return not isinstance(headcount, int) or headcount >= FEWEST


def is_sent_again(row: Mapping[str, object]) -> bool:
    """Whether the form should be sent to a school again, of its row of `verdicts`: the one rule for pages and files.

    It should if the school is not safe to decide on, and answers are missing to the target or before anything can be
    shown. Not if so few work there that nothing can ever be shown.
    """
    missing, answered, staff = row["missing"], row["respondents"], row["headcount"]
    if row["verdict"] == "safe" or not can_be_shown(staff) or not isinstance(answered, int):
        return False
    return missing > 0 if isinstance(missing, int) else answered < FEWEST


def _missing_answers(survey: Survey, rate: Mapping[str, object]) -> int | None:
    """How many answers are missing to the target and to what can be shown, of a row of `response_rates`; null without a
    headcount."""
    staff, answered = rate["headcount"], rate["respondents"]
    if not (isinstance(staff, int) and isinstance(answered, int)):
        return None
    least = FEWEST if staff >= FEWEST else 0
    return max(0, max(least, needed_answers(survey.target_share, staff)) - answered)


def _with_verdict(survey: Survey, rate: dict[str, object], *, wait: bool) -> dict[str, object]:
    nothing = {"probability": None, "more_answers": None, "near_ties": None, "tipping": ""}
    row = {**rate, **nothing, "missing": _missing_answers(survey, rate)} | _judged(survey, rate, wait=wait)
    numbers = [number for number in (row["missing"], row["more_answers"]) if isinstance(number, int)]
    row["needed"] = max(numbers, default=None)
    return {**row, "send_again": is_sent_again(row), "sentence": _sentence(survey, row)}


def _judged(survey: Survey, rate: Mapping[str, object], *, wait: bool) -> dict[str, object]:
    """Verdict, probability, more_answers, near_ties and tipping, as far as they are known."""
    school_id = str(rate["school_id"])
    if rate["status"] in ("too few", "no answers"):
        return {"verdict": "too early" if can_be_shown(rate["headcount"]) else "unknown"}
    known = of_whole(district_of(survey))
    if not wait and not known.knows(school_id):
        return {"verdict": None}
    found = known.of(school_id)
    entry = found.certainties.get(ENTRY) if found else None
    if entry is None:
        return {"verdict": "unknown"}
    return {
        "verdict": entry.verdict,
        "probability": entry.probability,
        "more_answers": known.more_answers(school_id),
        "near_ties": entry.near_ties,
        "tipping": tipping(survey, entry, cast(int, rate["headcount"]) - cast(int, rate["respondents"])),
    }


def tipping(survey: Survey, entry: Certainty, missing: int) -> str:
    """What would change the two that most need a class, with this many missing; empty if nothing could.

    “It changes only if 1 in 4 of the 18 missing need SharePoint beyond what colleagues' answers suggest.”
    """
    if missing <= 0 or entry.next_skill is None:
        return ""
    skill = survey.codebook.skills[entry.next_skill].name
    if entry.lead >= missing:
        return f"It changes only if the {missing:,} missing are quite unlike their colleagues."
    beyond = f"{skill} beyond what colleagues' answers suggest."
    people = max(1, math.ceil(entry.lead))
    counted = f"{people} of the {missing:,}" if people < missing else "the one" if missing == 1 else f"all {missing}"
    verb = "needs" if people == 1 else "need"
    part = next((words for least, words in _FRACTIONS if entry.lead >= least * missing - 1e-9), None)
    if part is None:
        return f"It already changes if {counted} missing {verb} {beyond}"
    if missing < _FEW:
        return f"It changes only if {counted} missing {verb} {beyond}"
    return f"It changes only if {part} of the {missing:,} missing need {beyond}"


def _sentence(survey: Survey, row: Mapping[str, object]) -> str:
    """A verdict in words, of a row of `verdicts`."""
    if row["suppressed"]:
        return f"The results are hidden: {row['reason']}."
    answered, staff, status, verdict = (row[name] for name in ("respondents", "headcount", "status", "verdict"))
    counted = _counted(row)
    if answered == 0:
        return f"No one here has answered in {survey.wave_id} yet."
    if status == "no headcount":
        if isinstance(answered, int) and answered < FEWEST:
            return f"{counted}: too few to show."
        if why := _why_hidden(survey, row):
            return f"{counted}, {why}"
        return f"{counted}; how many work here is not known, so no one can say whether that is enough."
    if status == "check headcount":
        return f"{_people(answered)} answered, more than the {staff:,} on the list: check the number of staff."
    if status == "too few":
        early = "Too early to decide: " if verdict == "too early" else ""
        return f"{early}{counted}, too few to show." if early else f"{counted}: too few to show."
    if verdict is None:
        return f"{counted}. What that means is being worked out."
    if isinstance(staff, int) and staff > MOST_STAFF:
        return f"{counted}: check the number of staff."
    if verdict == "unknown":
        hidden = _hidden_classes(district_of(survey)).get(str(row["school_id"]), ())
        if why := _why_hidden(survey, row):
            return f"{counted}, {why}"
        if not hidden:
            return f"{counted}, but what is needed most cannot be said from these answers."
        names = listed([survey.codebook.skills[skill].name for skill in hidden])
        return f"{counted}, but {names} cannot be shown and may be needed more than what is."
    if verdict == "safe":
        if answered == staff:
            return f"Safe to decide: all {staff:,} staff answered."
        return f"Safe to decide: {counted}, and in at least 9 of 10 cases the two greatest needs stay."
    return _not_yet(row, counted)


def _not_yet(row: Mapping[str, object], counted: str) -> str:
    """A verdict of leaning or too early in words, and why."""
    rate, sure, more = cast(float, row["rate"]), cast(float, row["probability"]), row["more_answers"]
    start = "Leaning, not yet safe" if row["verdict"] == "leaning" else "Too early to decide"
    missing = cast(int, row["headcount"]) - cast(int, row["respondents"])
    if sure >= SAFE and rate < LEAST_SHARE:
        why = f"{start}: {counted}. They agree, but fewer than {percent(LEAST_SHARE)} answered"
    elif not row["missing"]:
        ties = cast(int, row["near_ties"])
        close = f"{ties} classes are nearly tied" if ties > 2 else "another class is close behind"
        why = f"{start}: the response rate is fine ({counted}), but {close}"
    else:
        why = f"{start}: {counted}"
    if not isinstance(more, int):
        return f"{why}."
    if more >= missing:
        return (
            f"{why}; only {'the one answer' if missing == 1 else f'all {missing:,} answers'} missing would settle it."
        )
    about = "" if more == 1 else "about "
    return f"{why}; {about}{plural(more, 'more answer')} would probably settle what is needed most."


def _why_hidden(survey: Survey, row: Mapping[str, object]) -> str:
    """Why no skill of the school can be shown; empty if one can, or no one answered about any."""
    skills = survey.skill_summary.filter(pl.col("school_id") == row["school_id"])
    if not skills["suppressed"].any() or skills["share"].count():
        return ""
    return f"but the results are hidden: {skills.filter('suppressed')['reason'][0]}."


@kept_by_district
def _hidden_classes(whole: DistrictSurvey) -> dict[str, list[str]]:
    """School to the skills whose entry class can't be shown: each may be needed more than those that are."""
    rows = trainings(whole).filter(pl.col("suppressed") & (pl.col("training") == ENTRY))
    found: dict[str, list[str]] = {}
    for school_id, skill_id in rows.select("school_id", "skill_id").iter_rows():
        found.setdefault(str(school_id), []).append(str(skill_id))
    return found


def _counted(row: Mapping[str, object]) -> str:
    answered, staff = row["respondents"], row["headcount"]
    return f"{_people(answered)} answered" if staff is None else f"{answered:,} of {staff:,} staff answered"


def _people(number: object) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
