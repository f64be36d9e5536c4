"""Where a visitor's documents come from, and the ones that are kept for others who see the same."""

from __future__ import annotations

from collections.abc import Hashable

from pages.components import clock, data
from pages.components.session.singletons import kept
from pd_core.access import Actor, Visitor
from pd_core.actions.plan_record import record_of
from pd_core.cache import Cache, CacheByRevision
from pd_core.reports.documents.source import Source, wave_of
from pd_core.summaries.taught import taught

_COMPUTER = Visitor.as_oneself(Actor("this computer", "administrator"))
_MOST_KEPT, _MOST_BYTES = 500, 16_000_000
_stamps = CacheByRevision(max_entries=1, max_bytes=10_000)


def source(
    visitor: Visitor, wave_id: str | None, address: str = "", token: str = "", *, is_framed: bool = False
) -> Source:
    """What documents of a wave are made from, as the visitor sees it. Raises UnknownName for a wave without answers."""
    is_sample = data.is_sample()
    store = data.sample_store() if is_sample else data.store()
    settings = data.settings()
    return Source(
        store, data.codebook_of(store), visitor, wave_of(store, wave_id), settings.target_share, settings.local_now(),
        address, token, is_sample, is_framed,
    )  # fmt: skip


def stamp(found: Source) -> Hashable:
    """Changes whenever a document of this source may: with the figures, the plan, and each hour."""

    def figures_and_plan() -> tuple[object, ...]:
        plan = record_of(found.store, _COMPUTER)
        last = plan.changes[-1].number if plan.changes else 0
        return found.store.version(), taught(found.store).mark, len(plan.changes), last

    made_of = _stamps.get(found.store, found.store.revision(), "stamp", figures_and_plan)
    return (found.store.location, made_of, found.wave_id, f"{found.now:%Y-%m-%d %H}")


def this_hour() -> str:
    """The district's local date and hour: whatever says a day or what is next changes with it."""
    return f"{clock.now():%Y-%m-%d %H}"


@kept
def documents() -> Cache:
    """Documents of plain pages, by stamp, reader and school."""
    return Cache(_MOST_KEPT, _MOST_BYTES)


def sees(visitor: Visitor) -> Hashable:
    """What decides what a visitor sees: all guests of a link to one school see the same."""
    actor = visitor.actor
    return (actor.role, visitor.scope, "" if actor.role in ("guest", "administrator", "facilitator") else actor.name)
