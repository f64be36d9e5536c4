"""Checks of sign-ins, share-link tokens, and requests from this computer itself. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from itsdangerous import BadData, URLSafeSerializer

from pd_core.config import is_address
from pd_core.errors import SettingError, UserError

MICROSOFT = ("https://login.microsoftonline.com/", "https://login.microsoftonline.us/", "https://sts.windows.net/")
_MICROSOFT_HOSTS = {urlsplit(address).hostname for address in MICROSOFT} | {"login.windows.net", "login.microsoft.com"}
# The last is Microsoft's tenant of personal accounts, which anyone can have.
_EVERY_TENANT = {"common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"}
_LEEWAY = timedelta(minutes=5)
_COOKIE_SECRET = 32
# Headers that proxies, tunnels and load balancers add to a request from elsewhere.
_FORWARDED = (
    *("forwarded", "via", "cdn-loop", "client-ip", "true-client-ip", "fastly-client-ip", "fly-client-ip"),
    *("x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-host"),
)
_FORWARDED_STARTS = ("x-forwarded", "x-original-", "x-envoy-", "x-azure-", "x-arr-", "cf-")


class NotSignedIn(UserError):
    """A sign-in that is not valid, or no longer."""


@dataclass(frozen=True)
class SignIn:
    """The person who signed in. `session` identifies this sign-in and reveals nothing about the person."""

    email: str
    session: str


def read_sign_in(claims: Mapping[str, object], now: datetime, hours: float) -> SignIn:
    """The person that an ID token's claims identify (OpenID Connect Core, sections 2 and 5.1).

    The address is `email`, unless the provider says it is unverified. Microsoft's tokens often lack it; for them it is
    `preferred_username`, the account's name within the tenant. `now` has a time zone. Raises NotSignedIn for a sign-in
    that is older than `hours` or has no address.
    """
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        raise NotSignedIn("This sign-in has no time.", "Sign in again.")
    age = now.timestamp() - issued
    if not -_LEEWAY.total_seconds() <= age <= hours * 3600:
        raise NotSignedIn("Your sign-in has ended.", "Sign in again.")
    is_unverified = str(claims.get("email_verified")).casefold() == "false"  # some providers send it as text
    names = [] if is_unverified else ["email"]
    if str(claims.get("iss", "")).startswith(MICROSOFT):
        names.append("preferred_username")
    # Look-alike characters, or ones that change when lower-cased, never match an address that has a role.
    found = (str(claims.get(name) or "").strip() for name in names)
    email = next((address.lower() for address in found if address.isascii() and is_address(address)), None)
    if email is None:
        raise NotSignedIn(
            "Your account has no verified e-mail address.",
            "Ask the district's administrator to add the address to your account.",
        )
    marks = "\x1f".join(str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce"))
    return SignIn(email, hashlib.sha256(marks.encode()).hexdigest()[:32])


def check_sign_in(auth: Mapping[str, object]) -> None:
    """Raise SettingError if the [auth] section of secrets.toml would let in the wrong people, or no one."""
    problems = []
    redirect = _split(str(auth.get("redirect_uri", "")))
    if redirect.path.rsplit("/", 1)[-1] != "oauth2callback" or not redirect.hostname:
        problems.append("redirect_uri is not the app's own address followed by /oauth2callback.")
    elif redirect.scheme != "https" and not is_loopback(redirect.hostname):
        problems.append("redirect_uri starts with http:// and would send sign-ins unencrypted; it needs https://.")
    if len(str(auth.get("cookie_secret", ""))) < _COOKIE_SECRET:
        problems.append(f"cookie_secret is missing or short; it needs at least {_COOKIE_SECRET} random characters.")
    for name in ("client_id", "client_secret", "server_metadata_url"):
        if not auth.get(name):
            problems.append(f"{name} is missing.")
    provider = _split(str(auth.get("server_metadata_url", "")).casefold())
    if auth.get("server_metadata_url") and provider.scheme != "https" and not is_loopback(provider.hostname or ""):
        problems.append("server_metadata_url needs https://.")
    if provider.hostname in _MICROSOFT_HOSTS and _EVERY_TENANT.intersection(provider.path.split("/")):
        problems.append("server_metadata_url is open to every organization; it needs your own tenant's id.")
    if problems:
        raise SettingError(
            "The section [auth] of .streamlit/secrets.toml cannot be used.",
            "Correct it and start PD Pulse again. .github/ADMINISTRATION.md has the steps.",
            problems,
        )


def is_this_computer(bound_to: str | None, client: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request can only have come from this computer.

    `bound_to` is the address that the server listens on (null: all), `client` the address that the request came from
    (null: this computer), `headers` its headers in any case. False if anything hints at another computer or a proxy.
    """
    names = {name.casefold(): value for name, value in headers.items()}
    if any(name in _FORWARDED or name.startswith(_FORWARDED_STARTS) for name in names):
        return False
    origin = names.get("origin")
    return (
        bound_to is not None
        and is_loopback(bound_to)
        and (client is None or is_loopback(client))
        and is_loopback(_host(names.get("host", "")))
        and (origin is None or origin.partition("://")[2] == names.get("host", ""))  # no page of another local server
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this computer: localhost, or an address such as 127.0.0.1 or ::1."""
    if host.casefold() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool(address.is_loopback or (mapped and mapped.is_loopback))


def signed_id(of: str, key: bytes, purpose: str) -> str:
    """An id, signed for one purpose."""
    return str(_signer(key, purpose).dumps(of))


def carried_id(token: str, key: bytes, purpose: str) -> str | None:
    """The id in a token; null if it was not signed by us for this purpose."""
    try:
        return str(_signer(key, purpose).loads(token))
    except (BadData, ValueError):  # a token may hold characters that are not ASCII
        return None


def _signer(key: bytes, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def _host(header: str) -> str:
    """The host of a Host header, without its port; empty if it holds anything else."""
    return "" if any(mark in header for mark in "@/?#\\") else _split(f"//{header}").hostname or ""


def _split(address: str) -> SplitResult:
    """The parts of a URL; empty parts if it cannot be parsed."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
