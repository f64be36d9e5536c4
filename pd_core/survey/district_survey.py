"""One wave of the whole district, counted, measured, and with small groups hidden; only for this package.

Pages, files and commands get a `Survey` of it: the rows that their scope sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.cache import Cache
from pd_core.codebook import PROFICIENT, SAMR_LEVELS, THEN, Codebook, Item
from pd_core.disclosure.suppressed_frames import EVERYBODY, crossed, hide, suppressed, with_district
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.measures.intervals import with_wilson_interval
from pd_core.storage import Store, queries, responses
from pd_core.survey.counts import Tallies, count
from pd_core.survey.knowers import knowers
from pd_core.survey.response_rates import response_rates

P = ParamSpec("P")
T = TypeVar("T")
_MAX_RESULTS, _MAX_BYTES = 4_000, 32_000_000
"""What is kept of one wave under one filter, besides its own tables."""
_kept = Cache(max_entries=24, max_bytes=1_000_000)
"""Surveys by store, version, wave and filter; each bounds its own results."""


def district_survey(
    store: Store, codebook: Codebook, wave_id: str, role: str | None, target_share: float
) -> DistrictSurvey:
    """The survey of a wave, for one role or all; kept until anything is written, and shared by all scopes.

    The first survey of a new version of the store replaces those of earlier ones.
    """
    place, version = (id(store), id(codebook), store.location), store.version()
    return _kept.get(
        (place, version, wave_id, role, target_share),
        lambda: DistrictSurvey(store, codebook, wave_id, role, target_share),
        outdated=lambda key: key[0] == place and key[1] != version,
    )


def kept_by_district(
    function: Callable[Concatenate[DistrictSurvey, P], T],
) -> Callable[Concatenate[DistrictSurvey, P], T]:
    """Make a function of a district's survey work once for the same arguments, as long as that survey is kept."""

    @wraps(function)
    def kept(district: DistrictSurvey, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (function.__module__, function.__qualname__, *args, *sorted(kwargs.items()))
        return district.results.get(key, lambda: function(district, *args, **kwargs))

    return cast(Callable[Concatenate[DistrictSurvey, P], T], kept)


class DistrictSurvey:
    """Tables of one wave under one role filter, each made when first asked for.

    Rows come by school name, the district (`school_id` “district”) last. In a hidden group every number is null,
    `suppressed` is true and `reason` says which rule hid it.
    """

    def __init__(self, store: Store, codebook: Codebook, wave_id: str, role: str | None, target_share: float) -> None:
        self.wave_id = wave_id
        self.role = role
        self.store = store
        self.codebook = codebook
        self.target_share = target_share
        self.results = Cache(_MAX_RESULTS, _MAX_BYTES)
        self.schools = queries.schools(store, EVERYTHING)
        self.school_ids: list[str] = self.schools["school_id"].to_list()

    @cached_property
    def headcounts(self) -> pl.DataFrame:
        """school_id, headcount of the people that the role filter keeps: of a role by the staff list; null: unknown."""
        if self.role is None:
            return self.schools.select("school_id", pl.col("headcount").cast(pl.Int64))
        roster = queries.roster_headcounts(self.store).filter(pl.col("role") == self.role)
        return self.schools.select("school_id").join(
            roster.select("school_id", "headcount"), on="school_id", how="left", maintain_order="left"
        )

    @cached_property
    def response_rates(self) -> pl.DataFrame:
        """As `response_rates.response_rates`."""
        return response_rates(self)

    @cached_property
    def answered_of_staff(self) -> tuple[int, int]:
        """How many answered in schools with a known headcount, and in the others; hidden schools count in neither."""
        schools = self.response_rates.filter((pl.col("school_id") != DISTRICT) & ~pl.col("suppressed"))
        is_known = pl.col("headcount").is_not_null()
        known, others = schools.filter(is_known), schools.filter(~is_known)
        return int(known["respondents"].sum()), int(others["respondents"].sum())

    @cached_property
    def left_out(self) -> int:
        """How many answered in schools that are too small to show and count in none of the district's figures."""
        left_out = (pl.col("item_id") == EVERYBODY) & ~pl.col("counted") & (pl.col("rule") != 0)
        return int(self.groups.filter(left_out)["respondents"].sum())

    @cached_property
    def counted_schools(self) -> frozenset[str]:
        """The schools whose answers are in the district's figures."""
        counted = (pl.col("item_id") == EVERYBODY) & pl.col("counted") & ~pl.col("is_district")
        return frozenset(self.groups.filter(counted)["school_id"])

    @cached_property
    def skill_shares(self) -> pl.DataFrame:
        """As `proficiency`, with intervals of 95%."""
        return self.proficiency(confidence=0.95)

    @cached_property
    def skill_summary(self) -> pl.DataFrame:
        """As `Survey.skill_summary`, of all schools."""
        return self.skill_shares.drop("headcount")

    @cached_property
    def then_summary(self) -> pl.DataFrame:
        """As `skill_summary`, of what people say, looking back, that they could do then."""
        return self._able(self.codebook.items_of(THEN), confidence=0.95).drop("headcount")

    def proficiency(self, confidence: float) -> pl.DataFrame:
        """As in `measured`: `respondents` answered about the skill; `proficient` of them are at level 2 or above."""
        return self._able(self.codebook.items_of("proficiency"), confidence)

    def _able(self, items: list[Item], confidence: float) -> pl.DataFrame:
        counts = self.by_level(items)
        able = pl.col("at_level").filter(pl.col("answer_level") >= PROFICIENT)
        rows = counts.group_by("school_id", "skill_id", maintain_order=True).agg(
            pl.col("at_level").sum().alias("respondents"), able.sum().alias("proficient")
        )
        return self.measured(rows, self.rules(items), count="proficient", confidence=confidence)

    def measured(
        self, rows: pl.DataFrame, rules: pl.DataFrame, *, count: str, others: Sequence[str] = (), confidence: float
    ) -> pl.DataFrame:
        """Shares of schools and of the district with their intervals, hidden groups without numbers.

        `rows` has, for each school and skill, school_id, skill_id, respondents and the columns `count` and `others`;
        `rules` has school_id, skill_id, rule, also for the district. Gives wave_id, school_id, school_name, skill_id,
        skill_name, respondents, `count` and its share, share_low, share_high (0-1; the district's weighted by
        headcount, its hidden schools together), headcount (the district's: of the schools behind its share, null if
        that is hidden), share_se (the district's standard error of its share, null for schools), suppressed, reason,
        `others`.
        """
        schools = with_wilson_interval(
            self.placed(rows), count=count, base="respondents", population="headcount", confidence=confidence
        ).with_columns(share_se=pl.lit(None, pl.Float64))
        both = with_district(schools, rules, by=["skill_id"], count=count, others=others, confidence=confidence)
        both = suppressed(both, ["respondents", count, *others, "share", "share_low", "share_high", "share_se"])
        unknown = pl.col("suppressed") & (pl.col("school_id") == DISTRICT)
        both = both.with_columns(headcount=pl.when(~unknown).then("headcount"))
        return both.select(
            *self.leading_columns(), "respondents", count, "share", "share_low", "share_high", "share_se",
            "headcount", "suppressed", "reason", *others,
        )  # fmt: skip

    @cached_property
    def skill_levels(self) -> pl.DataFrame:
        """As `Survey.skill_levels`, of all schools."""
        return self._levels("proficiency")

    @cached_property
    def samr_levels(self) -> pl.DataFrame:
        """As `Survey.samr_levels`, of all schools."""
        return self._levels("samr")

    def _levels(self, kind: str) -> pl.DataFrame:
        items = self.codebook.items_of(kind)
        rows = self.placed(self.by_level(items)).with_columns(
            respondents=pl.col("at_level").sum().over("school_id", "skill_id")
        )
        if kind == "samr":
            rows = rows.drop("headcount").join(self.teaching_staff, on="school_id", how="left", maintain_order="left")
        share = pl.when(pl.col("respondents") > 0).then(pl.col("at_level") / pl.col("respondents"))
        both = with_district(
            rows.with_columns(share=share), self.rules(items), by=["skill_id", "answer_level"], count="at_level"
        )
        both = suppressed(both, ["at_level", "share", "respondents"])
        return self.as_levels(both.rename({"respondents": "answered"}), kind)

    def as_levels(self, rows: pl.DataFrame, kind: str) -> pl.DataFrame:
        """The columns of `skill_levels` (kind “proficiency”) or `samr_levels` (“samr”), of rows that have school_id,
        school_name, skill_id, answer_level, at_level, answered, share, suppressed, reason."""
        level = pl.col("answer_level")
        label = level.replace_strict(self.codebook.level_labels(kind), return_dtype=pl.String)
        if kind == "samr":
            level = level.replace_strict(dict(enumerate(SAMR_LEVELS)), return_dtype=pl.Enum(SAMR_LEVELS))
        return rows.select(
            *self.leading_columns(), level.alias("level"), label.alias("level_label"),
            pl.col("at_level").alias("respondents"), "answered", "share", "suppressed", "reason",
        )  # fmt: skip

    @cached_property
    def teaching_staff(self) -> pl.DataFrame:
        """school_id, headcount of staff whose role teaches: from the staff list, or estimated from respondents."""
        others = list(self.codebook.other_roles)
        if self.role is not None or not others:
            return self.headcounts
        roster = (
            queries.roster_headcounts(self.store)
            .group_by("school_id")
            .agg(listed=pl.col("headcount").filter(~pl.col("role").is_in(others).fill_null(False)).sum().cast(pl.Int64))
        )
        told = (
            responses.respondents_by(self.store, self.wave_id, "role")
            .group_by("school_id")
            .agg(
                teaching=pl.col("respondents").filter(~pl.col("role").is_in(others).fill_null(False)).sum(),
                everybody=pl.col("respondents").sum(),
            )
        )
        rows = self.headcounts.join(roster, on="school_id", how="left", maintain_order="left")
        rows = rows.join(told, on="school_id", how="left", maintain_order="left")
        part = (pl.col("headcount") * pl.col("teaching") / pl.col("everybody")).round().cast(pl.Int64)
        known = pl.when(pl.col("headcount").is_not_null()).then(pl.coalesce("listed", part, "headcount"))
        return rows.select("school_id", headcount=known)

    @cached_property
    def tallies(self) -> Tallies:
        """All counts; nothing is hidden in them."""
        return count(self.store, self.codebook, self.wave_id, self.school_ids, self.role)

    @cached_property
    def groups(self) -> pl.DataFrame:
        """As `hide`, for all respondents (item `EVERYBODY`) and for those of each item."""
        counts = np.concatenate([self.tallies.everybody[None], self.tallies.at_level.sum(axis=3)])
        return self.hidden(counts, [EVERYBODY, *(item.item_id for item in self.tallies.items)])

    @cached_property
    def knowers(self) -> Flags:
        """As `knowers.knowers`."""
        return knowers(self.store, self.school_ids)

    def hidden(self, counts: Counts, item_ids: list[str], parts: Mapping[str, Counts] | None = None) -> pl.DataFrame:
        """As `hide`, of respondents counted by item, school and role as in `tallies`."""
        everybody = self.tallies.everybody
        role = None if self.role is None else self.tallies.role
        return hide(counts, item_ids, self.school_ids, role, parts, everybody, self.knowers)

    def rules(self, items: list[Item]) -> pl.DataFrame:
        skills = {item.item_id: item.skill_id for item in items}
        return self.groups.filter(pl.col("item_id").is_in(list(skills))).select(
            "school_id", "rule", "counted", skill_id=pl.col("item_id").replace_strict(skills, return_dtype=pl.String)
        )

    def by_level(self, items: list[Item]) -> pl.DataFrame:
        """school_id, skill_id, answer_level, at_level: for each listed school and item, also without answers."""
        places = [self.tallies.items.index(item) for item in items]
        return self.as_rows(items, self.tallies.at_level[places, :, self.tallies.role])

    def as_rows(self, items: list[Item], at_level: Counts) -> pl.DataFrame:
        """As `by_level`, of people counted by item, school and level."""
        levels = max((len(self.codebook.scales[item.scale_id]) for item in items), default=0)
        of_role = at_level[..., :levels]
        return pl.DataFrame(
            {
                "school_id": crossed(self.school_ids, after=len(items) * levels),
                "skill_id": crossed([item.skill_id for item in items], before=len(self.school_ids), after=levels),
                "answer_level": crossed(list(range(levels)), before=len(self.school_ids) * len(items)),
                "at_level": of_role.transpose(1, 0, 2).ravel(),
            },
            schema={"school_id": pl.String, "skill_id": pl.String, "answer_level": pl.Int64, "at_level": pl.Int64},
        )

    def placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add the school's name, level and headcount."""
        return rows.join(self._places, on="school_id", how="left", maintain_order="left")

    @cached_property
    def _places(self) -> pl.DataFrame:
        places = self.schools.select("school_id", school_name="name", level="level")
        return places.join(self.headcounts, on="school_id", how="left", maintain_order="left")

    def leading_columns(self) -> list[pl.Expr]:
        names = {skill_id: skill.name for skill_id, skill in self.codebook.skills.items()}
        skill_name = pl.col("skill_id").replace_strict(names, return_dtype=pl.String).alias("skill_name")
        wave_id = pl.lit(self.wave_id).alias("wave_id")
        return [wave_id, pl.col("school_id"), pl.col("school_name"), pl.col("skill_id"), skill_name]
