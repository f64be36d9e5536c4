"""A school's goal: a ready one or the principal's own words, turned into weights that are shown and can be changed."""

from __future__ import annotations

import streamlit as st

from pages.components import data, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions import training_lists
from pd_core.errors import UserError
from pd_core.reference.goal_presets import goal_presets, weights_for
from pd_core.reference.goals import MOST_WEIGHT

OWN = ""
_NOTICE = "goal"


def edit() -> None:
    """Choose a school, its goal, and how much each skill counts there."""
    st.subheader("Set a school's goal")
    notices.show(_NOTICE)
    names = data.school_names(current().scope)
    school_id = st.selectbox(
        "School",
        list(names),
        index=None,
        format_func=lambda one: names[one],
        placeholder="Choose a school",
        key="goal_school",
    )
    if school_id is None:
        st.caption("Weights of one school are changed here; those of all schools at once by a file, above.")
        return
    presets = goal_presets(data.codebook())
    known_id, known_words = data.school_goals().get(school_id, (OWN, ""))
    titles = {**{goal.goal_id: goal.title for goal in presets}, OWN: "In their own words"}
    goal_id = st.radio(
        "Goal", list(titles), index=list(titles).index(known_id) if known_id in titles else len(titles) - 1,
        format_func=lambda one: titles[one], key=f"goal_kind_{school_id}",
    )  # fmt: skip
    if goal_id == OWN:
        words = st.text_input("The goal in the principal's words", known_words, key=f"goal_words_{school_id}")
        suggested = weights_for(words, presets, data.codebook())
    else:
        words = titles[goal_id]
        suggested = dict(next(goal.weights for goal in presets if goal.goal_id == goal_id))
    if (goal_id, words) == (known_id, known_words):
        rows = data.planning_list("goal").to_dicts()
        suggested = {row["skill_id"]: row["weight"] for row in rows if row["school_id"] == school_id}
    weights = _weights(f"{school_id}_{goal_id}_{words}", suggested)
    if st.button("Save the goal", type="primary", icon=":material/save:", key="goal_save"):
        try:
            training_lists.set_school_goal(data.store(), current(), data.codebook(), school_id, goal_id, words, weights)
        except UserError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        notices.say(_NOTICE, plain(f"The goal of {names[school_id]} is saved. Plans count it from now on."))


def _weights(key: str, suggested: dict[str, float]) -> dict[str, float]:
    st.markdown("How much does a person who needs this skill count? 1 is as usual, 0 not at all.")
    if not suggested:
        st.caption("No word of the goal is known, so everything counts as usual. Change what should count more.")
    with st.container(horizontal=True):
        return {
            skill.skill_id: st.number_input(
                skill.name, 0.0, float(MOST_WEIGHT), float(suggested.get(skill.skill_id, 1.0)), 0.5,
                key=f"goal_{key}_{skill.skill_id}", width=136,
            )
            for skill in data.codebook().skills.values()
        }  # fmt: skip
