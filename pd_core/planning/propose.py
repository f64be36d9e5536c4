"""From a problem to the best plan that can be found in a time, with a bound that no plan exceeds."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from pd_core.planning.anneal import annealed
from pd_core.planning.bound import Prices
from pd_core.planning.carry import carried
from pd_core.planning.comfort import most_comfortable, reassigned
from pd_core.planning.could_reach import relaxed_reach, two_topics
from pd_core.planning.coverage import Coverage, coverage, servable
from pd_core.planning.diary import is_affordable
from pd_core.planning.drafts import Draft, Spent, minutes_used, money_used
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.exact import VERY_FEW_OPTIONS, best_sessions
from pd_core.planning.fairness import is_fair
from pd_core.planning.greedy import by_hand
from pd_core.planning.groups import BUILDINGS_A_GROUP, group_drafts, grouped
from pd_core.planning.hub_variables import Topic
from pd_core.planning.improve import improve
from pd_core.planning.placing import made_whole, placed
from pd_core.planning.problem import Option, Session
from pd_core.planning.proof import Proof, Task
from pd_core.planning.relaxed import TOPICS_OF_MANY, relaxed
from pd_core.planning.whole_search import SEARCHED_AT_ONCE, WholeSearch, topics_to_search

FEW_OPTIONS = 4_000
"""Up to so many possible sessions the whole model is tried after the hub model; of very few, first."""
HALVES, WHOLE = 0.48, 0.52
FEW_BUILDINGS, FEW_ANNEALED, ANNEALED = 100, 0.74, 0.93
"""Shares of the time. A district that is searched at once is searched by halves until one is over, then as a whole
until the other; small changes have little left to do, and then a few buildings are planned again exactly. More than
these few buildings are too many for that."""
PROOF_MARGIN = 0.02
"""The share of the time that a proof ends earlier, so that its last bound is heard."""
WARM, COOL = (2.5, 0.4), (0.3, 0.2)
"""People by weight that a small change may lose at first and at last: in a plan from the relaxed model, and in one that
was searched before."""
SAME = 1e-4
"""Plans whose objectives differ by less than this share are equally good."""


Watch = Callable[[Sequence[Session], float], None]
"""Hears of each better plan: its sessions, and the bound so far."""


def total_gain(about: Eligibility, sessions: Sequence[Session]) -> float:
    """People reached, each by the weight of their building for the skill."""
    return float(sum(map(about.session_gain, sessions)))


class Search:
    """One search for a plan, until its time ends. Every step keeps the best plan so far."""

    def __init__(
        self, about: Eligibility, seconds: float, watch: Watch | None = None, start: Sequence[Session] = ()
    ) -> None:
        self.about = about
        self.watch = watch
        self.start = start
        self.started = time.monotonic()
        self.deadline = self.started + seconds
        self.seconds = seconds
        self.best: list[Session] | None = None
        self._gain = 0.0  # of the best: steps ask thousands of times whether it is proved
        self._could_reach = two_topics(about)
        self._bound = float(sum(self._could_reach.values()))
        self._proof: Proof | None = None
        self._drafted = 0.0
        self._is_whole = False
        self.most_buildings = 0
        self.is_small = False

    def left(self, share: float = 1.0) -> float:
        """Seconds until the time ends, or until a share (0-1) of it is over."""
        return self.started + share * self.seconds - time.monotonic()

    def _time(self, share: float) -> float:
        """When (monotonic seconds) a share (0-1) of the time is over."""
        return self.started + share * self.seconds

    @property
    def bound(self) -> float:
        """People by weight that no plan exceeds, as far as that is proved by now."""
        return self._bound if self._proof is None else min(self._bound, self._proof.bound)

    def _lower(self, bound: float) -> None:
        self._bound = min(self._bound, bound)

    def keep(self, sessions: list[Session] | None) -> None:
        """Keeps a plan that is better than the best so far, or the first."""
        if sessions is None or not is_fair(sessions, self.most_buildings) or not is_affordable(self.about, sessions):
            return
        gain = total_gain(self.about, sessions)
        if self.best is None or gain > self._gain + 1e-9:
            self.best, self._gain = sessions, gain
            if self.watch is not None:
                self.watch(sessions, self.bound)

    @property
    def is_proved(self) -> bool:
        """Whether no plan can be better than the best so far by more than the smallest share that counts."""
        if self.best is None or not math.isfinite(self.bound):
            return False
        return self.bound - self._gain <= SAME * max(self.bound, 1e-9)

    def run(self, *, with_comfort: bool = True) -> Coverage:
        """Searches; tells what was found about coverage. `best` stays null where no plan keeps all locks."""
        try:
            return self._run(with_comfort=with_comfort)
        finally:
            if self._proof is not None:
                self._bound, self._proof = min(self._bound, self._proof.end()), None

    def _run(self, *, with_comfort: bool) -> Coverage:
        about = self.about
        options = list(itertools.islice(about.options(), FEW_OPTIONS + 1))
        self.is_small = is_small = len(options) <= FEW_OPTIONS
        covered = coverage(about, options if is_small else None, self.left(0.25))
        self.most_buildings = covered.most if about.problem.is_fair else 0
        if covered.is_infeasible:
            return covered
        start = covered.sessions
        if start is not None:
            fair = start if is_fair(start, self.most_buildings) else None
            self.keep(fair)
            self._carry_over()
            self.keep(by_hand(about, start, self.most_buildings))
        if len(options) <= VERY_FEW_OPTIONS:
            self._exactly(options, 0.6)
        if not self.is_proved:
            self._by_hub(0.55 if is_small and len(options) > VERY_FEW_OPTIONS else 0.93)
        if is_small and not self.is_proved:
            self._exactly(options, 0.93)
        if self.best is not None and with_comfort:
            self.best = self._comfortably(options if is_small else None)
        return covered

    def _carry_over(self) -> None:
        """Keeps what can still be held of the sessions to start from: of plans that are equally good it stays."""
        kept = carried(self.about, self.start)
        if self.start and kept is not None:
            self.keep(by_hand(self.about, kept, self.most_buildings))

    def _exactly(self, options: Sequence[Option], until: float) -> None:
        found, solution = best_sessions(
            self.about, options, most_buildings=self.most_buildings, seconds=self.left(until)
        )
        self.keep(found)
        self._lower(solution.bound)

    def _by_hub(self, until: float) -> None:
        """Plans by way of the hub model; of a large district its bound is proved meanwhile in a process of its own."""
        about, is_free = self.about, self.about.problem.budget is None
        self._is_whole = is_free and len(about.problem.schools) <= SEARCHED_AT_ONCE
        if not self.is_small:
            ends_at, wait = time.time() + self.left(), self.left(HALVES * until)
            task = Task(about.problem, ends_at - PROOF_MARGIN * self.seconds)
            if self._is_whole:
                task = replace(task, search_until=time.time() + wait, one_each=frozenset(self._one_each))
            with suppress(OSError):  # where no process can be started, this one proves the bound
                self._proof = Proof(task)
        first = relaxed(about, self.left(0.4 * until))
        self._lower(first.bound)
        topics = topics_to_search(about, first, 1 if math.isfinite(first.bound) else TOPICS_OF_MANY)
        # infinite: not all of it was relaxed in time
        could_reach = self._could_reach | relaxed_reach(first.model, first.values)
        spent = Spent(minutes_used(first.model, first.values), money_used(first.model, first.values))
        pieces, prices = first.pieces() if self._proof is None else None, first.prices
        del first  # a large district's model takes as much memory as everything else
        is_searched = self._is_whole and self._search_whole(topics, until)
        if not is_searched:
            self._search_groups(topics, spent, until)
        if pieces is not None:
            pieces.prove(self.left((0.75 if is_searched else 0.5) * until), self._lower)
        if is_free:
            is_few = len(about.problem.schools) <= FEW_BUILDINGS
            self._anneal(topics, prices, COOL if is_searched else WARM, (FEW_ANNEALED if is_few else ANNEALED) * until)
        self._improve(could_reach, until)

    def _search_whole(self, topics: Collection[Topic], until: float) -> bool:
        """Drafts of all buildings at once: of few quick ones at first (of many they take too long to be put into slots
        twice), then those that two processes found, half each. Tells whether there was time for any."""
        if self.left(0.3 * until) <= 0.1:
            return False
        whole = WholeSearch(self.about, topics, self._one_each, self.left(0.3 * until))
        if not whole.drafts():
            return False
        if len(self.about.problem.schools) <= FEW_BUILDINGS:
            self._draft(whole.drafts(), 0.75 * until)
        if self._proof is not None and whole.search_half(False, self._time(HALVES * until)) is not None:
            second = self._proof.half(self.left(WHOLE * until))
            if second is not None:
                whole.join(second)
        whole.search(self._time(WHOLE * until))
        self._draft(whole.drafts(), 0.85 * until)
        return True

    def _search_groups(self, topics: Collection[Topic], spent: Spent, until: float) -> None:
        """Drafts of a group of buildings after the other: at first quick ones, which small changes make better; within
        a budget, which those don't look at, good ones too."""

        def drafted(end: float, *, is_quick: bool = False) -> list[Draft]:
            groups, seconds = grouped(self.about, BUILDINGS_A_GROUP), self.left(end * until)
            if seconds <= 0.1:
                return []
            return group_drafts(self.about, groups, topics, spent, self._one_each, seconds, is_quick=is_quick)

        self._draft(drafted(0.6, is_quick=True), 0.75 * until)
        if self.about.problem.budget is not None:
            self._draft(drafted(0.65), 0.85 * until)

    @property
    def _one_each(self) -> set[str]:
        """The buildings that each get a session first, where all that can be served can be served together."""
        one_each = set(servable(self.about))
        return one_each if len(one_each) == self.most_buildings else set()

    def _anneal(self, topics: Collection[Topic], prices: Prices, warmth: tuple[float, float], until: float) -> None:
        """Makes the best plan better by many small changes, until a share of the time is over."""
        if self.best is not None and not self.is_proved and self.left(until) > 0:
            annealed(
                self.about,
                self.best,
                most_buildings=self.most_buildings,
                topics=topics,
                prices=prices,
                warmth=warmth,
                deadline=self._time(until),
                keep=self.keep,
                is_enough=lambda: self.is_proved,
            )

    def _improve(self, could_reach: Mapping[str, float], until: float) -> None:
        """Makes the best plan better, a few buildings at a time, until a share of the time is over."""
        if self.best is not None and not self.is_proved and self.left(until) > 0:
            improve(
                self.about,
                self.best,
                most_buildings=self.most_buildings,
                could_reach=could_reach,
                deadline=self._time(until),
                keep=self.keep,
                is_enough=lambda: self.is_proved,
            )

    def _draft(self, wanted: Sequence[Draft], until: float) -> None:
        """Puts drafts into slots, fills what is left by hand, and keeps the plan where it is better; leaves out drafts
        that reach no more people than earlier ones."""
        could_gain = sum(self.about.session_gain(draft.session) for draft in wanted)
        if self.left(until) > 0.05 and could_gain > self._drafted:
            self._drafted = could_gain
            sessions = placed(self.about, wanted, self._time(until))
            self.keep(made_whole(self.about, sessions, self.most_buildings))

    def _comfortably(self, options: Sequence[Option] | None) -> list[Session]:
        """The best plan with trainers and slots that suit best; of a small district's, the most comfortable."""
        about, best = self.about, self.best
        assert best is not None
        if options is not None and self.is_proved:
            best = most_comfortable(
                about, best, options, most_buildings=self.most_buildings, searched=time.monotonic() - self.started,
                latest=self._time(0.95),
            )  # fmt: skip
        return reassigned(about, best, self.left)
