"""Plain values for what the district keeps besides answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import quote

SCHOOL = "{school}"
"""The placeholder for the school's name in a form's link."""

PlanState = Literal["proposed", "agreed", "scheduled", "delivered", "cancelled", "withdrawn"]
"""What has become of a session of the plan. A proposal is withdrawn when a newer one replaces it."""


@dataclass(frozen=True)
class Wave:
    """The settings of one wave.

    `closes_on` is the last day to answer (null: not set). `form_link` is the form's address (empty: not set); it may
    contain `SCHOOL`. `asks_guesses`: whether people are asked for a guess before they see results.
    """

    wave_id: str
    closes_on: date | None = None
    form_link: str = ""
    asks_guesses: bool = False

    def link_to(self, school_name: str) -> str:
        """The form's link with a school's name filled in; the same for every school without a placeholder, empty if no
        link is set."""
        # Microsoft Forms quotes a choice as JSON does, and leaves it unselected where a quote in it is not escaped.
        is_quoted = f"%22{SCHOOL}" in self.form_link
        name = json.dumps(school_name, ensure_ascii=False)[1:-1] if is_quoted else school_name
        return self.form_link.replace(SCHOOL, quote(name, safe=""))


@dataclass(frozen=True, kw_only=True)
class DatedAddress:
    """A signed address of a school, or of the whole district (`school_id` is then “district”), that works until it
    expires or is revoked. Times are UTC."""

    school_id: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    is_revoked: bool

    def is_open(self, now: datetime) -> bool:
        """Whether the address still works at `now` (UTC)."""
        return not self.is_revoked and now < self.expires_at


@dataclass(frozen=True, kw_only=True)
class Link(DatedAddress):
    """One share link."""

    link_id: str


FeedAbout = Literal["trainer", "school", "district"]
"""Whose sessions a calendar address shows."""


@dataclass(frozen=True)
class CalendarFeed:
    """An address under which calendars read the sessions of a trainer, a school or the district (`subject_id` is then
    “district”). `made_at` is UTC."""

    feed_id: str
    about: FeedAbout
    subject_id: str
    made_by: str
    made_at: datetime
    is_revoked: bool


@dataclass(frozen=True, kw_only=True)
class TableFeed(DatedAddress):
    """An address under which programs read a table."""

    feed_id: str
    table_name: str


@dataclass(frozen=True, kw_only=True)
class UploadAddress(DatedAddress):
    """An address to which scripts and flows send files of one school."""

    address_id: str


@dataclass(frozen=True)
class PlanSession:
    """A training at a time and place, held at the first of `school_ids` and open to the others.

    Times are local. `reached` is the number of people it is planned for (null: not to be seen by the visitor, who
    would know another school's part of it). `note` says what the meeting decided, or why the session was cancelled;
    `asked` what someone wants changed and waits for an answer to (empty: nothing).
    """

    session_id: str
    state: PlanState
    school_ids: tuple[str, ...]
    training_id: str
    trainer_id: str
    slot_id: str
    starts_at: datetime
    ends_at: datetime
    reached: int | None
    note: str = ""
    asked: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.state in ("proposed", "agreed", "scheduled")

    @property
    def is_decided(self) -> bool:
        """Whether people decided on it, and it is still to be held."""
        return self.state in ("agreed", "scheduled")


@dataclass(frozen=True)
class SessionChange:
    """One change of one session: what it became, and the change it was decided from (`base`; null: a new session).

    `number` orders all changes; those made together share it. `changed_at` is UTC.
    """

    number: int
    base: int | None
    session: PlanSession
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Delivery:
    """How a session was held, or a training outside the plan (`is_outside`, which has a school, training and trainer of
    its own; the trainer may be empty).

    `attended` is the number of people (null: a list says it); `minutes` is how long it took each of them.
    """

    session_id: str
    delivered_on: date
    attended: int | None
    minutes: float
    note: str = ""
    is_outside: bool = False
    school_id: str = ""
    training_id: str = ""
    trainer_id: str = ""
