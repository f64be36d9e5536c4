"""The search in a process of its own: a problem comes in, better and better plans go out.

`pd_core.planning.background` starts it. What goes in and out is pickled, between a process and its own child alone.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from collections.abc import Sequence

from pd_core.errors import UserError
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.measure import measure
from pd_core.planning.messages import Better, Done, Message, Refused
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Session
from pd_core.planning.propose import total_gain

POLITE = 10
"""How far the search steps back for everything else that the computer does."""


def main() -> None:
    """Read a problem, seconds to search and sessions to start from; write messages until the plan is found."""
    if hasattr(os, "nice"):
        os.nice(POLITE)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the messages
    writing, started = threading.Lock(), time.monotonic()
    problem: Problem
    problem, seconds, start = pickle.load(sys.stdin.buffer)
    about = Eligibility(problem)

    def say(message: Message) -> None:
        with writing:
            pickle.dump(message, out)
            out.flush()

    def watch(sessions: Sequence[Session], bound: float) -> None:
        say(Better(tuple(sessions), total_gain(about, sessions), bound, time.monotonic() - started))

    try:
        found = plan(problem, seconds, watch, start)
        say(Done(found, measure(problem, found)))
    except UserError as error:
        say(Refused(error.message, error.remedy, error.details))


if __name__ == "__main__":
    main()
