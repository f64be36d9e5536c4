"""Identifies visitors by sign-in, share link or this computer, and shows a plain page to those who can't come in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from pages.components import data, headings
from pages.components.markdown import mail_to, plain
from pages.components.session import entrance, records
from pd_core.access import Actor, Visitor, scope_of
from pd_core.actions import audit, share_links
from pd_core.actions.roles import actor_of
from pd_core.errors import SettingError
from pd_core.sign_in import NotSignedIn, SignIn, check_sign_in, is_this_computer, read_sign_in
from pd_core.wording import date_said

THIS_COMPUTER = "This computer"
_LINK, _LOOK_AS = "link", "look_as"


class _Turned(Exception):
    """The visitor can't be let in; `reason` is the page to show instead."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason)


def arrive() -> Visitor:
    """The visitor who opened the page. If they can't come in, says what to do and stops the page. Raises UserError."""
    try:
        return _identify()
    except _Turned as turned:
        _PLAIN_PAGES[turned.reason](turned.detail)
        st.stop()


def known_visitor() -> Visitor | None:
    """The visitor who opened the page; null if they can't come in. Raises UserError."""
    try:
        return _identify()
    except _Turned:
        return None


def _identify() -> Visitor:
    if not has_sign_in() and not _is_this_computer():
        raise _Turned("configure")
    if not has_sign_in() and not entrance.may_enter(request()[1]):
        raise _Turned("start")
    check_set_up()
    if token := st.query_params.get(_LINK) or st.session_state.get(_LINK):
        return _guest(str(token))
    return _as_somebody(_signed_in() if has_sign_in() else Actor(THIS_COMPUTER, "administrator"))


def _guest(token: str) -> Visitor:
    link = share_links.carried_link(data.store(), token, data.key())
    if link is None:
        records.note_once("refused", "somebody", "a link that was not made here")
        raise _Turned("link", "This link was not made here, or part of it is missing.")
    guest = share_links.guest_of(link)
    if not link.is_open(datetime.now(UTC).replace(tzinfo=None)):
        why = "has been revoked" if link.is_revoked else f"expired on {date_said(link.expires_at)}"
        records.note_once("refused", guest.name, f"the link {why}", link.school_id)
        raise _Turned("link", f"This link {why}.")
    records.note_once("link opened", guest.name, "", link.school_id)
    st.session_state[_LINK] = token
    if st.query_params.get(_LINK) != token:
        st.query_params[_LINK] = token  # the address of each page opens it again
    return _visitor(guest)


def _signed_in() -> Actor:
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is not True:
        raise _Turned("sign in")
    try:
        found = read_sign_in(claims, datetime.now(UTC), data.settings().sign_in_hours)
    except NotSignedIn as error:
        raise _Turned("sign in", error.text()) from None
    if audit.is_over(data.store(), found):
        records.note_once("refused", found.email, "a sign-in that was ended")
        raise _Turned("sign in", "Your sign-in has ended. Sign in again.")
    actor = _actor_of(found.email)
    records.note_sign_in(found, actor)
    if actor is None:
        raise _Turned("no role", found.email)
    return actor


def _as_somebody(actor: Actor) -> Visitor:
    """The visitor, or the person that an administrator has chosen to see the pages as."""
    look_as = st.session_state.get(_LOOK_AS)
    if look_as and actor.role == "administrator" and (other := _actor_of(str(look_as))):
        return _visitor(other, actor)
    return _visitor(actor)


def _actor_of(email: str) -> Actor | None:
    return actor_of(data.store(), data.settings().administrators, email)


def _visitor(actor: Actor, real_actor: Actor | None = None) -> Visitor:
    return Visitor(actor, scope_of(actor, "view", data.settings().other_schools), real_actor or actor)


def sign_in_of_session() -> SignIn | None:
    """This session's sign-in; null on this computer without sign-in, or after it has ended."""
    try:
        return read_sign_in(st.user.to_dict(), datetime.now(UTC), data.settings().sign_in_hours)
    except NotSignedIn:
        return None


def sign_out() -> NoReturn:
    """End the sign-in, here and in every browser with a copy of its cookie. Nothing on the page runs after it.

    Whatever asked for a rerun would remove the message that sends the browser to the provider.
    """
    st.session_state.pop(_LOOK_AS, None)
    try:
        if found := sign_in_of_session():
            audit.end_session(data.store(), found)
    finally:
        st.logout()
    st.stop()


def leave_link() -> None:
    """Continue without the share link that opened this session."""
    st.session_state.pop(_LINK, None)
    st.query_params.pop(_LINK, None)


def look_as(email: str | None) -> None:
    """Show an administrator the pages as another person sees them; null ends that."""
    st.session_state[_LOOK_AS] = email


def has_sign_in() -> bool:
    """Whether sign-in is set up."""
    return _sign_in_section() is not None


def check_set_up() -> None:
    """Raise SettingError where sign-in is set up in a way that lets visitors choose who they are."""
    auth = _sign_in_section()
    if auth is None:
        return
    check_sign_in(auth)
    if st.config.get_option("server.trustedUserHeaders"):
        raise SettingError(
            "The setting server.trustedUserHeaders lets visitors choose who they are.",
            "Remove it and start PD Pulse again.",
        )


def _sign_in_section() -> dict[str, object] | None:
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        return None
    return dict(st.secrets["auth"])


def request() -> tuple[str | None, dict[str, str]]:
    """The IP address that opened this session (null: this computer), and its request headers."""
    return st.context.ip_address, st.context.headers.to_dict()


def _is_this_computer() -> bool:
    return is_this_computer(st.config.get_option("server.address"), *request())


def _ask_to_sign_in(detail: str) -> None:
    headings.title("Sign in to PD Pulse")
    if detail:
        st.info(plain(detail), icon=":material/info:")
    if st.context.is_embedded:
        st.markdown("Sign-in does not work inside another page. Open PD Pulse in its own window.")
        st.link_button("Open in browser", _own_window(), type="primary", icon=":material/open_in_new:")
        return
    st.markdown("Use your district account. After that you return to the page you asked for.")
    if st.button("Sign in", type="primary", icon=":material/login:"):
        leave_link()
        st.login()


def _say_no_role(email: str) -> None:
    headings.title("You don't have a role yet")
    st.text(f"You are signed in as {email}. An administrator needs to say which school you are from.")
    ask = " or ".join(mail_to(email) for email in sorted(data.settings().administrators))
    st.markdown(f"Ask {ask or 'the administrator of PD Pulse in your district'}.")
    if st.button("Sign out", icon=":material/logout:"):
        sign_out()


def _say_link_is_closed(detail: str) -> None:
    headings.title("This link no longer works")
    st.markdown(f"{detail} Ask the person who sent it for a new one.")
    if st.context.is_embedded:  # no one can sign in there
        return
    elsewhere = "Sign in instead" if has_sign_in() else "Continue without it"
    if st.button("Go to your pages" if sign_in_of_session() else elsewhere, icon=":material/arrow_forward:"):
        leave_link()
        st.rerun()


def _say_how_to_configure(_: str) -> None:
    headings.title("PD Pulse is not set up for a network yet")
    st.markdown(HOW_TO_CONFIGURE)


def _say_how_to_enter(_: str) -> None:
    headings.title("Open PD Pulse by its start address")
    st.markdown(entrance.HOW_TO_ENTER)


HOW_TO_CONFIGURE = (
    "Without sign-in it works only on the computer it runs on, and you are on another one. To set up sign-in, its "
    "administrator adds the section `[auth]` to `.streamlit/secrets.toml`; `.github/ADMINISTRATION.md` has the steps "
    "for Microsoft Entra ID and other providers."
)
_PLAIN_PAGES = {
    "sign in": _ask_to_sign_in,
    "no role": _say_no_role,
    "link": _say_link_is_closed,
    "configure": _say_how_to_configure,
    "start": _say_how_to_enter,
}


def _own_window() -> str:
    """The page's address without the parameters that embed it."""
    parts = urlsplit(st.context.url or "")
    view = {name: st.query_params.get_all(name) for name in st.query_params if name != _LINK}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(view, doseq=True), ""))
