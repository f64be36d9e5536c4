"""Where documents come from: the figures, the plan and the earlier wave, as one visitor sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Scope, Visitor
from pd_core.actions.plan_record import record_of
from pd_core.codebook import Codebook
from pd_core.errors import UnknownName, UserError
from pd_core.presentation.brief import Plan
from pd_core.storage import Store, queries
from pd_core.storage.training_lists import training_list
from pd_core.summaries.growth import Growth, growth
from pd_core.summaries.planning_lists import planning_lists
from pd_core.survey.scoped_survey import Survey, survey


@dataclass(frozen=True)
class Source:
    """One wave as one visitor sees it, and what documents need besides.

    `now` is the district's local time; `address` the app's base address without a trailing slash (empty: none known);
    `token` the share link that the reader came by (empty: none); `is_framed` whether another site shows the page. The
    sample is open to everyone and has no plan.
    """

    store: Store
    codebook: Codebook
    visitor: Visitor
    wave_id: str
    target_share: float
    now: datetime
    address: str = ""
    token: str = ""
    is_sample: bool = False
    is_framed: bool = False

    @property
    def scope(self) -> Scope:
        """The schools whose figures are seen."""
        return EVERYTHING if self.is_sample else self.visitor.scope

    @property
    def survey(self) -> Survey:
        """The wave's figures."""
        return survey(self.store, self.codebook, self.wave_id, None, self.target_share, self.scope)

    def pair(self) -> Growth | None:
        """The wave and the one before it; null for the first, or where the two cannot be compared."""
        known = [str(wave_id) for wave_id in queries.waves(self.store)["wave_id"]]
        place = known.index(self.wave_id)
        if place == 0:
            return None
        try:
            return growth(
                self.store, self.codebook, from_wave=known[place - 1], to_wave=self.wave_id,
                target_share=self.target_share, scope=self.scope, waves=known,
            )  # fmt: skip
        except UserError:
            return None

    def plan(self) -> Plan | None:
        """The plan on record, of real answers alone; null where nothing is on record."""
        record = None if self.is_sample else record_of(self.store, self.visitor)
        return Plan(record, planning_lists(self.store, self.now), self.now) if record and record.sessions() else None

    def live(self, school_id: str) -> str:
        """The address of the live dashboard, at this school and wave, for the same reader; empty where not known."""
        asked = {"link": self.token} if self.token else {}
        asked |= {} if school_id == DISTRICT else {"school": school_id}
        asked |= {"embed": "true"} if self.is_framed else {}
        return f"{self.address}/?{urlencode({**asked, 'wave': self.wave_id})}" if self.address else ""

    def goal(self, school_id: str) -> str:
        """A school's goal in words; empty where none is set."""
        goals = training_list(self.store, "school_goal").filter(pl.col("school_id") == school_id)
        return str(goals["words"][0] or "") if goals.height and self.scope.sees(school_id) else ""

    def names(self) -> dict[str, str]:
        """The schools that are seen, by name: id to name."""
        return dict(queries.schools(self.store, self.scope).select("school_id", "name").iter_rows())


def wave_of(store: Store, wanted: str | None) -> str:
    """The wave of a name, by default the latest with answers. Raises UnknownName where there is none."""
    known = [str(wave_id) for wave_id in queries.waves(store)["wave_id"]]
    if not known:
        raise UnknownName("No one has answered yet, so there is nothing to report.", "Take an export first.")
    if wanted is None:
        return known[-1]
    if wanted not in known:
        raise UnknownName(f"There is no wave “{wanted}” with answers.", f"Known: {', '.join(known)}.")
    return wanted
