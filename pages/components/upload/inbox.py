"""Takes the files of the folder PD_INBOX while the server runs."""

from __future__ import annotations

import asyncio
import logging
import time

from pages.components import data
from pd_core.access import Actor, Visitor
from pd_core.actions.inbox import Inbox
from pd_core.error_log import record_incident
from pd_core.errors import UserError
from pd_core.ingestion.choices import NO_CHOICES
from pd_core.reports.receipt_text import receipt_text

LOOK_SECONDS = 5.0
VISITOR = Visitor.as_oneself(Actor("PD_INBOX", "facilitator"))
"""Who takes the files, in the audit: a facilitator, since a file may be from any school."""
_log = logging.getLogger("streamlit")


async def keep_taking() -> None:
    """Look every few seconds, until it is stopped; what is wrong is logged once."""
    try:
        folder = data.settings().inbox
    except UserError:  # the log and every page say what is wrong with the settings
        return
    if folder is None:
        return
    inbox, said = Inbox(folder, receipt_text), ""
    while True:
        problem = await asyncio.to_thread(look, inbox, time.monotonic())
        if problem and problem != said:
            _log.error("PD_INBOX: %s", problem)
        said = problem
        await asyncio.sleep(LOOK_SECONDS)


def look(inbox: Inbox, now: float) -> str:
    """Take the files that are whole at a time (seconds); returns what kept that from being done, in words."""
    try:
        for path in inbox.ready(now):
            receipt = inbox.take(path, data.store(), VISITOR, data.real_codebook(), data.key(), NO_CHOICES, _problem)
            if receipt is not None:
                _log.info("PD_INBOX: a file was %s, %s rows", receipt.status, receipt.rows_read)
    except Exception as error:
        return _problem(error).text()
    return ""


def _problem(error: Exception) -> UserError:
    return error if isinstance(error, UserError) else record_incident(error, data.directory())
