"""The rows of growth of the whole district, small groups hidden: for `growth`, which leaves out what a scope does not
see."""

from __future__ import annotations

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import fold
from pd_core.disclosure.several_waves import TOGETHER_HIDDEN
from pd_core.disclosure.two_waves import MATCHED_HIDDEN
from pd_core.measures.change import (
    CANNOT_TELL,
    MIN_RESPONDENTS,
    came_and_went,
    with_change,
    with_shrunken_change,
    with_verdict,
)
from pd_core.measures.district_change import with_district_change
from pd_core.measures.transitions import sign_flip_test, sign_test, stuart_maxwell
from pd_core.storage.wordings import wordings
from pd_core.survey.beyond_scope import store_of, unscoped
from pd_core.survey.merged_schools import merged_schools, with_merged
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.wave_pair import WavePair, wave_pair

GROWTH_COLUMNS = (
    "from_wave", "to_wave", "school_id", "skill_id", "respondents_from", "respondents_to", "matched", "share_from",
    "share_to", "change", "change_low", "change_high", "p", "verdict", "smallest_change", "shrunken_change",
    "suppressed", "reason",
)  # fmt: skip
TRANSITION_COLUMNS = (
    "from_wave", "to_wave", "school_id", "skill_id", "level_from", "level_to", "people", "suppressed", "reason",
)  # fmt: skip
NO_ONE_TWICE = "no one is known to have answered both times"
NO_SCHOOL_SHOWN = "at no school may all levels of the same people be shown"
NO_STAFF_LIST = "respondents only: without a staff list by role there is no range"
NO_HEADCOUNTS = "respondents only: without headcounts there is no range"
REWORDED = "the question was reworded"
MOVES, HALVES, LEVELS = "moves", "proficient or not", "levels"
"""How much of a group's transitions is shown."""
_PAIR = ("matched", "matched_from", "matched_to", "matched_both")
_NUMBERS = ("change", "change_low", "change_high", "p", "change_variance", "smallest_change")
_RANGE = ("change_low", "change_high", "p")
_STAYED = ("from_stayers", "from_newcomers", "from_leavers", "stayers_share_from", "leavers_share_from")
_SHARES = ("stayers_share_to", "newcomers_share_to")


def asked(wave: Survey) -> frozenset[str]:
    """The skills with answers, as far as any of them is shown."""

    def find() -> frozenset[str]:
        rows = unscoped(wave, "skill_summary").filter(pl.col("suppressed") | (pl.col("respondents") > 0))
        return frozenset(rows["skill_id"].unique())

    return wave.kept((__name__, "asked"), find)


def reworded(earlier: Survey, later: Survey) -> pl.DataFrame:
    """school_id, skill_id of the questions that a school's forms of one wave word otherwise than those of the other;
    the district's where any school's do. A school that was merged counts as its successor."""
    return later.kept(("reworded", earlier.wave_id), lambda: _reworded(earlier, later))


def _reworded(earlier: Survey, later: Survey) -> pl.DataFrame:
    merged = merged_schools(earlier, later)
    skills = {item.item_id: item.skill_id for item in later.codebook.items_of("proficiency")}
    said: list[dict[tuple[str, str], set[str]]] = []
    for wave in (earlier, later):
        found: dict[tuple[str, str], set[str]] = {}
        for school_id, item_id, wording in wordings(store_of(later), wave.wave_id).iter_rows():
            if item_id in skills:
                found.setdefault((merged.get(school_id, school_id), item_id), set()).add(fold(wording))
        said.append(found)
    then, now = said
    changed = {(school_id, skills[item]) for school_id, item in then.keys() & now.keys()
               if then[school_id, item] != now[school_id, item]}  # fmt: skip
    changed |= {(DISTRICT, skill_id) for _, skill_id in changed}
    return pl.DataFrame(sorted(changed), schema={"school_id": pl.String, "skill_id": pl.String}, orient="row")


def change_rows(earlier: Survey, later: Survey) -> pl.DataFrame:
    """The columns of `GROWTH_COLUMNS`, as `Growth.changes` has them."""
    pair = wave_pair(earlier, later)
    rows = _paired(earlier, later, pair)
    schools = with_shrunken_change(with_verdict(_of_schools(rows)), by=["skill_id"])
    schools = schools.with_columns(pl.when(~pl.col("suppressed")).then("shrunken_change").alias("shrunken_change"))
    district = _of_district(rows, pair.headcounts, schools)
    both = pl.concat([schools, _district_words(district, later.role)], how="diagonal_relaxed").sort(
        "_place", maintain_order=True
    )
    too_few = both["verdict"].is_null() & (both["reason"] == "")
    few = f"fewer than {MIN_RESPONDENTS} answers in a wave: no word"
    both = both.with_columns(reason=pl.when(too_few).then(pl.lit(few)).otherwise("reason"))
    marked = reworded(earlier, later).with_columns(_reworded=pl.lit(REWORDED))
    both = both.join(marked, on=["school_id", "skill_id"], how="left", maintain_order="left")
    parts = [pl.when(pl.col("reason") != "").then("reason"), pl.col("_reworded")]
    return both.with_columns(reason=pl.concat_str(parts, separator="; ", ignore_nulls=True)).select(GROWTH_COLUMNS)


def _paired(earlier: Survey, later: Survey, pair: WavePair) -> pl.DataFrame:
    """The rows of both waves next to each other, of the skills that both have, with what is shown of matched people."""
    sides, merged = [], merged_schools(earlier, later)
    for wave, ending in ((earlier, "from"), (later, "to")):
        columns = ["respondents", "proficient", "share", "suppressed", "reason"]
        table = with_merged(unscoped(wave, "skill_summary").select("school_id", "skill_id", *columns), merged)
        sides.append(table.rename({name: f"{name}_{ending}" for name in columns}))
    rows = sides[1].join(sides[0], on=["school_id", "skill_id"], how="inner", maintain_order="left")
    rows = rows.filter(pl.col("skill_id").is_in(asked(earlier) & asked(later)))
    rows = rows.join(pair.matched, on=["school_id", "skill_id"], how="left", maintain_order="left")
    hidden = pl.col("suppressed_from") | pl.col("suppressed_to")
    reasons = [
        pl.when(pl.col(f"suppressed_{ending}"))
        .then(pl.format("{}: {}", pl.lit(wave.wave_id), f"reason_{ending}"))
        .when(pl.col(f"respondents_{ending}") == 0)
        .then(pl.lit(f"no answers in {wave.wave_id}"))
        for wave, ending in ((earlier, "from"), (later, "to"))
    ]
    return rows.with_columns(
        *(pl.when(~hidden).then(name).alias(name) for name in _PAIR),
        from_wave=pl.lit(earlier.wave_id),
        to_wave=pl.lit(later.wave_id),
        suppressed=hidden,
        reason=pl.concat_str(reasons, separator="; ", ignore_nulls=True),
        _place=pl.int_range(pl.len()),
    )


def _of_schools(rows: pl.DataFrame) -> pl.DataFrame:
    schools = rows.filter(pl.col("school_id") != DISTRICT)
    changed = with_change(schools).drop("share_from", "share_to")
    return pl.concat([changed, schools.select("share_from", "share_to")], how="horizontal")


def _of_district(rows: pl.DataFrame, headcounts: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """The district's rows; matched people are the sum of those that are shown of schools, and null where any is hidden
    and no one is shown. Without weights for schools there is no range, and no p."""
    of_schools = schools.join(headcounts, on="school_id", how="left", maintain_order="left")
    shown = pl.col("matched").sum()
    is_known = (shown > 0) | pl.col("matched").is_not_null().all()
    sums = schools.group_by("skill_id").agg(pl.when(is_known).then(shown).alias("matched"))
    district = rows.filter(pl.col("school_id") == DISTRICT).drop(_PAIR)
    district = with_district_change(district, of_schools, by="skill_id")
    hidden = pl.col("suppressed")
    district = district.join(sums, on="skill_id", how="left", maintain_order="left").with_columns(
        pl.when(~hidden).then(name).alias(name) for name in (*_NUMBERS, "matched")
    )
    has_range = pl.col("change_variance").is_not_null()
    return district.with_columns(pl.when(has_range).then(name).alias(name) for name in _RANGE)


def _district_words(district: pl.DataFrame, role: str | None) -> pl.DataFrame:
    """Words for the district's rows; where a change has no range it cannot be told, and the reason says why."""
    judged = with_verdict(district)
    has_none = pl.col("change").is_not_null() & pl.col("p").is_null()
    enough = pl.min_horizontal("respondents_from", "respondents_to") >= MIN_RESPONDENTS
    return judged.with_columns(
        verdict=pl.when(has_none & enough).then(pl.lit(CANNOT_TELL)).otherwise("verdict"),
        reason=pl.when(has_none & enough).then(pl.lit(NO_STAFF_LIST if role else NO_HEADCOUNTS)).otherwise("reason"),
    )


def transition_rows(changes: pl.DataFrame, pair: WavePair) -> pl.DataFrame:
    """The columns of `TRANSITION_COLUMNS` for the groups of `changes`, as `Growth.transitions` has them."""
    is_district, is_no_one = pl.col("school_id") == DISTRICT, (pl.col("matched") == 0).fill_null(value=False)
    absent = (pl.col("respondents_from") == 0) | (pl.col("respondents_to") == 0)
    groups = changes.select(
        "from_wave", "to_wave", "school_id", "skill_id", "suppressed",
        _because=pl.when(pl.col("suppressed") | (is_no_one & absent.fill_null(value=False))).then("reason")
        .when(is_no_one).then(pl.lit(NO_ONE_TWICE))
        .when(is_district).then(pl.lit(NO_SCHOOL_SHOWN)),
    )  # fmt: skip
    rows = groups.join(
        pair.transitions.with_columns(_shown=pl.lit(True)),
        on=["school_id", "skill_id"], how="left", maintain_order="left_right",
    )  # fmt: skip
    hidden = pl.col("suppressed") | pl.col("_shown").is_null()
    rows = rows.join(
        pair.together.with_columns(_together=pl.lit(TOGETHER_HIDDEN)),
        on=["school_id", "skill_id"], how="left", maintain_order="left",
    )  # fmt: skip
    because = pl.coalesce("_because", "_together", pl.lit(MATCHED_HIDDEN))
    rows = rows.with_columns(
        *(pl.when(~hidden).then(name).alias(name) for name in ("level_from", "level_to", "people")),
        reason=pl.when(hidden).then(because).otherwise(pl.lit("")),
        suppressed=hidden,
    )
    keys = ["school_id", "skill_id", "level_from", "level_to"]
    return rows.unique(keys, keep="first", maintain_order=True).select(TRANSITION_COLUMNS)


def matched_rows(earlier: Survey, later: Survey, transitions: pl.DataFrame) -> pl.DataFrame:
    """A row for each group of `transitions` with people who answered both times, as `Growth.matched` has them.

    Each test is worked out from the numbers of `transitions`, so it says no more than they do; who came and went is
    shown where proficient people can be distinguished from others both times.
    """
    found = transitions.filter(~pl.col("suppressed"))
    cells = len(later.codebook.scales["proficiency"]) ** 2
    kind = (
        pl.when(pl.col("level_from") == "any").then(pl.lit(MOVES))
        .when(pl.len().over("school_id", "skill_id") == cells).then(pl.lit(LEVELS))
        .otherwise(pl.lit(HALVES))
    )  # fmt: skip
    then, now = (pl.col(name).str.slice(0, 1).cast(pl.Int64, strict=False) for name in ("level_from", "level_to"))
    step = now - then
    move = pl.when(pl.col("level_from") == "any").then("level_to").otherwise(
        pl.when(step > 0).then(pl.lit("up")).when(step < 0).then(pl.lit("down")).otherwise(pl.lit("same"))
    )  # fmt: skip
    keys = ["school_id", "skill_id"]
    moved = found.with_columns(detail=kind, move=move)
    people = pl.col("people")
    rows = moved.group_by(keys, maintain_order=True).agg(
        pl.col("detail").first(),
        *(people.filter(pl.col("move") == name).sum().alias(name) for name in ("up", "same", "down")),
    )
    up, down = (rows[name].to_numpy().astype(np.float64) for name in ("up", "down"))
    rows = rows.with_columns(sign_p=pl.Series(sign_test(up, down), dtype=pl.Float64))
    rows = rows.join(_level_tests(moved.filter(pl.col("detail") == LEVELS)), on=keys, how="left", maintain_order="left")
    paired = _paired(earlier, later, wave_pair(earlier, later)).filter(pl.col("school_id") != DISTRICT)
    new = pl.col("respondents_to") - pl.col("matched")
    stayed = came_and_went(paired).with_columns(
        stayers_share_to=pl.when(pl.col("matched") > 0).then(pl.col("matched_to") / pl.col("matched")),
        newcomers_share_to=pl.when(new > 0).then((pl.col("proficient_to") - pl.col("matched_to")) / new),
    )
    left = (pl.col("respondents_from") - pl.col("matched")).alias("leavers")
    stayed = stayed.select(*keys, "matched", left, new.alias("newcomers"), *_STAYED, *_SHARES)
    rows = rows.join(stayed, on=keys, how="left", maintain_order="left")
    may_split = pl.col("detail") != MOVES
    return rows.with_columns(pl.when(may_split).then(name).alias(name) for name in (*_STAYED, *_SHARES))


def _level_tests(cells: pl.DataFrame) -> pl.DataFrame:
    """school_id, skill_id, level_p (of the sum of level changes), homogeneity_p (whether the levels' shares moved)."""
    keys = ["school_id", "skill_id"]
    groups = cells.group_by(keys, maintain_order=True).agg(pl.col("people"))
    if groups.is_empty():
        return groups.select(*keys, level_p=pl.lit(None, pl.Float64), homogeneity_p=pl.lit(None, pl.Float64))
    tables = np.array(groups["people"].to_list(), dtype=np.float64)
    levels = round(tables.shape[1] ** 0.5)
    tables = tables.reshape(-1, levels, levels)
    _, _, homogeneity = stuart_maxwell(tables)
    return groups.select(
        *keys,
        level_p=pl.Series(sign_flip_test(tables), dtype=pl.Float64),
        homogeneity_p=pl.Series(homogeneity, dtype=pl.Float64).fill_nan(None),
    )


def changed_people(pair: WavePair) -> pl.DataFrame:
    """school_id, skill_id, changed_share: of the people who answered both times, who changed sides (0-1); null where
    that is hidden."""
    m, first, second, both = (pl.col(name).cast(pl.Float64) for name in _PAIR)
    return pair.matched.select(
        "school_id", "skill_id", changed_share=pl.when(m > 0).then((first + second - 2 * both) / m)
    )
