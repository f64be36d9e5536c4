"""Settings: read once from the environment, checked, passed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pd_core.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
REMOTE_PREFIXES = ("ducklake:", "postgres:", "postgresql:")


@dataclass(frozen=True)
class Setting:
    """One setting: environment variable, default as text, what it means, how it is read."""

    variable: str
    default: str
    help: str
    parse: Callable[[str], Any]


@dataclass(frozen=True)
class Settings:
    """What can differ between installations.

    store: a path to a DuckDB file, or a URL that starts with one of `REMOTE_PREFIXES`.
    key: the secret behind respondents' codes, or "" to keep one in a file beside the store.
    target_share: the response rate (0-1) from which a building has answered enough.
    """

    store: str
    codebook: Path
    key: str
    target_share: float

    @property
    def directory(self) -> Path:
        """Where files that belong to the store live: beside it, or data/store for a remote one."""
        return ROOT / "data" / "store" if self.is_remote else Path(self.store).resolve().parent

    @property
    def is_remote(self) -> bool:
        """Whether several programs may hold the store at once."""
        return is_remote(self.store)

    @property
    def key_file(self) -> Path:
        """Where a store that is a file has its secret, if the environment holds none: beside it."""
        return Path(self.store).resolve().with_suffix(".key")


def is_remote(location: str) -> bool:
    """Whether several programs may hold the store at this location at once."""
    return location.startswith(REMOTE_PREFIXES)


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise ValueError
    return value


SETTINGS: Mapping[str, Setting] = {
    "store": Setting(
        "PD_STORE", str(ROOT / "data" / "store" / "pd.duckdb"), "Where answers are kept: a path or a URL.", str
    ),
    "codebook": Setting("PD_CODEBOOK", str(ROOT / "data" / "codebook"), "The folder that describes the survey.", Path),
    "key": Setting(
        "PD_KEY",
        "",
        "The secret behind respondents' codes, 32 characters or more; empty: a file beside the store.",
        str,
    ),
    "target_share": Setting(
        "PD_TARGET_SHARE", "0.6", "The response rate (0 to 1) from which a building has answered enough.", _share
    ),
}


def load_settings(environ: Mapping[str, str] | None = None, *, store: str | None = None) -> Settings:
    """Settings from the environment; `store` goes before PD_STORE. Raises SettingError naming every bad value."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, setting in SETTINGS.items():
        text = environ.get(setting.variable, "").strip() or setting.default
        if name == "store" and store:
            text = store
        try:
            values[name] = setting.parse(text)
        except ValueError:
            problems.append(f"{setting.variable} is {text!r}. {setting.help}")
    key = values.get("key", "")
    if key and len(key) < 32:
        problems.append("PD_KEY is too short: it needs 32 characters or more.")
    if problems:
        raise SettingError("A setting cannot be used.", "Correct it in the environment and start again.", problems)
    return Settings(**values)
