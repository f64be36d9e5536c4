"""The store knows its secret again: another one would count everybody twice."""

import polars as pl
import pytest

from pd_core.errors import SettingError
from pd_core.storage import reference
from pd_core.storage.key_check import is_same_key, key_mark, require_same_key

FIRST, OTHER = b"f" * 32, b"o" * 32


def test_a_new_store_keeps_the_mark_of_its_first_key_once(store):
    assert is_same_key(store, FIRST) is None
    version = store.version()
    for _ in range(2):
        assert require_same_key(store, FIRST, "PD_KEY") == FIRST
    assert is_same_key(store, FIRST)
    assert store.frame("select count(*) as n from store.key_check").item() == 1
    assert store.version() == version, "no answer is another one after it"


def test_the_mark_says_nothing_of_the_key(store):
    assert len(key_mark(FIRST)) == 64
    assert FIRST.decode() not in key_mark(FIRST)


def test_another_key_is_refused_with_the_way_out_once_codes_are_stored(store):
    require_same_key(store, FIRST, "PD_KEY")
    staff = {"respondent": ["a code"], "school_id": ["lincoln"], "role": [None], "grade_band": [None]}
    reference.set_roster(store, pl.DataFrame(staff, schema_overrides=dict.fromkeys(staff, pl.String)), "test")
    with pytest.raises(SettingError) as refusal:
        require_same_key(store, OTHER, "pd.key")
    assert "(pd.key) is not the one that this store started with" in refusal.value.message
    assert "from a backup" in refusal.value.remedy
    assert require_same_key(store, FIRST, "PD_KEY") == FIRST


def test_a_store_that_holds_no_code_takes_another_key(store):
    require_same_key(store, FIRST, "PD_KEY")
    assert require_same_key(store, OTHER, "PD_KEY") == OTHER
    assert is_same_key(store, OTHER) and not is_same_key(store, FIRST)
