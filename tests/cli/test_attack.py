"""The attack from the command line: what it says, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pd_core.attack import attack
from pd_core.attack.findings import Found
from tests.cli.command import pd, version


def test_an_attack_that_finds_nothing_ends_well_and_changes_nothing(with_answers: Path) -> None:
    before = version(with_answers)
    answer = pd("attack", "--json", store=with_answers)
    assert (answer.code, answer.json["status"], answer.json["found"]) == (0, "ok", [])
    assert "in 1 wave and" in answer.json["looked_at"] and "Hidden: " in answer.json["looked_at"]
    assert version(with_answers) == before


def test_a_store_without_answers_gives_nothing_away(store: Path) -> None:
    answer = pd("attack", store=store)
    assert answer.code == 0 and answer.out.endswith("Nothing hidden can be worked out.\n")


def test_what_can_be_worked_out_is_said_and_is_a_failure(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Found("Fall 2026", ("skill-levels",), "proficiency_teams", "ruby", "", "by adding up")
    real = attack.attack
    monkeypatch.setattr(attack, "attack", lambda *store, **how: replace(real(*store, **how), found=(found,)))
    answer = pd("attack", store=store)
    assert answer.code == 1
    assert "Fall 2026, proficiency_teams, ruby, all roles: by adding up" in answer.out
    assert "Worked out: 1 hidden group." in answer.out
    row: dict[str, Any] = pd("attack", "--json", store=store).json
    assert (row["status"], row["found"][0]["school"]) == ("leak", "ruby")
