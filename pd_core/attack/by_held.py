"""Everyone who can have the exports of what was held: whether a group of fewer than five who attended follows from the
sums of sessions, schools, trainings, trainers, funds and years."""

from __future__ import annotations

import numpy as np

from pd_core.attack.findings import Found
from pd_core.disclosure.sums import MIN_PEOPLE, follow
from pd_core.storage import Store
from pd_core.summaries.held import held_sessions

_HOW = "by adding and subtracting what is shown of who attended"


def found_by_held(store: Store) -> list[Found]:
    """The small groups of people who attended that follow from the sums that are shown."""
    held = held_sessions(store)
    if held.parts.is_empty():
        return []
    totals = held.matrix @ held.parts["people"].to_numpy()
    small = (totals > 0) & (totals < MIN_PEOPLE)
    shown = held.matrix[~held.hidden & (totals > 0)]
    schools = held.parts["school_id"].to_list()
    found = []
    for parts in held.matrix[small][follow(shown, held.matrix[small])]:
        names = sorted({schools[place] for place in np.flatnonzero(parts)})
        found.append(Found("", ("deliveries", "hours", "money", "programme"), "attended", ";".join(names), "", _HOW))
    return list(dict.fromkeys(found))
