"""All tables of proficient or not, then and now, that fit what is shown of a change between two waves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from pd_core.measures.change import MATCHED, with_change
from pd_core.summaries.growth import Growth
from pd_core.survey.beyond_scope import unscoped

_SHOWN = ("change_low", "change_high", "p", "smallest_change")
_KEYS = ["school_id", "skill_id"]
_NEARLY = 1e-9


def fitting_tables(found: Growth, rows: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """school_id, skill_id and, a row each, the tables of matched people that fit a row of `Growth.changes`.

    Columns of a table: matched, matched_from (proficient the first time), matched_to (the second), matched_both. Known
    are all columns of `rows`, and how many were proficient in each wave. Rows that the waves' own numbers explain are
    left out: every table fits them.
    """
    rows = _not_explained(_with_proficient(found, rows))
    for row in rows.to_dicts():
        tables = _worked_out(_possible(row))
        yield row["school_id"], row["skill_id"], tables.filter(_fits(row))


def _not_explained(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows whose numbers are not those of two waves of different people."""
    shown = rows.select(pl.col(_SHOWN).name.prefix("shown_"))
    alone = _worked_out(rows.with_columns(pl.lit(None, pl.Int64).alias(name) for name in MATCHED))
    same = [(pl.col(name) - pl.col(f"shown_{name}")).abs().fill_null(0) < _NEARLY for name in _SHOWN]
    explained = pl.concat([alone, shown], how="horizontal").select(pl.all_horizontal(same)).to_series()
    return rows.filter(~explained)


def _worked_out(rows: pl.DataFrame) -> pl.DataFrame:
    return with_change(rows.drop(*_SHOWN, "change", "share_from", "share_to"))


def _fits(row: dict[str, object]) -> pl.Expr:
    return pl.all_horizontal((pl.col(name) - pl.lit(row[name])).abs() < _NEARLY for name in _SHOWN)


def _with_proficient(found: Growth, rows: pl.DataFrame) -> pl.DataFrame:
    for wave, ending in ((found.earlier, "from"), (found.later, "to")):
        proficient = unscoped(wave, "skill_summary").select(*_KEYS, pl.col("proficient").alias(f"proficient_{ending}"))
        rows = rows.join(proficient, on=_KEYS, how="left", maintain_order="left")
    return rows


def _possible(row: dict[str, object]) -> pl.DataFrame:
    """Every table of so many matched people that the waves' own counts leave room for."""
    names = ("respondents_from", "proficient_from", "respondents_to", "proficient_to", "matched")
    n1, x1, n2, x2, m = (int(str(row[name])) for name in names)
    axis = np.arange(m + 1)
    first, second, both = (numbers.ravel() for numbers in np.meshgrid(axis, axis, axis, indexing="ij"))
    fits = (first <= x1) & (x1 - first <= n1 - m) & (second <= x2) & (x2 - second <= n2 - m)
    fits &= (both <= np.minimum(first, second)) & (both >= first + second - m)
    tables = pl.DataFrame({"matched_from": first[fits], "matched_to": second[fits], "matched_both": both[fits]})
    known = {name: value for name, value in row.items() if name not in tables.columns}
    return tables.with_columns(pl.lit(value).alias(name) for name, value in known.items())
