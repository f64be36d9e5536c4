"""Changing sessions by hand: moved, split, joined, or new; the limits that this breaks are said at once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import clock, data
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import record
from pd_core.actions import plan_by_hand, plan_record
from pd_core.actions.plan_record import Outcome
from pd_core.errors import UserError
from pd_core.planning.problem import Problem
from pd_core.presentation import sessions
from pd_core.presentation.sessions import SessionCard

Change = Callable[[str, bool], Outcome]
"""Makes a change for a reason (may be empty), or with true only tries it."""


@st.dialog("Change a session")
def existing(card: SessionCard, lists: Problem) -> None:
    """Move, split or join a session."""
    with guard.page("sessions", "decide"):
        session = card.session
        st.markdown(f"**{plain(card.title)}**, {plain(card.when.rstrip('.'))}. {plain(card.who)}")
        others = sessions.joinable(record.on_record().sessions(), session, lists)
        ways = {"move": "Move", "split": "Split", **({"join": "Join"} if others else {})}
        way = st.segmented_control(
            "What to do", list(ways), required=True, default="move", format_func=lambda one: ways[one],
            key=f"way_{session.session_id}",
        )  # fmt: skip
        {"move": _move, "split": _split, "join": _join}[way or "move"](card, lists)


@st.dialog("Add a session")
def new(lists: Problem) -> None:
    """Propose a session by hand."""
    with guard.page("sessions", "decide"):
        titles = {one.training_id: one.title for one in lists.trainings}
        training_id = st.selectbox("Class", list(titles), format_func=lambda one: titles[one], key="add_training")
        school_ids = _schools(lists, (), "add")
        slot_id, trainer_id = _slot(lists, "", "add"), _trainer(lists, "", "add")
        people = st.number_input("People", 1, 1000, 12, key="add_people")
        if not school_ids:
            st.caption("Choose the school where it is held.")
            return
        _make(
            lambda reason, dry_run: plan_by_hand.add(
                data.store(), current(), clock.now(), school_ids=school_ids, training_id=training_id,
                trainer_id=trainer_id, slot_id=slot_id, reached=people, reason=reason, dry_run=dry_run,
            ),
            "Add this session", "add",
        )  # fmt: skip


def _move(card: SessionCard, lists: Problem) -> None:
    session, key = card.session, f"move_{card.session.session_id}"
    base = record.base_of(session)
    slot_id, trainer_id = _slot(lists, session.slot_id, key), _trainer(lists, session.trainer_id, key)
    school_ids = _schools(lists, session.school_ids, key)
    people = None
    if session.reached is not None:
        people = st.number_input("People", 0, 1000, session.reached, key=f"{key}_people")
    _make(
        lambda reason, dry_run: plan_by_hand.move(
            data.store(), current(), session.session_id, clock.now(), slot_id=slot_id, trainer_id=trainer_id,
            school_ids=school_ids, reached=people, reason=reason, base=base, dry_run=dry_run,
        ),
        "Move this session", key,
    )  # fmt: skip


def _split(card: SessionCard, lists: Problem) -> None:
    session, key = card.session, f"split_{card.session.session_id}"
    if (session.reached or 0) < 2:
        st.caption("It is planned for too few people to split.")
        return
    base, planned = record.base_of(session), session.reached or 0
    people = st.number_input("People in the new session", 1, planned - 1, planned // 2, key=f"{key}_people")
    slot_id, trainer_id = _slot(lists, session.slot_id, key), _trainer(lists, session.trainer_id, key)
    _make(
        lambda reason, dry_run: plan_by_hand.split(
            data.store(), current(), session.session_id, people, clock.now(), slot_id=slot_id, trainer_id=trainer_id,
            reason=reason, base=base, dry_run=dry_run,
        ),
        "Split this session", key,
    )  # fmt: skip


def _join(card: SessionCard, lists: Problem) -> None:
    session, key = card.session, f"join_{card.session.session_id}"
    base, others = record.base_of(session), sessions.joinable(record.on_record().sessions(), card.session, lists)
    other_id = st.selectbox(
        "Cancel this one, and let its people attend here", list(others), format_func=lambda one: others[one],
        key=f"{key}_other",
    )  # fmt: skip
    _make(
        lambda reason, dry_run: plan_by_hand.join(
            data.store(), current(), session.session_id, other_id, clock.now(), reason=reason, base=base,
            dry_run=dry_run,
        ),
        "Join these sessions", key,
    )  # fmt: skip


def _make(change: Change, label: str, key: str) -> None:
    """Say which limits a change breaks, ask for a reason to overrule them, and make it."""
    try:
        tried = change("", True)
    except UserError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    reason = ""
    if tried.broken:
        st.warning("\n".join(f"- {plain(one)}" for one in tried.broken), icon=":material/warning:")
        reason = st.text_area("Why it is done all the same", key=f"{key}_reason", max_chars=plan_record.MOST_NOTE)
    if st.button(label, type="primary", icon=":material/check:", key=f"{key}_yes"):
        if not tried.sessions:
            st.error("Nothing is changed yet. Change something above first.", icon=":material/error:")
            return
        try:
            done = change(reason, False)
        except UserError as error:  # what was chosen and typed stays
            st.error(plain(error.text()), icon=":material/error:")
            return
        record.say(sessions.changed_said(done.sessions))


def _slot(lists: Problem, kept: str, key: str) -> str:
    labels = sessions.slot_labels(lists, clock.now(), kept)
    place = list(labels).index(kept) if kept in labels else 0
    return st.selectbox("Time", list(labels), place, format_func=lambda one: labels[one], key=f"{key}_slot")


def _trainer(lists: Problem, kept: str, key: str) -> str:
    labels = sessions.trainer_labels(lists)
    place = list(labels).index(kept) if kept in labels else 0
    return st.selectbox("Trainer", list(labels), place, format_func=lambda one: labels[one], key=f"{key}_trainer")


def _schools(lists: Problem, kept: tuple[str, ...], key: str) -> list[str]:
    """The schools that the visitor may choose: those they see, and those of the session."""
    seen = {str(row["school_id"]) for row in data.schools()} | set(kept)
    names = {one.school_id: one.name for one in lists.schools if one.school_id in seen}
    return st.multiselect(
        "Schools (held at the first)", list(names), [one for one in kept if one in names], max_selections=2,
        format_func=lambda one: names[one], key=f"{key}_schools",
    )  # fmt: skip
