"""Growth of a large district, worked out by a thread of its own while a page shows how far it is."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from pd_core.background import MOST_SCHOOLS_AT_ONCE, begin
from pd_core.summaries.growth import Growth
from pd_core.survey.beyond_scope import unscoped


def progress(pair: Growth) -> tuple[int, int]:
    """How many steps toward the growth of a large district are done, and of how many: all, once it is known.

    Begins the work if no one has. Smaller districts are not begun: who asks for their figures waits. If the work
    failed, raises its error once; the next call begins it again.
    """
    if unscoped(pair.later, "schools").height <= MOST_SCHOOLS_AT_ONCE:
        return 1, 1
    return pair.kept("work", _Work).progress(pair)


class _Work:
    """The work on the figures of a pair that all scopes share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Future[None] | None = None
        self._step = (0, 1)

    def progress(self, pair: Growth) -> tuple[int, int]:
        with self._lock:
            if self._job is None:
                self._job = begin("growth", lambda: pair.work_out(self._note))
            job = self._job
            if job.done() and job.exception() is not None:
                self._job = None
        if job.done():
            job.result()
            return self._step[1], self._step[1]
        return self._step

    def _note(self, done: int, of: int) -> None:
        # One step more: the changes, once all pairs of waves are decided.
        self._step = (done, of + 1)
