"""How a command and the server that holds the store talk: messages of a few plain values and, where needed, a table."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import polars as pl
import pyarrow as pa
from pyarrow import ipc

VERSION: Final = 1
_SIZES = struct.Struct(">IQ")
_MOST = 2_000_000_000
HELLO = 1_000
"""Bytes that the first message may have: who sends it is not known yet."""
_LONGEST_PATH = 100
"""Bytes of a path that every kind of Unix takes as the address of a socket."""


class Garbled(Exception):
    """What arrived is no message; what comes after it cannot be read either."""


@dataclass(frozen=True)
class Door:
    """Where a server listens: a socket that is a file, or a port of this computer with a token that its file has."""

    socket_file: Path
    port_file: Path

    @property
    def is_file(self) -> bool:
        """Whether the socket can be a file: not on Windows, nor deep down in folders."""
        return hasattr(socket, "AF_UNIX") and os.name == "posix" and len(bytes(self.socket_file)) <= _LONGEST_PATH


def door_of(location: str) -> Door:
    """The door of the server that holds a store which is a file: next to it, for its owner only."""
    file = Path(location).resolve()
    return Door(file.with_name(file.name + ".socket"), file.with_name(file.name + ".port"))


def hurry(one: socket.socket) -> None:
    """Have a connection over a port send what is written at once, not 40 ms later."""
    if one.family == socket.AF_INET:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def send(to: socket.socket, values: Mapping[str, Any], table: pa.Table | None = None) -> None:
    """Send one message. Raises OSError."""
    head, body = json.dumps(values).encode(), b"" if table is None else _written(table)
    to.sendall(_SIZES.pack(len(head), len(body)) + head)
    if len(body):
        to.sendall(body)


def receive(of: socket.socket, most: int = _MOST) -> tuple[dict[str, Any], pa.Table | None]:
    """The next message, of `most` bytes.

    Raises Garbled, EOFError where the other side has gone or says more, OSError.
    """
    head, body = _SIZES.unpack(_bytes(of, _SIZES.size))
    if head + body > most:
        raise EOFError
    values, table = _bytes(of, head), _bytes(of, body)
    try:
        said = json.loads(values)
        found = ipc.open_stream(table).read_all() if body else None
    except (ValueError, OSError, RecursionError, pa.ArrowException) as error:
        raise Garbled from error
    if not isinstance(said, dict):
        raise Garbled
    return said, found


def packed(params: Mapping[str, Any]) -> pa.Table | None:
    """The parameters of a query as a table of one row, which keeps their types; null for none."""
    return pl.DataFrame({name: [value] for name, value in params.items()}).to_arrow() if params else None


def unpacked(table: pa.Table | None) -> dict[str, Any]:
    """The parameters that were `packed`."""
    return {} if table is None else rows(table)[0]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """A table's rows as Python's own values."""
    return cast(pl.DataFrame, pl.from_arrow(table)).to_dicts()


def _written(table: pa.Table) -> memoryview:
    goal = pa.BufferOutputStream()
    with ipc.new_stream(goal, table.schema) as writer:
        writer.write_table(table)
    return memoryview(goal.getvalue())


def _bytes(of: socket.socket, number: int) -> bytearray:
    found = bytearray(number)
    view, have = memoryview(found), 0
    while have < number:
        got = of.recv_into(view[have:])
        if not got:
            raise EOFError
        have += got
    return found


def hung_up(other: socket.socket) -> bool:
    """Whether the other side has closed its end; never waits."""
    with contextlib.suppress(OSError, ValueError):  # it is closed here too
        return bool(select.select([other], [], [], 0)[0]) and other.recv(1, socket.MSG_PEEK) == b""
    return False
