"""A store that another process of the same owner holds, most likely the server: reached through that process."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import duckdb
import pyarrow as pa

from pd_core.codebook import Item
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage import copies, wire
from pd_core.storage.store import Store, open_store

_CONNECT_SECONDS = 10.0
_GONE = StoreError(
    "The server that holds the store has stopped in the middle of this.",
    "What was not reported as done was not stored. Run the command again.",
)
_OTHER_VERSION = (
    "The server that holds the store answers what this command does not understand; it runs another version of "
    "PD Pulse.",
    "Restart the server, then run the command again.",
)


class ReachedStore(Store):
    """A store behind the process that holds it. Others write to it at any time, as to one that machines share."""

    def __init__(self, location: str, connection: _Connection, secret: Callable[[Store], bytes] | None = None) -> None:
        super().__init__(location, cast(duckdb.DuckDBPyConnection, connection), secret)
        self._reached = connection
        self.is_shared = True

    @property
    def holder(self) -> int | None:
        """The id of the process that holds the store."""
        return self._reached.process

    def copy(self) -> Path:
        """As `Store.copy`: the process that holds the store makes the copy."""
        with self._reached.cursor() as cursor:
            name = cursor.ask({"do": "copy"})[0].get("copy")
        if not isinstance(name, str):
            raise StoreError(*_OTHER_VERSION)
        return copies.folder_of(self.location) / name


def reach_store(location: str, items: Sequence[Item], secret: Callable[[Store], bytes] | None = None) -> Store:
    """Opens a store as `open_store`; where another process holds it that serves its owner, through that one.

    Raises StoreInUse where the process that holds it does not serve commands, StoreError as `open_store`.
    """
    try:
        return open_store(location, items, secret)
    except StoreInUse:
        connection = _connected(location)
        if connection is None:
            raise
    if connection.migration != copies.newest_migration():
        process = f" (process {connection.process})" if connection.process else ""
        raise StoreError(
            f"The server that holds the store{process} runs another version of PD Pulse.",
            "Restart it, then run the command again.",
        )
    store = ReachedStore(location, connection, secret)
    store.add_items(items)
    return store


class _Connection:
    """Takes the place of a connection of the database: each cursor is a conversation of its own."""

    def __init__(self, address: str | tuple[str, int], token: str) -> None:
        self._address, self._token = address, token
        with self.cursor() as cursor:
            self.migration, self.process = cursor.migration, cursor.process

    def cursor(self) -> _Cursor:
        return _Cursor(self._address, self._token)

    def close(self) -> None:
        """Nothing is held between two cursors."""


class _Cursor:
    """What the store uses of a cursor. Results are read whole; errors are the database's own."""

    def __init__(self, address: str | tuple[str, int], token: str) -> None:
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._found: pa.Table | None = None
        try:
            self._socket.settimeout(_CONNECT_SECONDS)
            self._socket.connect(address)
            wire.hurry(self._socket)
            wire.send(self._socket, {"token": token})
            hello, _ = wire.receive(self._socket, wire.HELLO)
            self._socket.settimeout(None)
        except wire.Garbled:
            hello = {}
        except (EOFError, OSError) as error:
            self._socket.close()
            raise _GONE from error
        self.migration = hello.get("migration") if hello.get("version") == wire.VERSION else None
        self.process: int | None = hello.get("process")

    def __enter__(self) -> _Cursor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def ask(self, values: Mapping[str, Any], table: pa.Table | None = None) -> tuple[dict[str, Any], pa.Table | None]:
        """Send one message and return the answer. Raises the database's errors and StoreError."""
        try:
            wire.send(self._socket, values, table)
            answer, found = wire.receive(self._socket)
        except wire.Garbled as error:
            raise StoreError(*_OTHER_VERSION) from error
        except (EOFError, OSError) as error:
            raise _GONE from error
        match answer:
            case {"refused": message}:
                raise StoreError(str(message), str(answer.get("remedy", "")))
            case {"error": name}:
                raise _error_of_database(str(name))(str(answer.get("text", "")))
        return answer, found

    def execute(self, sql: str, params: Mapping[str, Any] | None = None) -> _Cursor:
        _, self._found = self.ask({"do": "execute", "sql": sql}, wire.packed(params or {}))
        return self

    def to_arrow_table(self) -> pa.Table:
        return self._found

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [] if self._found is None else [tuple(row.values()) for row in wire.rows(self._found)]

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(iter(self.fetchall()), None)

    def register(self, name: str, table: pa.Table) -> None:
        self.ask({"do": "register", "name": name}, table)

    def unregister(self, name: str) -> None:
        self.ask({"do": "unregister", "name": name})

    def begin(self) -> None:
        self.ask({"do": "begin"})

    def commit(self) -> None:
        self.ask({"do": "commit"})

    def rollback(self) -> None:
        self.ask({"do": "rollback"})


def _error_of_database(name: str) -> type[duckdb.Error]:
    found = getattr(duckdb, name, None)
    return found if isinstance(found, type) and issubclass(found, duckdb.Error) else duckdb.Error


def _connected(location: str) -> _Connection | None:
    """A connection to the process that holds a store; null where none serves it."""
    door = wire.door_of(location)
    try:
        if door.is_file:
            return _Connection(str(door.socket_file), "")
        found = json.loads(door.port_file.read_text(encoding="utf-8"))
        return _Connection(("127.0.0.1", int(found["port"])), str(found["token"]))
    except (StoreError, OSError, ValueError, KeyError):
        return None
