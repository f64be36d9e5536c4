"""Credentials: what staff earned, where, and which standards that covers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.charts.credentials import month_bars
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.section import Column, Columns, Section, Table, drawn
from pd_core.reference.periods import said as period_said
from pd_core.wording import counted, listed, percent, plural

_AWARDS: Columns = {"awards": Column("Credentials", "count"), "people": Column("People", "count")}
_MONTHS: Columns = {"month_text": Column("Month"), **_AWARDS, "note": HIDDEN_BECAUSE}
_SCHOOLS: Columns = {
    "school": Column("School"), **_AWARDS, "share": Column("Share of staff", "share"), "note": HIDDEN_BECAUSE,
}  # fmt: skip
_NAMED: Columns = {"name": Column("Name"), **_AWARDS, "note": HIDDEN_BECAUSE}
_CELLS: Columns = {"school": Column("School"), "skill": Column("Skill"), **_AWARDS, "note": HIDDEN_BECAUSE}
HIDDEN = (
    "Groups of fewer than five people are hidden, and sums from which they could be worked out. Revoked, rejected and "
    "expired credentials don't count. None is verified: issuers are not asked."
)
_FEW = "fewer than 5 people, or these would follow"
NO_SKILL = "No skill"


def title(rows: pl.DataFrame) -> str:
    """How many credentials count, and how much of the staff has one."""
    total = _of(rows, "all")
    if total.is_empty() or total["awards"][0] == 0:
        return "No credential is recorded yet"
    row = total.row(0, named=True)
    if row["suppressed"]:
        return "Credentials are held by too few people to show"
    share = f", {percent(row['share'])} of the staff" if row["share"] is not None else ""
    verb = "counts" if row["awards"] == 1 else "count"
    return f"{plural(row['awards'], 'credential')} {verb} today, earned by {row['people']:,} people{share}"


def months_section(rows: pl.DataFrame) -> Section | None:
    """Credentials by month (null: none)."""
    found = _of(rows, "month")
    if found.is_empty():
        return None
    months = _all_months(found["month"].to_list())
    found = pl.DataFrame({"month": months}).join(found, on="month", how="left", maintain_order="left")
    found = found.with_columns(
        awards=pl.when(pl.col("suppressed").is_null()).then(0).otherwise("awards"),
        month_text=pl.Series([period_said(month) for month in months], dtype=pl.String),
    )
    shown = found.filter(pl.col("awards").is_not_null())
    hidden = found.height - shown.height
    if shown.filter(pl.col("awards") > 0).is_empty():
        sentence = "In every month too few people earned one to show it."
    else:
        best = shown.sort("awards", descending=True, maintain_order=True).row(0, named=True)
        sentence = f"Most in one month: {best['awards']:,}, in {best['month_text']}."
    if hidden:
        sentence += f" {counted(hidden, 'month').capitalize()} hidden."
    return Section(
        "credentials-month", sentence, "By month", drawing=drawn(month_bars(found)),
        table=_table("credentials-month", found, _MONTHS),
    )  # fmt: skip


def _all_months(months: list[str]) -> list[str]:
    """Every month from the first to the last; of more than four years, only those that are there."""
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(months), max(months)))
    if last - first >= 48:
        return sorted(months)
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def schools_section(rows: pl.DataFrame, schools: Mapping[str, str]) -> Section:
    """The share of each school's staff with a credential."""
    found = _of(rows, "school_id").with_columns(school=pl.col("school_id").replace(schools)).sort("school")
    shown = found.filter(pl.col("people").is_not_null())
    without = len(schools) - found.height
    parts = [f"shown for {plural(shown.height, 'school')}"]
    parts += [f"hidden for {found.height - shown.height:,}"] if found.height > shown.height else []
    parts += [f"none in {without:,}"] if without > 0 else []
    sentence = f"The share of staff with a credential is {listed(parts)}."
    return Section("credentials-school", sentence, "By school", table=_table("credentials-school", found, _SCHOOLS))


def named_section(rows: pl.DataFrame, by: str, heading: str, names: Mapping[str, str]) -> Section:
    """Credentials by skill, issuer or name, most first."""
    found = _of(rows, by).with_columns(name=pl.col(by).replace(names))
    found = found.sort("awards", descending=True, nulls_last=True, maintain_order=True)
    shown = found.filter(pl.col("awards").is_not_null() & (pl.col(by) != ""))
    if shown.is_empty():
        sentence = "For none of them can a number be shown."
    else:
        said = [f"{row['name']} ({row['awards']:,})" for row in shown.head(3).iter_rows(named=True)]
        sentence = f"Most: {listed(said)}."
    return Section(f"credentials-{by}", sentence, heading, table=_table(f"credentials-{by}", found, _NAMED))


def cells_section(rows: pl.DataFrame, schools: Mapping[str, str], skills: Mapping[str, str]) -> Section:
    """Credentials of each school by skill."""
    found = _of(rows, "school_id and skill_id").with_columns(
        school=pl.col("school_id").replace(schools), skill=pl.col("skill_id").replace({**skills, "": NO_SKILL})
    )
    shown = found.filter(pl.col("awards").is_not_null()).height
    sentence = f"{shown:,} of {plural(found.height, 'group')} can be shown; the others are of too few people."
    if shown == found.height:
        sentence = "Where staff earned credentials, and for which skill."
    return Section(
        "credentials-cells", sentence, "By school and skill",
        table=_table("credentials-cells", found.sort("school", "skill"), _CELLS),
    )  # fmt: skip


def _table(name: str, found: pl.DataFrame, columns: Columns) -> Table:
    """A table that says why numbers are hidden where some are."""
    is_whole = not found["suppressed"].fill_null(value=False).any()
    return Table(name, found, {key: one for key, one in columns.items() if not (is_whole and key == "note")})


def _of(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    note = pl.when("suppressed").then(pl.lit(_FEW)).otherwise(pl.lit(""))
    return rows.filter(pl.col("by") == by).with_columns(note=note)
