"""The commands for the plan as a record: agree, schedule, cancel, note, undo, show, history, import, export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from cyclopts import Parameter

from pd_core.access import EVERYTHING
from pd_core.actions import audit, plan_record
from pd_core.actions.plan_import import import_plan
from pd_core.cli.context import Call, Shared
from pd_core.cli.input_files import content_of, label_of
from pd_core.cli.output_files import write_file
from pd_core.entities import PlanSession, PlanState
from pd_core.errors import UnknownName, UserError
from pd_core.planning.record import Record, at_version
from pd_core.reference.plan_file import read_plan
from pd_core.reports.calendar_file import calendar
from pd_core.reports.files import render
from pd_core.reports.plan_record_text import history_lines, history_rows, plan_frame, session_lines
from pd_core.reports.terminal import show_bytes
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries
from pd_core.summaries.planning_lists import planning_lists
from pd_core.wording import plural

Ids = Annotated[str, Parameter(metavar="SESSION_ID", help="One or more sessions.")]
Note = Annotated[str, Parameter(metavar="TEXT", help="What the meeting decided.")]
Base = Annotated[int | None, Parameter(metavar="N", help="The version that was decided from; an older one is refused.")]
OneSchool = Annotated[str | None, Parameter(metavar="ID", help="The sessions of one school, by id or name.")]
OneTrainer = Annotated[str | None, Parameter(metavar="ID", help="The sessions of one trainer.")]


def agree(*session_ids: Ids, note: Note = "", base: Base = None, call: Shared) -> None:
    """Agrees to proposed sessions."""
    _step(call, session_ids, "agreed", note, base)


def schedule(*session_ids: Ids, note: Note = "", base: Base = None, call: Shared) -> None:
    """Schedules sessions that were agreed to."""
    _step(call, session_ids, "scheduled", note, base)


def cancel(
    *session_ids: Ids,
    reason: Annotated[str, Parameter(metavar="TEXT", help="Why; it is kept with the session.")] = "",
    base: Base = None,
    call: Shared,
) -> None:
    """Cancels sessions; their trainers' hours are free again."""
    _step(call, session_ids, "cancelled", reason, base)


def note(
    session_id: Annotated[str, Parameter(metavar="SESSION_ID")],
    text: Annotated[str, Parameter(metavar="TEXT", help="Replaces the note; empty removes it.")],
    /,
    *,
    call: Shared,
) -> None:
    """Writes a note to a session: a decision, or a wish for a change."""
    with call.store() as store:
        done = plan_record.put_note(store, call.visitor, session_id, text, call.settings.local_now())
        answered(store, call, done.sessions, "noted")


def undo(
    change: Annotated[int, Parameter(metavar="CHANGE", help="Its number, as `plan history` has it.")],
    /,
    *,
    call: Shared,
) -> None:
    """Undoes one change of the plan."""
    with call.store() as store:
        done = plan_record.undo_change(store, call.visitor, change)
        answered(store, call, done.sessions, "undone")


def show(
    *,
    school: OneSchool = None,
    trainer: OneTrainer = None,
    at: Annotated[int | None, Parameter(metavar="CHANGE", help="The plan as it was after a change.")] = None,
    call: Shared,
) -> None:
    """Shows the plan: each session with its state."""
    with call.store() as store:
        record = plan_record.record_of(store, call.visitor)
        record = record if at is None else at_version(record, at)
        sessions = _chosen(call, store, record, school, trainer)
        lists = planning_lists(store, call.settings.local_now())
    call.answer(session_lines(lists, sessions), sessions=_rows(record, sessions))


def history(
    session_id: Annotated[str | None, Parameter(metavar="SESSION_ID", help="Default: every session.")] = None,
    /,
    *,
    call: Shared,
) -> None:
    """Shows who changed what in the plan, and when."""
    with call.store() as store:
        record = plan_record.record_of(store, call.visitor)
    if session_id is not None:
        record.change_of(session_id)
    rows = history_rows(record, session_id)
    call.answer(history_lines(rows), changes=rows)


def import_(
    file: str,
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="Only say what would change.")] = False,
    reason: Annotated[str, Parameter(metavar="TEXT", help="Overrules limits that the file breaks.")] = "",
    call: Shared,
) -> None:
    """Loads a plan that was exported and edited, CSV or XLSX, as one change.

    A row without session_id is a new session. What others changed since the export stays, or is named if the file
    changes it too.
    """
    with call.store() as store:
        rows = read_plan(label_of(file), content_of(file), SchoolNames(queries.schools(store, EVERYTHING)))
        done = import_plan(
            store, call.visitor, label_of(file), rows, call.settings.local_now(), reason=reason, dry_run=dry_run
        )
    verb = "would change" if dry_run else "changed"
    lines = [f"{plural(len(done.sessions), 'session')} {verb}, {done.unchanged} stay as they are.", *done.said]
    lines += [f"Overruled: {one}" for one in done.broken]
    call.answer(
        "\n".join(lines), changed=len(done.sessions), unchanged=done.unchanged, changes=list(done.said),
        overruled=list(done.broken), stored=not dry_run,
    )  # fmt: skip


def export(
    *,
    format: Annotated[
        Literal["ics", "xlsx", "csv", "json"] | None, Parameter(help="Default: by the ending of --output, else csv.")
    ] = None,
    school: OneSchool = None,
    trainer: OneTrainer = None,
    output: Annotated[
        str | None, Parameter(metavar="FILE", help="The file to write. Default: standard output.")
    ] = None,
    call: Shared,
) -> None:
    """Exports the plan as a calendar, or as a table that `plan import` takes."""
    ending = (output or "").rpartition(".")[2].casefold()
    named: dict[str, Literal["ics", "xlsx", "csv", "json"]] = {
        "ics": "ics", "xlsx": "xlsx", "csv": "csv", "json": "json"
    }  # fmt: skip
    chosen = format or named.get(ending) or ("json" if call.as_json else "csv")
    if output is None and chosen == "xlsx":
        raise UserError("xlsx can't be written to a screen or a pipe.", "Name a file: --output plan.xlsx")
    with call.store() as store:
        record = plan_record.record_of(store, call.visitor)
        sessions = _chosen(call, store, record, school, trainer)
        lists = planning_lists(store, call.settings.local_now())
        audit.note_export(
            store, call.visitor, f"plan.{chosen}", None if school is None else school_id_of(store, school)
        )
    if chosen == "ics":
        content = calendar(lists, record, sessions, call.settings.time_zone, "PD Pulse: training plan")
    else:
        content = render(plan_frame(record, sessions), chosen, title="plan")
    if output is None:
        show_bytes(content)
        return
    write_file(output, content)
    call.answer(
        f"{output} holds {plural(len(sessions), 'session')}.", sessions=len(sessions), format=chosen, output=output
    )


def _step(call: Call, session_ids: Sequence[str], to: PlanState, note: str, base: int | None) -> None:
    if not session_ids:
        raise UserError("No session is named.", "Give one or more ids; `plan show` lists them.")
    bases = {} if base is None else dict.fromkeys(session_ids, base)
    with call.store() as store:
        done = plan_record.take_step(
            store, call.visitor, session_ids, to, call.settings.local_now(), note=note, bases=bases
        )
        answered(store, call, done.sessions, to)


def answered(store: Store, call: Call, sessions: Sequence[PlanSession], verb: str, broken: Sequence[str] = ()) -> None:
    """Say which sessions changed, and which limits were overruled."""
    record = plan_record.record_of(store, call.visitor)
    lists = planning_lists(store, call.settings.local_now())
    lines = [f"{plural(len(sessions), 'session')} {verb}."]
    lines += [session_lines(lists, sessions)] if sessions else []
    lines += [f"Overruled: {one}" for one in broken]
    call.answer("\n".join(lines), sessions=_rows(record, sessions), overruled=list(broken))


def _rows(record: Record, sessions: Sequence[PlanSession]) -> list[dict[str, object]]:
    known = [one for one in sessions if one.session_id in record.current]
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in plan_frame(record, known).to_dicts()
    ]


def _chosen(call: Call, store: Store, record: Record, school: str | None, trainer: str | None) -> list[PlanSession]:
    sessions = record.sessions()
    if school is not None:
        school_id = school_id_of(store, school)
        sessions = [one for one in sessions if school_id in one.school_ids]
    if trainer is not None:
        listed = {one.trainer_id for one in planning_lists(store, call.settings.local_now()).trainers}
        if trainer not in listed | {one.trainer_id for one in sessions}:
            raise UnknownName(f"There is no trainer “{trainer}”.", f"Known: {', '.join(sorted(listed)) or 'none yet'}.")
        sessions = [one for one in sessions if one.trainer_id == trainer]
    return sessions


def school_id_of(store: Store, name: str) -> str:
    """The id of a school, by id or name. Raises UnknownName."""
    schools = SchoolNames(queries.schools(store, EVERYTHING))
    found = schools.find(name.strip())
    if found is None:
        raise UnknownName(f"There is no school “{name.strip()}”.{schools.suggestion(name)}", "Give its id or name.")
    return found
