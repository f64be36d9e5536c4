"""The commands that say what was held, and who attended."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pd_core.actions import attendance as attended
from pd_core.actions import deliveries
from pd_core.cli.commands.outcomes import taken
from pd_core.cli.context import Shared
from pd_core.cli.input_files import content_of, label_of
from pd_core.ingestion import Receipt
from pd_core.storage import Store

DryRun = Annotated[bool, Parameter(help="Say what would happen, and store nothing.")]


def deliver(file: str, /, *, dry_run: DryRun = False, call: Shared) -> int:
    """Says which sessions were held, CSV or XLSX; prints a receipt.

    Its columns: session_id, delivered_on, attended (empty: a list follows), minutes, note. A training outside the plan
    has an id that the plan does not have, and school_id, training_id, trainer_id. A later file replaces.
    """

    def take(store: Store) -> Receipt:
        now, zone = call.settings.local_now(), call.settings.time_zone
        name, content = label_of(file), content_of(file)
        return deliveries.take_deliver(store, call.visitor, name, content, now, zone, dry_run=dry_run)

    return taken(file, call, take)


def attendance(
    session_id: Annotated[str, Parameter(metavar="SESSION_ID", help="The session that they attended.")],
    file: str,
    /,
    *,
    replace: Annotated[bool, Parameter(help="The file is the whole list: others are removed from it.")] = False,
    dry_run: DryRun = False,
    call: Shared,
) -> int:
    """Takes who attended a session; prints a receipt.

    A list of e-mail addresses, CSV or XLSX, with a column of minutes or without, or the attendance report of a Teams
    meeting as it comes. Addresses become codes, and no name is stored. A longer list later adds people.
    """

    def take(store: Store) -> Receipt:
        now, zone = call.settings.local_now(), call.settings.time_zone
        return attended.take_attendance(
            store, call.visitor, session_id, label_of(file), content_of(file), call.key(store), now, zone,
            is_whole=replace, dry_run=dry_run,
        )  # fmt: skip

    return taken(file, call, take)
