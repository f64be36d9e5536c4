"""What is asked of a plan, kept in the page's address: every proposal can be shared.

A rule is `school|training|trainer|slot` under `lock` or `forbid`, empty where anything fits; a bar within an id
is `%7C`, and `%` is `%25`. What was asked last in this session comes back with the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import streamlit as st

from pd_core.actions.plans import FEWEST
from pd_core.actions.proposals import Asked
from pd_core.planning.problem import Action, Rule

NAMES = ("lock", "forbid", "fewest", "rate", "budget", "seconds")
_LAST, _BEFORE = "plan_asked", "plan_before"
_ACTIONS: tuple[Action, ...] = ("lock", "forbid")


def asked() -> Asked:
    """What the address asks for; where it asks for nothing, what was asked last in this session."""
    if not any(name in st.query_params for name in NAMES) and _LAST in st.session_state:
        _write(st.session_state[_LAST])
    found = _read()
    st.session_state[_LAST] = found
    return found


def ask(wanted: Asked) -> None:
    """Asks for another plan from now on; the one before is remembered, to show what changed."""
    wanted = replace(wanted, rules=_numbered(wanted.rules))
    before = st.session_state.get(_LAST, Asked())
    if wanted != before:
        st.session_state[_BEFORE] = before
    st.session_state[_LAST] = wanted
    _write(wanted)


def before() -> Asked | None:
    """What was asked before the last change in this session (null: nothing was)."""
    found: Asked | None = st.session_state.get(_BEFORE)
    return found


def add(*rules: Rule) -> None:
    """Asks for a plan under more rules; a rule that is there already is not added again."""
    now = st.session_state[_LAST]
    ask(replace(now, rules=(*now.rules, *rules)))


def remove(rule: Rule) -> None:
    """Asks for a plan without a rule."""
    now = st.session_state[_LAST]
    ask(replace(now, rules=tuple(one for one in now.rules if one != rule)))


def _read() -> Asked:
    rules = [
        Rule(action, school_id, training_id, trainer_id, slot_id)
        for action in _ACTIONS
        for text in st.query_params.get_all(action)
        for school_id, training_id, trainer_id, slot_id in [[*map(_part, text.split("|")), "", "", "", ""][:4]]
    ]
    rate, budget = _number("rate"), _number("budget")
    fewest = _number("fewest")
    return Asked(
        rules=_numbered(rules),
        fewest=FEWEST if fewest is None else max(1, int(fewest)),
        rate=rate,
        budget=budget if rate is not None else None,
        seconds=_number("seconds"),
    )


def _numbered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, locks first as in the address, none twice, numbered as the page lists them."""
    once = dict.fromkeys(replace(rule, row=0) for rule in sorted(rules, key=lambda one: _ACTIONS.index(one.action)))
    return tuple(replace(rule, row=number) for number, rule in enumerate(once, start=1))


def _number(name: str) -> float | None:
    """A number of the address, 0 or more (null: there is none that can be used)."""
    try:
        value = float(st.query_params.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _write(wanted: Asked) -> None:
    for action in _ACTIONS:
        _put(action, ["|".join(_parts(rule)) for rule in wanted.rules if rule.action == action])
    numbers = {
        "fewest": None if wanted.fewest == FEWEST else wanted.fewest, "rate": wanted.rate, "budget": wanted.budget,
        "seconds": wanted.seconds,
    }  # fmt: skip
    for name, number in numbers.items():
        _put(name, [] if number is None else [f"{number:g}"])


def _parts(rule: Rule) -> Iterator[str]:
    for part in (rule.school_id, rule.training_id, rule.trainer_id, rule.slot_id):
        yield part.replace("%", "%25").replace("|", "%7C")


def _part(text: str) -> str:
    return text.strip().replace("%7C", "|").replace("%25", "%")


def _put(name: str, values: list[str]) -> None:
    if st.query_params.get_all(name) != values:
        if values:
            st.query_params[name] = values
        else:
            st.query_params.pop(name, None)
