"""The kinds of store (a file, DuckLake, PostgreSQL): how each is attached, locked down, and reported as unreachable."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
from pathlib import Path
from typing import Any

import duckdb

from pd_core.config import is_remote
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage.addresses import lake_in_server, remote_target
from pd_core.storage.migrate import as_text
from pd_core.storage.turns import changing_tables
from pd_core.wording import plural

CONNECT_SECONDS = 10
"""How long a database server may take to answer at all, unless PGCONNECT_TIMEOUT says otherwise."""
KEPT_CONNECTIONS = 32
"""To a database server, for the next queries: DuckDB keeps 4, and who comes while they are in use pays for a new one,
which takes the server ten times the work of a small query."""
SMALL_BYTES = 32 * 1024**2
"""Of a store's file, with some 300,000 answers."""
_HOLDER = re.compile(r"PID (\d+)")
_FULL = re.compile(
    r"no space left|disk (?:is )?full|not enough (?:disk )?space|quota exceeded|errno 28\b", re.IGNORECASE
)
_BROKEN = re.compile(
    r"not a valid duckdb|corrupt|checksum|serializ|magic bytes|enough bytes|is a directory", re.IGNORECASE
)
_LOCKED = re.compile(r"\block\b|used by another process", re.IGNORECASE)
_SECRET = re.compile(r"(://[^:/@\s]*:)[^@\s]*(?=@)|(password\s*=\s*)('[^']*'|[^\s'\"]+)", re.IGNORECASE)


def connect(**config: Any) -> duckdb.DuckDBPyConnection:
    """DuckDB, with nothing attached: it fetches no extension, and prints nothing.

    In a program that seems to be typed by hand (`python -c`) it would draw a bar of progress into the output.
    """
    offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    # A change of many rows is written into its place at once, and not into the log first and then once more.
    large = {"wal_autocheckpoint": "4MB"}
    connection = duckdb.connect(":memory:", config=offline | large | config)
    connection.execute("set enable_progress_bar=false")
    return connection


def attach(connection: duckdb.DuckDBPyConnection, location: str, name: str = "store") -> None:
    """Attach the store at `location` under a name. Raises StoreError and DuckDB's errors."""
    if "postgres" in location:
        os.environ.setdefault("PGCONNECT_TIMEOUT", str(CONNECT_SECONDS))
    if lake := lake_in_server(location):
        _attach_lake(connection, location, *lake, name)
        return
    if is_remote(location):
        is_postgres = location.startswith("postgres")
        if is_postgres:
            _load_postgres(connection)
        else:
            _load(connection, "ducklake")
        target, options = remote_target(location), " (type postgres)" if is_postgres else ""
    else:
        path = Path(location)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {path.parent} cannot be created: {error.strerror}.",
                "Choose another place with --store or PD_STORE.",
            ) from error
        target, options = str(path.resolve()), ""
        # Large queries spill to disk: next to the store, not in the current folder.
        connection.execute(f"set temp_directory={as_text(target + '.tmp')}")
    connection.execute(f"attach {as_text(target)} as {name}{options}")


def _attach_lake(connection: duckdb.DuckDBPyConnection, location: str, address: str, files: str, name: str) -> None:
    """Attach a DuckLake, and its catalog's server once more, for programs to wait for one another there."""
    options = ""
    if files:
        if not Path(files).is_absolute():
            raise StoreError(
                f"The folder of the store's files, {files}, is no whole path.", "Write it from the root: /srv/pd-files."
            )
        try:
            Path(files).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {files} cannot be created: {error.strerror}.",
                "Name a folder after `files=` in which this account may write.",
            ) from error
        options = f" (data_path {as_text(files)})"
    _load_postgres(connection)
    _load(connection, "ducklake")
    connection.execute(f"attach {as_text(address)} as {name}_server (type postgres)")
    with changing_tables(connection, location, name):
        connection.execute(f"attach {as_text('ducklake:postgres:' + address)} as {name}{options}")


def is_of_storage(error: duckdb.Error) -> bool:
    """Whether the disk or the database server failed, not the query; a server's errors have no class of their own."""
    return isinstance(error, (duckdb.IOException, duckdb.FatalException)) or type(error) is duckdb.Error


def require_own(connection: duckdb.DuckDBPyConnection, location: str) -> None:
    """Raise StoreError where a store's file is the database of another program, which is then left as it is."""
    names = connection.execute("select table_name from duckdb_tables() where database_name = 'store'").fetchall()
    if names and ("migration",) not in names and not is_remote(location):
        raise StoreError(
            f"{location} is a database of another program: it has {plural(len(names), 'table')}, and none of PD Pulse. "
            "Nothing was changed.",
            "Choose another with --store or PD_STORE.",
        )


def is_file(location: str) -> bool:
    """Whether `location` is an existing store file."""
    return not is_remote(location) and Path(location).exists()


def is_small(location: str) -> bool:
    """Whether a store is a file that one thread queries and writes sooner than several, which wait for one another.

    One that grows past `SMALL_BYTES` keeps its one thread until it is opened again.
    """
    if is_remote(location):
        return False
    try:
        return Path(location).stat().st_size < SMALL_BYTES
    except OSError:  # a new one, or no file at all, which opening it says
        return True


def keep_private(location: str, *, is_new: bool = False) -> None:
    """Let only the owner read a new store's file, and the files that DuckDB writes next to it."""
    if is_remote(location) or os.name != "posix":
        return
    file = Path(location).resolve()
    log = file.with_name(file.name + ".wal")
    with contextlib.suppress(OSError):  # the log comes and goes; some file systems have no owners
        if is_new:
            file.chmod(0o600)
        if (mode := file.stat().st_mode & 0o777) != log.stat().st_mode & 0o777:
            log.chmod(mode)


def harden(connection: duckdb.DuckDBPyConnection, location: str, copies: Path) -> None:
    """Deny every query access to files, the network and Python variables, whatever its text.

    DuckDB can still reach the attached files and, of a store that is a file, its folder `copies`, where copies are
    made; a remote store needs external access for its data.
    """
    if not is_remote(location):
        connection.execute(f"set allowed_directories=[{as_text(str(copies) + os.sep)}]")
        connection.execute("set enable_external_access=false")
    connection.execute("set python_enable_replacements=false")
    connection.execute("set lock_configuration=true")


def cannot_open(location: str, error: duckdb.Error) -> StoreError:
    """DuckDB's error about a store that cannot be opened, in plain words."""
    text, location = str(error), without_secrets(location)
    if "already attached" in text:
        return StoreInUse(
            f"The store {location} is already open in this program.", "Use the open store, or close it first."
        )
    if _LOCKED.search(text) and isinstance(error, duckdb.IOException):
        holder = _HOLDER.search(text)
        who = f" (process {holder[1]})" if holder else ""
        return StoreInUse(
            f"The store {location} is in use by another program{who}, most likely PD Pulse itself.",
            "Do this on its pages, or stop it first: only one program at a time can open the file.",
        )
    if full := no_room(error):
        return full
    if "data_path is not set" in text:
        return StoreError(
            f"The DuckLake {location} is new, and its address does not say in which folder its files are kept.",
            "Name a folder that all its servers reach, at the end of the address: `?files=/srv/pd-files`.",
        )
    if _BROKEN.search(text):
        return StoreError(
            f"The store {location} cannot be opened; it is damaged, or is another kind of file: {first_line(error)}",
            "Put a backup of the PD Pulse store in its place, or choose another with --store.",
        )
    return StoreError(
        f"The store {location} cannot be opened: {first_line(error)}",
        "Make sure it is a PD Pulse store and this account may write there, or choose another with --store.",
    )


def no_room(error: BaseException) -> StoreError | None:
    """DuckDB's error where the disk is full, in plain words; null for any other."""
    if not _FULL.search(str(error)):
        return None
    return StoreError(
        "The disk that holds the store is full.",
        "Nothing was stored. Make room on it, restart PD Pulse, then try again.",
    )


def first_line(error: BaseException) -> str:
    """The first line of an error without the passwords in it, or its type."""
    return without_secrets((str(error).splitlines() or [type(error).__name__])[0])


def _load_postgres(connection: duckdb.DuckDBPyConnection) -> None:
    _load(connection, "postgres_scanner")
    connection.execute(f"set pg_pool_max_connections={KEPT_CONNECTIONS}")


def _load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load an extension from its package, which needs no network, otherwise from DuckDB's own folder."""
    module = importlib.util.find_spec(f"duckdb_extension_{extension}")
    folders = module.submodule_search_locations if module else None
    file = f"extensions/v{duckdb.__version__}/{extension}.duckdb_extension"
    found = next((path for path in (Path(folder) / file for folder in folders or ()) if path.is_file()), None)
    try:
        connection.execute(f"load {as_text(str(found)) if found else extension}")
    except duckdb.Error as error:
        package = f"duckdb-extension-{extension.replace('_', '-')}=={duckdb.__version__}"
        raise StoreError(
            f"This kind of store needs a DuckDB extension that is not installed: {extension}.",
            f"Install it with `pip install {package}`.",
        ) from error


def without_secrets(text: str) -> str:
    """A text, such as a location or an error, without the passwords in it."""
    return _SECRET.sub(lambda found: (found[1] or found[2]) + "***", text)
