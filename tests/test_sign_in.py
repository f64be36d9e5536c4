"""What a sign-in proves, what a request from this computer looks like, and that no link can be forged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer

from pd_core.errors import SettingError
from pd_core.sign_in import (
    NotSignedIn,
    carried_id,
    check_sign_in,
    is_loopback,
    is_this_computer,
    read_sign_in,
    signed_id,
)

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ENTRA = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0"
AUTH = {
    "redirect_uri": "https://pulse.example.org/oauth2callback",
    "cookie_secret": "made up, and longer than it has to be",
    "client_id": "pd-pulse",
    "client_secret": "made up",
    "server_metadata_url": f"{ENTRA}/.well-known/openid-configuration",
}
HERE = {"Host": "localhost:8501", "User-Agent": "a browser"}


def claims(**changed: Any) -> dict[str, Any]:
    known = {"iss": "https://id.example.org", "sub": "42", "iat": int(NOW.timestamp()), "email": "Ada@Example.org"}
    return {name: value for name, value in (known | changed).items() if value is not None}


def email(**changed: Any) -> str:
    return read_sign_in(claims(**changed), NOW, 12).email


def test_who_signs_in_is_an_address_in_small_letters():
    assert email() == "ada@example.org"
    assert email(email_verified=True) == "ada@example.org"
    assert email(email="  ada@example.org ") == "ada@example.org"


@pytest.mark.parametrize("told", [False, "false", "False"])
def test_an_address_that_the_provider_does_not_vouch_for_proves_nothing(told: object):
    with pytest.raises(NotSignedIn, match="no verified e-mail address"):
        email(email_verified=told)


def test_the_name_of_a_microsoft_account_stands_in_for_an_address_that_is_not_there():
    account = {"email": None, "preferred_username": "Ada@school.example.org"}
    assert email(iss=ENTRA, **account) == "ada@school.example.org"
    assert email(iss=ENTRA, **account | {"email": "ada@example.org"}) == "ada@example.org"
    for other in ("https://id.example.org", "https://login.microsoftonline.com.evil.example/x", "x " + ENTRA):
        with pytest.raises(NotSignedIn):
            email(iss=other, **account)


@pytest.mark.parametrize("bad", ["", "ada", "ada@", "@example.org", "a@b@c", "ada@example.org, eve@example.org", 7, []])
def test_what_is_no_address_proves_nothing(bad: object):
    with pytest.raises(NotSignedIn):
        email(email=bad)


@pytest.mark.parametrize("iat", [None, "soon", True, float("nan"), float("inf"), -float("inf")])
def test_a_sign_in_without_a_time_proves_nothing(iat: object):
    with pytest.raises(NotSignedIn):
        email(iat=iat)


@pytest.mark.parametrize(
    ("age", "holds"),
    [
        (timedelta(), True),
        (timedelta(hours=11, minutes=59), True),
        (timedelta(hours=12, seconds=1), False),
        (timedelta(days=30), False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
    ],
)
def test_a_sign_in_lasts_for_its_hours_and_comes_from_no_future(age: timedelta, holds: bool):
    found = claims(iat=(NOW - age).timestamp())
    if holds:
        assert read_sign_in(found, NOW, 12).email
    else:
        with pytest.raises(NotSignedIn, match="ended"):
            read_sign_in(found, NOW, 12)


def test_each_sign_in_has_a_mark_of_its_own_whatever_the_address():
    def session(**changed: Any) -> str:
        return read_sign_in(claims(**changed), NOW, 12).session

    marks = [
        session(),
        session(sub="43"),
        session(iat=NOW.timestamp() - 1),
        session(nonce="n"),
        session(iss="https://b"),
    ]
    assert len(set(marks)) == len(marks)
    assert session(email="other@example.org") == session()


def problems(**changed: object) -> str:
    section = {name: value for name, value in (AUTH | changed).items() if value is not None}
    with pytest.raises(SettingError) as error:
        check_sign_in(section)
    assert "made up" not in error.value.text(), "a secret is never shown"
    return error.value.text()


def test_a_section_that_can_be_used_is_used():
    check_sign_in(AUTH)
    check_sign_in(AUTH | {"redirect_uri": "http://localhost:8501/oauth2callback"})
    check_sign_in(AUTH | {"server_metadata_url": "http://127.0.0.1:9000/.well-known/openid-configuration"})


@pytest.mark.parametrize("name", ["client_id", "client_secret", "server_metadata_url"])
def test_what_is_missing_is_named(name: str):
    assert f"{name} is missing." in problems(**{name: None})
    assert f"{name} is missing." in problems(**{name: ""})


@pytest.mark.parametrize(
    "uri", [None, "", "/oauth2callback", "https://pulse.example.org/", "https://[::1/oauth2callback"]
)
def test_a_redirect_that_leads_elsewhere_is_refused(uri: str | None):
    assert "redirect_uri is not the app's own address" in problems(redirect_uri=uri)


@pytest.mark.parametrize(
    "host", ["pulse.example.org", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil"]
)
def test_a_redirect_over_the_network_needs_https(host: str):
    assert "it needs https://" in problems(redirect_uri=f"http://{host}/oauth2callback")


@pytest.mark.parametrize("secret", [None, "", "short", "x" * 31])
def test_a_short_cookie_secret_is_refused(secret: str | None):
    assert "32 random characters" in problems(cookie_secret=secret)


@pytest.mark.parametrize(
    "tenant", ["common", "organizations", "consumers", "Common", "9188040d-6c67-4c5b-b112-36a304b66dad"]
)
@pytest.mark.parametrize(
    "host", ["login.microsoftonline.com", "LOGIN.microsoftonline.com", "login.windows.net", "x@sts.windows.net"]
)
def test_microsoft_accounts_of_every_organisation_are_refused(host: str, tenant: str):
    url = f"https://{host}/{tenant}/v2.0/.well-known/openid-configuration"
    assert "your own tenant" in problems(server_metadata_url=url)


@pytest.mark.parametrize(
    "url", ["http://id.example.org/x", "id.example.org/x", "//id.example.org/x", "ftp://id.example.org"]
)
def test_a_provider_over_the_network_needs_https(url: str):
    assert "server_metadata_url needs https://" in problems(server_metadata_url=url)


@pytest.mark.parametrize("bound_to", ["localhost", "127.0.0.1", "127.0.0.2", "::1", "LOCALHOST"])
@pytest.mark.parametrize("client", [None, "127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "[::1]"])
def test_a_browser_on_this_computer_is_known(bound_to: str, client: str | None, host: str):
    assert is_this_computer(bound_to, client, {"Host": host})
    assert is_this_computer(bound_to, client, {"host": host, "Origin": f"http://{host}"})


@pytest.mark.parametrize("bound_to", [None, "", "0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "pulse.example.org"])
def test_a_server_that_others_can_reach_takes_nobody_for_this_computer(bound_to: str | None):
    assert not is_this_computer(bound_to, "127.0.0.1", HERE)


@pytest.mark.parametrize("client", ["", "192.168.1.5", "::ffff:192.168.1.5", "2001:db8::1", "0.0.0.0", "unknown"])
def test_a_request_from_another_computer_is_not_from_this_one(client: str):
    assert not is_this_computer("localhost", client, HERE)


ELSEWHERE = [
    "",
    "pulse.example.org",
    "localhost.evil.example",
    "localhost.evil.example:8501",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "127.0.0.1:80@evil.example",
    "evil.example@127.0.0.1",
    "evil.example/localhost",
    "evil.example#localhost",
    "localhost#.evil.example",
    "127.0.0.1\\.evil.example",
    "0.0.0.0:8501",
    "[::]:8501",
    "[::1",
    "127.1",
    "2130706433",
    "localhost, evil.example",
    "lоcalhost",  # with a Cyrillic о
]


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_name_that_only_looks_like_this_computer_is_another(host: str):
    assert not is_this_computer("localhost", "127.0.0.1", HERE | {"Host": host})
    assert not is_this_computer("localhost", "127.0.0.1", HERE | {"Origin": f"http://{host}"})


@pytest.mark.parametrize("origin", ["null", "", "localhost", "https://evil.example", "file://", "http://[::1"])
def test_another_sites_page_is_not_this_computer(origin: str):
    assert not is_this_computer("localhost", "127.0.0.1", HERE | {"Origin": origin})


def test_a_request_that_says_no_host_is_not_from_this_computer():
    assert not is_this_computer("localhost", "127.0.0.1", {})


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-FORWARDED-PROTO",
        "X-Real-IP",
        "X-Client-IP",
        "X-Original-Host",
        "X-Envoy-External-Address",
        "CF-Connecting-IP",
        "True-Client-IP",
        "CDN-Loop",
    ],
)
@pytest.mark.parametrize("value", ["203.0.113.9", "127.0.0.1", ""])
def test_what_came_through_a_proxy_is_not_from_this_computer(header: str, value: str):
    assert not is_this_computer("localhost", "127.0.0.1", HERE | {header: value})


@pytest.mark.parametrize(
    "host", ["", " ", "localhost ", "localhost.", "example.org", "::2", "::ffff:10.0.0.1", "fe80::1"]
)
def test_what_is_not_this_computer(host: str):
    assert not is_loopback(host)


LINK = "0123456789abcdef01234567"


def link_token(link_id: str, key: bytes) -> str:
    return signed_id(link_id, key, "share link")


def linked_id(token: str, key: bytes) -> str | None:
    return carried_id(token, key, "share link")


def test_a_link_is_its_id_signed(key: bytes):
    token = link_token(LINK, key)
    assert linked_id(token, key) == LINK
    assert token == link_token(LINK, key)
    assert all(letter.isalnum() or letter in "-_." for letter in token), "an address carries it as it is"


def test_a_link_of_another_installation_opens_nothing(key: bytes):
    assert linked_id(link_token(LINK, b"another secret"), key) is None
    assert linked_id(link_token(LINK, b""), key) is None


def test_a_link_with_any_letter_changed_opens_nothing(key: bytes):
    token = link_token(LINK, key)
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert linked_id(changed, key) in (None, LINK), "the last letter of a signature holds bits that do not count"
        assert place == len(token) - 1 or linked_id(changed, key) is None
    for cut in range(len(token)):
        assert linked_id(token[:cut], key) is None


def test_a_signature_is_not_taken_from_one_link_to_another(key: bytes):
    mine, signature = link_token(LINK, key).split(".")
    other = link_token("f" * 24, key).split(".")[0]
    assert linked_id(f"{other}.{signature}", key) is None
    assert linked_id(f"{mine}.", key) is linked_id(mine, key) is None


@pytest.mark.parametrize("token", ["", ".", "..", LINK, f'"{LINK}"', "é", "\udc80", "\x00", "a" * 100_000])
def test_a_made_up_link_opens_nothing(token: str, key: bytes):
    assert linked_id(token, key) is None


def test_what_was_signed_for_another_purpose_is_no_link(key: bytes):
    assert linked_id(str(URLSafeSerializer(key, salt="something else").dumps(LINK)), key) is None
    assert linked_id(str(URLSafeSerializer(key).dumps(LINK)), key) is None
