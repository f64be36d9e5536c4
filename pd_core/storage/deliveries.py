"""What was held: the delivery of sessions and of trainings outside the plan, and who attended, as codes.

No one outside reads a single person here: what leaves are counts, and the hours of people whom the caller names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pd_core.audit_kinds import AuditKind
from pd_core.entities import Delivery, PlanSession
from pd_core.storage.change import Change, Reader
from pd_core.storage.plans import insert_sessions
from pd_core.storage.store import Store

_DELIVERY: Final[dict[str, type[pl.DataType]]] = {
    **dict.fromkeys(("session_id",), pl.String), "delivered_on": pl.Date, "attended": pl.Int32, "minutes": pl.Float64,
    "note": pl.String, "is_outside": pl.Boolean,
    **dict.fromkeys(("school_id", "training_id", "trainer_id"), pl.String),
}  # fmt: skip
_ATTENDANCE: Final[dict[str, type[pl.DataType]]] = {
    "session_id": pl.String,
    "person": pl.String,
    "minutes": pl.Float64,
}
_NOT_WITHDRAWN = "not exists (select 1 from store.dead where kind = 'plan change' and id = {}.number::varchar)"
_HELD = f"""(select * from store.delivery as d where {_NOT_WITHDRAWN.format("d")}
    qualify row_number() over (partition by session_id order by number desc) = 1)"""
# One row a person and session: the latest; those who were removed from the list have 0 minutes.
_ATTENDED = f"""(select session_id, person, minutes from (
        select session_id, person, minutes from store.attendance as a where {_NOT_WITHDRAWN.format("a")}
        qualify row_number() over (partition by session_id, person order by number desc) = 1)
    where minutes is null or minutes > 0)"""
WORKS_AT = """(select respondent as person, min(school_id) as school_id from store.roster
        where number = (select max(number) from store.roster) group by respondent
    union all
    select person, arg_max(school_id, number) from store.response
        where is_identified and person not in (select respondent from store.roster
            where number = (select max(number) from store.roster)) group by person)"""
"""A query of where each person works: as the staff list says, else as they answered last."""


@dataclass(frozen=True)
class Written:
    """What one write of deliveries stores: how sessions of the plan change, each with its base; how they were held; and
    minutes of each person on the list of a session (null: all of it)."""

    sessions: Sequence[tuple[int | None, PlanSession]] = ()
    deliveries: Sequence[Delivery] = ()
    attendance: Mapping[str, Mapping[str, float | None]] | None = None
    school_ids: Sequence[str] = ()
    subject: str = ""


def deliveries(store: Reader) -> dict[str, Delivery]:
    """How each session was held, by id, sessions of the plan and trainings outside it."""
    rows = store.frame(f"select {', '.join(_DELIVERY)} from {_HELD} order by session_id")
    return {row["session_id"]: Delivery(**row) for row in rows.iter_rows(named=True)}


def attendance_of(store: Reader, session_id: str) -> dict[str, float | None]:
    """The people on the list of a session, as codes, with their minutes (null: all of the session)."""
    rows = store.frame(f"select person, minutes from {_ATTENDED} where session_id = $session_id", session_id=session_id)
    return dict(rows.iter_rows())


def sessions_of(store: Reader, people: Sequence[str]) -> dict[str, list[str]]:
    """The sessions on whose lists each of these people is."""
    rows = store.frame(
        f"select person, session_id from {_ATTENDED} where list_contains($people, person) order by session_id",
        people=list(people),
    )
    found: dict[str, list[str]] = {}
    for person, session_id in rows.iter_rows():
        found.setdefault(person, []).append(session_id)
    return found


def known_people(store: Reader) -> dict[str, str]:
    """Everyone on the staff list or with an answer, as a code, with the school where they work."""
    return dict(store.frame(f"select person, school_id from {WORKS_AT}").iter_rows())


def attended_by_school(store: Reader) -> pl.DataFrame:
    """A row per list and school of its people: session_id, school_id (empty: not on the staff list), people, minutes
    (of those whose minutes are known, together), whole (people who stayed for all of it)."""
    return store.frame(
        f"""select a.session_id, coalesce(w.school_id, '') as school_id, count(*)::bigint as people,
            coalesce(sum(a.minutes), 0)::double as minutes, count(*) filter (where a.minutes is null)::bigint as whole
        from {_ATTENDED} as a left join {WORKS_AT} as w using (person) group by all order by all"""
    )


def newly_attended(store: Reader, held: Sequence[tuple[str, str, date]]) -> pl.DataFrame:
    """Who was new on the lists of these sessions (id, training, day): a row per list and school of its people.

    session_id, school_id (as in `attended_by_school`), of_training (people on no earlier list of the training), of_any
    (on no earlier list of all of these).
    """
    return store.frame(
        f"""with held as (select unnest($sessions::varchar[]) as session_id,
                unnest($trainings::varchar[]) as training_id, unnest($days::date[]) as day),
            seen as (select session_id, coalesce(w.school_id, '') as school_id,
                row_number() over (partition by a.person, training_id order by day, session_id) as of_training,
                row_number() over (partition by a.person order by day, session_id) as of_any
                from {_ATTENDED} as a join held using (session_id) left join {WORKS_AT} as w on w.person = a.person)
        select session_id, school_id, count(*) filter (where of_training = 1)::bigint as of_training,
            count(*) filter (where of_any = 1)::bigint as of_any
        from seen group by all order by all""",
        sessions=[one[0] for one in held],
        trainings=[one[1] for one in held],
        days=[one[2] for one in held],
    )


def minutes_by_person(store: Reader, people: Sequence[str] | None = None) -> pl.DataFrame:
    """A row per person and session: person (a code), session_id, minutes (null: all of the session).

    `people` are codes that the caller works out from addresses at hand (null: everyone, to be counted only).
    """
    where = "where list_contains($people, person)" if people is not None else ""
    params = {"people": list(people)} if people is not None else {}
    return store.frame(f"select person, session_id, minutes from {_ATTENDED} {where} order by all", **params)


def put_deliveries(
    store: Store, kind: AuditKind, actor: str, decide: Callable[[Change], Written | None], *, dry_run: bool = False
) -> int | None:
    """Store what `decide` wants, as one change; its number, or null where nothing is to change.

    `decide` reads inside the transaction, and runs again if another process wrote at the same time.
    """

    def action(change: Change) -> int | None:
        written = decide(change)
        if written is None or dry_run:
            return None
        if written.sessions:
            insert_sessions(change, written.sessions)
        rows = [tuple(getattr(one, name) for name in _DELIVERY) for one in written.deliveries]
        change.insert("delivery", pl.DataFrame(rows, schema=_DELIVERY, orient="row"))
        people = [
            (session_id, person, minutes)
            for session_id, of_session in (written.attendance or {}).items()
            for person, minutes in of_session.items()
        ]
        change.insert("attendance", pl.DataFrame(people, schema=_ATTENDANCE, orient="row"))
        change.school_ids, change.subject = set(written.school_ids), written.subject
        return change.number if change.inserted else None

    return store.write(kind, actor, action, is_event=True)
