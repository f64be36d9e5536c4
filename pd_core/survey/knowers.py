"""Which schools' answers one person may know: people with a role for several schools know what they uploaded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pd_core.disclosure.suppression import Flags
from pd_core.storage import Store, queries, roles


def knowers(store: Store, school_ids: Sequence[str]) -> Flags:
    """The schools whose answers one person knows, for each person who knows several but not all: axes person, school.

    These are people with a role for several schools; they know those schools and the schools of their uploads. People
    who see the whole district see all that is shown, and nothing is hidden from uploads that they made themselves.
    """
    places = {school_id: place for place, school_id in enumerate(school_ids)}
    of_people = {
        str(email): {school for school in str(schools).split(";") if school in places}
        for email, schools in roles.people(store).select("email", "school_ids").iter_rows()
        if schools
    }
    if of_people:
        uploaded = queries.schools_of_uploads(store).join(
            queries.uploads(store).select("upload_id", "uploaded_by"), on="upload_id"
        )
        for uploader, school in uploaded.select("uploaded_by", "school_id").unique().sort("school_id").iter_rows():
            if uploader in of_people and school in places:
                of_people[uploader].add(school)
    several = list(dict.fromkeys(frozenset(known) for known in of_people.values() if len(known) > 1))
    known = np.zeros((len(several), len(places)), dtype=np.bool_)
    for person, schools in enumerate(several):
        known[person, [places[school] for school in schools]] = True
    return known
