"""Who has answered and who has not, by role and by grade band: how many people, never what they said."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME, NO_ROLE, crossed, suppressed
from pd_core.disclosure.suppression import FEWEST, SHOWN, TOO_FEW, Counts, hide_roles, hide_schools
from pd_core.measures.response_rates import with_response_rates
from pd_core.storage import queries, responses
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

By = Literal["role", "grade_band"]
BY: dict[By, str] = {"role": "role", "grade_band": "grade band"}
FEWEST_STAFF = 5
"""A group with fewer staff is left out: to say that so few are behind is to name people."""
FEWEST_STAFF_TO_TELL = 2 * FEWEST
"""The fewest staff of a group of which it is said that few answered: in a smaller one, that would almost say who."""


def participation(survey: Survey, by: By) -> pl.DataFrame:
    """A row per school and group of its staff, lowest rate first, hidden ones last; no rows without a staff list.

    school_id, school_name, group_id, group_name, headcount, listed, respondents, rate (0-1), status, told, is_behind,
    suppressed, reason.

    `listed` is the number on the staff list, and `headcount` that of those who count in the figure: of a shown group of
    the district it leaves out schools that must not. Groups with fewer than `FEWEST_STAFF` are left out. `respondents`
    gave that group in the form. Small groups are hidden as under a role filter (null numbers, status hidden); `told` is
    “18 of 40” or, for a hidden group that is large enough, that few answered. `is_behind`: the rate is known to be
    under the target. The district's rows are only for people who see all schools, and only if all schools with answers
    are on the staff list: otherwise they would reveal the others.
    """
    rows = _of_district(district_of(survey), by)
    if survey.scope.school_ids is not None:
        rows = rows.filter(pl.col("school_id") != DISTRICT)
    return survey.seen(rows)


def of_school(rows: pl.DataFrame, school_id: str) -> pl.DataFrame:
    """The rows of `participation` of one school, or of the district."""
    return rows.filter(pl.col("school_id") == school_id)


_SCHEMA = {
    **dict.fromkeys(("school_id", "school_name", "group_id", "group_name"), pl.String),
    **{
        "headcount": pl.Int64,
        "listed": pl.Int64,
        "respondents": pl.Int64,
        "rate": pl.Float64,
        "status": pl.String,
        "told": pl.String,
    },
    **{"is_behind": pl.Boolean, "suppressed": pl.Boolean, "reason": pl.String},
}


@kept_by_district
def _of_district(whole: DistrictSurvey, by: By) -> pl.DataFrame:
    """As `participation`, of all schools."""
    if by not in whole.codebook.items:
        return pl.DataFrame(schema=_SCHEMA)
    staff = queries.roster_by(whole.store, by).filter(pl.col("school_id").is_in(whole.school_ids))
    labels = whole.codebook.labels(by)
    known = staff.select("school_id", group_id=by, headcount=pl.col("headcount").cast(pl.Int64))
    known = known.filter(pl.col("group_id").is_in(list(labels)))
    rows = _counted(whole, by, list(labels)).join(
        known, on=["school_id", "group_id"], how="left", maintain_order="left"
    )
    rows = rows.with_columns(listed="headcount")
    of_schools = rows.filter(pl.col("school_id") != DISTRICT)
    answered = of_schools.filter(pl.col("respondents") > 0)["school_id"]
    if set(answered) <= set(staff["school_id"]):
        # The schools that count in the district's figure, and those without answers.
        in_figure = of_schools.filter(pl.col("counted") | (pl.col("respondents") == 0) & (pl.col("rule") == SHOWN))
        on_list = of_schools.group_by("group_id").agg(pl.col("headcount").sum().alias("on_list"))
        counted = in_figure.group_by("group_id").agg(pl.col("headcount").sum().alias("in_figure"))
        of_groups = on_list.join(counted, on="group_id", how="left")
        is_district, has_figure = pl.col("school_id") == DISTRICT, pl.col("rule").is_in([SHOWN, TOO_FEW])
        of_district = pl.when(has_figure).then("in_figure").otherwise("on_list")
        rows = rows.join(of_groups, on="group_id", how="left", maintain_order="left").with_columns(
            headcount=pl.when(is_district).then(of_district).otherwise("headcount"),
            listed=pl.when(is_district).then("on_list").otherwise("listed"),
        )
    rows = with_response_rates(
        rows.filter(pl.col("headcount") >= FEWEST_STAFF), target_share=whole.target_share, fewest=FEWEST
    )
    names = dict(zip(whole.school_ids, whole.schools["name"], strict=True)) | {DISTRICT: DISTRICT_NAME}
    is_few = pl.col("rule") == TOO_FEW
    rows = rows.with_columns(is_told=is_few & (pl.col("headcount") >= FEWEST_STAFF_TO_TELL))
    is_told, at_most = pl.col("is_told"), (FEWEST - 1) / pl.col("headcount")
    return (
        suppressed(rows, ["respondents", "rate"])
        .with_columns(
            school_name=pl.col("school_id").replace_strict(names, return_dtype=pl.String),
            group_name=pl.col("group_id").replace_strict(labels, return_dtype=pl.String),
            status=pl.when("suppressed").then(pl.lit("hidden")).otherwise("status"),
            told=pl.when(is_told)
            .then(pl.format(f"fewer than {FEWEST} of {{}}", "headcount"))
            .when("suppressed")
            .then(pl.lit(""))
            .otherwise(pl.format("{} of {}", "respondents", "headcount")),
            is_behind=pl.when(is_told)
            .then(at_most < whole.target_share)
            .otherwise((pl.col("rate") < whole.target_share).fill_null(value=False)),
        )
        .sort("rate", nulls_last=True, maintain_order=True)
        .select(
            "school_id", "school_name", "group_id", "group_name", "headcount", "listed", "respondents", "rate",
            "status", "told", "is_behind", "suppressed", "reason",
        )
    )  # fmt: skip


def _counted(whole: DistrictSurvey, by: By, labels: list[str]) -> pl.DataFrame:
    """school_id, group_id, respondents, rule: of each group of `labels`, in each school and in the district."""
    found = responses.respondents_by(whole.store, whole.wave_id, by)
    found = found.filter(pl.col("school_id").is_in(whole.school_ids)).with_columns(pl.col(by).fill_null(NO_ROLE))
    groups = sorted({*labels, *found[by].to_list()})  # as under a role filter, so that ties fall alike
    counts: Counts = np.zeros((len(whole.school_ids) + 1, len(groups)), dtype=np.int64)
    schools, places = ({name: place for place, name in enumerate(names)} for names in (whole.school_ids, groups))
    for school_id, group, respondents in found.select("school_id", by, "respondents").iter_rows():
        counts[schools[school_id], places[group]] += respondents
    of_schools = counts[:-1]
    schools_rules = hide_schools(of_schools.sum(axis=1), knowers=whole.knowers)
    hidden = hide_roles(of_schools, schools_rules, knowers=whole.knowers)
    counts[-1] = (of_schools * hidden.counted).sum(axis=0)
    return pl.DataFrame(
        {
            "school_id": crossed([*whole.school_ids, DISTRICT], after=len(groups)),
            "group_id": crossed(groups, before=len(whole.school_ids) + 1),
            "respondents": counts.ravel(),
            "rule": np.vstack([hidden.rules, hidden.districts[None]]).ravel(),
            "counted": np.vstack([hidden.counted, np.ones((1, len(groups)), dtype=np.bool_)]).ravel(),
        },
        schema={
            **{"school_id": pl.String, "group_id": pl.String, "respondents": pl.Int64},
            **{"rule": pl.Int8, "counted": pl.Boolean},
        },
    )
