"""What the server takes and ends without a page: files that are sent to it, and sign-ins."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.guarded import District, shows
from tests.visitor import signed_in, visit

REFUSED_BY_GATE = b"Sign in with a role that uploads first."


@pytest.mark.parametrize("path", ["upload_file/any-session/any-file", "metrics"])
def test_who_has_not_signed_in_reaches_nothing_beside_the_pages(guarded: District, path: str) -> None:
    method = "GET" if path == "metrics" else "PUT"
    asked = urllib.request.Request(
        f"{guarded.url}/_stcore/{path}", data=b"x" if method == "PUT" else None, method=method
    )
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(asked, timeout=30)
    assert refusal.value.code == 403
    refusal.value.close()


def is_taken_by_gate(url: str, cookies: dict[str, str]) -> bool:
    """Whether a file that is sent from nowhere, under a made-up session, comes as far as Streamlit, which refuses it
    for other reasons."""
    request = urllib.request.Request(f"{url}/_stcore/upload_file/any-session/any-file", data=b"x", method="PUT")
    for name, value in cookies.items():
        request.add_header("Cookie", f"{name}={value}")
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return REFUSED_BY_GATE not in refusal.read()
    return True


@pytest.mark.parametrize(
    ("email", "days_ago", "may"),
    [
        ("mia@example.org", 0, True),
        ("fay@example.org", 0, True),
        ("pat@example.org", 0, False),
        ("who@example.org", 0, False),
        ("mia@example.org", 2, False),
    ],
    ids=["an MIE", "a facilitator", "a principal", "somebody without a role", "an MIE whose sign-in is old"],
)
def test_a_file_is_taken_only_from_people_who_upload(guarded: District, email: str, days_ago: int, may: bool) -> None:
    cookies = signed_in(guarded.url, email, issued=time.time() - days_ago * 86_400)
    assert is_taken_by_gate(guarded.url, cookies) is may


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The answer itself, not what it leads to."""

    def redirect_request(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("address", ["auth/logout", "auth/logout?again=1", "administration/auth/logout"])
def test_signing_out_by_address_ends_the_sign_in_for_every_copy_of_its_cookie(guarded: District, address: str) -> None:
    cookies = signed_in(guarded.url, "fay@example.org", issued=time.time() - len(address))
    assert shows(visit(guarded.url, "", cookies, school="lincoln"), "lincoln")
    request = urllib.request.Request(f"{guarded.url}/{address}")
    for name, value in cookies.items():
        request.add_header("Cookie", f"{name}={value}")
    try:
        urllib.request.build_opener(NoRedirect).open(request, timeout=30).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    seen = visit(guarded.url, "", cookies, school="lincoln")
    assert seen.title == "Sign in to PD Pulse"
    assert "Your sign-in has ended." in seen.everything
    assert not shows(seen, "lincoln")
    assert not is_taken_by_gate(guarded.url, cookies)
