"""One wave of the survey, counted, measured, and with small groups hidden: what every table and page is made of."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cached_property

import numpy as np
import polars as pl

from pd_core.codebook import LEVEL_KINDS, PROFICIENT, SAMR_LEVELS, Codebook, Item
from pd_core.measures.district import district_share
from pd_core.measures.intervals import with_wilson_interval
from pd_core.measures.response_rates import with_response_rates
from pd_core.storage import Store, queries
from pd_core.summaries import suppression

DISTRICT = "district"
DISTRICT_NAME = "District"
ANY_ROLE = ""
_KEPT = 24
_surveys: OrderedDict[tuple[object, ...], Survey] = OrderedDict()
_lock = threading.Lock()


def survey(
    store: Store, codebook: Codebook, wave_id: str, role: str | None = None, target_share: float = 0.6
) -> Survey:
    """The survey of a wave, for one role or all; kept until anything is written, and shared by all who ask.

    `role` is a code of the scale `role`. Nothing in it says what a hidden group answered.
    """
    key = (id(store), store.location, store.version(), wave_id, role, target_share)
    with _lock:
        if key in _surveys:
            _surveys.move_to_end(key)
            return _surveys[key]
    found = Survey(store, codebook, wave_id, role, target_share)
    with _lock:
        _surveys[key] = found
        while len(_surveys) > _KEPT:
            _surveys.popitem(last=False)
    return found


class Survey:
    """Tables of one wave under one role filter, each made when first asked for.

    Rows come by school name, the district (`school_id` “district”) last. In a hidden group every number is null, `suppressed` is
    true and `reason` says which rule hid it.
    """

    def __init__(self, store: Store, codebook: Codebook, wave_id: str, role: str | None, target_share: float) -> None:
        self.wave_id = wave_id
        self.role = role
        self.store = store
        self.codebook = codebook
        self.target_share = target_share
        self._items = codebook.items_of(*LEVEL_KINDS)
        self.schools = queries.schools(store)
        self._people = queries.respondents(store, wave_id=wave_id).with_columns(pl.col("role").fill_null("?"))

    @cached_property
    def headcounts(self) -> pl.DataFrame:
        """school_id, headcount of the people the role filter keeps (null: not known)."""
        if self.role is None:
            return self.schools.select("school_id", pl.col("headcount").cast(pl.Int64))
        roster = queries.roster_headcounts(self.store).filter(pl.col("role") == self.role)
        return self.schools.select("school_id").join(
            roster.select("school_id", "headcount"), on="school_id", how="left", maintain_order="left"
        )

    @cached_property
    def _bases(self) -> pl.DataFrame:
        """school_id, item_id, respondents and the rule that hides them; item_id “” stands for everybody who answered."""
        counts = self._level_counts
        bases = counts.group_by("school_id", "role", "item_id").agg(pl.col("respondents").sum())
        everybody = self._people.select("school_id", "role", item_id=pl.lit(""), respondents="respondents")
        if self.role is None:
            everybody = everybody.group_by("school_id", "item_id").agg(pl.col("respondents").sum())
            everybody = everybody.with_columns(role=pl.lit(ANY_ROLE)).select(bases.columns)
        return _hide(pl.concat([bases, everybody.select(bases.columns)]), self.schools["school_id"], self.role)

    @cached_property
    def _level_counts(self) -> pl.DataFrame:
        levels = {item.item_id: len(self.codebook.scales[item.scale_id]) for item in self._items}
        found = queries.level_counts(self.store, levels, wave_id=self.wave_id, by_role=self.role is not None)
        if self.role is None:
            return found.with_columns(role=pl.lit(ANY_ROLE))
        return found.with_columns(pl.col("role").fill_null("?"))

    @cached_property
    def response_rates(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, school_level, region, headcount, respondents, rate (0-1), status.

        The district's rate is that of the schools with a headcount; `headcount` is their sum. Under a role filter, small groups
        are hidden like any others.
        """
        hidden = self._bases.filter(pl.col("item_id") == "").select("school_id", "respondents", "rule")
        schools = self._named(hidden, self.schools["school_id"].to_list())
        if self.role is None:
            schools = schools.with_columns(rule=pl.lit(0, pl.Int8))  # who answered at all is no answer
        known = schools.filter(pl.col("headcount").is_not_null())
        district = pl.DataFrame(
            {
                "school_id": [DISTRICT],
                "school_name": [DISTRICT_NAME],
                "headcount": [known["headcount"].sum() if known.height else None],
                "respondents": [schools["respondents"].sum()],
            },
            schema_overrides={"headcount": pl.Int64, "respondents": pl.Int64},
        ).with_columns(rule=pl.lit(self._district_rule("") if self.role else 0, pl.Int8))
        rows = with_response_rates(pl.concat([schools, district], how="diagonal"), target_share=self.target_share)
        if known.height and known.height < schools.height:
            answered, staff = int(known["respondents"].sum()), int(known["headcount"].sum())
            rows = rows.with_columns(
                rate=pl.when(pl.col("school_id") == DISTRICT).then(min(1.0, answered / staff)).otherwise("rate")
            )
        rows = suppressed(rows, ["respondents", "rate"]).with_columns(
            status=pl.when("suppressed").then(pl.lit("hidden")).otherwise("status")
        )
        return rows.select(
            pl.lit(self.wave_id).alias("wave_id"), "school_id", "school_name", "school_level", "region",
            "headcount", "respondents", "rate", "status", "suppressed", "reason",
        )  # fmt: skip

    @cached_property
    def skill_summary(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, skill_id, skill_name, respondents, proficient, share, share_low, share_high.

        `respondents` answered about the skill; `proficient` of them are at level 2 or above; `share` (0-1) is theirs of the
        respondents, for the district weighted by headcount; its interval is null without a headcount.
        """
        items = [item for item in self._items if item.kind == "proficiency"]
        counts = (
            self._counts(items)
            .group_by("school_id", "item_id", maintain_order=True)
            .agg(proficient=pl.col("at_level").filter(pl.col("answer_level") >= PROFICIENT).sum())
        )
        skills = {item.item_id: item.skill_id for item in items}
        rows = counts.join(self._bases, on=["school_id", "item_id"], how="left", maintain_order="left").select(
            "school_id",
            "proficient",
            pl.col("respondents").fill_null(0),
            skill_id=pl.col("item_id").replace_strict(skills, return_dtype=pl.String),
        )
        rules = self._bases.filter(pl.col("item_id").is_in(list(skills))).select(
            "school_id", "rule", skill_id=pl.col("item_id").replace_strict(skills, return_dtype=pl.String)
        )
        return self.measured(rows, rules, count="proficient").drop("headcount")

    def measured(self, rows: pl.DataFrame, rules: pl.DataFrame, *, count: str) -> pl.DataFrame:
        """Shares of schools and of the district with their intervals, hidden groups without numbers.

        `rows` has, for each school and skill, school_id, skill_id, respondents and the column `count`; `rules` has school_id,
        skill_id and rule, also for the district. Gives wave_id, school_id, school_name, skill_id, skill_name, respondents, `count`,
        share, share_low, share_high (0-1; the district's weighted by headcount), headcount, suppressed, reason.
        """
        schools = self._placed(rows)
        district = district_share(schools, by=["skill_id"], count=count).rename({"count": count})
        schools = with_wilson_interval(schools, count=count, base="respondents", population="headcount")
        both = _stacked(schools, district).join(rules, on=["school_id", "skill_id"], how="left", maintain_order="left")
        both = suppressed(both, ["respondents", count, "share", "share_low", "share_high"])
        return both.select(
            *self._leading_columns(), "respondents", count, "share", "share_low", "share_high", "headcount",
            "suppressed", "reason",
        )  # fmt: skip

    @cached_property
    def skill_levels(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, skill_id, skill_name, level (0-3), level_label, respondents, share."""
        return self._levels("proficiency").with_columns(pl.col("level").cast(pl.Int64))

    @cached_property
    def samr_levels(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, skill_id, skill_name, level (none, S, A, M, R), level_label, respondents, share."""
        names = dict(enumerate(SAMR_LEVELS))
        return self._levels("samr").with_columns(
            pl.col("level").replace_strict(names, return_dtype=pl.Enum(SAMR_LEVELS))
        )

    def _levels(self, kind: str) -> pl.DataFrame:
        items = [item for item in self._items if item.kind == kind]
        skills = {item.item_id: item.skill_id for item in items}
        rows = self._placed(
            self._counts(items)
            .join(self._bases.drop("rule"), on=["school_id", "item_id"], how="left", maintain_order="left")
            .with_columns(pl.col("respondents").fill_null(0))
        )
        share = pl.when(pl.col("respondents") > 0).then(pl.col("at_level") / pl.col("respondents"))
        district = district_share(rows, by=["item_id", "answer_level"], count="at_level").rename({"count": "at_level"})
        both = _stacked(rows.with_columns(share=share), district).join(
            self._bases.select("school_id", "item_id", "rule"),
            on=["school_id", "item_id"],
            how="left",
            maintain_order="left",
        )
        both = both.with_columns(skill_id=pl.col("item_id").replace_strict(skills, return_dtype=pl.String))
        return suppressed(both, ["at_level", "share"]).select(
            *self._leading_columns(),
            level="answer_level",
            level_label=pl.col("answer_level").replace_strict(self.codebook.level_labels(kind), return_dtype=pl.String),
            respondents="at_level",
            share="share",
            suppressed="suppressed",
            reason="reason",
        )

    def _counts(self, items: list[Item]) -> pl.DataFrame:
        """school_id, item_id, answer_level, at_level: for each listed school and item, also those that nobody answered."""
        wanted = [item.item_id for item in items]
        counts = self._level_counts.filter(pl.col("item_id").is_in(wanted))
        if self.role is not None:
            counts = counts.filter(pl.col("role") == self.role)
        levels = pl.DataFrame(
            [
                (place, item.item_id, level)
                for place, item in enumerate(items)
                for level in range(len(self.codebook.scales[item.scale_id]))
            ],
            schema={"place": pl.Int64, "item_id": pl.String, "answer_level": pl.Int64},
            orient="row",
        )
        grid = self.schools.select("school_id").join(levels, how="cross")
        found = grid.join(
            counts.select("school_id", "item_id", answer_level="level", at_level="respondents"),
            on=["school_id", "item_id", "answer_level"],
            how="left",
            maintain_order="left",
        )
        return found.drop("place").with_columns(pl.col("at_level").fill_null(0))

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Adds the school's name, level and headcount."""
        names = self.schools.select("school_id", school_name="name", level="level")
        return rows.join(names, on="school_id", how="left", maintain_order="left").join(
            self.headcounts, on="school_id", how="left", maintain_order="left"
        )

    def _named(self, frame: pl.DataFrame, school_ids: list[str]) -> pl.DataFrame:
        schools = self.schools.filter(pl.col("school_id").is_in(school_ids)).select(
            "school_id", school_name="name", school_level="level", region="region"
        )
        return (
            schools.join(frame, on="school_id", how="left", maintain_order="left")
            .with_columns(pl.col("respondents").fill_null(0), pl.col("rule").fill_null(0))
            .join(self.headcounts, on="school_id", how="left", maintain_order="left")
        )

    def _district_rule(self, item_id: str) -> int:
        row = self._bases.filter((pl.col("school_id") == DISTRICT) & (pl.col("item_id") == item_id))
        return int(row["rule"].item()) if row.height else 0

    def _leading_columns(self) -> list[pl.Expr]:
        names = {skill_id: skill.name for skill_id, skill in self.codebook.skills.items()}
        skill_name = pl.col("skill_id").replace_strict(names, return_dtype=pl.String).alias("skill_name")
        wave_id = pl.lit(self.wave_id).alias("wave_id")
        return [wave_id, pl.col("school_id"), pl.col("school_name"), pl.col("skill_id"), skill_name]


def _stacked(schools: pl.DataFrame, district: pl.DataFrame) -> pl.DataFrame:
    district = district.with_columns(school_id=pl.lit(DISTRICT), school_name=pl.lit(DISTRICT_NAME))
    shared = [column for column in schools.columns if column in district.columns]
    return pl.concat([schools.select(shared), district.select(shared)], how="vertical_relaxed")


def suppressed(frame: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    """Takes every number out of hidden rows; adds suppressed and reason."""
    frame = frame.with_columns(pl.col("rule").fill_null(suppression.SHOWN))
    return frame.with_columns(
        *(pl.when(pl.col("rule") == suppression.SHOWN).then(name).alias(name) for name in numbers),
        suppressed=pl.col("rule") != suppression.SHOWN,
        reason=pl.col("rule").replace_strict(suppression.REASONS, return_dtype=pl.String),
    )


def hide(bases: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """The rule of each group of all staff: `bases` has school_id, item_id, respondents; the district is added."""
    return _hide(bases.with_columns(role=pl.lit(ANY_ROLE)), schools["school_id"], None)


def _hide(bases: pl.DataFrame, school_ids: pl.Series, role: str | None) -> pl.DataFrame:
    """school_id, item_id, respondents and rule of each group of `role` (null: everybody), and of the district."""
    roles = sorted(bases["role"].unique().to_list()) or [ANY_ROLE]
    place = {school_id: index for index, school_id in enumerate(school_ids.to_list())}
    found = []
    bases = bases.filter(pl.col("school_id").is_in(list(place)))
    everybody = _matrix(bases.filter(pl.col("item_id") == ""), place, roles).sum(axis=1)
    order = everybody if everybody.any() else None
    for (item_id,), rows in bases.group_by("item_id", maintain_order=True):
        counts = _matrix(rows, place, roles)
        hidden = suppression.hide_schools(counts.sum(axis=1), order)
        chosen, rules, total = counts.sum(axis=1), hidden.schools, hidden.district
        if role is not None:
            by_school, by_role = suppression.hide_roles(counts, hidden)
            index = roles.index(role) if role in roles else None
            chosen = counts[:, index] if index is not None else np.zeros(len(place), dtype=np.int64)
            rules = by_school[:, index] if index is not None else np.zeros(len(place), dtype=np.int8)
            total = int(by_role[index]) if index is not None else suppression.SHOWN
        found.append(
            pl.DataFrame(
                {
                    "school_id": [*place, DISTRICT],
                    "item_id": [item_id] * (len(place) + 1),
                    "respondents": [*chosen.tolist(), int(chosen.sum())],
                    "rule": [*rules.tolist(), total],
                },
                schema_overrides={"respondents": pl.Int64, "rule": pl.Int8},
            )
        )
    schema = {"school_id": pl.String, "item_id": pl.String, "respondents": pl.Int64, "rule": pl.Int8}
    return pl.concat(found) if found else pl.DataFrame(schema=schema)


def _matrix(rows: pl.DataFrame, place: dict[str, int], roles: list[str]) -> suppression.Counts:
    counts = np.zeros((len(place), len(roles)), dtype=np.int64)
    columns = {role: index for index, role in enumerate(roles)}
    at = [place[school_id] for school_id in rows["school_id"].to_list()]
    counts[at, [columns[role] for role in rows["role"].to_list()]] = rows["respondents"].to_numpy()
    return counts
