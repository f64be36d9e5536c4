"""Settings: read from the environment once, checked, and passed in."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pd_core.access import Others
from pd_core.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent
REMOTE_PREFIXES = ("ducklake:", "postgres:", "postgresql:")
LEAST_MEGABYTES = 100
"""A smaller copy of a store in memory is none."""
_ADDRESS = re.compile(r"[^\s@;,<>\"]+@[^\s@;,<>\"]+")
# One site, or all subdomains of a domain with at least two labels: never `*`, never a whole top-level domain.
_SITE = re.compile(r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Setting:
    """One setting: environment variable, default as text, help, and parser."""

    variable: str
    default: str
    help: str
    parse: Callable[[str], Any]


@dataclass(frozen=True)
class Settings:
    """The settings of an installation.

    store: a path to a DuckDB file, or a URL that starts with one of `REMOTE_PREFIXES`.
    key: the secret behind respondents' codes, or "" to keep one in a file next to the store.
    target_share: the response rate (0-1) at which enough of a school has answered.
    administrators: e-mail addresses, in lower case, that are administrators regardless of the store.
    other_schools: how people with a role for schools see other schools in a comparison.
    sign_in_hours: how long a sign-in lasts.
    frames: more sites that may show the app in a frame, such as `https://intranet.example.org`.
    keep_years: how many years answers are kept; null: until someone deletes them.
    time_zone: the district's time zone, in which sessions are held.
    address: where people open PD Pulse, without a trailing slash, for the links in files that commands write.
    inbox: a folder whose files the server takes as uploads; null: none.
    metrics_token: what readers of the server's metrics from other computers send; "" for none.
    log: how the server logs, as text or as lines of JSON.
    mirror_megabytes: memory for a copy of a store in PostgreSQL, from which it is read; 0 for none.
    start_token: whether, without sign-in, only a browser that opens the address the server prints gets in.
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
    time_zone: str
    address: str
    inbox: Path | None
    metrics_token: str
    log: Literal["text", "json"]
    mirror_megabytes: int
    start_token: bool

    def local_now(self) -> datetime:
        """The time in the district, wherever the server is, without a time zone as sessions have it."""
        return datetime.now(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    @property
    def directory(self) -> Path:
        """The folder of files that belong to the store: its own folder, or data/store for a remote store."""
        return directory_of(self.store)

    @property
    def is_remote(self) -> bool:
        """Whether several processes may open the store at once."""
        return is_remote(self.store)

    @property
    def key_file(self) -> Path:
        """The key file of a store that is a file, next to it; used if the environment has no key."""
        return Path(self.store).resolve().with_suffix(".key")

    @property
    def key_source(self) -> str:
        """Where the secret comes from, in words for people."""
        return "PD_KEY" if self.key else str(self.key_file)


def is_remote(location: str) -> bool:
    """Whether several processes may open the store at this location at once."""
    return location.startswith(REMOTE_PREFIXES)


def directory_of(location: str) -> Path:
    """The folder of files that belong to the store at a location: its own, or data/store for a remote store."""
    return ROOT / "data" / "store" if is_remote(location) else Path(location).resolve().parent


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
    """Whether a text looks like an e-mail address."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= 254


def _others(text: str) -> Others:
    for choice in get_args(Others):
        if text == choice:
            found: Others = choice
            return found
    raise ValueError


def _hours(text: str) -> float:
    value = float(text)
    if not 0 < value <= 30 * 24:  # browsers forget a sign-in after 30 days anyway
        raise ValueError
    return value


def _sites(text: str) -> tuple[str, ...]:
    if any(not _SITE.fullmatch(site) for site in text.split()):
        raise ValueError
    return tuple(text.split())


def _time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: a folder of zones, such as America
        raise ValueError from error


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


def _folder(text: str) -> Path | None:
    if text and not Path(text).is_absolute():
        raise ValueError
    return Path(text) if text else None


def _log(text: str) -> Literal["text", "json"]:
    if text not in ("text", "json"):
        raise ValueError
    return "json" if text == "json" else "text"


def _megabytes(text: str) -> int:
    if text != "0" and int(text) < LEAST_MEGABYTES:
        raise ValueError
    return int(text)


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError
    return text == "on"


def _years(text: str) -> int | None:
    if text and not 1 <= int(text) <= 100:
        raise ValueError
    return int(text) if text else None


SETTINGS: Mapping[str, Setting] = {
    "store": Setting(
        "PD_STORE", str(ROOT / "data" / "store" / "pd.duckdb"), "Where answers are kept: a path or a URL.", str
    ),
    "codebook": Setting("PD_CODEBOOK", str(ROOT / "data" / "codebook"), "The folder with the codebook.", Path),
    "key": Setting(
        "PD_KEY",
        "",
        "The secret behind respondents' codes, 32 characters or more; empty: a file next to the store.",
        str,
    ),
    "target_share": Setting("PD_TARGET_SHARE", "0.6", "The response rate (0 to 1) that a school should reach.", _share),
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
        "Sites besides Teams and Microsoft 365 that may frame PD Pulse: https://… each, separated by spaces.",
        _sites,
    ),
    "keep_years": Setting(
        "PD_KEEP_YEARS", "", "How many years answers are kept, 1 to 100; empty: until they are deleted.", _years
    ),
    "time_zone": Setting(
        "PD_TIME_ZONE", "America/Los_Angeles", "The district's time zone, such as America/Los_Angeles.", _time_zone
    ),
    "address": Setting(
        "PD_ADDRESS",
        "http://localhost:8501",
        "Where people open PD Pulse, such as https://pd.example.org; for links in files that commands write.",
        _web_address,
    ),
    "inbox": Setting("PD_INBOX", "", "A folder whose files the server takes as uploads, in full: /srv/inbox.", _folder),
    "metrics_token": Setting(
        "PD_METRICS_TOKEN", "", "The token of readers of /metrics on other computers, 16 characters or more.", str
    ),
    "log": Setting("PD_LOG", "text", "How the server logs: text or json.", _log),
    "mirror_megabytes": Setting(
        "PD_MIRROR_MB",
        "1500",
        "Memory in MB, 100 or more, for a copy of a store in PostgreSQL from which pages are read; 0 for none.",
        _megabytes,
    ),
    "start_token": Setting(
        "PD_START_TOKEN", "on", "Whether, without sign-in, only the printed address opens PD Pulse: on or off.", _switch
    ),
}


def load_settings(environ: Mapping[str, str] | None = None, *, store: str | None = None) -> Settings:
    """Settings from the environment; `store` overrides PD_STORE. Raises SettingError that lists every bad value."""
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
    if values.get("metrics_token") and len(values["metrics_token"]) < 16:
        problems.append("PD_METRICS_TOKEN is too short: it needs 16 characters or more.")
    if problems:
        raise SettingError("A setting cannot be used.", "Correct it in the environment and start again.", problems)
    return Settings(**values)
