"""Upkeep of a store from the command line: alone, while the server runs, and only for an administrator."""

from __future__ import annotations

from pathlib import Path

import pytest

from pd_core.access import Actor, Visitor
from pd_core.actions.upkeep import maintain
from pd_core.cli.commands import upkeep as command
from pd_core.errors import RefusedAccess
from pd_core.storage.served import Served
from pd_core.storage.upkeep import FileUpkeep, LakeUpkeep, PostgresUpkeep
from tests.actions.people import FACILITATOR, MIE, PRINCIPAL
from tests.cli.command import audited, opened, pd, uploads


@pytest.mark.parametrize("is_served", [False, True], ids=["alone", "while the server runs"])
def test_the_log_is_written_into_the_file_and_nothing_else_changes(store: Path, export: Path, is_served: bool) -> None:
    assert pd("ingest", export, store=store).code == 0
    before = uploads(store)
    log = store.with_name(store.name + ".wal")
    holder = opened(store)
    server = Served(holder) if is_served else None
    if not is_served:
        holder.close()
    try:
        done = pd("maintain", "--json", store=store)
        assert (done.code, done.json["status"], done.json["kind"]) == (0, "maintained", "file")
        assert not log.exists() or log.stat().st_size == 0
        assert 0 <= done.json["free"] < done.json["size"] == pytest.approx(store.stat().st_size, abs=20_000)
        said = pd("maintain", store=store)
        assert said.code == 0 and "of the log were written into the store's file." in said.out
    finally:
        if server:
            server.close()
            holder.close()
    assert uploads(store) == before
    assert "maintain" in [entry["kind"] for entry in audited(store)]


@pytest.mark.parametrize("who", [FACILITATOR, MIE, PRINCIPAL], ids=lambda who: who.actor.role)
def test_only_an_administrator_has_it_done(store: Path, who: Visitor) -> None:
    held = opened(store)
    try:
        with pytest.raises(RefusedAccess):
            maintain(held, who)
        assert maintain(held, Visitor.as_oneself(Actor("Ada", "administrator")))
    finally:
        held.close()


@pytest.mark.parametrize(
    ("done", "sentences"),
    [
        (FileUpkeep(0, 5_000_000, 0), ["0.0 MB of the log were written into the store's file.",
                                       "The file has 5.0 MB, of which 0.0 MB are free for new answers."]),
        (FileUpkeep(1, 400_000_000, 300_000_000), ["run backup, stop the server, run restore --overwrite"]),
        (LakeUpkeep(1, 9, 3, 0, 1), ["1 row was written from the catalog", "9 small files were merged into 3.",
                                     "0 earlier states were given up: the tables", "1 file was deleted"]),
        (PostgresUpkeep(33, 1_200, 4, 8_000_000, True), ["33 tables were vacuumed and analyzed. They have 8.0 MB",
                                                         "1,200 rows and 4 dead ones"]),
        (PostgresUpkeep(33, 0, 0, 0, False), ["PostgreSQL does not vacuum by itself"]),
    ],
)  # fmt: skip
def test_it_says_what_it_did(done: FileUpkeep | LakeUpkeep | PostgresUpkeep, sentences: list[str]) -> None:
    said = "\n".join(command._said(done))
    assert all(sentence in said for sentence in sentences), said
    assert ("autovacuum" in said) is (isinstance(done, PostgresUpkeep) and not done.is_automatic)
