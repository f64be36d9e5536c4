"""Numbers and lists as people read them."""

from pd_core.wording import chosen_said, listed, percent, whole


def test_numbers_are_said_as_people_say_them():
    assert [whole(0.5), whole(1.4999), whole(2.5)] == [1, 1, 3]
    assert percent(0.625) == "63%"
    assert [listed([]), listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
    assert listed(["A", "B", "C"], "or") == "A, B or C"


def test_what_is_chosen_is_said_filter_by_filter():
    assert chosen_said({"Level": ["High", "Middle"], "Topic": [], "Region": ["North"]}) == (
        "Level: High or Middle. Region: North."
    )
