"""Keeps the record of the plan: every change of every session, none ever overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from pd_core.entities import PlanSession, SessionChange
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

_SCHEMA: Final[dict[str, type[pl.DataType] | pl.DataType]] = {
    "session_id": pl.String, "base": pl.Int64, "state": pl.String, "school_ids": pl.String, "training_id": pl.String,
    "trainer_id": pl.String, "slot_id": pl.String, "starts_at": pl.Datetime("us"), "ends_at": pl.Datetime("us"),
    "reached": pl.Int32, "note": pl.String, "asked": pl.String,
}  # fmt: skip

Decide = Callable[[list[SessionChange]], Sequence[tuple[int | None, PlanSession]]]
"""From all changes so far, sessions as they are to become, each with its base."""


def plan_changes(store: Reader) -> list[SessionChange]:
    """Every change of every session, in the order in which they were made."""
    rows = store.frame(
        """select plan.*, event.actor, event.recorded_at from store.plan_session as plan
        left join store.event as event using (number)
        where not exists (select 1 from store.dead where kind = 'plan change' and id = plan.number::varchar)
        order by plan.number, plan.session_id"""
    )
    return [
        SessionChange(
            row["number"],
            row["base"],
            PlanSession(
                row["session_id"], row["state"], tuple(filter(None, row["school_ids"].split(";"))), row["training_id"],
                row["trainer_id"], row["slot_id"], row["starts_at"], row["ends_at"], row["reached"], row["note"],
                row["asked"] or "",
            ),
            row["actor"] or "",
            row["recorded_at"],
        )
        for row in rows.to_dicts()
    ]  # fmt: skip


def put_plan_changes(store: Store, actor: str, subject: str, decide: Decide) -> int | None:
    """Store what `decide` wants, as one change; its number, or null where nothing is to change.

    `decide` sees the plan inside the transaction, and runs again if another process wrote at the same time.
    """

    def action(change: Change) -> int | None:
        decided = decide(plan_changes(change))
        if not decided:
            return None
        insert_sessions(change, decided)
        change.school_ids = {school_id for _, one in decided for school_id in one.school_ids}
        change.subject = f"{subject}: {', '.join(one.session_id for _, one in decided)}"
        return change.number

    return store.write("plan", actor, action, is_event=True)


def insert_sessions(change: Change, decided: Sequence[tuple[int | None, PlanSession]]) -> None:
    """Write sessions as they are to become, each with its base, as part of a change."""
    rows = [
        (
            one.session_id, base, one.state, ";".join(one.school_ids), one.training_id, one.trainer_id, one.slot_id,
            one.starts_at, one.ends_at, one.reached, one.note, one.asked,
        )
        for base, one in decided
    ]  # fmt: skip
    change.insert("plan_session", pl.DataFrame(rows, schema=_SCHEMA, orient="row"))


def yield_to_rivals(store: Store, number: int, actor: str) -> list[str]:
    """The sessions of a change that another process changed from the same base at the same moment; none on a store that
    only this process writes.

    Where there are any the change is withdrawn, whole: the other one may have been acknowledged already. Two that see
    each other are both withdrawn, and neither was acknowledged.
    """
    if not store.is_shared:
        return []
    rivals = store.frame(
        """select distinct mine.session_id from store.plan_session as mine join store.plan_session as other
            on other.session_id = mine.session_id and other.base is not distinct from mine.base
        where mine.number = $number and other.number <> mine.number
            and not exists (select 1 from store.dead where kind = 'plan change' and id = other.number::varchar)
        order by mine.session_id""",
        number=number,
    )
    if rivals.is_empty():
        return []
    session_ids = [str(session_id) for session_id in rivals["session_id"]]

    def action(change: Change) -> None:
        change.insert("dead", pl.DataFrame([{"kind": "plan change", "id": str(number)}]))
        change.subject = f"withdrawn, since others changed them at the same moment: {', '.join(session_ids)}"

    store.write("plan", actor, action, is_event=True)
    return session_ids
