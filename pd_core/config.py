"""Settings: read once from the environment, checked, passed in."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pd_core.access import Others
from pd_core.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
REMOTE_PREFIXES = ("ducklake:", "postgres:", "postgresql:")
_ADDRESS = re.compile(r"[^\s@;,<>\"]+@[^\s@;,<>\"]+")
# One site, or all below a domain of two names at least: never `*`, never a whole top-level domain.
_SITE = re.compile(r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?", re.IGNORECASE | re.ASCII)


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
    target_share: the response rate (0-1) from which a school has answered enough.
    administrators: addresses that are administrators whatever the store says, in lower case.
    other_schools: how people with schools see the others in a comparison.
    sign_in_hours: how long a sign-in lasts.
    frames: further sites that may show the app in a frame, as `https://intranet.example.org`.
    keep_years: for how many years answers are kept; null: until someone takes them out.
    """

    store: str
    codebook: Path
    key: str
    target_share: float
    administrators: frozenset[str]
    other_schools: Others
    sign_in_hours: float
    frames: tuple[str, ...]
    keep_years: int | None

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


def _addresses(text: str) -> frozenset[str]:
    found = frozenset(part.strip().casefold() for part in re.split("[;,]", text) if part.strip())
    if any(not is_address(address) for address in found):
        raise ValueError
    return found


def is_address(text: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= 254


def _others(text: str) -> Others:
    for choice in get_args(Others):
        if text == choice:
            found: Others = choice
            return found
    raise ValueError


def _hours(text: str) -> float:
    value = float(text)
    if not 0 < value <= 30 * 24:  # the browser forgets a sign-in after 30 days whatever is set here
        raise ValueError
    return value


def _sites(text: str) -> tuple[str, ...]:
    if any(not _SITE.fullmatch(site) for site in text.split()):
        raise ValueError
    return tuple(text.split())


def _years(text: str) -> int | None:
    if text and not 1 <= int(text) <= 100:
        raise ValueError
    return int(text) if text else None


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
        "PD_TARGET_SHARE", "0.6", "The response rate (0 to 1) from which a school has answered enough.", _share
    ),
    "administrators": Setting(
        "PD_ADMINISTRATORS", "", "The first administrators: e-mail addresses separated by semicolons.", _addresses
    ),
    "other_schools": Setting(
        "PD_OTHER_SCHOOLS",
        "hidden",
        "How principals and MIEs see the other schools in a comparison: hidden, unnamed or named.",
        _others,
    ),
    "sign_in_hours": Setting("PD_SIGN_IN_HOURS", "12", "How many hours a sign-in lasts, 720 at most.", _hours),
    "frames": Setting(
        "PD_FRAMES",
        "",
        "Sites beside Teams and Microsoft 365 that may show PD Pulse in a frame: https://… each, separated by blanks.",
        _sites,
    ),
    "keep_years": Setting(
        "PD_KEEP_YEARS", "", "For how many years answers are kept, 1 to 100; empty: until they are taken out.", _years
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
