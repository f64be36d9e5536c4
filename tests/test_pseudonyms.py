"""A person is a keyed code: the same in every wave, nobody's without an address, nothing without the key."""

import hmac
import stat
import sys
from pathlib import Path

import pytest

from pd_core.config import load_settings
from pd_core.errors import SettingError
from pd_core.pseudonyms import respondent_code, respondent_key

ADDRESS = "ada.example@example.org"


@pytest.fixture
def settings(tmp_path: Path):
    return load_settings({}, store=str(tmp_path / "new folder" / "pd.duckdb"))


@pytest.mark.parametrize(
    "written", [ADDRESS, ADDRESS.upper(), f"  {ADDRESS}\n", f"Ada Example <{ADDRESS}>", f"mailto:{ADDRESS}"]
)
def test_one_address_is_one_code_however_it_is_written(written, key):
    assert respondent_code(written, key) == respondent_code(ADDRESS, key)


def test_the_code_is_hmac_sha_256_cut_to_128_bits():
    assert respondent_code(ADDRESS, b"Jefe") == hmac.digest(b"Jefe", ADDRESS.encode(), "sha256").hex()[:32]


def test_other_people_and_other_keys_have_other_codes(key):
    codes = {respondent_code(ADDRESS, key), respondent_code("ben@example.org", key), respondent_code(ADDRESS, b"other")}
    assert len(codes) == 3


@pytest.mark.parametrize(
    "nobody", [None, "", "  ", "anonymous", "Anonymous ", "anónimo", "Anoniem", "REDACTED", "n/a", "-", "匿名"]
)
def test_who_is_not_named_has_no_code(nobody, key):
    assert respondent_code(nobody, key) is None


def test_the_key_is_made_once_for_its_owner_only(settings):
    made = respondent_key(settings, has_uploads=False)
    assert len(made) == 64
    assert respondent_key(settings, has_uploads=False) == made
    file = Path(settings.store).with_suffix(".key")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_in_the_environment_goes_first(settings, tmp_path):
    told = load_settings({"PD_KEY": "k" * 32}, store=settings.store)
    assert respondent_key(told, has_uploads=False) == b"k" * 32
    assert not Path(settings.store).with_suffix(".key").exists()


@pytest.mark.parametrize("content", ["", "abc"])
def test_a_key_file_that_was_damaged_is_never_replaced_silently(content, settings):
    respondent_key(settings, has_uploads=False)
    file = Path(settings.store).with_suffix(".key")
    file.write_text(content)
    with pytest.raises(SettingError) as error:
        respondent_key(settings, has_uploads=False)
    assert str(file) in error.value.message
    assert "from a backup" in error.value.remedy
    assert file.read_text() == content


def test_a_key_that_is_gone_is_not_replaced_where_answers_are_stored(settings):
    with pytest.raises(SettingError, match="is missing") as error:
        respondent_key(settings, has_uploads=True)
    assert "from a backup" in error.value.remedy
    assert not settings.key_file.exists()
    made = respondent_key(settings, has_uploads=False)
    assert respondent_key(settings, has_uploads=True) == made


def test_a_key_file_that_is_no_text_is_told(settings):
    settings.key_file.parent.mkdir()
    settings.key_file.write_bytes(b"\xff\xfe\x80" * 20)
    with pytest.raises(SettingError, match="is not text"):
        respondent_key(settings, has_uploads=False)


def test_a_shared_store_needs_one_key_for_all_machines():
    with pytest.raises(SettingError, match="Set PD_KEY to the same"):
        respondent_key(load_settings({}, store="ducklake:postgres:dbname=pd"), has_uploads=False)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingError) as error:
        respondent_key(load_settings({}, store=str(tmp_path / "file" / "pd.duckdb")), has_uploads=False)
    assert "cannot be used" in error.value.message
    assert "PD_KEY" in error.value.remedy
