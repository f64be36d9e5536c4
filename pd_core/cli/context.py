"""One call of the command line: its store, its caller, and its output."""

from __future__ import annotations

import getpass
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import FrameType
from typing import Annotated

from cyclopts import Parameter

from pd_core.access import Actor, Visitor
from pd_core.actions.secret import secret_key
from pd_core.changed_skills import with_skills
from pd_core.codebook import Codebook
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.error_log import causes, record_incident
from pd_core.errors import SettingError, UserError
from pd_core.reports.terminal import show, show_json
from pd_core.storage import Store, open_store, reach_store
from pd_core.storage.skills import changed_skills


@dataclass(frozen=True)
class Call:
    """One call of the command line: which store, which output, and what the commands share."""

    store_option: str | None
    as_json: bool

    @cached_property
    def settings(self) -> Settings:
        """The settings; --store overrides PD_STORE."""
        return load_settings(store=self.store_option)

    @cached_property
    def codebook(self) -> Codebook:
        """The description of the survey; while a store is open, with the skills that were changed there."""
        return load_codebook(self.settings.codebook)

    @cached_property
    def visitor(self) -> Visitor:
        """The account that runs the command, as an administrator of the store."""
        return Visitor.as_oneself(Actor(_account(), "administrator"))

    def key(self, store: Store) -> bytes:
        """The secret behind respondents' codes, made on first use in a store without answers.

        Raises SettingError where it is not the one with which the store began.
        """
        return secret_key(store, self.settings)

    @contextmanager
    def store(self, *, alone: bool = False) -> Iterator[Store]:
        """The store, open for as long as the command needs it; while the server holds it, through the server.

        With `alone` no one else may have it open. Raises StoreInUse, StoreError.
        """
        open_it = open_store if alone else reach_store
        store = open_it(self.settings.store, list(self.codebook.items.values()), self.key)
        try:
            changed = changed_skills(store)
            store.add_items([item for skill in changed for item in skill.items()])
            vars(self)["codebook"] = with_skills(self.codebook, changed)
            yield store
        finally:
            store.close()

    def problem(self, error: Exception) -> UserError:
        """The message for an error: its own text, or the standard one for a bug, which is logged.

        Raises KeyboardInterrupt if a Ctrl-C caused it: libraries wrap one in an error of their own.
        """
        if any(isinstance(cause, KeyboardInterrupt) for cause in causes(error)):
            raise KeyboardInterrupt from error
        if isinstance(error, UserError):
            return error
        try:
            folder = self.settings.directory
        except SettingError:
            folder = ROOT / "data" / "store"
        return record_incident(error, folder)

    def answer(self, text: str, **values: object) -> None:
        """Write the result: the text, or the values for --json."""
        if self.as_json:
            show_json(values)
        else:
            show(text)


Shared = Annotated[Call, Parameter(parse=False)]
"""The type of a command's last parameter, which is the call itself and not an option."""


@contextmanager
def heard_stops() -> Iterator[list[int]]:
    """A list that grows with each Ctrl-C, which still raises KeyboardInterrupt: libraries may swallow that."""
    stops: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stops.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is not threading.main_thread():
        yield stops  # only the main thread gets signals
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stops
    finally:
        signal.signal(signal.SIGINT, before)


def _account() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError, ImportError):
        return "command line"
