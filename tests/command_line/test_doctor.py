"""What the doctor finds, and what it tells people to do about it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pd_core.doctor import Check, examine
from tests.command_line.command import pd, uploads


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where a store may be made."""
    (tmp_path / "new").mkdir()
    return tmp_path / "new" / "pd.duckdb"


@pytest.fixture
def with_answers(store: Path, export: Path) -> Path:
    """A store with one upload."""
    assert pd("ingest", export, store=store).code == 0
    return store


def found(store: Path | str, name: str, **options: Path) -> Check:
    return next(check for check in examine(str(store), **options) if check.name == name)


def to_mend(store: Path | str) -> dict[str, str]:
    return {check.name: check.message for check in examine(str(store)) if not check.is_ok}


def test_a_fresh_installation_is_well_and_looking_makes_nothing(new: Path) -> None:
    assert to_mend(new) == {}
    assert list(new.parent.iterdir()) == []


def test_a_store_in_use_is_counted(with_answers: Path) -> None:
    assert to_mend(with_answers) == {}
    assert found(with_answers, "store").message.startswith("2 schools, 1 uploads, 12 responses; version ")


@pytest.mark.skipif(os.name != "posix", reason="rights of this kind exist on POSIX only")
def test_a_key_that_others_may_read_is_told_with_the_command_that_mends_it(with_answers: Path) -> None:
    key = with_answers.with_suffix(".key")
    key.chmod(0o644)
    assert f"chmod 600 '{key}'" in to_mend(with_answers)["key"]


def test_a_lost_key_is_told_before_the_next_upload_makes_another(with_answers: Path) -> None:
    with_answers.with_suffix(".key").unlink()
    assert "from a backup" in to_mend(with_answers)["key"]
    assert not with_answers.with_suffix(".key").exists()


def test_a_key_cut_short_is_told(with_answers: Path) -> None:
    with_answers.with_suffix(".key").write_text("short")
    assert "too short" in to_mend(with_answers)["key"]


def test_a_library_of_another_version_is_named_with_the_command_that_mends_it(new: Path, tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("polars==0.1.0  # an old one\nno-such-package==1.0\n# nothing\nnumpy>=1\n", encoding="utf-8")
    check = found(new, "libraries", requirements=pins)
    assert not check.is_ok
    assert "not 0.1.0, no-such-package is missing. Run: " in check.message
    assert f"-m pip install -r {pins}" in check.message and "numpy" not in check.message


def test_a_setting_that_cannot_be_used_is_told(new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PD_TARGET_SHARE", "60")
    assert "PD_TARGET_SHARE is '60'" in to_mend(new)["settings"]


def test_a_codebook_that_is_not_there_is_told(new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PD_CODEBOOK", str(tmp_path / "elsewhere"))
    assert "elsewhere" in to_mend(new)["codebook"]


def test_a_file_that_is_no_store_is_told(new: Path) -> None:
    new.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    assert "cannot be opened" in to_mend(new)["store"]


def test_a_place_where_no_store_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "cannot be made" in to_mend(tmp_path / "file" / "pd.duckdb")["store"]


def test_undone_uploads_do_not_count(with_answers: Path) -> None:
    (upload,) = uploads(with_answers)
    assert pd("undo", upload["upload_id"], store=with_answers).code == 0
    assert "0 uploads, 0 responses" in found(with_answers, "store").message


def test_a_remote_store_needs_a_secret_of_its_own(new: Path) -> None:
    assert "Set PD_KEY" in to_mend("postgresql://nobody@127.0.0.1:1/none")["key"]
