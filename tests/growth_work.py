"""The growth of a large district in the background: held back until a test lets it begin, and waited for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pd_core.background import Note
from pd_core.summaries.growth import Growth


@contextmanager
def held_back() -> Iterator[threading.Event]:
    """Growth is worked out once this is set."""
    may_work, work_out = threading.Event(), Growth.work_out

    def wait_and_work(pair: Growth, note: Note) -> None:
        assert may_work.wait(60)
        work_out(pair, note)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Growth, "work_out", wait_and_work)
        try:
            yield may_work
        finally:
            may_work.set()
            wait_until_ended()


def wait_until_ended() -> None:
    """Until no growth is worked out any more."""
    for thread in threading.enumerate():
        if thread.name == "growth":
            thread.join(60)
