"""Whose people a row is of in which several groups are counted together, or a rate that is of several."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import OTHER_ROLES, SMALL_SCHOOLS
from pd_core.disclosure.suppression import Counts, Flags


def counted_together(
    rows: pl.DataFrame, role: int, places: Mapping[str, int], hidden: Flags, in_figure: Flags, people: Counts
) -> list[Flags]:
    """The people of each row of groups that are counted together: small schools, or other roles of a school."""
    base = "answered" if "answered" in rows.columns else "respondents"
    groups = []
    for school_id, number in dict.fromkeys(rows.select("school_id", base).iter_rows()):
        cells = np.zeros(people.shape, dtype=np.bool_)
        if school_id == SMALL_SCHOOLS:
            which = slice(None) if role == 0 else [role - 1]
            cells[:, which] = (in_figure[:, role] & hidden[:-1, role])[:, None]
        else:
            school = places[school_id.removesuffix(OTHER_ROLES)]
            cells[school, :-1] = hidden[school, 1:]
            cells[school, -1] = people[cells].sum() != number  # people of no role are in some such rows
        groups.append(cells)
    return groups


def rated(rows: pl.DataFrame, role: int, school_ids: list[str], counted: Flags) -> Flags:
    """Whose number a role's rate times its headcount is: of all that are counted and have a headcount, or are shown."""
    cells = np.zeros((len(school_ids), counted.shape[1]), dtype=np.bool_)
    district = rows.filter(pl.col("school_id") == DISTRICT).row(0, named=True)
    schools = rows.filter((pl.col("school_id") != DISTRICT) & pl.col("headcount").is_not_null())
    in_figure = np.array(school_ids)[counted[:, role]].tolist()
    is_empty = (pl.col("respondents") == 0).fill_null(value=False)
    known = schools.filter(pl.col("school_id").is_in(in_figure) | is_empty)
    if district["rate"] is None:
        return cells
    if known["headcount"].sum() != district["headcount"]:
        known = known.filter(~pl.col("suppressed"))
    cells[:, role - 1] = np.isin(school_ids, known["school_id"].to_list())
    return cells
