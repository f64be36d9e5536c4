"""The command that moves a store to another place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from cyclopts import Parameter

from pd_core.actions.moving import KeyPlace
from pd_core.actions.moving import move as move_it
from pd_core.cli.context import Shared
from pd_core.config import load_settings
from pd_core.reports.terminal import say
from pd_core.storage.moving import MovedTable
from pd_core.wording import plural

_KEY: Mapping[KeyPlace, str] = {
    "copied": "The key was copied next to the new store.",
    "there already": "The key is next to the new store already.",
    "in PD_KEY": "The key is in PD_KEY: keep it set.",
    "to be set as PD_KEY": "Set PD_KEY to what {key} holds, on each machine, before anyone uploads.",
    "none yet": "There is no key yet.",
}


def move(
    *,
    from_store: Annotated[str, Parameter(name="--from", metavar="PATH-or-URL", help="The store that there is.")],
    to_store: Annotated[
        str,
        Parameter(name="--to", metavar="PATH-or-URL", help="A new place, such as postgresql://user@host/pd."),
    ],
    call: Shared,
) -> None:
    """Copies a store to another place and compares both.

    Stop PD Pulse first. Number and checksum of the rows are compared table by table. An interrupted move goes on where
    it ended. The old store stays as it was; set PD_STORE to the new place.
    """
    source, target = load_settings(store=from_store), load_settings(store=to_store)
    moved: list[MovedTable] = []

    def note(table: MovedTable) -> None:
        moved.append(table)
        if table.rows:
            say(f"{table.name}: {plural(table.rows, 'row')}, the same in both")

    key = move_it(call.visitor, source, target, list(call.codebook.items.values()), note)
    rows = sum(table.rows for table in moved)
    text = (
        f"{plural(len(moved), 'table')} with {plural(rows, 'row')} are the same in both stores.\n"
        f"{_KEY[key].format(key=source.key_file)} Set PD_STORE to the new place, run doctor, then start PD Pulse."
    )
    tables = [{"table": table.name, "rows": table.rows, "was_there": table.was_there} for table in moved]
    call.answer(text, status="moved", tables=tables, rows=rows, key=key)
