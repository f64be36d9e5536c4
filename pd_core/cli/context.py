"""One call of the command line: its store, its files, who makes it, and how it is answered."""

from __future__ import annotations

import getpass
import glob
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from types import FrameType
from typing import Annotated

from cyclopts import Parameter

from pd_core.access import Actor, Visitor
from pd_core.codebook import Codebook, load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.error_log import causes, record_incident
from pd_core.errors import RefusedFile, SettingError, UserError
from pd_core.ingestion.reading import MAX_BYTES, check_bytes
from pd_core.pseudonyms import respondent_key
from pd_core.reports.terminal import show, show_json
from pd_core.storage import Store, open_store, queries

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


@dataclass(frozen=True)
class Call:
    """One call of the command line: which store, how to answer, and what the commands share."""

    store_option: str | None
    as_json: bool

    @cached_property
    def settings(self) -> Settings:
        """The settings, --store before PD_STORE."""
        return load_settings(store=self.store_option)

    @cached_property
    def codebook(self) -> Codebook:
        """The survey's description."""
        return load_codebook(self.settings.codebook)

    @cached_property
    def visitor(self) -> Visitor:
        """The account that gives the command, as an administrator of the store."""
        return Visitor.as_oneself(Actor(_account(), "administrator"))

    def key(self, store: Store) -> bytes:
        """The secret behind respondents' codes, made on first use in a store without answers."""
        return respondent_key(self.settings, has_uploads=not queries.uploads(store).is_empty())

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, open for as long as the command needs it."""
        store = open_store(self.settings.store, list(self.codebook.items.values()), self.key)
        try:
            yield store
        finally:
            store.close()

    def problem(self, error: Exception) -> UserError:
        """What to tell the person about an error: its own words, or those for a bug, which is noted.

        Raises KeyboardInterrupt where a Ctrl-C lies behind it: libraries wrap one in an error of their own.
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
        """Gives the result: the text, or the values for --json."""
        if self.as_json:
            show_json(values)
        else:
            show(text)


Shared = Annotated[Call, Parameter(parse=False)]
"""The type of a command's last parameter, which is the call itself and no option."""


@contextmanager
def heard_stops() -> Iterator[list[int]]:
    """A list that grows at each Ctrl-C, which also raises KeyboardInterrupt as ever: libraries may swallow that."""
    stops: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stops.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is not threading.main_thread():
        yield stops  # signals are for the main thread alone
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stops
    finally:
        signal.signal(signal.SIGINT, before)


def content_of(name: str) -> bytes:
    """A file's bytes, no more of them than can be taken. Raises RefusedFile."""
    path = Path(name)
    try:
        if path.is_dir():
            raise RefusedFile(f"{name} is a folder.", "Name the files in it.")
        check_bytes(name, path.stat().st_size)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # what is no ordinary file may state no size
    except FileNotFoundError as error:
        raise RefusedFile(f"There is no file {name}.", "Look at its name and folder.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise RefusedFile(f"{name} cannot be read: {reason}.", "Close it elsewhere, or ask for the right.") from error


def matching(name: str) -> list[str]:
    """The files that a pattern such as *.xlsx means where the shell leaves it as it is; else the name itself."""
    if not Path(name).exists() and (found := sorted(glob.glob(name))):
        return found
    return [name]


def label_of(name: str) -> str:
    """A file's name without folders, as text that can be stored."""
    return PurePath(name).name.encode(errors="replace").decode() or name


def _account() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError, ImportError):
        return "command line"
