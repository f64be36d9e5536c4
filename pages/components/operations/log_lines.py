"""Log lines as JSON, one an event, for programs that collect them: times, ids and kinds, no answers."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx

request_id: ContextVar[str] = ContextVar("request_id", default="")
REQUESTS = "pd_pulse.requests"
_log = logging.getLogger(REQUESTS)


class JsonLines(logging.Formatter):
    """A record as one JSON object. Of an error there are its types: its text may quote what someone answered."""

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "values", {}),
        }
        if found := request_id.get():
            values["request_id"] = found
        if own := session_id():
            values["session_id"] = own
        if record.exc_info and record.exc_info[0] is not None:
            values["error"] = record.exc_info[0].__qualname__
        return json.dumps(values, ensure_ascii=False, default=str)


def session_id() -> str:
    """The id of the session whose page runs, the same for as long as the tab is open; empty outside of a page.

    It is made from Streamlit's own, which is part of addresses and stays out of the log.
    """
    running = get_script_run_ctx(suppress_warning=True)
    return hashlib.sha256(running.session_id.encode()).hexdigest()[:16] if running else ""


def note_run(page: str, seconds: float) -> None:
    """Log that a page was run for a session, where JSON logs are asked for; pages do not come by requests."""
    _log.info("run", extra={"values": {"page": page, "ms": round(seconds * 1000, 1)}})


def write_json() -> None:
    """Have every logger that there is write JSON lines, and each request give one."""
    line = JsonLines()
    requests = logging.getLogger(REQUESTS)
    if not requests.handlers:
        requests.addHandler(logging.StreamHandler(sys.stderr))
    requests.setLevel(logging.INFO)
    requests.propagate = False
    if logging.lastResort is not None:  # which writes for loggers without a handler
        logging.lastResort.setFormatter(line)
    for logger in (logging.root, *map(logging.getLogger, list(logging.root.manager.loggerDict))):
        for handler in logger.handlers:
            handler.setFormatter(line)
