"""Everyone who can have the exports and pages on credentials and on the next day: whether fewer than five people
follow from the sums that are shown."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from pd_core.attack.findings import Found
from pd_core.codebook import Codebook
from pd_core.disclosure.sums import MIN_PEOPLE, follow
from pd_core.storage import Store
from pd_core.summaries.credentials import earned, of_standards, standard_rows
from pd_core.summaries.given import did_by_training
from pd_core.summaries.held import held_sessions
from pd_core.summaries.next_day import OPEN_DAYS, followed_each

_HOW = "by adding and subtracting what is shown of credentials"
_NEXT_DAY = "by subtracting sessions from what is shown of their training"


def found_by_earned(store: Store, codebook: Codebook) -> list[Found]:
    """The small groups of people with a credential that follow from the sums of credentials and of standards."""
    today = date.today()  # noqa: DTZ011 - the tables attacked are made for this same day
    known = earned(store, today)
    if known.parts.is_empty():
        return []
    people, hidden = known.rows["people"].to_numpy(), known.rows["suppressed"].to_numpy()
    small = known.matrix[(people > 0) & (people < MIN_PEOPLE)]
    standards = np.array(list(of_standards(codebook, known.parts).values()), dtype=np.bool_)
    are_shown = ~standard_rows(store, codebook, today)["suppressed"].to_numpy()
    shown = np.vstack([known.matrix[~hidden], standards[are_shown]])
    schools = known.parts["school_id"].to_list()
    found = []
    for parts in small[follow(shown, small)]:
        names = sorted({schools[place] for place in np.flatnonzero(parts)})
        found.append(Found("", ("credentials", "standards"), "credentials", ";".join(names), "", _HOW))
    return list(dict.fromkeys(found))


def found_by_next_day(store: Store) -> list[Found]:
    """The sessions of which fewer than five answers follow, alone or from those of their training, once their links
    have closed."""
    parts = held_sessions(store).parts.unique("session_id", maintain_order=True)
    if parts.is_empty():
        return []
    later = max(parts["delivered_on"]) + timedelta(days=OPEN_DAYS + 1)
    shown = followed_each(store, parts["session_id"].to_list(), later)
    sums = {row["training_id"]: row["answered"] for row in did_by_training(store, later).iter_rows(named=True)}
    found = []
    for (training_id,), sessions in parts.group_by("training_id", maintain_order=True):
        seen = [shown[one].answered or 0 for one in sessions["session_id"] if one in shown]
        schools = ";".join(sorted(set(sessions["held_at"])))
        rest = [*seen, sums.get(training_id, 0) - sum(seen)]
        if any(0 < people < MIN_PEOPLE for people in rest):
            found.append(Found("", ("next day",), str(training_id), schools, "", _NEXT_DAY))
    return found
