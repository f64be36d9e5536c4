"""Credentials from a file: what it holds, what would be stored, and the receipt."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, receipts
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions.credentials import take_credentials
from pd_core.errors import UserError
from pd_core.ingestion import Receipt
from pd_core.reference.attendance_file import read_attendance

_ROUND, _RECEIPT = "credentials_round", "credentials_receipt"


def section() -> None:
    """Take a file of credentials, once its receipt was seen."""
    st.header("Add credentials")
    if (receipt := st.session_state.pop(_RECEIPT, None)) is not None:
        receipts.show(receipt, is_stored=True)
    turn = st.session_state.get(_ROUND, 0)  # a new key empties the fields in the browser
    dropped = st.file_uploader("Credentials (Excel, CSV or JSON)", ["xlsx", "csv", "json"], key=f"credentials_{turn}")
    st.caption(
        "A list with email, credential, issuer, earned_on, expires_on, skill_id, iste; Credly's issued badges; the "
        "bulk file of Canvas Badges; Open Badges; or a transcript of Microsoft Learn. Addresses become codes."
    )
    if dropped is None:
        return
    staff, owner = [], ""
    if dropped.name.lower().endswith(".json"):
        staff, owner = _staff(turn), st.text_input("For a transcript: whose it is (e-mail)", key=f"owner_{turn}")
    try:
        receipt = _taken(dropped.name, dropped.getvalue(), owner, staff, dry_run=True)
    except UserError as error:
        st.error(plain(error.text(most_details=30)), icon=":material/error:")
        return
    receipts.show(receipt, is_stored=False)
    if receipt.status == "committed" and st.button("Store these credentials", type="primary", key="credentials_yes"):
        st.session_state[_RECEIPT] = _taken(dropped.name, dropped.getvalue(), owner, staff, dry_run=False)
        st.session_state[_ROUND] = turn + 1
        st.rerun()


def _staff(turn: int) -> list[str]:
    """Addresses to compare hashed recipients with; they are not stored."""
    listed = st.file_uploader("For badges: a staff list with addresses, not stored", ["xlsx", "csv"], key=f"who_{turn}")
    if listed is None:
        return []
    try:
        people = read_attendance(listed.name, listed.getvalue()).people
    except UserError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return []
    return [address for one in people for address in one.addresses]


def _taken(file: str, content: bytes, owner: str, staff: list[str], *, dry_run: bool) -> Receipt:
    return take_credentials(
        data.store(), current(), data.real_codebook(), file, content, data.key(),
        clock.today(), owner=owner, staff=staff, dry_run=dry_run,
    )  # fmt: skip
