"""The part of the Upload page that makes, shows and revokes addresses to which scripts and flows send files."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.addresses import own_address, revoked_now, to_copy
from pages.components.markdown import address, plain
from pages.components.session.current_visitor import current
from pages.components.upload.route import PATH
from pd_core.actions import upload_addresses
from pd_core.actions.share_links import DEFAULT_LINK_DAYS, LINK_DAYS
from pd_core.entities import UploadAddress
from pd_core.presentation.upload_addresses import steps
from pd_core.wording import date_said, moment_said

_MADE = "upload_address_made"


def section() -> None:
    """Offer an address for the files of one school, and list the open ones; folded away, for those who make them."""
    if not upload_addresses.may_make(current()) or not (names := data.real_schools()):
        return
    label = "For scripts and Power Automate: an address that takes files"
    fold = display.fold(label, "cloud_upload", "upload_addresses")
    if not fold.open:
        return
    with fold:
        school = st.selectbox("School", sorted(names, key=names.__getitem__), format_func=names.__getitem__,
                              key="upload_address_school")  # fmt: skip
        days = st.selectbox(
            "For how many days", LINK_DAYS, LINK_DAYS.index(DEFAULT_LINK_DAYS), key="upload_address_days"
        )
        st.caption("Files that come to it are taken at once, for this school alone: rows of other schools are left.")
        if st.button("Make an upload address", icon=":material/add_link:", key="make_upload_address"):
            made = upload_addresses.make_upload(data.store(), current(), school, days)
            st.session_state[_MADE] = made.address_id
        place = st.container()
        for one in upload_addresses.open_uploads(data.store(), current()):
            is_new = one.address_id == st.session_state.get(_MADE)
            if not _is_revoked_now(one, names) and is_new:
                with place:
                    _show(one)


def _show(one: UploadAddress) -> None:
    token, url = upload_addresses.token(one, data.key()), f"{own_address()}{PATH}"
    to_copy("Address", url, key=f"upload_url_{one.address_id}")
    to_copy("Token (copy it now; it is not shown again)", token, key=f"upload_token_{one.address_id}")
    st.markdown(
        f"Anyone who has the token can send files for this school until **{date_said(one.expires_at)}**, unless it is "
        "revoked here or your role ends. Each is answered with its receipt, and can be undone above."
    )
    for program in steps(url, token):
        bullets = [f"- {step}" for step in program.steps]
        st.markdown("\n".join([f"**{program.program}**\n", *bullets]))


def _is_revoked_now(one: UploadAddress, names: dict[str, str]) -> bool:
    made = f"made {moment_said(one.made_at)}, by {address(one.made_by)}"
    where = plain(names.get(one.school_id, one.school_id))
    return revoked_now(
        f"{where}, until {date_said(one.expires_at)}, {made}",
        f"the upload address for {where}, {made}",
        lambda: upload_addresses.revoke_upload(data.store(), current(), one.address_id),
        key=f"revoke_upload_{one.address_id}",
    )
