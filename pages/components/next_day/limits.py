"""How often one address may open or answer follow-up links."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

SECONDS = 60.0
MOST_ADDRESSES = 2_000


class Limit:
    """So many requests a minute from one place; a school's staff share one address, so it is not small."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, place: str, now: float | None = None) -> bool:
        """Whether one more request is served; counts it."""
        at = time.monotonic() if now is None else now
        with self._lock:
            times = self._seen.setdefault(place, deque(maxlen=self.most))
            self._seen.move_to_end(place)
            if len(self._seen) > MOST_ADDRESSES:
                self._seen.popitem(last=False)
            if len(times) == self.most and at - times[0] < SECONDS:
                return False
            times.append(at)
            return True
