"""One wave of the whole district, counted, measured, and with small groups hidden; only for this package.

Pages, files and commands get a `Survey` of it: the rows that their scope sees.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.cache import Cache
from pd_core.codebook import PROFICIENT, SAMR_LEVELS, Codebook, Item
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME, EVERYBODY, crossed, hide, suppressed, with_district
from pd_core.disclosure.suppression import FEWEST, Counts, Flags
from pd_core.measures.intervals import with_wilson_interval
from pd_core.measures.response_rates import with_response_rates
from pd_core.storage import Store, queries, responses, roles
from pd_core.survey.counts import Tallies, count

P = ParamSpec("P")
T = TypeVar("T")
_KEPT = 24
_MAX_RESULTS, _MAX_BYTES = 4_000, 32_000_000
"""What is kept of one wave under one filter beside its own tables."""
_kept: OrderedDict[tuple[object, ...], DistrictSurvey] = OrderedDict()
_lock = threading.Lock()


def district_survey(
    store: Store, codebook: Codebook, wave_id: str, role: str | None, target_share: float
) -> DistrictSurvey:
    """The survey of a wave, for one role or all; kept until anything is written, and shared by all scopes.

    What was made of an earlier version of the store is dropped with the first question to a later one.
    """
    key = (id(store), id(codebook), store.location, store.version(), wave_id, role, target_share)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = DistrictSurvey(store, codebook, wave_id, role, target_share)
    with _lock:
        # Whoever was as quick has the same numbers; all go on with the first.
        found = _kept.setdefault(key, found)
        outdated = [old for old in _kept if old[:3] == key[:3] and old[3] != key[3]]
        for old in outdated:
            del _kept[old]
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def kept_by_district(
    function: Callable[Concatenate[DistrictSurvey, P], T],
) -> Callable[Concatenate[DistrictSurvey, P], T]:
    """Makes a function of a district's survey work once for the same arguments, for as long as that survey is kept."""

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
        """school_id, headcount of the people the role filter keeps (null: not known; a role's is the roster's)."""
        if self.role is None:
            return self.schools.select("school_id", pl.col("headcount").cast(pl.Int64))
        roster = queries.roster_headcounts(self.store).filter(pl.col("role") == self.role)
        return self.schools.select("school_id").join(
            roster.select("school_id", "headcount"), on="school_id", how="left", maintain_order="left"
        )

    @cached_property
    def response_rates(self) -> pl.DataFrame:
        """As `Survey.response_rates`, of all schools.

        The district's `respondents` are all; its headcount, rate and status are those of the schools whose headcount is
        known. How many answered is no answer and never hidden; with a role filter it tells of people's roles, small
        groups are hidden like any others, and the district's figures are those of the schools that count in them.
        """
        groups = self._groups.filter(pl.col("item_id") == EVERYBODY)
        answered = groups.filter(~pl.col("is_district")).drop("item_id", "is_district")
        schools = self.schools.select("school_id", school_name="name", school_level="level", region="region")
        schools = (
            schools.join(answered, on="school_id", how="left", maintain_order="left")
            .join(self.headcounts, on="school_id", how="left", maintain_order="left")
            .with_columns(pl.col("respondents", "rule").fill_null(0))
        )
        in_figure = schools
        if self.role is not None:
            in_figure = schools.filter("counted" if len(schools) else pl.lit(True)).vstack(
                schools.filter((pl.col("respondents") == 0) & (pl.col("rule") == 0))
            )
        everybody = int(in_figure["respondents"].sum())
        # Where not all small groups together have a headcount, none is in the rate: it would tell some from the others.
        known = in_figure.filter(pl.col("headcount").is_not_null())
        small = in_figure.filter(pl.col("rule") != 0)
        if self.role is not None and small["headcount"].null_count():
            known = known.filter(pl.col("rule") == 0)
        rule = groups.filter("is_district")["rule"]
        district = pl.DataFrame(
            {
                "school_id": [DISTRICT],
                "school_name": [DISTRICT_NAME],
                "headcount": [known["headcount"].sum() if known.height else None],
                "respondents": [known["respondents"].sum() if known.height else everybody],
                "rule": rule.to_list() or [0],
            },
            schema_overrides={"headcount": pl.Int64, "respondents": pl.Int64, "rule": pl.Int8},
        )
        both = pl.concat([schools, district], how="diagonal")
        rows = with_response_rates(both, target_share=self.target_share, fewest=FEWEST)
        rows = rows.with_columns(
            respondents=pl.when(pl.col("school_id") == DISTRICT).then(everybody).otherwise("respondents"),
            rule=pl.col("rule") if self.role else pl.lit(0, pl.Int8),
        )
        return (
            suppressed(rows, ["respondents", "rate"])
            .with_columns(status=pl.when("suppressed").then(pl.lit("hidden")).otherwise("status"))
            .select(
                pl.lit(self.wave_id).alias("wave_id"), "school_id", "school_name", "school_level", "region",
                "headcount", "respondents", "rate", "status", "suppressed", "reason",
            )
        )  # fmt: skip

    @cached_property
    def answered_of_staff(self) -> tuple[int, int]:
        """How many answered in the schools whose headcount is known, and in the others; hidden ones are in neither."""
        schools = self.response_rates.filter((pl.col("school_id") != DISTRICT) & ~pl.col("suppressed"))
        is_known = pl.col("headcount").is_not_null()
        known, others = schools.filter(is_known), schools.filter(~is_known)
        return int(known["respondents"].sum()), int(others["respondents"].sum())

    @cached_property
    def left_out(self) -> int:
        """How many answered in schools too small to show whose answers are in none of the district's figures."""
        left_out = (pl.col("item_id") == EVERYBODY) & ~pl.col("counted") & (pl.col("rule") != 0)
        return int(self._groups.filter(left_out)["respondents"].sum())

    @cached_property
    def skill_shares(self) -> pl.DataFrame:
        """As `proficiency`, with intervals of 95%."""
        return self.proficiency(confidence=0.95)

    @property
    def skill_summary(self) -> pl.DataFrame:
        """As `Survey.skill_summary`, of all schools."""
        return self.skill_shares.drop("headcount")

    def proficiency(self, confidence: float) -> pl.DataFrame:
        """As in `measured`: `respondents` answered about the skill; `proficient` of them are at level 2 or above."""
        items = self.codebook.items_of("proficiency")
        counts = self.by_level(items)
        able = pl.col("at_level").filter(pl.col("answer_level") >= PROFICIENT)
        rows = counts.group_by("school_id", "skill_id", maintain_order=True).agg(
            pl.col("at_level").sum().alias("respondents"), able.sum().alias("proficient")
        )
        return self.measured(rows, self.rules(items), count="proficient", confidence=confidence)

    def measured(self, rows: pl.DataFrame, rules: pl.DataFrame, *, count: str, confidence: float) -> pl.DataFrame:
        """Shares of schools and of the district with their intervals, hidden groups without numbers.

        `rows` has, for each school and skill, school_id, skill_id, respondents and the column `count`; `rules` has
        school_id, skill_id, rule, also for the district. Gives wave_id, school_id, school_name, skill_id,
        skill_name, respondents, `count`, share, share_low, share_high (0-1; the district's weighted by headcount, its
        hidden schools together), headcount (the district's: of the schools that its share rests on, null where that is
        hidden), share_se (the district's standard error of its share, null for schools), suppressed, reason.
        """
        schools = with_wilson_interval(
            self.placed(rows), count=count, base="respondents", population="headcount", confidence=confidence
        ).with_columns(share_se=pl.lit(None, pl.Float64))
        both = with_district(schools, rules, by=["skill_id"], count=count, confidence=confidence)
        both = suppressed(both, ["respondents", count, "share", "share_low", "share_high", "share_se"])
        unknown = pl.col("suppressed") & (pl.col("school_id") == DISTRICT)
        both = both.with_columns(headcount=pl.when(~unknown).then("headcount"))
        return both.select(
            *self.leading_columns(), "respondents", count, "share", "share_low", "share_high", "share_se",
            "headcount", "suppressed", "reason",
        )  # fmt: skip

    @cached_property
    def skill_levels(self) -> pl.DataFrame:
        """As `Survey.skill_levels`, of all schools."""
        return self._levels("proficiency")

    @cached_property
    def samr_levels(self) -> pl.DataFrame:
        """As `Survey.samr_levels`, of all schools."""
        names = dict(enumerate(SAMR_LEVELS))
        return self._levels("samr").with_columns(
            pl.col("level").replace_strict(names, return_dtype=pl.Enum(SAMR_LEVELS))
        )

    def _levels(self, kind: str) -> pl.DataFrame:
        items = self.codebook.items_of(kind)
        rows = self.placed(self.by_level(items)).with_columns(
            respondents=pl.col("at_level").sum().over("school_id", "skill_id")
        )
        if kind == "samr":
            rows = rows.drop("headcount").join(self._teaching_staff, on="school_id", how="left", maintain_order="left")
        share = pl.when(pl.col("respondents") > 0).then(pl.col("at_level") / pl.col("respondents"))
        both = with_district(
            rows.with_columns(share=share), self.rules(items), by=["skill_id", "answer_level"], count="at_level"
        )
        label = pl.col("answer_level").replace_strict(self.codebook.level_labels(kind), return_dtype=pl.String)
        return suppressed(both, ["at_level", "share", "respondents"]).select(
            *self.leading_columns(),
            pl.col("answer_level").alias("level"),
            label.alias("level_label"),
            pl.col("at_level").alias("respondents"),
            pl.col("respondents").alias("answered"),
            "share",
            "suppressed",
            "reason",
        )

    @cached_property
    def _teaching_staff(self) -> pl.DataFrame:
        """school_id, headcount of those whose role teaches: as on the roster, else as of those who answered."""
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
        """What is counted; nothing of it is hidden."""
        return count(self.store, self.codebook, self.wave_id, self.school_ids, self.role)

    @cached_property
    def _groups(self) -> pl.DataFrame:
        """As `hide`, for everybody who answered (item “”) and for those who answered each item."""
        counts = np.concatenate([self.tallies.everybody[None], self.tallies.at_level.sum(axis=3)])
        return self.hidden(counts, [EVERYBODY, *(item.item_id for item in self.tallies.items)])

    @cached_property
    def knowers(self) -> Flags:
        """Which schools' answers one person knows, of each who knows several but not all: axes person, school.

        Those who have a role for several schools, with the schools that their uploads are of. Whoever sees the whole
        district sees all that is shown, and nothing is hidden from uploads that they made themselves.
        """
        places = {school_id: place for place, school_id in enumerate(self.school_ids)}
        of_people = {
            str(email): {school for school in str(schools).split(";") if school in places}
            for email, schools in roles.people(self.store).select("email", "school_ids").iter_rows()
            if schools
        }
        if of_people:
            uploaded = queries.schools_of_uploads(self.store).join(
                queries.uploads(self.store).select("upload_id", "uploaded_by"), on="upload_id"
            )
            for uploader, school in uploaded.select("uploaded_by", "school_id").unique().sort("school_id").iter_rows():
                if uploader in of_people and school in places:
                    of_people[uploader].add(school)
        several = list(dict.fromkeys(frozenset(known) for known in of_people.values() if len(known) > 1))
        known = np.zeros((len(several), len(places)), dtype=np.bool_)
        for person, schools in enumerate(several):
            known[person, [places[school] for school in schools]] = True
        return known

    def hidden(self, counts: Counts, item_ids: list[str], parts: Mapping[str, Counts] | None = None) -> pl.DataFrame:
        """As `hide`, of respondents counted by item, school and role as in `tallies`."""
        everybody = self.tallies.everybody
        role = None if self.role is None else self.tallies.role
        return hide(counts, item_ids, self.school_ids, role, parts, everybody, self.knowers)

    def rules(self, items: list[Item]) -> pl.DataFrame:
        skills = {item.item_id: item.skill_id for item in items}
        return self._groups.filter(pl.col("item_id").is_in(list(skills))).select(
            "school_id", "rule", "counted", skill_id=pl.col("item_id").replace_strict(skills, return_dtype=pl.String)
        )

    def by_level(self, items: list[Item]) -> pl.DataFrame:
        """school_id, skill_id, answer_level, at_level: for each listed school and item, also where nobody answered."""
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
        """Adds the school's name, level and headcount."""
        places = self.schools.select("school_id", school_name="name", level="level")
        places = places.join(self.headcounts, on="school_id", how="left", maintain_order="left")
        return rows.join(places, on="school_id", how="left", maintain_order="left")

    def leading_columns(self) -> list[pl.Expr]:
        names = {skill_id: skill.name for skill_id, skill in self.codebook.skills.items()}
        skill_name = pl.col("skill_id").replace_strict(names, return_dtype=pl.String).alias("skill_name")
        wave_id = pl.lit(self.wave_id).alias("wave_id")
        return [wave_id, pl.col("school_id"), pl.col("school_name"), pl.col("skill_id"), skill_name]
