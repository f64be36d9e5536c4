"""Groups that are too small to show alone, counted together: small schools, and the other roles of a school."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from pd_core.codebook import PROFICIENT, Item
from pd_core.disclosure.suppressed_frames import OTHER_ROLES, SMALL_SCHOOLS, hide_item, suppressed, together
from pd_core.disclosure.suppression import SHOWN
from pd_core.measures.intervals import with_wilson_interval
from pd_core.survey.district_survey import DistrictSurvey

_WISHES = {
    **dict.fromkeys(("wave_id", "school_id", "school_name", "code", "label"), pl.String),
    **{"respondents": pl.Int64, "share": pl.Float64, "answered": pl.Int64, "suppressed": pl.Boolean},
    "reason": pl.String,
}


class SmallGroups:
    """The rows of small groups together that a scope sees, in the columns of the survey's tables.

    `school_id` is `SMALL_SCHOOLS` for the small schools (with a role filter: the small groups of that role) that count
    in the district's figure, and a school's id followed by `OTHER_ROLES` for the roles that are merged there; these are
    present if one of the merged roles is asked for. No number is hidden: 5 people or more answered in each.
    """

    def __init__(self, whole: DistrictSurvey, seen: Callable[[pl.DataFrame, str], pl.DataFrame]) -> None:
        self._whole = whole
        self._seen = seen

    @property
    def skill_summary(self) -> pl.DataFrame:
        """As `Survey.skill_summary`; no interval for other roles together, whose headcount is not known."""
        return self._kept("skill summary", self._summary)

    def _summary(self) -> pl.DataFrame:
        able = pl.col("at_level").filter(pl.col("answer_level") >= PROFICIENT)
        rows = self._rows("proficiency")
        rows = rows.group_by("school_id", "school_name", "skill_id", maintain_order=True).agg(
            pl.col("headcount").first(), respondents=pl.col("at_level").sum(), proficient=able.sum()
        )
        rows = with_wilson_interval(rows, count="proficient", base="respondents", population="headcount")
        return _shown(rows.with_columns(share_se=pl.lit(None, pl.Float64))).select(
            *self._whole.leading_columns(), "respondents", "proficient", "share", "share_low", "share_high",
            "share_se", "suppressed", "reason",
        )  # fmt: skip

    @property
    def skill_levels(self) -> pl.DataFrame:
        """As `Survey.skill_levels`."""
        return self._kept("skill levels", lambda: self._levels("proficiency"))

    @property
    def samr_levels(self) -> pl.DataFrame:
        """As `Survey.samr_levels`."""
        return self._kept("samr levels", lambda: self._levels("samr"))

    def wishes(self, item_id: str) -> pl.DataFrame:
        """As `preferences.wishes`, of a question with several answers; in the order of the codebook."""
        return self._kept(item_id, lambda: self._wishes(item_id))

    def _wishes(self, item_id: str) -> pl.DataFrame:
        whole, tallies = self._whole, self._whole.tallies
        answered, chosen = tallies.answered[item_id], tallies.chosen[item_id]
        hidden = hide_item(tallies.everybody, answered, knowers=whole.knowers)
        rules, counted, _ = hidden.of(None if whole.role is None else tallies.role)
        small = counted & (rules != SHOWN)
        name = f"{self._small_name} ({small.sum()} schools)"
        groups = [(SMALL_SCHOOLS, name, answered[small, tallies.role].sum(), chosen[small, tallies.role].sum(axis=0))]
        for school, (school_id, name) in enumerate(whole.schools.select("school_id", "name").iter_rows()):
            merged = hidden.roles.merged[school] & (whole.role is not None)
            if merged[tallies.role]:
                people = answered[school][merged].sum()
                of_roles = chosen[school][merged].sum(axis=0)
                groups.append((school_id + OTHER_ROLES, f"{name}, other roles together ({people})", people, of_roles))
        labels = whole.codebook.labels(whole.codebook.items[item_id].scale_id)
        rows = [
            (whole.wave_id, school_id, name, code, label, int(number), number / people, int(people), False, "")
            for school_id, name, people, numbers in groups
            if people
            for (code, label), number in zip(labels.items(), numbers, strict=True)
        ]
        return pl.DataFrame(rows, schema=_WISHES, orient="row")

    def _kept(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The rows that the scope sees of what `make` gives, which is made once for all scopes."""
        return self._seen(self._whole.results.get((__name__, name), make), f"small groups: {name}")

    @property
    def _small_name(self) -> str:
        return "Small schools together" if self._whole.role is None else "Small groups of this role together"

    @property
    def schools_together(self) -> int:
        """How many schools at most are in one row of small schools together, as far as the scope sees that; 0: none."""
        rows = self._kept("small schools", lambda: self._small("proficiency"))
        return int(rows["schools"].max() or 0)  # type: ignore[arg-type]

    def _levels(self, kind: str) -> pl.DataFrame:
        rows = self._rows(kind).with_columns(answered=pl.col("at_level").sum().over("school_id", "skill_id"))
        rows = _shown(rows.with_columns(share=pl.col("at_level") / pl.col("answered")))
        return self._whole.as_levels(rows, kind)

    def _rows(self, kind: str) -> pl.DataFrame:
        """school_id, school_name, skill_id, answer_level, at_level, headcount: of the groups with people."""
        columns = ["school_id", "school_name", "skill_id", "answer_level", "at_level", "headcount"]
        parts = [self._small(kind), self._other_roles(self._whole.codebook.items_of(kind))]
        found = pl.concat([part.select(columns) for part in parts], how="vertical_relaxed")
        return found.filter(pl.col("at_level").sum().over("school_id", "skill_id") > 0)

    def _small(self, kind: str) -> pl.DataFrame:
        """As `_rows`, of the small schools together, with how many `schools` they are."""
        whole, items = self._whole, self._whole.codebook.items_of(kind)
        schools = whole.placed(whole.by_level(items)).with_columns(
            respondents=pl.col("at_level").sum().over("school_id", "skill_id")
        )
        schools = schools.join(whole.rules(items), on=["school_id", "skill_id"], how="left", maintain_order="left")
        small = together(schools, ["skill_id", "answer_level"], ["at_level"])
        return small.with_columns(school_name=pl.format(f"{self._small_name} ({{}} schools)", "schools"))

    def _other_roles(self, items: list[Item]) -> pl.DataFrame:
        """As `_rows`, for the schools where the role asked for is merged with others."""
        whole, tallies = self._whole, self._whole.tallies
        places = [tallies.items.index(item) for item in items]
        at_level = tallies.at_level[places]
        counts = np.zeros((*at_level.shape[:2], at_level.shape[3]), dtype=np.int64)
        if whole.role is not None:
            for place, answered in enumerate(at_level.sum(axis=3)):
                merged = hide_item(tallies.everybody, answered, knowers=whole.knowers).roles.merged
                asked = merged & merged[:, tallies.role, None]
                counts[place] = (at_level[place] * asked[:, :, None]).sum(axis=1)
        rows = whole.placed(whole.as_rows(items, counts))
        people = pl.col("at_level").sum().over("school_id", "skill_id")
        return rows.with_columns(
            school_id=pl.col("school_id") + OTHER_ROLES,
            school_name=pl.format("{}, other roles together ({})", "school_name", people),
            headcount=pl.lit(None, pl.Int64),
        )


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    return suppressed(rows.with_columns(rule=pl.lit(SHOWN, pl.Int8)), [])
