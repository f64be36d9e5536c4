"""Work in a thread of its own, while people look at pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

MOST_SCHOOLS_AT_ONCE = 200
"""For up to this many schools a page waits two or three seconds for what is worked out once after each upload."""

Note = Callable[[int, int], None]
"""Takes how far work is: how much is done, and of how much."""


def unnoted(done: int, of: int) -> None:
    """Take no note of how far work is."""


def begin(name: str, work: Callable[[], object]) -> Future[None]:
    """Begin some work in a thread of this name; its result is null, or what ended it."""
    job: Future[None] = Future()

    def run() -> None:
        try:
            work()
        except BaseException as error:
            job.set_exception(error)
        else:
            job.set_result(None)

    # A daemon: the person who stops the server does not wait for it.
    threading.Thread(target=run, name=name, daemon=True).start()
    return job
