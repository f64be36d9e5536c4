"""Which groups are behind, and which are hidden, in words."""

import polars as pl

from pd_core.disclosure.suppression import MERGED, REASONS
from pd_core.presentation.response_by_group import behind_sentence, counted_sentence, hidden_sentence, with_reasons

SMALL = "fewer than 5 answers"
ROWS = pl.DataFrame(
    [
        ("Specialist", "0 of 6", True, False, ""),
        ("Teacher", "30 of 40", False, False, ""),
        ("Paraeducator", "fewer than 5 of 12", True, True, SMALL),
        ("Counselor", "", False, True, "small roles are shown together"),
    ],
    schema=["group_name", "told", "is_behind", "suppressed", "reason"],
    orient="row",
)


def test_who_is_behind_is_said_in_words() -> None:
    assert behind_sentence(ROWS, "role") == "Behind by role: Specialist (0 of 6) and Paraeducator (fewer than 5 of 12)"
    many = pl.concat([ROWS.filter("is_behind")] * 2)
    assert behind_sentence(many, "role").endswith(", Paraeducator (fewer than 5 of 12) and 2 more")


def test_where_no_group_is_behind_it_says_of_how_much_that_is_true() -> None:
    ahead = ROWS.filter(~pl.col("is_behind"))
    assert behind_sentence(ahead.filter(~pl.col("suppressed")), "role") == "No role is behind"
    assert behind_sentence(ahead, "grade_band") == "Of what can be shown, no grade band is behind"
    assert behind_sentence(ahead.filter("suppressed"), "role") == "By role nothing can be shown here"
    assert behind_sentence(ROWS.clear(), "role").startswith("The staff list has no role with 5 staff")


def test_hidden_groups_are_named_with_what_is_known_of_them() -> None:
    assert hidden_sentence(ROWS) == (
        "Paraeducator: fewer than 5 of 12 answered. Counselor: hidden, small roles are shown together."
    )
    assert hidden_sentence(ROWS.filter(~pl.col("suppressed"))) == ""


def test_a_hidden_grade_band_is_not_called_a_role() -> None:
    rows = ROWS.with_columns(reason=pl.lit(REASONS[MERGED]))
    reasons = with_reasons(rows, "grade_band")["reason"].unique().to_list()
    assert reasons == ["counted in other grade bands together, with a grade band of fewer than 5"]
    assert with_reasons(rows, "role").equals(rows)


def test_it_says_how_many_of_the_list_count() -> None:
    rows = pl.DataFrame({"suppressed": [False, True], "headcount": [40, 17], "listed": [70, 17]})
    assert counted_sentence(rows) == "40 of the 87 people in these groups count in the rates shown."
    assert counted_sentence(rows.filter(~pl.col("suppressed")).with_columns(headcount="listed")) == ""
