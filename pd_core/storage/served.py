"""Serves an open store to the commands of its owner, who could not open the same file a second time.

A command runs in its own process, with its own files, output and settings; only its queries and transactions run here.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import socket
import socketserver
import threading
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from pd_core.config import directory_of
from pd_core.error_log import record_incident
from pd_core.errors import StoreError, UserError
from pd_core.storage import copies, wire
from pd_core.storage.store import Store

SILENT_SECONDS = 30.0
"""How long a transaction waits for the next word of its command, while no one else can write."""
BUSY_SECONDS = 15.0
"""How long a command waits for its turn to write before it tries again."""
HELLO_SECONDS = 10.0
"""How long a command has to say who it is."""
_LOOK_SECONDS = 0.5
_UNKNOWN = (
    "The server that holds the store does not understand this command; it runs another version of PD Pulse.",
    "Nothing was changed. Restart the server, then run the command again.",
)


class Served:
    """A store that commands of its owner reach while this process holds it, until `close`."""

    def __init__(self, store: Store) -> None:
        self._door = wire.door_of(store.location)
        self._close_door()  # what is left there is of a process that has gone: this one holds the store
        self._running: dict[socket.socket, duckdb.DuckDBPyConnection] = {}
        self._done = threading.Event()
        served, running = store, self._running

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                _Session(served, self.request, token, running).run()

        token = b""
        if self._door.is_file:
            address: Any = str(self._door.socket_file)
            self._server: socketserver.TCPServer = _SocketServer(address, Handler)
        else:
            token = secrets.token_hex(32).encode()
            self._server = _PortServer(("127.0.0.1", 0), Handler)
            self._write_port(token.decode())
        for work in (lambda: self._server.serve_forever(_LOOK_SECONDS), self._watch):
            threading.Thread(target=work, name="commands of the store's owner", daemon=True).start()

    def close(self) -> None:
        """Stop serving; commands that are under way are cut off, and what they have not committed is undone."""
        self._done.set()
        self._server.shutdown()
        self._server.server_close()
        self._close_door()

    def _write_port(self, token: str) -> None:
        with open(os.open(self._door.port_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"port": self._server.server_address[1], "token": token}, file)

    def _close_door(self) -> None:
        for file in (self._door.socket_file, self._door.port_file):
            file.unlink(missing_ok=True)

    def _watch(self) -> None:
        """Interrupt the queries of commands that have ended, such as by Ctrl-C."""
        while not self._done.wait(_LOOK_SECONDS):
            for command, cursor in list(self._running.items()):
                if wire.hung_up(command):
                    cursor.interrupt()


class _PortServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _SocketServer(_PortServer):
    address_family = getattr(socket, "AF_UNIX", socket.AF_INET)

    def server_bind(self) -> None:
        self.socket.bind(str(self.server_address))
        os.chmod(str(self.server_address), 0o600)  # before it listens: until then no one gets in


class _Session:
    """One command's conversation: queries, and at most one transaction at a time."""

    def __init__(
        self,
        store: Store,
        command: socket.socket,
        token: bytes,
        running: dict[socket.socket, duckdb.DuckDBPyConnection],
    ) -> None:
        self._store, self._command, self._token, self._running = store, command, token, running
        self._is_writing = False

    def run(self) -> None:
        """Answer until the command hangs up, or sends what cannot be read."""
        wire.hurry(self._command)
        try:
            self._converse()
        except (EOFError, OSError):  # it has gone
            return
        except wire.Garbled:
            last = _refused(StoreError(*_UNKNOWN))
        except Exception as error:  # a bug: the command and the log get a number, the terminal no traceback
            last = _refused(record_incident(error, directory_of(self._store.location)))
        with contextlib.suppress(OSError):
            wire.send(self._command, last)

    def _converse(self) -> None:
        self._command.settimeout(HELLO_SECONDS)
        said, _ = wire.receive(self._command, wire.HELLO)
        self._command.settimeout(None)
        if not hmac.compare_digest(str(said.get("token", "")).encode(), self._token):
            return
        mine = {"version": wire.VERSION, "migration": copies.newest_migration(), "process": os.getpid()}
        wire.send(self._command, mine)
        with self._store.cursor() as cursor:
            try:
                while True:
                    self._answer(cursor)
            finally:
                self._end(cursor)

    def _answer(self, cursor: duckdb.DuckDBPyConnection) -> None:
        said, table = wire.receive(self._command)
        self._running[self._command] = cursor
        try:
            answer, found = self._done(cursor, said, table)
        except duckdb.Error as error:
            answer, found = {"error": type(error).__name__, "text": str(error)}, None
        except UserError as error:
            answer, found = _refused(error), None
        finally:
            self._running.pop(self._command, None)
        try:
            wire.send(self._command, answer, found)
        except OSError:
            if "copy" in answer:
                copies.delete(copies.folder_of(self._store.location) / answer["copy"])
            raise

    def _done(
        self, cursor: duckdb.DuckDBPyConnection, said: Mapping[str, Any], table: pa.Table | None
    ) -> tuple[dict[str, Any], pa.Table | None]:
        match said:
            case {"do": "execute", "sql": str(sql)} if table is None or table.num_rows == 1:
                return {}, cursor.execute(sql, wire.unpacked(table)).to_arrow_table()
            case {"do": "begin"} if not self._is_writing:
                self._begin(cursor)
            case {"do": "commit"} if self._is_writing:
                cursor.commit()
                self._store.note_written()
                self._stop_writing()
            case {"do": "rollback"}:
                self._end(cursor)
            case {"do": "register", "name": str(name)} if table is not None:
                cursor.register(name, table)
            case {"do": "unregister", "name": str(name)}:
                cursor.unregister(name)
            case {"do": "copy"}:
                return {"copy": self._store.copy().name}, None
            case _:
                raise StoreError(*_UNKNOWN)
        return {}, None

    def _begin(self, cursor: duckdb.DuckDBPyConnection) -> None:
        if not self._store.writing.acquire(timeout=BUSY_SECONDS):
            raise duckdb.TransactionException("The store is busy.")
        self._is_writing = True
        self._command.settimeout(SILENT_SECONDS)
        cursor.begin()

    def _end(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Undo what was not committed, and let others write."""
        if self._is_writing:
            with contextlib.suppress(duckdb.Error):  # after a failed commit there is nothing left to roll back
                cursor.rollback()
            self._stop_writing()

    def _stop_writing(self) -> None:
        self._is_writing = False
        self._command.settimeout(None)
        self._store.writing.release()


def _refused(error: UserError) -> dict[str, Any]:
    return {"refused": error.message, "remedy": error.remedy}
