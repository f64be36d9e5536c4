"""All open signed addresses of a kind, and revoking one after a dialog: share links, and feeds of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from pages.components import display, notices
from pages.components.markdown import address, plain
from pages.components.session import guard, share_dialog
from pd_core.wording import date_said, day_said, moment_said


@dataclass(frozen=True)
class Address:
    """An open address: what it opens, of which school or the district, and who made it. Times are UTC."""

    id: str
    what: str
    school_id: str
    made_by: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Kind:
    """What addresses of a kind are called, what people who have one can do, and what is said where none is open.

    `of_what` heads the column that says what each one opens, such as a table; empty where they all open the same.
    """

    noun: str
    meaning: str
    of_what: str = ""
    none: str = ""


def section(kind: Kind, found: list[Address], revoke: Callable[[str], None]) -> None:
    """Show the open addresses with their makers and expiry dates; `revoke` takes an id. Raises as `revoke`."""
    notice, turns = f"{kind.noun}s", f"{kind.noun}s_round"
    known = {one.id: one for one in found}
    head = st.container()
    is_revoked = notices.show(notice, "link_off")
    if known or kind.none or is_revoked:
        head.header(f"{kind.noun.capitalize()}s")
    if not known:
        if kind.none:
            st.markdown(kind.none)
        return
    number = f"1 {kind.noun} is" if len(known) == 1 else f"{len(known):,} {kind.noun}s are"
    st.markdown(f"{number} open. {kind.meaning}")
    names = share_dialog.places()
    _table(kind, found, names)

    def label(address_id: str) -> str:
        one = known[address_id]  # to the second, with its id: the field can't tell equal labels apart
        at = one.made_at
        what = ", ".join(part for part in (one.what, names.get(one.school_id, one.school_id)) if part)
        return f"{what}, made {day_said(at)}, {at:%H:%M:%S} UTC, by {one.made_by} ({address_id[:6]})"

    turn = st.session_state.get(turns, 0)  # a new key empties the field in the browser
    chosen = st.selectbox(
        f"Revoke a {kind.noun}", list(known), index=None, format_func=label, key=f"{kind.noun}_{turn}",
        placeholder=f"Choose a {kind.noun}",
    )  # fmt: skip
    if chosen is not None and st.button("Revoke", icon=":material/link_off:", key=f"{kind.noun}_revoke_chosen"):
        one = known[chosen]
        what = f"of {plain(one.what)}" if one.what else f"to {plain(names.get(one.school_id, one.school_id))}"
        which = f"The {kind.noun} {what}, made {moment_said(one.made_at)}, by {address(one.made_by)},"

        def done() -> None:
            revoke(chosen)
            st.session_state[turns] = turn + 1
            notices.say(notice, f"{which} no longer works.")

        _confirm(kind.noun, f"{which} is open until {date_said(one.expires_at)}.", done)


def _table(kind: Kind, found: list[Address], names: Mapping[str, str]) -> None:
    columns = ({"what": kind.of_what} if kind.of_what else {}) | {
        "where": "Shows",
        "made_by": "Made by",
        "made_at": st.column_config.DatetimeColumn("Made (UTC)", format="MMM D, YYYY, HH:mm:ss"),
        "expires_at": st.column_config.DatetimeColumn("Open until (UTC)", format="MMM D, YYYY, HH:mm"),
        f"{kind.noun}_id": "Name in the audit",
    }
    rows = [
        {
            "what": one.what,
            "where": names.get(one.school_id, one.school_id),
            "made_by": one.made_by,
            "made_at": one.made_at,
            "expires_at": one.expires_at,
            f"{kind.noun}_id": f"{kind.noun.capitalize()} {one.id}",
        }
        for one in found
    ]
    display.rows(rows, column_order=list(columns), column_config=columns, key=f"table_{kind.noun}s")


@st.dialog("Revoke for everyone?")
def _confirm(noun: str, sentence: str, done: Callable[[], None]) -> None:
    with guard.page("administration", "administer"):
        st.markdown(f"{sentence} Once revoked, it stops working for everyone and can't be restored.")
        if st.button(f"Revoke the {noun}", type="primary", icon=":material/link_off:"):
            done()
