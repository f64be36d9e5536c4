"""Arguing with a plan: lock, forbid and move sessions, see the rules so far, and the conditions of the search."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.components.markdown import plain
from pages.components.planning import address
from pd_core.actions.proposals import Asked
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.found import Found
from pd_core.planning.problem import Action, Problem, Rule
from pd_core.planning.result import PlannedSession
from pd_core.presentation.plan_limits import second_sentence
from pd_core.presentation.plan_words import rule_sentence, session_labels, slot_said

ANY = "Any"


def session(found: Found, session_ids: list[str]) -> None:
    """Choose one of some sessions, then keep it, forbid it, or move it to another trainer or slot."""
    problem = found.problem
    st.header("Change a session")
    known = {one.session_id: one for one in found.plan.sessions if one.session_id in set(session_ids)}
    labels = session_labels(found)
    chosen = st.selectbox(
        "Session",
        list(known),
        index=None,
        format_func=lambda session_id: labels[session_id],
        placeholder="Choose a session",
        key="plan_session",
    )
    if chosen is None:
        st.caption(
            "Keep a session as it is, rule it out, or give it another trainer or time; then the rest is solved again."
        )
        return
    one = known[chosen]
    st.markdown(plain(f"{chosen} is chosen. {one.why} {second_sentence(found, chosen)}"))
    exact = Rule("lock", one.school_ids[0], one.training_id, one.trainer_id, one.slot_id)
    with st.container(horizontal=True):
        st.button("Keep it", on_click=address.add, args=(exact,), icon=":material/lock:", key="plan_lock")
        st.button(
            "Rule it out",
            on_click=address.add,
            args=(replace(exact, action="forbid"),),
            icon=":material/block:",
            key="plan_forbid",
        )
        st.button(
            "Rule out this class here",
            on_click=address.add,
            args=(Rule("forbid", one.school_ids[0], one.training_id),),
            icon=":material/block:",
            key="plan_forbid_class",
        )
    _move(problem, one, exact)


def _move(problem: Problem, one: PlannedSession, exact: Rule) -> None:
    """Give a session another trainer or slot: that is kept, and the old one ruled out."""
    about = Eligibility(problem)
    training = about.trainings[one.training_id]
    names = {
        trainer_id: about.trainers[trainer_id].name for trainer_id, _ in about.trainers_for(training, one.school_ids[0])
    }
    with st.expander("Give it another trainer or time", icon=":material/edit_calendar:"):
        trainer_ids = list(names)
        trainer_id = st.selectbox(
            "Trainer", trainer_ids, index=trainer_ids.index(one.trainer_id),
            format_func=lambda trainer_id: names[trainer_id], key=f"plan_trainer_{one.session_id}",
        )  # fmt: skip
        slot_ids = list(about.slots_for(trainer_id, training))
        slot_id = st.selectbox(
            "Time", slot_ids, index=slot_ids.index(one.slot_id) if one.slot_id in slot_ids else 0,
            format_func=lambda slot_id: slot_said(problem, slot_id), key=f"plan_slot_{one.session_id}",
        )  # fmt: skip
        wanted = replace(exact, trainer_id=trainer_id, slot_id=slot_id or "")
        st.button(
            "Move it",
            on_click=address.add,
            args=(wanted, replace(exact, action="forbid")),
            disabled=wanted == exact,
            icon=":material/edit_calendar:",
            key="plan_move",
        )


def rules(problem: Problem, asked: Asked) -> None:
    """What was decided so far, each with a way to remove it, and a form for any other rule."""
    st.header("What is decided")
    if not asked.rules:
        st.caption("Nothing yet: the plan is free to choose every session.")
    for number, rule in enumerate(asked.rules, start=1):
        with st.container(horizontal=True, vertical_alignment="center"):
            icon = ":material/lock:" if rule.action == "lock" else ":material/block:"
            st.markdown(f"{icon} Row {number}. {plain(rule_sentence(rule, problem))}", width="stretch")
            st.button("Remove", on_click=address.remove, args=(rule,), key=f"plan_remove_{number}", type="tertiary")
    with st.expander("Add another rule", icon=":material/rule:"), st.form("plan_rule", border=False):
        action: Action = st.radio(
            "Rule", ("lock", "forbid"), format_func=lambda one: _ACTIONS[one], horizontal=True, key="plan_rule_action"
        )
        school_id = _any("School", {one.school_id: one.name for one in problem.schools})
        training_id = _any("Class", {one.training_id: one.title for one in problem.trainings})
        trainer_id = _any("Trainer", {one.trainer_id: one.name for one in problem.trainers})
        slot_id = _any("Time", {one.slot_id: slot_said(problem, one.slot_id) for one in problem.slots})
        if st.form_submit_button("Add the rule", icon=":material/add:"):
            rule = Rule(action, school_id, training_id, trainer_id, slot_id)
            if rule == Rule(action):
                st.error("Choose a school, a class, a trainer or a time.", icon=":material/error:")
            else:
                address.add(rule)
                st.rerun()


_ACTIONS: dict[str, str] = {"lock": "Hold at least one such session", "forbid": "Hold no such session"}


def _any(label: str, names: dict[str, str]) -> str:
    options = {"": ANY, **names}
    return st.selectbox(label, list(options), format_func=lambda one: options[one], key=f"plan_rule_{label}")


def conditions(asked: Asked, usual_seconds: float) -> None:
    """The conditions of the search: the fewest people in a session, money, and how long to search."""
    with (
        st.expander("People, money and time to search", icon=":material/tune:"),
        st.form("plan_conditions", border=False),
    ):
        fewest = st.number_input("Fewest people in a session", 1, 100, min(asked.fewest, 100), key="plan_fewest")
        rate = st.number_input(
            "Pay for an hour of one person (per-diem rate)",
            0.0,
            1e6,
            asked.rate,
            placeholder="Not set",
            key="plan_rate",
        )
        budget = st.number_input(
            "Budget for the hours of those who attend",
            0.0,
            1e9,
            asked.budget,
            placeholder="No limit",
            key="plan_budget",
        )
        seconds = st.number_input("Seconds to search", 1.0, 600.0, asked.seconds or usual_seconds, key="plan_seconds")
        if st.form_submit_button("Propose a plan", type="primary", icon=":material/event_available:"):
            if budget is not None and not rate:
                st.error("A budget needs the pay for an hour of one person.", icon=":material/error:")
                return
            address.ask(
                replace(
                    asked,
                    fewest=int(fewest),
                    rate=rate or None,
                    budget=budget,
                    seconds=None if seconds == usual_seconds else seconds,
                )
            )
            st.rerun()
