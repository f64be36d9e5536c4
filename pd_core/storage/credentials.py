"""Credentials that people earned. No single person is read outside: what leaves are counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from pd_core.codebook import fold
from pd_core.storage.change import Change, Reader
from pd_core.storage.deliveries import WORKS_AT
from pd_core.storage.outcomes import Stored
from pd_core.storage.store import Store
from pd_core.storage.training_lists import training_list

CREDENTIAL_KEY: Final = ["person", "credential", "issuer", "earned_on"]
CREDENTIAL_SCHEMA: Final[dict[str, type[pl.DataType]]] = {
    **dict.fromkeys(("person", "credential", "issuer"), pl.String), "earned_on": pl.Date, "expires_on": pl.Date,
    **dict.fromkeys(("status", "skill_id", "iste"), pl.String),
}  # fmt: skip
_COLUMNS = ", ".join(CREDENTIAL_SCHEMA)
_LATEST = f"""(select {_COLUMNS} from store.credential
    qualify row_number() over (partition by {", ".join(CREDENTIAL_KEY)} order by number desc) = 1)"""

BY: Final[dict[str, str]] = {
    "school_id": "coalesce(r.school_id, '')", "credential": "c.credential", "issuer": "c.issuer",
    "month": "strftime(c.earned_on, '%Y-%m')", "skill_id": "coalesce(nullif(c.skill_id, ''), m.skill_id, '')",
    "iste": "coalesce(nullif(c.iste, ''), m.iste, '')",
}  # fmt: skip
"""What credentials are counted by. Where a file did not say which skill and standards one is for, the list says it."""
_COUNTS = "c.status = 'counts' and (c.expires_on is null or c.expires_on >= $today)"


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
    names, skills, standards = _mapped(store)
    return store.frame(
        f"""with m as (select unnest($names::varchar[]) as credential, unnest($skills::varchar[]) as skill_id,
            unnest($standards::varchar[]) as iste)
        select {columns}count(*)::bigint as awards, count(distinct c.person)::bigint as people
        from {_LATEST} as c left join {WORKS_AT} as r using (person) left join m on m.credential = c.credential
        where {_COUNTS} {"group by all order by all" if by else ""}""",
        today=today,
        names=names,
        skills=skills,
        standards=standards,
    )


def credential_names(store: Reader) -> list[str]:
    """The names of all credentials that were taken, A–Z."""
    found = store.frame(f"select distinct credential from {_LATEST} order by lower(credential), credential")
    return [str(name) for name in found["credential"]]


def _mapped(store: Reader) -> tuple[list[str], list[str], list[str]]:
    """Names of credentials as they are stored, with the skill and standards that the list has for each."""
    listed = {fold(row[0]): row for row in training_list(store, "credential_map").iter_rows()}
    rows = [(name, *listed[fold(name)][1:]) for name in credential_names(store) if fold(name) in listed]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
