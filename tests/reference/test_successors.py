"""A list of schools may say which school became which."""

from __future__ import annotations

import pytest

from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_schools
from pd_core.storage import Store, queries, reference

HEADER = "school_id,name,successor\n"


def test_a_list_says_which_school_was_merged_into_which_and_one_without_the_column_leaves_that_alone(
    store: Store,
) -> None:
    listed = read_schools("schools.csv", (HEADER + "oak,Oak,elm\nelm,Elm,\n").encode())
    reference.set_schools(store, listed, "test")
    assert queries.successors(store) == {"oak": "elm"}
    reference.set_schools(store, read_schools("schools.csv", b"school_id,name\noak,Oak\nelm,Elm\n"), "test")
    assert queries.successors(store) == {"oak": "elm"}
    reference.set_schools(store, read_schools("schools.csv", (HEADER + "oak,Oak,\nelm,Elm,\n").encode()), "test")
    assert queries.successors(store) == {}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("oak,Oak,pine\n", "row 2: successor “pine” is not a school_id of this list."),
        ("oak,Oak,oak\n", "row 2: “oak” is its own successor"),
        ("oak,Oak,elm\nelm,Elm,oak\n", "row 3: “elm” is its own successor, or that of its successor."),
    ],
)
def test_a_successor_that_leads_nowhere_or_back_is_refused(rows: str, problem: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        read_schools("schools.csv", (HEADER + rows).encode())
    assert problem in refused.value.text()
