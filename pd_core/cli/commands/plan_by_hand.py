"""The commands that change the plan by hand: add, move, split, join, and to ask for a change and answer it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pd_core.actions import plan_by_hand, plan_requests
from pd_core.cli.commands.plan_record import Base, answered, school_id_of
from pd_core.cli.context import Shared
from pd_core.errors import UserError
from pd_core.storage import Store

Id = Annotated[str, Parameter(metavar="SESSION_ID")]
Slot = Annotated[str | None, Parameter(metavar="ID", help="Another slot.")]
Trainer = Annotated[str | None, Parameter(metavar="ID", help="Another trainer.")]
Schools = Annotated[str | None, Parameter(metavar="ID;…", help="Other schools; it is held at the first.")]
Reason = Annotated[str, Parameter(metavar="TEXT", help="Overrules limits that the change breaks.")]


def move(
    session_id: Annotated[str, Parameter(metavar="SESSION_ID")],
    /,
    *,
    slot: Slot = None,
    trainer: Trainer = None,
    school: Schools = None,
    people: Annotated[int | None, Parameter(metavar="N", help="Another number of people.")] = None,
    reason: Reason = "",
    base: Base = None,
    call: Shared,
) -> None:
    """Gives a session another time, trainer, place or number of people."""
    _require_people(people)
    with call.store() as store:
        ids = _schools(store, school)
        done = plan_by_hand.move(
            store, call.visitor, session_id, call.settings.local_now(), slot_id=slot, trainer_id=trainer,
            school_ids=ids, reached=people, reason=reason, base=base,
        )  # fmt: skip
        answered(store, call, done.sessions, "moved", done.broken)


def add(
    *,
    school: Annotated[str, Parameter(metavar="ID;…", help="The schools; it is held at the first.")],
    training: Annotated[str, Parameter(metavar="ID", help="The training.")],
    trainer: Annotated[str, Parameter(metavar="ID", help="The trainer.")],
    slot: Annotated[str, Parameter(metavar="ID", help="The slot.")],
    people: Annotated[int, Parameter(metavar="N", help="The number of people.")],
    reason: Reason = "",
    call: Shared,
) -> None:
    """Proposes a session by hand."""
    _require_people(people)
    with call.store() as store:
        done = plan_by_hand.add(
            store, call.visitor, call.settings.local_now(), school_ids=_schools(store, school) or [],
            training_id=training, trainer_id=trainer, slot_id=slot, reached=people, reason=reason,
        )  # fmt: skip
        answered(store, call, done.sessions, "added", done.broken)


def split(
    session_id: Id,
    /,
    *,
    people: Annotated[int, Parameter(metavar="N", help="So many people attend a new session instead.")],
    slot: Slot = None,
    trainer: Trainer = None,
    school: Schools = None,
    reason: Reason = "",
    base: Base = None,
    call: Shared,
) -> None:
    """Splits a session in two: some of its people attend a new one."""
    with call.store() as store:
        done = plan_by_hand.split(
            store, call.visitor, session_id, people, call.settings.local_now(), slot_id=slot, trainer_id=trainer,
            school_ids=_schools(store, school), reason=reason, base=base,
        )  # fmt: skip
        answered(store, call, done.sessions, "changed", done.broken)


def join(session_id: Id, other_id: Id, /, *, reason: Reason = "", base: Base = None, call: Shared) -> None:
    """Joins another session of the same training with this one; the other is cancelled."""
    with call.store() as store:
        done = plan_by_hand.join(
            store, call.visitor, session_id, other_id, call.settings.local_now(), reason=reason, base=base
        )
        answered(store, call, done.sessions, "changed", done.broken)


def ask(
    session_id: Id, text: Annotated[str, Parameter(metavar="TEXT", help="What should change.")], /, *, call: Shared
) -> None:
    """Asks for a change of a session, which waits for an answer."""
    with call.store() as store:
        done = plan_requests.ask_for_change(store, call.visitor, session_id, text, call.settings.local_now())
        answered(store, call, done.sessions, "asked to change")


def answer(
    session_id: Id,
    text: Annotated[str, Parameter(metavar="TEXT", help="What was decided; it becomes the note.")],
    /,
    *,
    base: Base = None,
    call: Shared,
) -> None:
    """Answers a request for a change and leaves the session as it is; moving it answers too."""
    with call.store() as store:
        done = plan_requests.answer_request(store, call.visitor, session_id, text, call.settings.local_now(), base=base)
        answered(store, call, done.sessions, "answered")


def _schools(store: Store, names: str | None) -> list[str] | None:
    """The ids of schools that are separated by semicolons (null: none are named)."""
    return None if names is None else [school_id_of(store, name) for name in names.split(";") if name.strip()]


def _require_people(people: int | None) -> None:
    if people is not None and people < 0:
        raise UserError(f"{people} people can't be planned for.", "Give 0 or more.")
