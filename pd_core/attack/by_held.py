"""Everyone who can have the exports of what was held: whether a group of fewer than five who attended follows from the
sums of sessions, schools, trainings, trainers, funds and years, and from the board of what to stop, keep or change."""

from __future__ import annotations

import numpy as np
import polars as pl

from pd_core.attack.findings import Found
from pd_core.disclosure.sums import MIN_PEOPLE, Flags, follow
from pd_core.storage import Store
from pd_core.summaries.deliveries import summed
from pd_core.summaries.held import held_sessions
from pd_core.summaries.taught import taught

_TABLES = ("deliveries", "hours", "money", "programme", "board")
_HOW = "by adding and subtracting what is shown of who attended"


def found_by_held(store: Store) -> list[Found]:
    """The small groups of people who attended that follow from the sums that are shown."""
    held = held_sessions(store)
    if held.parts.is_empty():
        return []
    totals = held.matrix @ held.parts["people"].to_numpy()
    small = (totals > 0) & (totals < MIN_PEOPLE)
    shown = np.vstack([held.matrix[~held.hidden & (totals > 0)], _on_the_board(store)])
    schools = held.parts["school_id"].to_list()
    found = []
    for parts in held.matrix[small][follow(shown, held.matrix[small])]:
        names = sorted({schools[place] for place in np.flatnonzero(parts)})
        found.append(
            Found("", ("deliveries", "hours", "money", "programme", "board"), "attended", ";".join(names), "", _HOW)
        )
    return list(dict.fromkeys(found))


def _on_the_board(store: Store) -> Flags:
    """The sums of trainings that the board of stop, keep or change shows, as flags of the held parts."""
    rows = taught(store).rows.filter("is_held")
    shown = set(summed(store).filter(~pl.col("suppressed"))["training_id"])
    trainings = sorted(shown & set(rows["training_id"]))
    of_training = rows["training_id"].to_numpy()
    flags: Flags = np.array(trainings, dtype=object)[:, None] == of_training[None, :]
    return flags.reshape(len(trainings), rows.height)
