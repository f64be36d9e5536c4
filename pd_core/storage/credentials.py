"""Credentials that people earned. No single person is read outside: what leaves are counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from pd_core.storage.change import Change, Reader
from pd_core.storage.deliveries import WORKS_AT
from pd_core.storage.outcomes import Stored
from pd_core.storage.store import Store

CREDENTIAL_KEY: Final = ["person", "credential", "issuer", "earned_on"]
CREDENTIAL_SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    **dict.fromkeys(("person", "credential", "issuer"), pl.String), "earned_on": pl.Date, "expires_on": pl.Date,
    **dict.fromkeys(("status", "skill_id", "iste"), pl.String),
}  # fmt: skip
_COLUMNS = ", ".join(CREDENTIAL_SCHEMA)
_LATEST = f"""(select {_COLUMNS} from store.credential
    qualify row_number() over (partition by {", ".join(CREDENTIAL_KEY)} order by number desc) = 1)"""

BY: Final[dict[str, str]] = {
    "school_id": "coalesce(r.school_id, '')", "credential": "credential", "issuer": "issuer",
    "month": "strftime(earned_on, '%Y-%m')", "skill_id": "skill_id", "iste": "iste",
}  # fmt: skip
_COUNTS = "status = 'counts' and (expires_on is null or expires_on >= $today)"


def put_credentials(store: Store, rows: pl.DataFrame, source: str, actor: str, *, dry_run: bool = False) -> Stored:
    """Stores credentials (the columns of `CREDENTIAL_SCHEMA`, one row a key); `source` says what kind of file."""

    def action(change: Change) -> Stored:
        known = change.frame(f"select {_COLUMNS} from {_LATEST}").cast(CREDENTIAL_SCHEMA)  # type: ignore[arg-type]
        is_known = rows.join(known, on=CREDENTIAL_KEY, how="semi").height
        new = rows.join(known, on=rows.columns, how="anti", nulls_equal=True, maintain_order="left")
        replaced = new.join(known, on=CREDENTIAL_KEY, how="semi").height
        if not dry_run:
            change.insert("credential", new.with_columns(source=pl.lit(source)))
            change.subject = f"{new.height} credentials"
        return Stored(rows.height - is_known, is_known - replaced, replaced)

    return store.write("credentials", actor, action, is_event=True)


def credential_counts(store: Reader, today: date, by: Sequence[str]) -> pl.DataFrame:
    """How many credentials count today, those that are not revoked, rejected or expired, by columns of `BY`: these
    columns, awards, and people (each once). People on no staff list have an empty school_id."""
    assert set(by) <= set(BY)
    columns = "".join(f"{BY[name]} as {name}, " for name in by)
    return store.frame(
        f"""select {columns}count(*)::bigint as awards, count(distinct c.person)::bigint as people
        from {_LATEST} as c left join {WORKS_AT} as r using (person) where {_COUNTS}
        {"group by all order by all" if by else ""}""",
        today=today,
    )
