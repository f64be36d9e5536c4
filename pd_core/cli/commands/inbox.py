"""The command that takes what is dropped into a folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pd_core.actions.inbox import REFUSED, SETTLED_SECONDS, TAKEN, Inbox
from pd_core.cli.context import Call, Shared
from pd_core.cli.exit_codes import DONE
from pd_core.cli.exit_codes import REFUSED as EXIT_REFUSED
from pd_core.errors import RefusedFile, SettingError, StoreError
from pd_core.ingestion import Choices, Receipt
from pd_core.reports.receipt_text import receipt_text
from pd_core.reports.terminal import say, show, show_json

LOOK_SECONDS = 5.0


def watch(
    folder: Annotated[str, Parameter(metavar="DIR", help="The folder, such as one that OneDrive keeps in sync.")],
    /,
    *,
    wave: Annotated[
        str | None, Parameter(metavar="NAME", help='The wave, such as "Fall 2026". Default: from the dates.')
    ] = None,
    once: Annotated[bool, Parameter(help="Take what is there now, then end.")] = False,
    call: Shared,
) -> int:
    """Takes files that are dropped into a folder, until it is stopped.

    A file is taken once it no longer changes, and moved to `taken` or `refused` in the folder, with its receipt next to
    it. The setting PD_INBOX has the server do the same.
    """
    place = Path(folder)
    if not place.is_dir():
        raise RefusedFile(f"There is no folder {folder}.", "Make it, or name another.")
    inbox = Inbox(place, receipt_text)
    choices = Choices((wave or "").strip() or None)
    if once:
        return _taken_once(inbox, choices, call)
    say(f"Watching {place}. Files go to {TAKEN} or {REFUSED} in it, with a receipt. Ctrl-C ends this.")
    said = ""
    while True:
        try:
            for receipt in _looked(inbox, choices, call):
                if call.as_json:
                    show_json(receipt.as_dict())
            said = ""
        except (StoreError, SettingError, RefusedFile) as error:  # no fault of a file: it is tried again
            if error.text() != said:
                said = error.text()
                say(f"{said}\nThe files are left where they are, and tried again.")
        time.sleep(LOOK_SECONDS)


def _taken_once(inbox: Inbox, choices: Choices, call: Call) -> int:
    inbox.ready(time.monotonic())
    time.sleep(SETTLED_SECONDS)
    found = _looked(inbox, choices, call)
    if waiting := inbox.waiting():
        say(f"Not whole yet, and left where they are: {', '.join(waiting)}.")
    if call.as_json:
        show_json([receipt.as_dict() for receipt in found])
    return EXIT_REFUSED if any(receipt.status == "rejected" for receipt in found) else DONE


def _looked(inbox: Inbox, choices: Choices, call: Call) -> list[Receipt]:
    """Takes the files that are whole. The store is open only while there are any."""
    whole = inbox.ready(time.monotonic())
    if not whole:
        return []
    found = []
    with call.store() as store:
        key = call.key(store)
        for path in whole:
            receipt = inbox.take(path, store, call.visitor, call.codebook, key, choices, call.problem)
            if receipt is None:
                continue
            found.append(receipt)
            if receipt.status == "rejected":
                say(receipt_text(receipt))
            elif not call.as_json:
                show(receipt_text(receipt))
    return found
