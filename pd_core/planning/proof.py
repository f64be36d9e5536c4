"""The bound of a large district, proved in a process of its own on the second processor while plans are searched for.

Before that, the process searches half of a district that is small enough to be searched at once.

A thread would not do: the solver asks for the interpreter at each of its steps, and waits for whatever runs there.
"""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pd_core.config import ROOT
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Problem
from pd_core.planning.relaxed import Relaxed, relaxed
from pd_core.planning.whole_search import WholeSearch, topics_to_search

Half = NDArray[np.float64]
SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True)
class Task:
    """What to do until `ends_at` (seconds since 1970, which all processes share). `search_until`: until when half of
    the district is searched first (null: not at all), with a session for each of `one_each`."""

    problem: Problem
    ends_at: float
    search_until: float | None = None
    one_each: frozenset[str] = frozenset()


class Proof:
    """A proof that goes on in `process` until a task's end, or until it is ended. Raises OSError where none can be
    started."""

    def __init__(self, task: Task) -> None:
        self._bound = math.inf
        self._half: Half | None = None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pd_core.planning.proof"],
            cwd=ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._task = pickle.dumps(task)
        self._listener = threading.Thread(target=self._listen, name="proof", daemon=True)
        self._listener.start()

    @property
    def bound(self) -> float:
        """The least bound proved so far (infinite: none yet)."""
        return self._bound

    def half(self, seconds: float) -> Half | None:
        """The second half of a solution of the hub model; waits for it for some seconds (null: none came)."""
        deadline = time.monotonic() + seconds
        while self._half is None and self._listener.is_alive() and time.monotonic() < deadline:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return self._half

    def end(self) -> float:
        """End the proof where it still goes on; the least bound that it has found."""
        self.process.kill()
        self._listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()
        return self._bound

    def _listen(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(self._task)
            self.process.stdin.flush()  # it stays open: its end tells the process that no one waits any more
            while True:
                found: float | Half = pickle.load(self.process.stdout)
                if isinstance(found, float):
                    self._bound = min(self._bound, found)
                else:
                    self._half = found
        except (EOFError, OSError, pickle.UnpicklingError):
            return


def prove(
    about: Eligibility,
    seconds: float,
    say: Callable[[float], None],
    between: Callable[[Relaxed], None] = lambda first: None,
) -> None:
    """Say better and better bounds that no plan exceeds, for about some seconds; `between` is done when those of the
    relaxed model are known."""
    end = time.monotonic() + seconds
    first = relaxed(about, seconds / 2, say)
    pieces = first.pieces()
    say(pieces.relaxed_bound)
    between(first)
    pieces.prove(end - time.monotonic(), say)


def main() -> None:
    """Read a task; write bounds and half a solution, until the proof is done or no one waits any more."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the solver prints must not get between the bounds
    task: Task = pickle.load(sys.stdin.buffer)
    about = Eligibility(task.problem)

    def leave() -> None:
        os.read(0, 1)
        os._exit(0)

    def say(found: float | Half) -> None:
        pickle.dump(found, out)
        out.flush()

    def search(first: Relaxed) -> None:
        if task.search_until is None:
            return
        seconds = task.search_until - time.time()
        deadline = time.monotonic() + seconds
        whole = WholeSearch(about, topics_to_search(about, first), task.one_each, seconds)
        half = whole.search_half(True, deadline)
        if half is not None:
            say(half)

    threading.Thread(target=leave, name="leave", daemon=True).start()
    prove(about, task.ends_at - time.time(), say, search)


if __name__ == "__main__":
    main()
