"""The tables that can be exported: the same numbers as on the pages, hidden the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from rapidfuzz import process

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.codebook import Codebook, fold
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME, OTHER_ROLES, SMALL_SCHOOLS
from pd_core.errors import UnknownName
from pd_core.storage import Store, queries
from pd_core.survey.comments import all_comments
from pd_core.survey.preferences import wishes
from pd_core.survey.scoped_survey import Survey, survey


def _verdicts(wave: Survey) -> pl.DataFrame:
    from pd_core.needs.verdicts import verdicts  # noqa: PLC0415 - its statistics load scipy, which others need not

    return verdicts(wave)


def _needs(wave: Survey) -> pl.DataFrame:
    from pd_core.needs.needs import needs  # noqa: PLC0415 - as above

    return needs(wave)


TABLES: Mapping[str, Callable[[Survey], pl.DataFrame]] = {
    "response-rates": lambda wave: wave.response_rates,
    "verdicts": _verdicts,
    "skill-levels": lambda wave: _with(wave.skill_levels, wave.small_groups.skill_levels),
    "skill-summary": lambda wave: _with(wave.skill_summary, wave.small_groups.skill_summary),
    "samr-levels": lambda wave: _with(wave.samr_levels, wave.small_groups.samr_levels),
    "needs": _needs,
    "topics": lambda wave: _with(wishes(wave, "topics"), wave.small_groups.wishes("topics")),
    "times": lambda wave: _with(wishes(wave, "times"), wave.small_groups.wishes("times")),
    "comments": all_comments,
}
SIGNIFICANT_DIGITS = 4
AS_GIVEN = ("value", "lower", "upper", "hours", "cost", "minutes", "rate", "amount", "spent", "committed", "left")
"""Columns whose numbers people brought in: they go out as they came."""
OF_THE_DISTRICT = ("skill-levels", "skill-summary", "samr-levels", "needs", "topics", "times")
"""Tables with figures of the district in which small groups count together, or do not count."""
ALL_TABLES = (*TABLES, "uploads")
GROWTH, TRANSITIONS, IMPACT, OUTCOMES = "growth", "transitions", "impact", "outcomes"
GROWTH_TABLES = (GROWTH, TRANSITIONS, IMPACT, OUTCOMES)
"""Tables of two waves, or of outcomes: `summaries.growth_tables` makes them."""
HELD_TABLES = ("deliveries", "hours", "money")
"""Tables of what was held: `summaries.held` makes them."""
EARNED_TABLES = ("credentials", "standards", "programme")
"""Tables of credentials and of trainers: `summaries.credentials` and `summaries.programme` make them."""
FOR_EVERYTHING = ("comments",)
"""Tables that are only for those who see the whole district."""


def export_table(
    store: Store,
    codebook: Codebook,
    table: str,
    *,
    wave: str | None = None,
    school: str | None = None,
    skill: str | None = None,
    role: str | None = None,
    target_share: float,
    scope: Scope,
) -> pl.DataFrame:
    """A table for one wave or, with `wave` null, for all in the order of time; filters take an id or a name.

    It has the rows of the schools that `scope` sees, and of the district; never those of others, even if comparisons
    show them. Numbers are as in `exported`. `school` keeps that school's rows, including other roles
    together. Raises UnknownName with the known names: a school outside the scope counts as unknown, and so do comments
    unless every school is seen.
    """
    known = [name for name in ALL_TABLES if scope.school_ids is None or name not in FOR_EVERYTHING]
    if table not in known:
        raise _unknown("table", table, known)
    waves = queries.waves(store)["wave_id"].to_list()
    wanted = waves if wave is None else [named("wave", wave, {name: name for name in waves})]
    seen = [row for row in queries.schools(store, EVERYTHING).to_dicts() if scope.sees(row["school_id"])]
    schools = {row["school_id"]: row["name"] for row in seen} | {DISTRICT: DISTRICT_NAME}
    schools |= {SMALL_SCHOOLS: "Small schools together"} if scope.school_ids is None else {}
    school_id = named("school", school, schools) if school else None
    skill_id = named("skill", skill, {s.skill_id: s.name for s in codebook.skills.values()}) if skill else None
    role_code = named("role", role, codebook.labels("role")) if role else None
    if table == "uploads":
        return _uploads(store, scope, wave_id=wanted[0] if wave else None, school_id=school_id)
    frames = []
    for wave_id in wanted:
        found = TABLES[table](survey(store, codebook, wave_id, role_code, target_share, scope))
        if school_id:
            found = found.filter(pl.col("school_id").is_in([school_id, school_id + OTHER_ROLES]))
        if skill_id and "skill_id" in found.columns:
            found = found.filter(pl.col("skill_id") == skill_id)
        frames.append(exported(found))
    if not frames:  # a store without answers: the columns alone
        return exported(TABLES[table](survey(store, codebook, "", role_code, target_share, scope)).clear())
    return pl.concat(frames, how="vertical_relaxed")


def _with(rows: pl.DataFrame, together: pl.DataFrame) -> pl.DataFrame:
    """The rows of schools and the district, then those of groups that are too small to show on their own."""
    return pl.concat([rows, together.select(rows.columns)], how="vertical_relaxed") if together.height else rows


def exported(rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers as they leave the program: people whole, the rest with `SIGNIFICANT_DIGITS`, but for what came in as it
    is (`AS_GIVEN`)."""
    # The rate of a fund is what a district pays; a response rate is worked out.
    given = [name for name in AS_GIVEN if name != "rate" or "respondents" not in rows.columns]
    return rows.with_columns(
        pl.col(name).round().cast(pl.Int64, strict=False)
        if name.startswith("people")
        else pl.col(name).round_sig_figs(SIGNIFICANT_DIGITS)
        for name, dtype in rows.schema.items()
        if dtype.is_float() and name not in given
    )


def uploads(store: Store, scope: Scope) -> pl.DataFrame:
    """A row per upload, latest first: upload_id, file, wave_id, uploaded_at (UTC), uploaded_by, rows_read, rows_added,
    rows_existing, rows_replaced, rows_set_aside, form, status (committed, undone).

    An upload is seen if all schools in it are.
    """
    found = queries.uploads(store)
    if scope.school_ids is not None:
        is_seen = pl.col("school_id").is_in(list(scope.school_ids))
        by_upload = queries.schools_of_uploads(store).group_by("upload_id").agg(is_seen=is_seen.all())
        found = found.join(by_upload.filter("is_seen"), on="upload_id", how="semi", maintain_order="left")
    return found.select(
        "upload_id", "file", "wave_id", "uploaded_at", "uploaded_by", "rows_read", "rows_added", "rows_existing",
        "rows_replaced", "rows_set_aside", "form",
        status=pl.when("is_undone").then(pl.lit("undone")).otherwise(pl.lit("committed")),
    )  # fmt: skip


def _uploads(store: Store, scope: Scope, wave_id: str | None, school_id: str | None) -> pl.DataFrame:
    found = uploads(store, scope)
    if wave_id:
        found = found.filter(pl.col("wave_id") == wave_id)
    if school_id:
        holds = queries.schools_of_uploads(store).filter(pl.col("school_id") == school_id)
        found = found.join(holds, on="upload_id", how="semi", maintain_order="left")
    return found


def named(what: str, wanted: str, names: Mapping[str, str]) -> str:
    """The id that `wanted` is, or is the name of."""
    folded = fold(wanted)
    for known, name in names.items():
        if folded in (fold(known), fold(name)):
            return known
    raise _unknown(what, wanted, list(names.values()))


def _unknown(what: str, wanted: str, known: list[str]) -> UnknownName:
    near = process.extractOne(wanted, known, score_cutoff=60)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    listed = ", ".join(known[:20]) or "none yet"
    return UnknownName(f"There is no {what} “{wanted}”.{hint}", f"Known: {listed}.")
