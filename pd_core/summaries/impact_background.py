"""Effects worked out by a thread of their own while a page shows how far it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from weakref import WeakKeyDictionary

from pd_core.background import begin
from pd_core.cache import Cache
from pd_core.storage import Store
from pd_core.summaries.impact_estimates import Question, questions_known, work_out

_AT_ONCE = 0.3
"""Seconds to wait before saying that it takes a while."""
_jobs: WeakKeyDictionary[Cache, dict[tuple[tuple[str, str], ...], Future[None]]] = WeakKeyDictionary()
"""By the estimates that they add to, and what is asked; they go with the version of the store that they are of."""
_lock = threading.Lock()


def progress(store: Store, asked: Sequence[Question]) -> tuple[int, int]:
    """How many of the questions are worked out, and of how many; begins the work if no one has.

    Raises what ended the work, once; the next call begins it again.
    """
    done = questions_known(asked)
    if done == len(asked):
        return done, len(asked)
    key = tuple(question.key for question in asked)
    with _lock:
        jobs = _jobs.setdefault(asked[0].kept, {})
        job = jobs.get(key)
        if job is None:
            job = jobs[key] = _begun(store, asked)
    try:
        job.result(timeout=_AT_ONCE)
    except NotYet:
        return questions_known(asked), len(asked)
    finally:
        if job.done():
            with _lock:
                jobs.pop(key, None)
    return questions_known(asked), len(asked)


def _begun(store: Store, asked: Sequence[Question]) -> Future[None]:
    def work() -> None:
        for question in asked:
            work_out(store, question)

    return begin("impact", work)
