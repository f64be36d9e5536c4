"""What the doctor finds, and what it tells people to do about it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pd_core.cli import doctor
from pd_core.cli.doctor import Check, examine
from pd_core.errors import StoreError
from tests.cli.command import opened, pd, process, uploads


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Where a store may be made."""
    (tmp_path / "new").mkdir()
    return tmp_path / "new" / "pd.duckdb"


def found(store: Path | str, name: str, **options: Path) -> Check:
    return next(check for check in examine(str(store), **options) if check.name == name)


def to_mend(store: Path | str) -> dict[str, str]:
    return {check.name: check.message for check in examine(str(store)) if not check.is_ok}


def test_a_fresh_installation_is_well_and_looking_makes_nothing(new: Path) -> None:
    assert to_mend(new) == {}
    assert list(new.parent.iterdir()) == []


def test_a_store_in_use_is_counted(with_answers: Path) -> None:
    assert to_mend(with_answers) == {}
    assert found(with_answers, "store").message.startswith("2 schools, 1 upload, 12 responses; version ")


def test_the_password_of_a_database_stays_out_of_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreError("The database does not answer.")

    monkeypatch.setattr(doctor, "reach_store", away)
    checks = examine("postgresql://pd:no-one-knows@127.0.0.1:1/pd")
    assert "the store is postgresql://pd:***@127.0.0.1:1/pd." in [check.message for check in checks]
    assert not any("no-one-knows" in check.message for check in checks)


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
    assert "cannot be created" in to_mend(tmp_path / "file" / "pd.duckdb")["store"]


def test_undone_uploads_do_not_count(with_answers: Path) -> None:
    (upload,) = uploads(with_answers)
    assert pd("undo", upload["upload_id"], store=with_answers).code == 0
    assert "0 uploads, 0 responses" in found(with_answers, "store").message


def test_a_remote_store_needs_a_secret_of_its_own(new: Path) -> None:
    assert "Set PD_KEY" in to_mend("postgresql://nobody@127.0.0.1:1/none")["key"]


def test_where_the_store_is_in_use_not_everything_is_called_fine(with_answers: Path) -> None:
    held = opened(with_answers)
    try:
        answer = process("doctor", "--store", with_answers)
    finally:
        held.close()
    said = answer.stdout.decode()
    assert answer.returncode == 0 and "Everything is fine" not in said
    assert said.rstrip().endswith(
        "No fault was found, but not everything could be checked. Run this again when the other program has ended."
    )
    lines = {line.partition(":")[0][5:]: line[:3] for line in said.splitlines()}
    assert (lines["store"], lines["key"], lines["disk"]) == ("?  ", "?  ", "ok ")
    assert f"in use by another program (process {os.getpid()})" in said and "could not be checked" in said


def test_the_status_says_whether_all_was_checked(with_answers: Path) -> None:
    assert json.loads(process("doctor", "--store", with_answers, "--json").stdout)["status"] == "ok"
    held = opened(with_answers)
    try:
        answer = json.loads(process("doctor", "--store", with_answers, "--json").stdout)
    finally:
        held.close()
    assert answer["status"] == "incomplete"
    assert {check["name"] for check in answer["checks"] if not check["is_whole"]} == {"store", "key"}


def test_a_lost_key_is_told_even_where_all_uploads_were_taken_out(with_answers: Path) -> None:
    (upload,) = uploads(with_answers)
    assert pd("undo", upload["upload_id"], store=with_answers).code == 0
    with_answers.with_suffix(".key").unlink()
    assert "from a backup" in to_mend(with_answers)["key"]


SIGN_IN = """
[auth]
redirect_uri = "https://pulse.example.org/oauth2callback"
cookie_secret = "made up, and longer than it has to be"
client_id = "pd-pulse"
client_secret = "the client's secret"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
"""


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    file = tmp_path / "secrets.toml"
    file.write_text(SIGN_IN, encoding="utf-8")
    file.chmod(0o600)
    return file


def sign_in(store: Path, secrets: Path) -> Check:
    return found(store, "sign-in", secrets=secrets)


def test_a_server_for_the_network_at_which_nobody_can_sign_in_is_told(
    new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    check = found(new, "sign-in", secrets=tmp_path / "none.toml")
    assert not check.is_ok
    assert "bound to 0.0.0.0, but sign-in is not set up" in check.message


def test_without_secrets_the_pages_are_for_this_computer_only(
    new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = sign_in(new, tmp_path / "none.toml")
    assert check.is_ok and "this computer only, for anyone who reaches its port." in check.message
    monkeypatch.delenv("PD_START_TOKEN")
    assert "for anyone who opens the address that the server prints." in sign_in(new, tmp_path / "none.toml").message
    (tmp_path / "other.toml").write_text("[other]\nsecret = 1\n")
    (tmp_path / "other.toml").chmod(0o600)
    assert "this computer only" in sign_in(new, tmp_path / "other.toml").message


def test_where_people_sign_in_somebody_must_be_administrator(
    new: Path, store: Path, secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (new, store):
        check = sign_in(place, secrets)
        assert not check.is_ok and "PD_ADMINISTRATORS" in check.message and "people FILE" in check.message
    (tmp_path / "people.csv").write_text("email,role,school_ids\nada@example.org,administrator,\n")
    assert pd("people", tmp_path / "people.csv", store=store).code == 0
    assert sign_in(store, secrets).is_ok and "people sign in" in sign_in(store, secrets).message
    monkeypatch.setenv("PD_ADMINISTRATORS", "ada@example.org")
    assert sign_in(new, secrets).is_ok


def test_whether_there_is_an_administrator_is_not_guessed_while_the_store_is_in_use(store: Path, secrets: Path) -> None:
    held = opened(store)
    try:
        check = sign_in(store, secrets)
    finally:
        held.close()
    assert check.is_ok and "could not be checked" in check.message


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('redirect_uri = "http://pulse.example.org/oauth2callback"', "it needs https://"),
        ('server_metadata_url = "https://login.microsoftonline.com/common/v2.0"', "your own tenant"),
        ('cookie_secret = "short"', "32 random characters"),
        ("client_secret = ", "is not TOML"),
    ],
)
def test_a_sign_in_that_would_let_in_the_wrong_people_is_told_without_its_secrets(
    store: Path, secrets: Path, line: str, told: str
) -> None:
    name = line.split(" ", maxsplit=1)[0]
    lines = [line if known.startswith(name) else known for known in SIGN_IN.splitlines()]
    secrets.write_text("\n".join(lines), encoding="utf-8")
    check = sign_in(store, secrets)
    assert not check.is_ok and told in check.message
    assert "client's secret" not in check.message and "made up" not in check.message


def test_a_section_that_is_none_is_told(store: Path, secrets: Path) -> None:
    secrets.write_text("auth = 1\n")
    assert "client_id is missing" in sign_in(store, secrets).message


@pytest.mark.skipif(os.name != "posix", reason="rights of this kind exist on POSIX only")
def test_secrets_that_others_may_read_are_told_with_the_command_that_mends_it(store: Path, secrets: Path) -> None:
    secrets.chmod(0o644)
    check = sign_in(store, secrets)
    assert not check.is_ok and f"chmod 600 '{secrets}'" in check.message
