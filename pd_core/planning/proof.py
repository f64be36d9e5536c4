"""The bound of a large district, proved in a process of its own on the second processor while plans are searched for.

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

from pd_core.config import ROOT
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Problem
from pd_core.planning.relaxed import relaxed


class Proof:
    """A proof that goes on in `process` for some seconds, or until it is ended. Raises OSError where none can be
    started."""

    def __init__(self, problem: Problem, seconds: float) -> None:
        self._bound = math.inf
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pd_core.planning.proof"],
            cwd=ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._task = pickle.dumps((problem, seconds))
        self._listener = threading.Thread(target=self._listen, name="proof", daemon=True)
        self._listener.start()

    @property
    def bound(self) -> float:
        """The least bound proved so far (infinite: none yet)."""
        return self._bound

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
                self._bound = min(self._bound, pickle.load(self.process.stdout))
        except (EOFError, OSError, pickle.UnpicklingError):
            return


def prove(about: Eligibility, seconds: float, say: Callable[[float], None]) -> None:
    """Say better and better bounds that no plan exceeds, for about some seconds."""
    end = time.monotonic() + seconds
    pieces = relaxed(about, seconds / 2, say).pieces()
    say(pieces.relaxed_bound)
    pieces.prove(end - time.monotonic(), say)


def main() -> None:
    """Read a problem and seconds; write bounds, until the proof is done or no one waits any more."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the solver prints must not get between the bounds
    problem: Problem
    problem, seconds = pickle.load(sys.stdin.buffer)

    def leave() -> None:
        os.read(0, 1)
        os._exit(0)

    def say(bound: float) -> None:
        pickle.dump(bound, out)
        out.flush()

    threading.Thread(target=leave, name="leave", daemon=True).start()
    prove(Eligibility(problem), seconds, say)


if __name__ == "__main__":
    main()
