"""Verdicts of a large district, worked out in a background thread while people look at pages."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from weakref import WeakKeyDictionary

from pd_core.background import begin
from pd_core.needs.posterior import Posteriors, of_whole
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

_PART = 20
_jobs: WeakKeyDictionary[Posteriors, Future[None]] = WeakKeyDictionary()
_lock = threading.Lock()


def progress(survey: Survey) -> tuple[int, int]:
    """How many of the schools in scope are worked out, and how many there are; starts the work if it is not running.

    If the work failed, raises its error once; the next call starts it again.
    """
    posteriors, school_ids = of_whole(district_of(survey)), survey.schools["school_id"].to_list()
    done = sum(map(posteriors.knows, school_ids))
    if done < len(school_ids):
        with _lock:
            job = _jobs.get(posteriors)
            if job is None or job.done():
                _jobs[posteriors] = _start(posteriors, school_ids)
        if job is not None and job.done():
            job.result()
    return done, len(school_ids)


def _start(posteriors: Posteriors, school_ids: list[str]) -> Future[None]:
    def work() -> None:
        # In parts, so that stopping the server waits for one part at most.
        for first in range(0, len(school_ids), _PART):
            posteriors.work_out(school_ids[first : first + _PART])

    return begin("verdicts", work)
