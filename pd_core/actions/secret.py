"""The secret behind respondents' codes: the one with which the store started, or none."""

from __future__ import annotations

from pd_core.config import Settings
from pd_core.pseudonyms import respondent_key
from pd_core.storage import Store, queries
from pd_core.storage.key_check import require_same_key


def secret_key(store: Store, settings: Settings) -> bytes:
    """The secret of a store, made on first use in a store without answers.

    Its mark is kept in the store, and not the secret. Raises SettingError where the secret is gone, cannot be read, or
    is not the one that the store started with.
    """
    key = respondent_key(settings, has_uploads=not queries.uploads(store).is_empty())
    return require_same_key(store, key, settings.key_source)
