"""What a store's holder and its commands cannot understand: strangers, other versions, garbage."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pd_core.codebook import Item
from pd_core.error_log import LOG
from pd_core.errors import StoreError
from pd_core.storage import Store, reach_store, served, wire
from pd_core.storage.reached import ReachedStore
from pd_core.storage.served import Served
from tests.storage.made_up import put, staff
from tests.waiting import wait_until


@contextmanager
def stranger(file: Path) -> Iterator[socket.socket]:
    """A connection to whoever serves the store, on which nothing was said yet."""
    door = wire.door_of(str(file))
    address = str(door.socket_file) if door.is_file else ("127.0.0.1", json.loads(door.port_file.read_text())["port"])
    with socket.socket(socket.AF_UNIX if door.is_file else socket.AF_INET) as found:
        found.settimeout(30)
        found.connect(address)
        yield found


def message(head: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">IQ", len(head), len(body)) + head + body


def test_who_has_not_said_who_they_are_cannot_say_much(server: Served, file: Path) -> None:
    with stranger(file) as found:
        found.sendall(struct.pack(">IQ", 2, 10**12))
        assert found.recv(1) == b""


def test_who_says_nothing_is_not_waited_for(server: Served, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "HELLO_SECONDS", 0.1)
    with stranger(file) as found:
        assert found.recv(1) == b""


@pytest.mark.parametrize("hello", [b"GET / HTTP/1.1", b"", b"[]", b"[" * 900, b'"\xff"', b"7"])
def test_a_first_message_that_cannot_be_read_gets_a_sentence(
    server: Served, reached: ReachedStore, file: Path, capfd: pytest.CaptureFixture[str], hello: bytes
) -> None:
    with stranger(file) as found:
        found.sendall(message(hello))
        answer, _ = wire.receive(found)
        assert "does not understand this command" in answer["refused"] and "Restart the server" in answer["remedy"]
        assert found.recv(1) == b"", "what follows is not listened to"
    assert reached.frame("select 1 as one").item() == 1
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("garbage", [message(b"{"), message(b"[1]"), message(b'{"do": "begin"}', b"\xff" * 64)])
def test_what_cannot_be_read_ends_a_transaction(
    held: Store, reached: ReachedStore, capfd: pytest.CaptureFixture[str], garbage: bytes
) -> None:
    with reached._reached.cursor() as cursor:
        cursor.begin()
        cursor.execute("insert into store.dead values (1, 'upload', 'x')")
        cursor._socket.sendall(garbage)
        answer, _ = wire.receive(cursor._socket)
        assert "does not understand" in answer["refused"]
        with pytest.raises(StoreError, match="has stopped in the middle"):
            cursor.commit()
    put(held, "after it", staff(["Ada"]))
    assert held.frame("select * from store.dead").is_empty()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"do": "compress"},
        {"do": ["begin"]},
        {"do": "execute"},
        {"do": "execute", "sql": 7},
        {"do": "register", "name": "people"},
        {"do": "unregister"},
        {"do": "commit"},
    ],
    ids=str,
)
def test_a_message_of_an_unknown_kind_gets_a_sentence_and_the_next_one_its_answer(
    held: Store, reached: ReachedStore, capfd: pytest.CaptureFixture[str], said: dict[str, object]
) -> None:
    with reached._reached.cursor() as cursor:
        with pytest.raises(StoreError, match="does not understand this command") as error:
            cursor.ask(said)
        assert "Nothing was changed. Restart the server" in error.value.remedy
        assert cursor.execute("select 1").fetchone() == (1,)
    put(held, "ours", staff(["Ada"]))
    assert capfd.readouterr().err == ""


def test_a_commit_of_nothing_leaves_the_transaction_of_another_alone(held: Store, reached: ReachedStore) -> None:
    with reached.cursor() as one, reached.cursor() as other:
        one.begin()
        with pytest.raises(StoreError, match="does not understand"):
            other.commit()
        assert held.writing.locked()
    wait_until(lambda: not held.writing.locked(), "the transaction has ended with its command")


def test_a_bug_of_the_server_is_a_number_for_the_command_and_lines_in_the_log(
    held: Store, reached: ReachedStore, file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "copy", dict[str, Path]().popitem)
    with pytest.raises(StoreError, match=r"Something went wrong .*reference \w{8}") as error:
        reached.copy()
    assert error.value.message.split("reference ")[1][:8] in (file.parent / LOG).read_text()
    assert reached.frame("select 1 as one").item() == 1
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "hello",
    [
        message(b'{"version": 99, "process": 4711, "more": true}'),
        message(b'{"refused": "I am newer.", "remedy": "Go away."}'),
        message(b"\x00\x01"),
    ],
)
def test_a_server_that_says_something_else_first_runs_another_version(
    held: Store, file: Path, items: list[Item], monkeypatch: pytest.MonkeyPatch, hello: bytes
) -> None:
    monkeypatch.setattr(wire.Door, "is_file", False)
    with socket.create_server(("127.0.0.1", 0)) as other:
        wire.door_of(str(file)).port_file.write_text(json.dumps({"port": other.getsockname()[1], "token": "x"}))

        def answer() -> None:
            with other.accept()[0] as command:
                command.sendall(hello)
                command.recv(1000)

        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        with pytest.raises(StoreError, match="runs another version of PD Pulse") as error:
            reach_store(str(file), items)
        answering.join()
    assert "Restart it" in error.value.remedy and ("4711" in error.value.message) == (b"4711" in hello)


@pytest.mark.parametrize("answer", [message(b"\x00"), message(b'{"kopie": "x"}'), message(b'{"copy": 7}')])
def test_an_answer_that_the_command_does_not_know_is_said(
    reached: ReachedStore, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with reached._reached.cursor() as cursor:
        here, there = socket.socketpair()
        there.sendall(answer)
        cursor._socket.close()
        cursor._socket = here
        monkeypatch.setattr(reached._reached, "cursor", lambda: cursor)
        with there, pytest.raises(StoreError, match="runs another version of PD Pulse"):
            reached.copy()
