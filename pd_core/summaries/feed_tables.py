"""The tables that programs read from a feed: the same numbers as in exports, hidden the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from pd_core.access import Scope
from pd_core.codebook import Codebook
from pd_core.errors import UserError
from pd_core.storage import Store
from pd_core.summaries.tables import GROWTH, GROWTH_TABLES, IMPACT, OUTCOMES, TRANSITIONS, export_table

_ONE_WAVE = ("wave", "school", "skill", "role")
HOURS, CREDENTIALS = "hours", "credentials"
_TWO_WAVES = ("from", "to", "school", "skill", "role")
FEED_TABLES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("skill-summary", "skill-levels", "samr-levels", "needs", "topics", "times"), _ONE_WAVE),
    **dict.fromkeys(("response-rates", "verdicts"), _ONE_WAVE),
    GROWTH: _TWO_WAVES,
    TRANSITIONS: _TWO_WAVES,
    IMPACT: ("measure", "training"),
    OUTCOMES: ("measure", "school"),
    HOURS: ("school",),
    CREDENTIALS: ("school",),
}
"""Each table that a feed may have, with its filters. Comments and uploads are not among them: they name people."""
FOR_THE_WHOLE_DISTRICT = (IMPACT, OUTCOMES, HOURS, CREDENTIALS)


def feed_table(
    store: Store,
    codebook: Codebook,
    table: str,
    filters: Mapping[str, str],
    *,
    target_share: float,
    scope: Scope,
    today: date,
) -> pl.DataFrame:
    """A table with the rows of the schools that `scope` sees, and of the district; without a filter, of all waves.

    Credentials are those that count on the day `today`. Raises UserError for a filter that the table does not have,
    UnknownName for a value that there is not.
    """
    known = FEED_TABLES[table]
    if unknown := [name for name in filters if name not in known]:
        raise UserError(f"The table {table} has no filter “{unknown[0]}”.", f"Its filters are {', '.join(known)}.")
    if table == HOURS:
        from pd_core.summaries.held import held_table  # noqa: PLC0415 - few feeds are of what was held

        return held_table(store, table, scope, **filters)
    if table == CREDENTIALS:
        from pd_core.summaries.credentials import credential_table  # noqa: PLC0415 - as above

        return credential_table(store, scope, today, filters.get("school"))
    if table not in GROWTH_TABLES:
        return export_table(store, codebook, table, **filters, target_share=target_share, scope=scope)
    from pd_core.summaries.growth_tables import Filters, growth_table  # noqa: PLC0415 - its statistics load scipy

    renamed = {f"{name}_wave" if name in ("from", "to") else name: value for name, value in filters.items()}
    made = growth_table(store, codebook, table, Filters(**renamed), target_share=target_share, scope=scope)
    return made.frame
