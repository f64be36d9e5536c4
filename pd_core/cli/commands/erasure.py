"""The commands that delete permanently: one person's answers, or everything past its retention time."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from pd_core.actions import erasure
from pd_core.cli.context import Call, Shared
from pd_core.errors import SettingError
from pd_core.wording import plural

STDIN = "-"
_COPIES = "Backups and earlier exports are not changed: delete or replace them yourself."


def forget(
    email: Annotated[str, Parameter(help="An address; - reads it from standard input.", allow_leading_hyphen=True)],
    /,
    *,
    name: Annotated[str, Parameter(help="Their name, or id, in the lists of trainers and of applications.")] = "",
    call: Shared,
) -> None:
    """Deletes one person's answers from every wave, permanently.

    With --name also an MIE's or facilitator's name and id, for which a code is put, and applications. Stop PD Pulse
    first. Answers given without an address cannot be found. An address on the command line stays in the shell's
    history; use - to read it from standard input.
    """
    address = (sys.stdin.readline() if email == STDIN else email).strip()
    erasure.require_address(address)  # before a store is opened or created
    with call.store(alone=True) as store:
        found = erasure.forget(store, call.visitor, address, call.key(store), name=name)
        has_role = erasure.has_role(store, call.settings.administrators, address)
    erasure.rewrite(call.visitor, call.settings.store)
    lines = [
        f"Permanently deleted: {plural(found.answers, 'answer')} in {plural(found.waves, 'wave')}."
        if found.answers
        else "No answers are stored under this address."
    ]
    if found.was_on_roster:
        lines.append("The person is off the staff list too: the school's headcount is one lower until the next roster.")
    if found.had_guessed:
        lines.append("The person's guesses are deleted too.")
    if found.attended:
        lines.append("The person is off the lists of sessions that they attended.")
    if found.was_trainer:
        lines.append(
            "The trainer's name and id are a code now; what they taught still counts. Give their sessions to come "
            "to someone else, and load the list of trainers without them."
        )
    if found.applications:
        lines.append(f"{plural(found.applications, 'row')} of the lists of applications no longer have a name.")
    if name and not found.was_trainer and not found.applications:
        lines.append("No trainer and no application has this name.")
    lines.append("Answers given without an address cannot be found.")
    if found.answers:
        lines.append("Delete the person's response in Microsoft Forms too, or a new export would bring it back.")
    lines += _left_over(call)
    if has_role:
        lines.append("This address has a role: remove it on the Administration page or from PD_ADMINISTRATORS.")
    call.answer(
        "\n".join(lines),
        answers=found.answers,
        waves=found.waves,
        was_on_roster=found.was_on_roster,
        had_guessed=found.had_guessed,
        attended=found.attended,
        was_trainer=found.was_trainer,
        applications=found.applications,
        has_role=has_role,
        message="\n".join(lines),
    )


def retain(
    *,
    dry_run: Annotated[bool, Parameter(help="Show what would be deleted, and delete nothing.")] = False,
    call: Shared,
) -> None:
    """Deletes answers older than PD_KEEP_YEARS, permanently, wave by wave.

    Stop PD Pulse first. A whole wave is deleted once its last answer is older.
    """
    years = call.settings.keep_years
    if years is None:
        raise SettingError(
            "PD_KEEP_YEARS is not set, so answers are kept until someone deletes them.",
            "Set it to a number of years. Nothing was deleted.",
        )
    with call.store(alone=not dry_run) as store:
        if dry_run:
            found = erasure.expired(store, call.visitor, years, call.settings.local_now().date())
        else:
            found = erasure.retain(store, call.visitor, years, call.settings.local_now().date())
    done = "Would be deleted" if dry_run else "Permanently deleted"
    lines = [f"No wave is older than {plural(years, 'year')}."]
    if found.waves:
        lines = [f"{done}: {plural(found.answers, 'answer')} of {', '.join(found.waves)}."]
        lines[0] += " Their settings and guesses are included."
    if found.roster_rows:
        lines.append(f"{done}: {plural(found.roster_rows, 'row')} of former staff lists.")
    lines.append("The records of uploads, which hold no answers, and the audit are kept.")
    if not dry_run:
        erasure.rewrite(call.visitor, call.settings.store)
        lines += _left_over(call)
    call.answer(
        "\n".join(lines),
        keep_years=years,
        is_dry_run=dry_run,
        waves=list(found.waves),
        answers=found.answers,
        roster_rows=found.roster_rows,
        message="\n".join(lines),
    )


def _left_over(call: Call) -> list[str]:
    """Reminders about data that these commands cannot reach."""
    lines = [_COPIES]
    if call.settings.is_remote and erasure.is_left_to_the_server(call.settings.store):
        lines.append(
            "The database server keeps deleted rows until it cleans up. Ask its administrator to run VACUUM FULL, and "
            "to delete old log archives and backups."
        )
    return lines
