"""Looks an installation over: what is well, what to mend, and how."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from pd_core.codebook import Codebook, load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.errors import UserError
from pd_core.identity import respondent_key
from pd_core.storage import open_store, queries

OLDEST_PYTHON = (3, 11)
ROOM = 1_000_000_000
REQUIREMENTS = ROOT / "requirements.txt"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; where it is not ok, `message` also says what to do."""

    name: str
    is_ok: bool
    message: str

    def as_dict(self) -> dict[str, object]:
        """The check as plain values, for JSON."""
        return asdict(self)


def examine(store: str | None = None, requirements: Path = REQUIREMENTS) -> list[Check]:
    """Checks Python, libraries, settings, codebook, store, key and disk; `store` goes before PD_STORE."""
    checks = [_python(), _libraries(requirements)]
    try:
        settings = load_settings(store=store)
    except UserError as error:
        return [*checks, _mend("settings", error)]
    checks.append(Check("settings", True, f"the store is {settings.store}."))
    try:
        codebook = load_codebook(settings.codebook)
    except UserError as error:
        return [*checks, _mend("codebook", error), _disk(settings)]
    asked = f"{len(codebook.items)} questions about {len(codebook.skills)} skills, from {settings.codebook}."
    checks.append(Check("codebook", True, asked))
    return [*checks, *_store_and_key(settings, codebook), _disk(settings)]


def _mend(name: str, error: UserError) -> Check:
    return Check(name, False, error.text())


def _python() -> Check:
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Check("Python", False, f"{running} is too old. Install Python 3.11 or later.")
    return Check("Python", True, f"{running}.")


def _libraries(requirements: Path) -> Check:
    try:
        lines = requirements.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        return Check("libraries", False, f"{requirements} cannot be read: {error.strerror}. Put it back.")
    pins = [Requirement(text) for line in lines if (text := line.split("#")[0].strip())]
    wanted = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    wrong = []
    for pin in wanted:
        try:
            installed = version(pin.name)
        except PackageNotFoundError:
            wrong.append(f"{pin.name} is missing")
            continue
        if not pin.specifier.contains(installed, prereleases=True):
            wrong.append(f"{pin.name} is {installed}, not {str(pin.specifier).removeprefix('==')}")
    if wrong:
        remedy = f"Run: {sys.executable} -m pip install -r {requirements}"
        return Check("libraries", False, f"{', '.join(wrong)}. {remedy}")
    return Check("libraries", True, f"all {len(wanted)} are as {requirements.name} pins them.")


def _store_and_key(settings: Settings, codebook: Codebook) -> Iterator[Check]:
    if not settings.is_remote and not Path(settings.store).exists():
        yield _place(settings)
        yield _key(settings, has_uploads=False)
        return
    try:
        store = open_store(settings.store, list(codebook.items.values()))
    except UserError as error:
        yield _mend("store", error)
        yield _key(settings, has_uploads=False)
        return
    try:
        uploads, buildings = queries.uploads(store), queries.schools(store)
        people = int(queries.waves(store)["respondents"].sum())
        live = uploads.height - int(uploads["is_undone"].sum())
        counts = f"{buildings.height} schools, {live} uploads, {people:,} responses; version {store.version()}."
    except UserError as error:
        yield _mend("store", error)
        return
    finally:
        store.close()
    yield Check("store", True, counts)
    yield _key(settings, has_uploads=live > 0)


def _place(settings: Settings) -> Check:
    """A store that is not there yet is well if it can be made."""
    folder = _existing(settings.directory)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Check("store", False, f"{settings.store} cannot be made in {folder}. Make it writable, or name another.")
    return Check("store", True, f"{settings.store} is not there yet; the first upload makes it.")


def _key(settings: Settings, *, has_uploads: bool) -> Check:
    path, is_file = settings.key_file, not (settings.key or settings.is_remote)
    if is_file and not path.exists():
        if has_uploads:
            lost = f"{path}, the secret behind respondents' codes, is gone: nobody who answers again would be known."
            return Check("key", False, f"{lost} Put it back from a backup before the next upload.")
        return Check("key", True, f"{path} is not there yet; the first upload makes it.")
    try:
        respondent_key(settings)
    except UserError as error:
        return _mend("key", error)
    if is_file and os.name == "posix" and path.stat().st_mode & 0o077:
        return Check("key", False, f"others on this computer may read {path}. Run: chmod 600 '{path}'")
    return Check("key", True, f"{path} is for its owner only." if is_file else "PD_KEY is set.")


def _disk(settings: Settings) -> Check:
    folder = _existing(settings.directory)
    free = shutil.disk_usage(folder).free
    message = f"{free / 1e9:,.1f} GB are free at {folder}."
    return Check("disk", free >= ROOM, message if free >= ROOM else f"{message} Make room: 1 GB at least.")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())
