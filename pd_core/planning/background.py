"""Searches for plans in processes of their own, while pages are looked at: progress, canceling, the plan."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pd_core.planning.changes import sessions_of
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.found import Found
from pd_core.planning.measure import measure
from pd_core.planning.messages import Better, Done, Message, Refused
from pd_core.planning.plan import stopped
from pd_core.planning.problem import Problem, Session

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 1
"""Searches that run at the same time on a server; the others wait their turn."""
LOOK_SECONDS = 0.2
"""How often a search that waits for another looks whether it was canceled."""
_turns = threading.BoundedSemaphore(AT_ONCE)


class Job:
    """One search for a plan. It begins at once, or as soon as it is its turn, and runs whether or not anyone looks.

    With `after`, it begins when that search has ended, from its plan: what is equally good there stays as it is.
    """

    def __init__(self, problem: Problem, seconds: float, after: Job | None = None) -> None:
        self.problem = problem
        self.seconds = seconds
        self._after = after
        self._best: Better | None = None
        self._end: Found | Refused | BaseException | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_canceled = False
        self._changing = threading.Lock()
        self._ended = threading.Event()
        self._began: float | None = None
        # A daemon: stopping the server does not wait for it.
        threading.Thread(target=self._run, name="plan", daemon=True).start()

    @property
    def is_done(self) -> bool:
        """Whether the search has ended: `result` answers at once."""
        return self._ended.is_set()

    @property
    def best(self) -> Better | None:
        """The best plan so far (null: none yet)."""
        return self._best

    @property
    def elapsed(self) -> float | None:
        """Seconds since the search began (null: it waits for its turn)."""
        return None if self._began is None else time.monotonic() - self._began

    def cancel(self) -> None:
        """End the search; the best plan that it has found by then is kept."""
        with self._changing:
            self._is_canceled = True
            if self._process is not None:
                self._process.kill()

    def result(self, timeout: float | None = None) -> Found:
        """The plan, once the search has ended. Raises NoPlan where none exists or was found, TimeoutError, and what
        ended the search before its time."""
        if not self._ended.wait(timeout):
            raise TimeoutError
        if isinstance(self._end, Found):
            return self._end
        if isinstance(self._end, Refused):
            raise NoPlan(self._end.message, self._end.remedy, self._end.details)
        assert self._end is not None
        raise self._end

    def _run(self) -> None:
        try:
            end = self._in_turn(self._start())
            self._end = Found(self.problem, end.plan, end.measure) if isinstance(end, Done) else end
        except BaseException as error:
            self._end = error
        finally:
            self._ended.set()

    def _in_turn(self, start: list[Session]) -> Done | Refused:
        while not _turns.acquire(timeout=LOOK_SECONDS):
            if self._was_canceled():
                return self._kept()
        try:
            return self._searched(start)
        finally:
            _turns.release()

    def _start(self) -> list[Session]:
        """The sessions to start from: those of the plan before, where there is one."""
        while self._after is not None and not self._was_canceled():
            try:
                return sessions_of(self._after.result(LOOK_SECONDS).plan)
            except TimeoutError:
                continue
            except (NoPlan, RuntimeError):
                break
        return []

    def _searched(self, start: list[Session]) -> Done | Refused:
        command = [sys.executable, "-m", "pd_core.planning.solver"]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        with tempfile.TemporaryFile() as log:
            with self._changing:
                if self._is_canceled:
                    return self._kept()
                self._began = time.monotonic()
                self._process = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
                )
            with self._process as process:
                end = self._heard(process, start)
            if end is not None:
                return end
            if self._was_canceled():
                return self._kept()
            log.seek(0)
            raise RuntimeError(f"The search ended by itself, code {process.returncode}: {log.read()[-2_000:]!r}")

    def _was_canceled(self) -> bool:
        with self._changing:
            return self._is_canceled

    def _heard(self, process: subprocess.Popen[bytes], start: list[Session]) -> Done | Refused | None:
        """What the search said last; null where it ended without a word."""
        assert process.stdin is not None and process.stdout is not None
        try:
            pickle.dump((self.problem, self.seconds, start), process.stdin)
            process.stdin.close()
            while True:
                message: Message = pickle.load(process.stdout)
                if not isinstance(message, Better):
                    return message
                self._best = message
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def _kept(self) -> Done | Refused:
        """The plan of the best sessions found before the search was canceled."""
        best = self._best
        if best is None:
            return Refused("The search was canceled before it had found a plan.", "Propose again.", ())
        plan = stopped(self.problem, best.sessions, best.bound, best.seconds)
        return Done(plan, measure(self.problem, plan))
