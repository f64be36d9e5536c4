"""Filters whose state is the page's address, so that every view can be shared.

The address holds ids (`?school=lincoln&wave=Fall+2026`), not labels. A filter that the address leaves out keeps what
was last chosen in this session, so the school stays chosen from page to page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from pages.components import data, headings, page_links
from pages.components.session import guard, records
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT, EVERYTHING, can_somewhere
from pd_core.wording import with_capital

_LAST = "last_{}"
SORT = "sort"
"""What the address calls the order of a table."""
Rows = Sequence[Mapping[str, object]]
Unknown = list[tuple[str, str]]
"""What an address asks for in vain, to be said where it is seen: a filter in a closed window says nothing."""


def one(
    label: str,
    name: str,
    options: Mapping[str, str],
    *,
    default: str | None = None,
    keep: bool = False,
    is_personal: bool = False,
    as_buttons: bool = False,
    noun: str = "",
    unknown: Unknown | None = None,
) -> str:
    """Choose one of `options` (id to label), kept in the address as `name`; with `keep`, also from page to page.

    An unknown id in the address falls back to the default. The address leaves the default out unless it `is_personal`,
    that is, unless the same address would give other people a different default. What is unknown is said here, as a
    `noun` other than the label where there is one, or put into `unknown`.
    """
    fallback = default if default is not None else next(iter(options))
    last = st.session_state.get(_LAST.format(name), fallback) if keep else fallback
    value = _asked(noun or label, name, options, last if last in options else fallback, unknown)
    unsaid = None if is_personal else fallback
    _write(name, [] if value == unsaid else [value])
    if keep:
        st.session_state[_LAST.format(name)] = value
    key = f"filter_{name}"
    _set(key, value)

    def changed() -> None:
        chosen = st.session_state[key]
        _write(name, [] if chosen == unsaid else [chosen])
        if keep:
            st.session_state[_LAST.format(name)] = chosen

    def said(option: str) -> str:
        return options[option]

    if as_buttons:
        return str(
            st.segmented_control(label, list(options), required=True, format_func=said, key=key, on_change=changed)
        )
    return st.selectbox(label, list(options), format_func=said, key=key, on_change=changed)


def several(
    label: str,
    name: str,
    options: Mapping[str, str],
    *,
    placeholder: str,
    most: int | None = None,
    noun: str = "",
    unknown: Unknown | None = None,
) -> list[str]:
    """Choose any of `options` (id to label), at most so many, kept in the address as `name`; none means all.

    What the address has may be ids or labels. What is none of them is dropped from it and said here, as a `noun` other
    than the label where there is one, or put into `unknown`.
    """
    key = f"filter_{name}"
    asked = list(dict.fromkeys(st.query_params.get_all(name)))
    ids = {value: value if value in options else _by_label(value, options) for value in asked}
    known = list(dict.fromkeys(one for one in ids.values() if one is not None))[:most]
    _write(name, known)
    _set(key, known)
    if others := [value for value, one in ids.items() if one is None]:
        _note_unknown(noun or label, others[0], unknown)

    def changed() -> None:
        _write(name, st.session_state[key])

    return st.multiselect(
        label,
        list(options),
        format_func=lambda option: options[option],
        key=key,
        on_change=changed,
        placeholder=placeholder,
        max_selections=most,
    )


def wave() -> str:
    """Choose the wave; the latest by default. Stops the page if there is none."""
    waves = data.waves()
    if not waves:
        headings.title("No answers are stored yet")
        if can_somewhere(current().actor, "upload"):
            page_links.show(page_links.Link("upload.py", "Upload an export", "upload_file"))
        guard.end_page()
    # Always in the address, even the latest: a link sent today must show the same wave after the next one comes.
    return one("Wave", "wave", {wave_id: wave_id for wave_id in waves}, keep=True, is_personal=True)


def two_waves() -> tuple[str | None, str | None]:
    """Choose two waves to compare; the last two by default, null where there are not two. Stops the page if there are
    none.

    The address has them as `from` and `to`, and may turn them round; offered is each wave with those before it.
    """
    waves = data.waves()
    if not waves:
        wave()  # says so, and stops the page
    if len(waves) < 2:
        return None, None
    names = {wave_id: wave_id for wave_id in waves}
    to_wave = _asked("Wave", "to", names, waves[0])
    place = waves.index(to_wave)
    from_wave = _asked("Wave", "from", names, waves[place + 1] if place + 1 < len(waves) else waves[0])
    pairs = {
        _said(earlier, later): (earlier, later) for place, later in enumerate(waves) for earlier in waves[place + 1 :]
    } | {_said(from_wave, to_wave): (from_wave, to_wave)}
    key = "filter_waves"
    _write_waves(from_wave, to_wave)
    _set(key, _said(from_wave, to_wave))
    st.selectbox(
        "Waves to compare", list(pairs), key=key, on_change=lambda: _write_waves(*pairs[st.session_state[key]])
    )
    return from_wave, to_wave


def _said(from_wave: str, to_wave: str) -> str:
    return f"{from_wave} → {to_wave}"


def _write_waves(from_wave: str, to_wave: str) -> None:
    _write("from", [from_wave])
    _write("to", [to_wave])


def school() -> str:
    """Choose a school or the whole district; by default the visitor's own school, otherwise the district."""
    names = {str(row["school_id"]): str(row["name"]) for row in data.schools()}
    mine = data.own_schools()
    own = next((school_id for school_id in names if school_id in mine), DISTRICT)
    # Always in the address, even the district: others who open it may have a school of their own as the default.
    return one("School", "school", {DISTRICT: "Whole district", **names}, default=own, keep=True, is_personal=True)


def order(columns: Collection[str], default: str) -> tuple[str, bool]:
    """The column that the address sorts a table by, `sort=COLUMN`, and whether from its end, `sort=-COLUMN`; the
    default, and a line that says so, where the table has no such column."""
    asked = st.query_params.get(SORT, "")
    column = asked.removeprefix("-")
    if column in columns:
        return column, asked != column
    if asked:
        st.info("The link asks for an order that this table does not have.", icon=":material/sort:")
        _write(SORT, [])
    return default, False


def address_with(name: str, value: str) -> str:
    """The query of the page's address, with this value for this name."""
    kept = [(key, held) for key in st.query_params if key != name for held in st.query_params.get_all(key)]
    return urlencode([*kept, (name, value)])


def forget(name: str) -> None:
    """Take something out of the page's address that has no use on it now."""
    _write(name, [])


def address(*others: str) -> dict[str, str]:
    """The school and wave of the page's address, and these `others` of it, for a link."""
    return {name: st.query_params[name] for name in ("school", "wave", *others) if name in st.query_params}


def role(unknown: Unknown | None = None) -> str | None:
    """Choose one role; null means everyone."""
    labels = data.codebook().labels("role") if "role" in data.codebook().scales else {}
    return one("Role", "role", {"": "Everybody", **labels}, unknown=unknown) or None


def level(among: Rows, unknown: Unknown | None = None) -> list[str]:
    """Choose any of these schools' levels; none means all."""
    return several("Level", "level", _kinds(among, "level"), placeholder="All levels", unknown=unknown)


def region(among: Rows, unknown: Unknown | None = None) -> list[str]:
    """Choose any of these schools' regions; none means all."""
    return several("Region", "region", _kinds(among, "region"), placeholder="All regions", unknown=unknown)


def schools(among: Rows, unknown: Unknown | None = None) -> list[str]:
    """Choose any of these schools (school_id, name); none means all."""
    names = {str(row["school_id"]): str(row["name"]) for row in among}
    return several("Schools", "schools", names, placeholder="All schools", noun="School", unknown=unknown)


def find_school(among: Rows, unknown: Unknown | None = None) -> str:
    """Choose one of these schools (school_id, name) to be first; empty means none."""
    names = {str(row["school_id"]): str(row["name"]) for row in among}
    return one("Find a school", "find", {"": "Type a name …", **names}, noun="School", unknown=unknown)


def skill(skill_ids: Sequence[str], *, default: str | None = None) -> str:
    """Choose one skill."""
    names = {skill_id: data.codebook().skills[skill_id].name for skill_id in skill_ids}
    return one("Skill", "skill", names, default=default if default in names else None)


def _asked(label: str, name: str, options: Mapping[str, str], otherwise: str, unknown: Unknown | None = None) -> str:
    """The id that the address asks for, by id or label; `otherwise` if none, or one that is unknown, which is said."""
    value = st.query_params.get(name, otherwise)
    if value in options:
        return value
    known = _by_label(value, options)
    if known is None and name in st.query_params:
        _note_unknown(label, value, unknown)
    return known or otherwise


def _set(key: str, value: str | list[str]) -> None:
    """Have a filter show a value. One that already shows it is left alone: the browser would build it anew.

    A filter of the same key on another page is another filter.
    """
    here, shown_on = guard.place(), f"{key}_shown_on"
    if st.session_state.get(key) != value or st.session_state.get(shown_on) != here:
        st.session_state[key] = value
        st.session_state[shown_on] = here


def _kinds(among: Rows, column: str) -> dict[str, str]:
    """The distinct values of a column of the list of schools, as id to label."""
    kinds = sorted({str(row[column]) for row in among if row[column]})
    return {kind: with_capital(kind) for kind in kinds}


def _note_unknown(label: str, value: str, unknown: Unknown | None) -> None:
    if unknown is None:
        say_unknown(label, value)
    else:
        unknown.append((label, value))


def say_unknown(label: str, value: str) -> None:
    """Say that the address asks for something, called `label`, that is not among what can be chosen."""
    article = "an" if label[0] in "AEIOU" else "a"
    st.warning(
        f"This link is for {article} {label.lower()} that you cannot see or that does not exist. "
        "Ask the person who sent it.",
        icon=":material/link_off:",
    )
    # An unknown value could be anything, even a person's name, so it is not recorded.
    known = value if label == "School" and value in data.school_names(EVERYTHING) else "unknown"
    records.note("refused", f"{label.lower()}: {known}")


def _by_label(value: str, options: Mapping[str, str]) -> str | None:
    wanted = value.casefold()
    return next((option for option, label in options.items() if label.casefold() == wanted), None)


def _write(name: str, values: list[str]) -> None:
    if st.query_params.get_all(name) == values:
        return
    if values:
        st.query_params[name] = values
    else:
        st.query_params.pop(name, None)
