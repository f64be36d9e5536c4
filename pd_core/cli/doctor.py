"""Checks an installation: what is fine, what to fix, and how."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from pd_core.access import EVERYTHING
from pd_core.actions import backups
from pd_core.codebook import Codebook
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT, SETTINGS, Settings, load_settings
from pd_core.errors import StoreInUse, UserError
from pd_core.pseudonyms import respondent_key
from pd_core.sign_in import check_sign_in, is_loopback
from pd_core.storage import Store, queries, reach_store, roles
from pd_core.storage.backend import without_secrets
from pd_core.storage.key_check import another_key, key_mark, stored_mark
from pd_core.storage.reached import ReachedStore
from pd_core.wording import plural

OLDEST_PYTHON = (3, 11)
ROOM = 1_000_000_000
REQUIREMENTS = ROOT / "requirements.txt"
SECRETS = ROOT / ".streamlit" / "secrets.toml"


@dataclass(frozen=True)
class Check:
    """The result of one check; if it is not ok, `message` also says what to do.

    `is_whole` is false if part of it could not be looked at, which `message` says too.
    """

    name: str
    is_ok: bool
    message: str
    is_whole: bool = True

    def as_dict(self) -> dict[str, object]:
        """The check as plain values, for JSON."""
        return asdict(self)


def examine(store: str | None = None, requirements: Path = REQUIREMENTS, secrets: Path = SECRETS) -> list[Check]:
    """Check Python, libraries, settings, codebook, store, key, sign-in and disk; `store` overrides PD_STORE."""
    checks = [_python(), _libraries(requirements)]
    try:
        settings = load_settings(store=store)
    except UserError as error:
        return [*checks, _mend("settings", error)]
    checks.append(Check("settings", True, f"the store is {without_secrets(settings.store)}."))
    try:
        codebook = load_codebook(settings.codebook)
    except UserError as error:
        return [*checks, _mend("codebook", error), _disk(settings)]
    asked = f"{len(codebook.items)} questions about {len(codebook.skills)} skills, from {settings.codebook}."
    checks.append(Check("codebook", True, asked))
    return [*checks, *_store(settings, codebook, secrets), *_inbox(settings), _disk(settings)]


def examine_backup(file: Path) -> list[Check]:
    """Check a backup without restoring it: it is read to its end, its checksums compared, its rows counted."""
    try:
        found = backups.verify(file)
    except UserError as error:
        return [_mend("backup", error)]
    size = f"{file.stat().st_size / 1e6:,.1f} MB"
    whole = f"{file} of {found.made.made_at} can be restored: {size}, and every byte has its checksum."
    tables = found.held.tables
    uploads = plural(tables.get("upload", 0), "upload")
    counts = f"{len(tables)} tables with {plural(found.held.rows, 'row')}; {uploads}, undone ones too."
    checks = [Check("backup", True, whole), Check("store", True, counts)]
    if not found.made.has_key:
        outside = "it is not in this backup. Keep the key file, or PD_KEY, elsewhere: answers need it."
        return [*checks, Check("key", True, outside)]
    if found.is_own_key is False:
        return [*checks, Check("key", False, "the key in this backup is not the one of its store.")]
    return [*checks, Check("key", True, "it is in this backup. Keep the file where only you can read it.")]


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
        return Check("libraries", False, f"{requirements} cannot be read: {error.strerror}. Restore it.")
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
    return Check("libraries", True, f"all {len(wanted)} match {requirements.name}.")


def _store(settings: Settings, codebook: Codebook, secrets: Path) -> Iterator[Check]:
    """Check the store, its key and sign-in; while the store is in use, its contents are unknown to the last two."""
    is_new = not settings.is_remote and not Path(settings.store).exists()
    has_uploads, has_administrator = (False, False) if is_new else (None, None)
    mark: str | None = None
    if is_new:
        yield _place(settings)
    else:
        try:
            store = reach_store(settings.store, list(codebook.items.values()))
        except StoreInUse as error:
            yield Check("store", True, f"{error.message} Its contents could not be checked.", is_whole=False)
        except UserError as error:
            yield _mend("store", error)
        else:
            try:
                has_uploads, counts = _counts(store)
                mark = stored_mark(store)
                has_administrator = "administrator" in roles.people(store)["role"]
                yield Check("store", True, counts)
            except UserError as error:
                yield _mend("store", error)
            finally:
                store.close()
    yield _key(settings, mark, has_uploads=has_uploads)
    yield _sign_in(secrets, has_administrator=bool(settings.administrators) or has_administrator)


def _counts(store: Store) -> tuple[bool, str]:
    """Whether there were ever uploads, and a sentence on what the store holds."""
    uploads, buildings = queries.uploads(store), queries.schools(store, EVERYTHING)
    respondents = int(queries.waves(store)["respondents"].sum())
    live = uploads.height - int(uploads["is_undone"].sum())
    held = (plural(buildings.height, "school"), plural(live, "upload"), plural(respondents, "response"))
    counts = f"{', '.join(held)}; version {store.version()}."
    if isinstance(store, ReachedStore):
        counts += f" The server, which runs (process {store.holder}), looked into it."
    return not uploads.is_empty(), counts


def _place(settings: Settings) -> Check:
    """Check a store that does not exist yet: it is fine if it can be created."""
    folder = _existing(settings.directory)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return Check("store", False, f"{settings.store} cannot be created. Make {folder} writable, or choose another.")
    return Check("store", True, f"{settings.store} does not exist yet; the first upload creates it.")


def _key(settings: Settings, mark: str | None, *, has_uploads: bool | None) -> Check:
    """`mark` is what the store keeps of its key, null where it keeps none yet.

    `has_uploads` null: the store could not be looked at.
    """
    path, is_file = settings.key_file, not (settings.key or settings.is_remote)
    if is_file and not path.exists() and not has_uploads:
        is_empty = has_uploads is False
        made = "the first upload creates it." if is_empty else "whether the store needs one could not be checked."
        return Check("key", True, f"{path} does not exist yet; {made}", is_whole=is_empty)
    try:
        key = respondent_key(settings, has_uploads=bool(has_uploads))
        if mark is not None and mark != key_mark(key):
            raise another_key(settings.key_source)
    except UserError as error:
        return _mend("key", error)
    if is_file and _is_open(path):
        return Check("key", False, f"others on this computer may read {path}. Run: chmod 600 '{path}'")
    is_whole = has_uploads is not None
    unseen = "" if is_whole else " Whether it is the store's could not be checked."
    message = f"{path} is for its owner only." if is_file else "PD_KEY is set."
    return Check("key", True, message + unseen, is_whole)


def _sign_in(secrets: Path, *, has_administrator: bool | None) -> Check:
    """Check sign-in. `has_administrator` null: the store could not be checked."""
    try:
        auth = tomllib.loads(secrets.read_text(encoding="utf-8")).get("auth") if secrets.exists() else None
    except (OSError, ValueError) as error:  # the error's own text may quote a line, and so a secret
        kind = "read" if isinstance(error, OSError) else "understood: it is not TOML"
        return Check(
            "sign-in", False, f"{secrets} cannot be {kind}. Correct it; .github/ADMINISTRATION.md has an example."
        )
    if auth is not None:
        try:
            check_sign_in(auth if isinstance(auth, dict) else {})
        except UserError as error:
            return _mend("sign-in", error)
    if secrets.exists() and _is_open(secrets):
        return Check("sign-in", False, f"others on this computer may read {secrets}. Run: chmod 600 '{secrets}'")
    bound = os.environ.get("STREAMLIT_SERVER_ADDRESS", "localhost")
    if auth is None and not is_loopback(bound):
        unset = f"the server is bound to {bound}, but sign-in is not set up, so it serves no one."
        return Check(
            "sign-in", False, f"{unset} Add the section [auth] to {secrets}; .github/ADMINISTRATION.md has the steps."
        )
    if auth is None:
        has_token = os.environ.get(SETTINGS["start_token"].variable, "").strip() != "off"
        who = "who opens the address that the server prints" if has_token else "who reaches its port"
        return Check("sign-in", True, f"not set up: the pages work on this computer only, for anyone {who}.")
    if has_administrator is False:
        nobody = "people sign in, but there is no administrator."
        return Check("sign-in", False, f"{nobody} Set PD_ADMINISTRATORS, or run: python -m pd_core people FILE")
    known = "" if has_administrator else " Whether there is an administrator could not be checked."
    return Check("sign-in", True, f"people sign in, as {secrets} says.{known}", is_whole=not known)


def _inbox(settings: Settings) -> Iterator[Check]:
    folder = settings.inbox
    if folder is None:
        return
    if folder.is_dir() and os.access(folder, os.R_OK | os.W_OK):
        yield Check("inbox", True, f"files in {folder} are taken while the server runs.")
    else:
        yield Check(
            "inbox", False, f"{folder} is not a folder that this account may write to. Make it, or change PD_INBOX."
        )


def _is_open(file: Path) -> bool:
    return os.name == "posix" and bool(file.stat().st_mode & 0o077)


def _disk(settings: Settings) -> Check:
    folder = _existing(settings.directory)
    free = shutil.disk_usage(folder).free
    message = f"{free / 1e9:,.1f} GB are free at {folder}."
    return Check("disk", free >= ROOM, message if free >= ROOM else f"{message} At least 1 GB is needed.")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest existing one above it."""
    return next(place for place in (folder, *folder.parents) if place.exists())
