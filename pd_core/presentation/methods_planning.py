"""Methods: how a plan is proposed, what it keeps to, and how good it is."""

from __future__ import annotations

from pd_core.planning.problem import (
    FARTHEST_MIE_MINUTES,
    MAX_TOPICS,
    MAX_TRAINING_MINUTES,
    NEIGHBOR_MINUTES,
    OTHER_REGION_MINUTES,
    SAME_REGION_MINUTES,
    SESSIONS_BEFORE_FAIRNESS,
)
from pd_core.presentation.chapters import Chapter


def planning_chapter(fewest: int) -> Chapter:
    """What a plan is made from, its limits, and how it compares with one made by hand; `fewest` people in a session
    unless more are asked for."""
    return Chapter(
        "How a plan is proposed",
        f"""
        A plan says which class is held at which school, by whom, when, and how many people it reaches. It is made from
        the needs of a wave and the district's lists of trainings, trainers, slots, goals and travel times, and from
        nothing that is hidden. A **need** is counted at the low end of its range, so that thin data does not win. A
        school for which it is too early to decide, and which is short of answers, gets no session; it should resend
        the form first. Someone who needs two trainings is counted twice among the people in need. People who had the
        class in a session held since the wave's first answer no longer need it, and a trainer's hours are less those
        of sessions held after the day on which the list of trainers was loaded.

        The best plan reaches the most people, each counted by the weight that a school's goal gives the skill. Of the
        plans that reach as many, it prefers times that suit more of a school's staff, and shorter travel. It keeps
        these limits:

        - MIEs teach entry classes, at schools at most {FARTHEST_MIE_MINUTES} minutes away; facilitators teach
          implementation classes. Each is certified for the skill, has the hours, travel both ways included, and gives
          one session at a time.
        - A session has from {fewest} people (or as many as are asked for) to its seats. People of a school within
          {NEIGHBOR_MINUTES} minutes may join. Schools that are not in the list of travel times are
          {SAME_REGION_MINUTES} minutes apart within a region, else {OTHER_REGION_MINUTES}.
        - A school has one session at a time, at most {MAX_TOPICS} topics, and no one there is asked for more than
          {MAX_TRAINING_MINUTES / 60:g} hours. What their hours cost stays within the budget.
        - No school takes part in more than {SESSIONS_BEFORE_FAIRNESS} sessions before as many schools as can be have
          one.
        - What people decided: sessions to hold, and sessions not to hold.

        The search solves a whole-number linear program (HiGHS), for a large district in parts. It also works out how
        many people no plan can exceed; the **gap** between the two is shown wherever the best plan is not proved to be
        found. The same lists and decisions give the same plan where it is proved.

        **By hand** is what a person would do with the same lists: school by school, the greatest need first, with the
        nearest trainer who is free. Districts made up for testing had 12 to 300 schools; the plan by hand reached
        fewer people in each.

        What would help one need is said with the rest of the plan staying as it is. What one more hour or seat would
        bring the district is found by solving again.""",
    )
