"""Whether a school has answered enough to decide: could those who have not answered still change what it needs most?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppression import FEWEST
from pd_core.measures.response_rates import needed_answers
from pd_core.needs.posterior import DRAWS, LEANING, MOST_STAFF, SAFE, Posterior, of_whole
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

__all__ = [
    "DRAWS",
    "LEANING",
    "LEAST_SHARE",
    "MOST_STAFF",
    "SAFE",
    "VERDICTS",
    "are_known",
    "can_be_shown",
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
LEAST_SHARE: Final = 0.2
"""The share of staff who must have answered to be safe, however much they agree: a few do not speak for everyone."""
_COLUMNS = [
    *("wave_id", "school_id", "school_name", "school_level", "region", "headcount", "respondents", "rate", "status"),
    *("verdict", "probability", "more_answers", "missing", "suppressed", "reason", "sentence"),
]


def verdicts(survey: Survey, school_ids: Sequence[str] | None = None, *, wait: bool = True) -> pl.DataFrame:
    """A row per school that is seen (of `school_ids`; null: all), by name: wave_id, school_id, school_name,
    school_level, region, headcount, respondents, rate, status, verdict, probability, more_answers, missing, suppressed,
    reason, sentence.

    `probability` (0-1, whole per cent, rounded down) is that of the two entry classes which most people seem to need
    being the two that most need when everybody has answered; ties count as the same need. `verdict` is safe from 0.90
    on if `LEAST_SHARE` of the staff answered, leaning from 0.70, too early below and where fewer than 5 answered;
    unknown where nothing can be said: without a headcount, with more respondents than it holds, where the results are
    hidden. Null: not worked out yet, only without `wait`. `more_answers` is how many more would probably make it safe
    (null: it is, or that is not known); `missing` how many are missing to the district's target (0: none; null: not
    known). `sentence` says it all to people.
    """
    rates = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
    if school_ids is not None:
        rates = rates.filter(pl.col("school_id").is_in(list(school_ids)))
    if wait:
        of_whole(district_of(survey)).work_out(rates["school_id"].to_list())
    rows = [_with_verdict(survey, rate, wait=wait) for rate in rates.to_dicts()]
    numbers = {"probability": pl.Float64, "more_answers": pl.Int64, "missing": pl.Int64}
    words = {"verdict": pl.String, "sentence": pl.String}
    return pl.DataFrame(rows, schema={**rates.schema, **numbers, **words}).select(_COLUMNS)


def verdict_of(survey: Survey, school_id: str) -> dict[str, object]:
    """A school's row of `verdicts`. Raises KeyError for one that is not seen."""
    rates = survey.response_rates.filter(pl.col("school_id") == school_id)
    if rates.is_empty() or school_id == DISTRICT:
        raise KeyError(school_id)
    return _with_verdict(survey, rates.row(0, named=True), wait=True)


def are_known(survey: Survey) -> bool:
    """Whether the verdicts of all schools that are seen are worked out."""
    known = of_whole(district_of(survey))
    return all(map(known.knows, survey.schools["school_id"]))


def can_be_shown(headcount: object) -> bool:
    """Whether a school is large enough to be shown when everybody there answers."""
    return not isinstance(headcount, int) or headcount >= FEWEST


def _missing_answers(survey: Survey, rate: Mapping[str, object]) -> int | None:
    """How many answers are missing to the target, of a row of `response_rates`; null where it cannot be told."""
    staff, answered = rate["headcount"], rate["respondents"]
    if not (isinstance(staff, int) and isinstance(answered, int)):
        return None
    return max(0, needed_answers(survey.target_share, staff) - answered)


def _with_verdict(survey: Survey, rate: dict[str, object], *, wait: bool) -> dict[str, object]:
    school_id, status = str(rate["school_id"]), rate["status"]
    row = {**rate, "probability": None, "more_answers": None, "missing": _missing_answers(survey, rate)}
    if status in ("too few", "no answers"):
        verdict = "too early" if can_be_shown(rate["headcount"]) else "unknown"
        return {**row, "verdict": verdict, "sentence": _sentence(survey, row, verdict)}
    known = of_whole(district_of(survey))
    if not wait and not known.knows(school_id):
        return {**row, "verdict": None, "sentence": f"{_counted(rate)}. What that means is being worked out."}
    found = known.of(school_id)
    if found is None:
        return {**row, "verdict": "unknown", "sentence": _sentence(survey, row, "unknown")}
    verdict, more = _verdict(found, rate), known.more_answers(school_id)
    if verdict == "leaning" and found.top_two >= SAFE:
        more = needed_answers(LEAST_SHARE, found.headcount) - cast(int, rate["respondents"])
    row |= {"probability": found.top_two, "more_answers": more, "verdict": verdict}
    return {**row, "sentence": _sentence(survey, row, verdict)}


def _verdict(found: Posterior, rate: Mapping[str, object]) -> str:
    if found.top_two >= SAFE and cast(float, rate["rate"]) >= LEAST_SHARE:
        return "safe"
    return "leaning" if found.top_two >= LEANING else "too early"


def _sentence(survey: Survey, row: Mapping[str, object], verdict: str) -> str:
    """What a verdict says to people, of a row of `verdicts`."""
    if row["suppressed"]:
        return f"The results are hidden: {row['reason']}."
    answered, staff, status, more = (row[name] for name in ("respondents", "headcount", "status", "more_answers"))
    counted = _counted(row)
    if answered == 0:
        return f"Nobody here has answered in {survey.wave_id} yet."
    if status == "no headcount":
        if isinstance(answered, int) and answered < FEWEST:
            return f"{counted}: too few to show."
        if _is_hidden(survey, row):
            return f"{counted}, {_STAYS_HIDDEN}"
        return f"{counted}; how many work here is not known, so nobody can say whether that is enough."
    if status == "check headcount":
        return f"{_people(answered)} answered, more than the {staff:,} on the list: check the number of staff."
    if status == "too few":
        return (
            f"Too early to decide: {counted}, too few to show."
            if verdict == "too early"
            else (f"{counted}: too few to show.")
        )
    if isinstance(staff, int) and staff > MOST_STAFF:
        return f"{counted}: check the number of staff."
    if verdict == "unknown":
        return f"{counted}, {_STAYS_HIDDEN}"
    what = "what is needed most" + (
        " of the skills that can be shown" if row["school_id"] in _hidden_in_part(district_of(survey)) else ""
    )
    if verdict == "safe":
        if answered == staff:
            return f"Safe to decide: all {staff:,} staff answered."
        return f"Safe to decide: {counted}; if the others are like them, hardly anything would change {what}."
    start = "Leaning, not yet safe" if verdict == "leaning" else "Too early to decide"
    if cast(float, row["rate"]) < LEAST_SHARE and cast(float, row["probability"]) >= SAFE:
        return f"{start}: {counted}. They agree, but too few answered to speak for everyone."
    if not isinstance(more, int):
        return f"{start}: {counted}, and those who did not could change {what}."
    return f"{start}: {counted}, and about {more:,} more would probably settle {what}."


_STAYS_HIDDEN = "but the results stay hidden: they would give away the answers of a smaller group."


def _is_hidden(survey: Survey, row: Mapping[str, object]) -> bool:
    """Whether no skill of the school can be shown, since that would tell of others."""
    skills = survey.skill_summary.filter(pl.col("school_id") == row["school_id"])
    return bool(skills["suppressed"].any()) and skills["share"].drop_nulls().is_empty()


@kept_by_district
def _hidden_in_part(whole: DistrictSurvey) -> frozenset[str]:
    """The schools with a skill that can't be shown: it may be needed more than those that are."""
    return frozenset(whole.skill_summary.filter("suppressed")["school_id"])


def _counted(row: Mapping[str, object]) -> str:
    answered, staff = row["respondents"], row["headcount"]
    return f"{_people(answered)} answered" if staff is None else f"{answered:,} of {staff:,} staff answered"


def _people(number: object) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
