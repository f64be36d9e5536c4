"""Who has a role, who still needs one, and giving, changing or removing a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import data, display, headings, notices, page_links
from pages.components.markdown import address, plain
from pages.components.session import authentication, guard
from pages.components.session.current_visitor import current
from pd_core.access import EVERYTHING, EVERYWHERE, GIVEN_ROLES, ROLES, Role
from pd_core.actions import roles
from pd_core.actions.roles import GivenRole
from pd_core.errors import UserError
from pd_core.wording import plural

_MOST_NAMES = 6
_ROUND = "roles_round"
_GIVEN, _CHANGED = "role_given", "role_changed"
"""The notices below the two forms."""
_MAY: Mapping[str, str] = {
    "administrator": "Sees and changes everything, and gives people roles. For the whole district.",
    "facilitator": "Sees and uploads for every school, reads comments, makes share links. For the whole district.",
    "mie": "Sees the schools chosen here and the district's figures, and uploads for these schools.",
    "principal": "Sees the schools chosen here and the district's figures, and makes share links to these schools.",
}


def section() -> None:
    """Show the page's title, the schools without an MIE or a principal, everyone's role, and the forms to change it."""
    names = data.school_names(EVERYTHING)
    first = data.settings().administrators
    stored = roles.given_roles(data.store(), current())
    by_setting = [GivenRole(email, "administrator") for email in first]
    others = [person for person in stored if person.email not in first]
    people = sorted([*by_setting, *others], key=lambda one: one.email)
    headings.title(_title(people, names))
    _who_is_missing(people, names)
    if not authentication.has_sign_in():
        st.info(
            "Roles take effect once sign-in is set up (see README). Until then PD Pulse works on this computer only.",
            icon=":material/info:",
        )
    st.header("People")
    if people:
        display.rows([_row(person, names, is_first=person.email in first) for person in people], key="table_people")
    _say_who_is_first(sorted(first))
    _give(names)
    _change(stored, names)


def _title(people: Sequence[GivenRole], names: Mapping[str, str]) -> str:
    number = "1 person has" if len(people) == 1 else f"{len(people):,} people have" if people else "No one has"
    nobody, without_mie, without_principal = _missing(people, names)
    lacking = len(without_mie) + len(without_principal)
    if not names:
        rest = "no schools are known yet"
    elif nobody:
        rest = f"{plural(len(nobody), 'school')} {'has' if len(nobody) == 1 else 'have'} neither an MIE nor a principal"
    elif lacking:
        rest = f"{plural(lacking, 'school')} {'lacks' if lacking == 1 else 'lack'} an MIE or a principal"
    else:
        rest = "every school has an MIE and a principal"
    return f"{number} a role; {rest}"


def _missing(people: Sequence[GivenRole], names: Mapping[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Schools with neither, schools without an MIE, and schools without a principal; each school in one list only."""
    mie = {school_id for person in people if person.role == "mie" for school_id in person.school_ids}
    principal = {school_id for person in people if person.role == "principal" for school_id in person.school_ids}
    return (
        [school_id for school_id in names if school_id not in mie | principal],
        [school_id for school_id in names if school_id in principal - mie],
        [school_id for school_id in names if school_id in mie - principal],
    )


def _who_is_missing(people: Sequence[GivenRole], names: Mapping[str, str]) -> None:
    if not names:
        st.markdown("There are no schools yet. They come with the first upload or from the `schools` command.")
        page_links.show(page_links.Link("upload.py", "Upload an export", "upload_file"))
        return
    labels = ("Neither MIE nor principal", "No MIE", "No principal")
    for label, school_ids in zip(labels, _missing(people, names), strict=True):
        if school_ids:
            st.markdown(f"**{label}:** {plain(_listed([names[school_id] for school_id in school_ids]))}.")
    fold = display.fold("Who is at which school", "school", "who")
    if fold.open:
        rows = [
            {"School": name, "MIE": _at(people, "mie", school_id), "Principal": _at(people, "principal", school_id)}
            for school_id, name in names.items()
        ]
        with fold:
            display.rows(rows, key="table_schools")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {plural(more, 'more school')}" if more > 0 else "")


def _at(people: Sequence[GivenRole], role: Role, school_id: str) -> str:
    return ", ".join(person.email for person in people if person.role == role and school_id in person.school_ids)


def _row(person: GivenRole, names: Mapping[str, str], *, is_first: bool) -> dict[str, str]:
    where = [names.get(school_id, f"{school_id} (not in the list of schools)") for school_id in person.school_ids]
    by_setting = " (by setting)" if is_first else ""
    return {
        "Address": person.email,
        "Role": f"{_label(person.role)}{by_setting}",
        "Schools": "Whole district" if person.role in EVERYWHERE else ", ".join(where),
    }


def _say_who_is_first(first: Sequence[str]) -> None:
    who = f"It names {', '.join(address(email) for email in first) or 'no one now'}."
    st.caption(
        f"The setting `PD_ADMINISTRATORS` names the first administrators and takes precedence over this list. {who}"
    )


def _give(names: Mapping[str, str]) -> None:
    key = f"give_{st.session_state.get(_ROUND, 0)}"
    st.subheader("Give a role")
    email = st.text_input("E-mail address", key=f"{key}_email", placeholder="name@district.org")
    role, school_ids = _role_fields(key, "principal", [], names)
    pressed = st.button("Give the role", type="primary", icon=":material/person_add:")
    notices.show(_GIVEN)
    if pressed and _put(_GIVEN, email, role, school_ids):
        _begin_anew()
        st.rerun()


def _begin_anew() -> None:
    """Empty both forms: a browser keeps a field's text for as long as its key is the same."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _change(stored: Sequence[GivenRole], names: Mapping[str, str]) -> None:
    known = {person.email: person for person in stored}
    st.subheader("Change or remove a role")
    st.caption("Choose a person to change or remove their role, or to see the pages as they do.")
    notices.show(_CHANGED)
    key = f"person_{st.session_state.get(_ROUND, 0)}"
    placeholder = "Choose a person" if known else "No one has a role yet"
    email = st.selectbox("Person", list(known), index=None, key=key, placeholder=placeholder)
    if email is None:
        return
    person = known[email]
    key = f"change_{email}_{person.role}_{';'.join(person.school_ids)}"
    role, school_ids = _role_fields(key, person.role, person.school_ids, names)
    with st.container(horizontal=True):
        save = st.button("Save the change", type="primary", icon=":material/save:")
        if st.button("Remove the role", icon=":material/person_remove:"):
            _confirm(email)
        see = st.button("See the pages as this person", icon=":material/visibility:", key="look_as_person")
    if save and _put(_CHANGED, email, role, school_ids):
        st.rerun()
    if see:
        authentication.look_as(email)
        st.switch_page("overview.py")


def _role_fields(key: str, role: str, school_ids: Sequence[str], names: Mapping[str, str]) -> tuple[str, Sequence[str]]:
    """Ask for a role and, if it is a role for schools, for the schools."""
    place = next((place for place, known in enumerate(GIVEN_ROLES) if known == role), None)
    chosen = st.selectbox("Role", GIVEN_ROLES, index=place, format_func=_label, key=f"{key}_role")
    st.caption(_MAY.get(chosen or "", ""))
    if chosen in EVERYWHERE:
        return chosen, []
    schools = st.multiselect(
        "Schools (at least one)",
        list(names),
        default=[school_id for school_id in school_ids if school_id in names],
        format_func=lambda school_id: names[school_id],
        key=f"{key}_schools",
        placeholder="Choose schools" if names else "There are no schools yet",
    )
    return chosen or "", schools


def _put(notice: str, email: str, role: str, school_ids: Sequence[str]) -> bool:
    """Store a role and keep a message for the next run; show any error here."""
    try:
        roles.give_role(data.store(), current(), data.settings().administrators, email, role, school_ids)
    except UserError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return False
    notices.keep(notice, f"{address(email.strip().casefold())} now has the role {_label(role)}.")
    return True


@st.dialog("Remove this role?")
def _confirm(email: str) -> None:
    with guard.page("administration", "administer"):
        st.text(f"{email} can no longer open anything here. What they uploaded stays.")
        if st.button("Yes, remove it", type="primary", icon=":material/person_remove:"):
            roles.remove_role(data.store(), current(), email)
            _begin_anew()
            notices.say(_CHANGED, f"{address(email)} no longer has a role.")


def _label(role: str) -> str:
    return next((label for known, label in ROLES.items() if known == role), role)
