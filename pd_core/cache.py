"""A bounded cache of results by key, shared by everyone who may see the same."""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl
import pyarrow as pa

T = TypeVar("T")
_SMALL = 200
"""The size, in bytes, that a value of unknown type counts as."""


class Cache:
    """Holds at most `max_entries` results and about `max_bytes` bytes; drops the least recently used first. A result
    that alone is larger is not kept.

    Threads share it: the first caller makes a result, and the others wait for it. If making it raises, nothing is kept
    and the next caller tries again.
    """

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self.max_entries = max_entries
        self.max_bytes = max_bytes
        self.bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._kept

    def get(
        self,
        key: Hashable,
        make: Callable[[], T],
        keep: Callable[[T], bool] = lambda made: True,
        outdated: Callable[[Any], bool] = lambda key: False,
    ) -> T:
        """The result for this key, made by `make` if it is not cached.

        `keep` decides whether to cache it. A result that is cached replaces those whose keys are `outdated`.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return cast(T, self._kept[key][0])
            try:
                made = make()
                if keep(made):
                    self._keep(key, made, outdated)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made

    def _keep(self, key: Hashable, made: object, outdated: Callable[[Any], bool]) -> None:
        size = size_of(made)
        if size > self.max_bytes:
            return  # it would drive out everything else, and itself
        with self._lock:
            for old in [old for old in self._kept if old == key or outdated(old)]:
                self.bytes -= self._kept.pop(old)[1]
            self._kept[key] = (made, size)
            self.bytes += size
            while self._kept and (len(self._kept) > self.max_entries or self.bytes > self.max_bytes):
                _, (_, gone) = self._kept.popitem(last=False)
                self.bytes -= gone

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0


class CacheByRevision:
    """Holds results that were made of a store at one revision, for each open store; a newer revision drops them all.

    The revision is whatever changes when the results do. Threads share it, as a `Cache`.
    """

    def __init__(self, max_entries: int, max_bytes: int) -> None:
        self.max_entries = max_entries
        self.max_bytes = max_bytes
        self._of_stores: WeakKeyDictionary[object, tuple[str, Cache]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(
        self,
        store: object,
        revision: str,
        key: Hashable,
        make: Callable[[], T],
        keep: Callable[[T], bool] = lambda made: True,
    ) -> T:
        """The result for this key, made by `make` if it is not cached; `keep` decides whether to cache it."""
        return self.of(store, revision).get(key, make, keep)

    def of(self, store: object, revision: str) -> Cache:
        """The results of a store at a revision: also while a newer one is asked for elsewhere."""
        with self._lock:
            known = self._of_stores.get(store)
            if known is None or known[0] != revision:
                known = self._of_stores[store] = (revision, Cache(self.max_entries, self.max_bytes))
            return known[1]


def size_of(value: object) -> int:
    """The approximate size of a value in bytes: tables, arrays, texts, and containers of them."""
    if isinstance(value, pl.DataFrame | pl.Series):
        return int(value.estimated_size()) + _SMALL
    if isinstance(value, np.ndarray | pa.Table):
        return int(value.nbytes) + _SMALL
    if isinstance(value, bytes | str):
        return len(value) + 50
    if isinstance(value, Mapping):
        return _SMALL + sum(size_of(key) + size_of(one) for key, one in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return _SMALL + sum(map(size_of, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _SMALL + sum(size_of(getattr(value, field.name)) for field in dataclasses.fields(value))
    return _SMALL
