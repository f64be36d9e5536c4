"""A store that one process holds and another one's commands use: as if they had it themselves."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pd_core.access import EVERYTHING
from pd_core.codebook import Item
from pd_core.error_log import LOG
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage import Store, copies, queries, reach_store, served, store_upload, undo_upload, wire
from pd_core.storage.reached import ReachedStore
from pd_core.storage.served import Served
from tests.storage.made_up import staff, upload

Open = Callable[[object], Store]


@pytest.fixture
def held(file: Path, opened: Open) -> Store:
    """The store as its holder has it."""
    return opened(file)


@pytest.fixture(params=["socket", pytest.param("port", marks=pytest.mark.slow)])
def server(
    held: Store, file: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """The holder serves the store in one way or the other."""
    if request.param == "port":
        monkeypatch.setattr(wire.Door, "is_file", False)
    elif not wire.door_of(str(file)).is_file:
        pytest.skip("no socket can be a file here")
    server = Served(held)
    yield server
    server.close()
    assert sorted(path.name for path in file.parent.iterdir() if path.suffix in (".socket", ".port")) == []


@pytest.fixture
def reached(server: Served, file: Path, items: list[Item]) -> ReachedStore:
    store = reach_store(str(file), items)
    assert isinstance(store, ReachedStore)
    return store


def put(store: Store, name: str, *people: str) -> None:
    rows = staff(people)
    store_upload(store, upload(name, rows), rows, reach=EVERYTHING)


def test_each_sees_at_once_what_the_other_writes(held: Store, reached: ReachedStore) -> None:
    put(reached, "theirs", "Ada", "Ben")
    assert queries.uploads(held)["upload_id"].to_list() == ["theirs"]
    put(held, "ours", "Cleo")
    assert queries.uploads(reached).height == 2 and reached.version() == held.version()
    assert undo_upload(reached, "ours", "Mia") == 1
    assert queries.uploads(held)["is_undone"].to_list().count(True) == 1
    assert reached.holder == os.getpid()


def test_values_arrive_as_what_they_are(reached: ReachedStore) -> None:
    sent = {
        "n": 7,
        "x": 0.5,
        "t": "“é”",
        "b": True,
        "none": None,
        "d": date(2026, 11, 6),
        "at": datetime(2026, 11, 6, 7),
    }
    found = reached.frame("select $n, $x, $t, $b, $none, $d, $at", **sent).row(0)
    assert found == tuple(sent.values())
    assert reached.frame("select list_contains($some, 'a') as a, len($none) as n", some=["a"], none=[]).row(0) == (
        True,
        0,
    )


def test_an_error_of_the_database_is_the_same_error(reached: ReachedStore) -> None:
    with pytest.raises(duckdb.CatalogException, match="no_such_table"):
        reached.frame("select * from store.no_such_table")
    assert reached.frame("select 1 as one").item() == 1


def test_a_copy_is_made_by_the_holder(held: Store, reached: ReachedStore) -> None:
    put(held, "first", "Ada")
    copy = reached.copy()
    assert copies.contents(copy).tables["upload"] == 1
    copies.delete(copy)


def test_many_writers_on_both_sides_lose_nothing(held: Store, reached: ReachedStore) -> None:
    failures: list[BaseException] = []

    def work(store: Store, name: str) -> None:
        try:
            for number in range(5):
                put(store, f"{name} {number}", f"{name} {number}", "someone in all")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(s, n)) for s, n in ((held, "a"), (reached, "b"), (reached, "c"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert queries.uploads(held).height == 15
    assert held.frame("select number from store.change").to_series().is_unique().all()


def test_a_command_that_ends_in_mid_transaction_leaves_nothing_and_holds_up_no_one(
    held: Store, reached: ReachedStore
) -> None:
    cursor = reached.cursor()
    cursor.begin()
    cursor.execute("insert into store.dead values (1, 'upload', 'x')")
    cursor.close()
    put(held, "after it", "Ada")
    assert held.frame("select * from store.dead").is_empty()


def test_a_command_that_falls_silent_in_mid_transaction_loses_its_turn(
    held: Store, reached: ReachedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "SILENT_SECONDS", 0.1)
    with reached.cursor() as cursor:
        cursor.begin()
        put(held, "meanwhile", "Ada")
        with pytest.raises(StoreError, match="has stopped in the middle"):
            cursor.execute("insert into store.dead values (1, 'upload', 'x')")
    assert held.frame("select * from store.dead").is_empty()


def test_a_long_query_ends_with_its_command(server: Served, reached: ReachedStore) -> None:
    endless = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
    cursor = reached.cursor()
    wire.send(cursor._socket, {"do": "execute", "sql": endless})  # type: ignore[attr-defined]
    wait_until(lambda: bool(server._running), "the query has begun")
    cursor.close()
    wait_until(lambda: not server._running, "the query has ended with no one to read it")


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


def test_a_holder_of_another_version_is_not_talked_to(
    server: Served, file: Path, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([1, 2])
    monkeypatch.setattr(copies, "newest_migration", lambda: next(numbers))
    with pytest.raises(StoreError, match="another version of PD Pulse") as error:
        reach_store(str(file), items)
    assert "Restart it" in error.value.remedy


def test_who_does_not_know_the_token_is_not_served(
    file: Path, opened: Open, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire.Door, "is_file", False)
    server = Served(opened(file))
    try:
        door = wire.door_of(str(file)).port_file
        known = door.read_text()
        door.write_text(known.replace('"token": "', '"token": "0'))
        with pytest.raises(StoreInUse):
            reach_store(str(file), items)
        door.write_text(known)
        reached = reach_store(str(file), items)
        put(reached, "through the port", "Ada")
        assert queries.uploads(reached).height == 1
    finally:
        server.close()


@pytest.mark.skipif(os.name != "posix", reason="rights of this kind exist on POSIX only")
def test_the_door_is_for_the_owner_alone(server: Served, file: Path) -> None:
    (door,) = [path for path in file.parent.iterdir() if path.suffix in (".socket", ".port")]
    assert door.stat().st_mode & 0o077 == 0


def test_a_door_that_a_crash_left_is_no_holder(file: Path, opened: Open, items: list[Item]) -> None:
    wire.door_of(str(file)).port_file.write_text('{"port": 1, "token": "old"}')
    store = opened(file)
    with pytest.raises(StoreInUse):
        reach_store(str(file), items)
    server = Served(store)
    assert isinstance(reach_store(str(file), items), ReachedStore)
    server.close()
    store.close()
    alone = reach_store(str(file), items)
    assert not isinstance(alone, ReachedStore)
    alone.close()


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
    with reached.cursor() as cursor:
        cursor.begin()
        cursor.execute("insert into store.dead values (1, 'upload', 'x')")
        cursor._socket.sendall(garbage)  # type: ignore[attr-defined]
        answer, _ = wire.receive(cursor._socket)  # type: ignore[attr-defined]
        assert "does not understand" in answer["refused"]
        with pytest.raises(StoreError, match="has stopped in the middle"):
            cursor.commit()
    put(held, "after it", "Ada")
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
    with reached.cursor() as cursor:
        with pytest.raises(StoreError, match="does not understand this command") as error:
            cursor.ask(said)  # type: ignore[attr-defined]
        assert "Nothing was changed. Restart the server" in error.value.remedy
        assert cursor.execute("select 1").fetchone() == (1,)
    put(held, "ours", "Ada")
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
    with reached.cursor() as cursor:
        here, there = socket.socketpair()
        there.sendall(answer)
        cursor._socket.close()  # type: ignore[attr-defined]
        cursor._socket = here  # type: ignore[attr-defined]
        monkeypatch.setattr(reached._reached, "cursor", lambda: cursor)
        with there, pytest.raises(StoreError, match="runs another version of PD Pulse"):
            reached.copy()
