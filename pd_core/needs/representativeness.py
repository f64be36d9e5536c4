"""Whether respondents are like the staff list, and how far that could move what a school needs most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import false_discovery_control, fisher_exact

from pd_core.codebook import PROFICIENT
from pd_core.disclosure.suppressed_frames import NO_ROLE, hide_any
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.measures.differences import CLEAR
from pd_core.needs.estimates import ENTRY, trainings
from pd_core.needs.posterior import DECIDED
from pd_core.storage import queries, responses
from pd_core.survey.counts import count
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.response_by_group import By, of_school, participation
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of
from pd_core.wording import whole as nearest

APART = 0.10
"""The difference of shares from which a group is called more or less than its part: one in ten of the answers."""
_NEEDS = {"skill_id": pl.String, "skill_name": pl.String, "people": pl.Int64, "people_weighted": pl.Int64}


def representation(survey: Survey, school_id: str, by: By) -> pl.DataFrame:
    """A row per group of a school's staff, greatest difference first: group_id, group_name, headcount, staff_share,
    respondents, answer_share, difference, differs.

    `staff_share` (0-1) is the group's part of the staff list, `answer_share` its part of all who answered, `difference`
    the second less the first. `differs`: that is `APART` or more, and more than chance explains if respondents are
    drawn at random from the staff list (two-sided hypergeometric test, as Fisher's), at 5% over all groups here
    (Benjamini and Hochberg). Groups as in `participation`, only those that are shown; no rows without answers.
    """
    rates = survey.response_rates.filter(pl.col("school_id") == school_id)
    groups = of_school(participation(survey, by), school_id).filter(~pl.col("suppressed"))
    staff, answered = rates.select("headcount", "respondents").row(0) if rates.height else (None, None)
    shares = {
        "staff_share": pl.col("headcount") / (staff or 1),
        "answer_share": pl.col("respondents") / (answered or 1),
    }
    rows = groups.with_columns(**shares).with_columns(difference=pl.col("answer_share") - pl.col("staff_share"))
    rows = rows if staff and answered else rows.clear()
    rows = rows.with_columns(differs=_differs(rows, int(staff or 0), int(answered or 0)))
    return rows.sort(pl.col("difference").abs(), descending=True, maintain_order=True).select(
        "group_id", "group_name", "headcount", "staff_share", "respondents", "answer_share", "difference", "differs"
    )


def _differs(groups: pl.DataFrame, staff: int, answered: int) -> pl.Series:
    """Which groups are more or less of the answers than chance explains, and by `APART` or more."""
    people, respondents = (groups[name].to_numpy() for name in ("headcount", "respondents"))
    chances = [
        fisher_exact([[inside, size - inside], [answered - inside, max(0, staff - size - answered + inside)]]).pvalue
        if inside <= min(size, answered)
        else 0.0  # more answered than the list has: the list is of other people
        for size, inside in zip(people.tolist(), respondents.tolist(), strict=True)
    ]
    clear = false_discovery_control(chances) <= CLEAR if chances else []
    is_clear = pl.Series("differs", clear, dtype=pl.Boolean)
    return is_clear & (groups["difference"].abs() >= APART).fill_null(False)


def weighted_needs(survey: Survey, school_id: str) -> pl.DataFrame:
    """A school's entry classes, greatest need first: skill_id, skill_name, people, people_weighted.

    `people` are of the headcount, in whole people, if all were like those who answered; `people_weighted` is the same
    with each role's answers weighted to its share of the staff list (post-stratification: Holt and Smith, 1979). Roles
    that are hidden at this school for any of these skills count together, so that nothing hidden follows. Null if fewer
    than two such groups answered about the skill; no rows if no number is shown, without a headcount that fits, or for
    a school that is not on the staff list.

    By role only: with a second grouping of the same people, the few who are together in one and apart in the other
    could be worked out.
    """
    is_entry = (pl.col("school_id") == school_id) & (pl.col("training") == ENTRY)
    shown = survey.seen(trainings(district_of(survey))).filter(is_entry & pl.col("people").is_not_null())
    rates = survey.response_rates.filter((pl.col("school_id") == school_id) & pl.col("status").is_in(DECIDED))
    if rates.is_empty() or "role" not in survey.codebook.items:
        return pl.DataFrame(schema=_NEEDS)
    cells = _cells(district_of(survey))
    place = cells.school_ids.index(school_id)
    if not cells.staff[place].any():
        return pl.DataFrame(schema=_NEEDS)
    alone, headcount = cells.stands_alone[place], int(rates["headcount"].item())
    staff = np.append(cells.staff[place][alone], headcount - cells.staff[place][alone].sum())
    rows = []
    for row in shown.to_dicts():
        item = cells.skill_ids.index(row["skill_id"])
        answered, below = (
            np.append(counts[item, place][alone], counts[item, place][~alone].sum())
            for counts in (cells.answered, cells.below)
        )
        counts = (answered > 0) & (staff > 0)
        weights = staff[counts] / max(1, staff[counts].sum())
        share = float(weights @ (below[counts] / answered[counts]))
        weighted = nearest(headcount * share) if counts.sum() > 1 else None
        rows.append((row["skill_id"], row["skill_name"], nearest(row["people"]), weighted))
    return pl.DataFrame(rows, schema=_NEEDS, orient="row").sort("people", descending=True, maintain_order=True)


@dataclass(frozen=True)
class _Cells:
    """People by skill (of entry classes), school and role: how many `answered`, and how many of them are `below`
    proficient.

    `staff` and `stands_alone` have the axes school, role: people on the staff list, and whether the role is shown for
    each of the skills. Not to be shown.
    """

    school_ids: list[str]
    skill_ids: list[str]
    answered: Counts
    below: Counts
    staff: Counts
    stands_alone: Flags


@kept_by_district
def _cells(whole: DistrictSurvey) -> _Cells:
    known = responses.respondents_by(whole.store, whole.wave_id, "role").filter(
        pl.col("school_id").is_in(whole.school_ids)
    )
    roles = sorted({NO_ROLE, *known["role"].drop_nulls()})  # the order of the tallies
    tallies = count(whole.store, whole.codebook, whole.wave_id, whole.school_ids, NO_ROLE)
    places = [place for place, item in enumerate(tallies.items) if item.kind == "proficiency"]
    at_level = tallies.at_level[places]
    answered = at_level.sum(axis=3)
    hidden, _ = hide_any(np.concatenate([tallies.everybody[None], answered]), knowers=whole.knowers)
    staff = np.zeros(tallies.everybody.shape, dtype=np.int64)
    for school_id, role, people in queries.roster_headcounts(whole.store).iter_rows():
        if school_id in whole.school_ids and role in roles:
            staff[whole.school_ids.index(school_id), roles.index(role)] = people
    is_role = np.array([role != NO_ROLE for role in roles])
    return _Cells(
        school_ids=whole.school_ids,
        skill_ids=[tallies.items[place].skill_id for place in places],
        answered=answered,
        below=at_level[..., :PROFICIENT].sum(axis=3),
        staff=staff,
        stands_alone=~hidden & (tallies.everybody > 0) & is_role,
    )
