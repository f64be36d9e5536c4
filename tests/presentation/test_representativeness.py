"""Whether respondents are like the staff, and what weighting would change, in words."""

import polars as pl

from pd_core.presentation.representativeness import representation_sentence, weighted_sentence

ALIKE = pl.DataFrame(
    {
        "group_id": ["counselor", "teacher"],
        "group_name": ["Counselor", "Teacher"],
        "staff_share": [1 / 3, 2 / 3],
        "answer_share": [0.2, 0.8],
        "differs": [False, False],
    }
)


def test_groups_that_are_clearly_more_or_less_than_their_part_are_named() -> None:
    like = "By role, those who answered differ from the staff list no more than chance explains"
    assert representation_sentence(ALIKE, "role") == like
    assert representation_sentence(ALIKE.with_columns(differs=pl.lit(True)), "role") == (
        "By role, those who answered differ from the staff list: Counselor is 20% of the answers and 33% of the staff "
        "and Teacher is 80% of the answers and 67% of the staff"
    )


def test_it_says_how_much_of_the_staff_can_be_compared() -> None:
    teachers, counselors = (ALIKE.filter(group_id=role) for role in ("teacher", "counselor"))
    assert representation_sentence(teachers, "role").endswith(", as far as groups are large enough to be shown")
    assert "too few groups are large enough" in representation_sentence(counselors, "role")
    assert "nothing can be compared" in representation_sentence(ALIKE.clear(), "role")


def needs(*rows: tuple[str, int, int | None]) -> pl.DataFrame:
    schema = {"skill_id": pl.String, "skill_name": pl.String, "people": pl.Int64, "people_weighted": pl.Int64}
    return pl.DataFrame([(name, name, *numbers) for name, *numbers in rows], schema=schema, orient="row")


def test_it_says_what_weighting_would_change() -> None:
    stays = needs(("Word", 48, 40), ("Teams", 12, 20))
    assert weighted_sentence(stays) == (
        "Weighted by role as on the staff list, Word would be needed by 40 instead of 48 people and Teams by 20 "
        "instead of 12 people; the order stays"
    )
    swapped = needs(("Word", 24, 20), ("Teams", 22, 23), ("Sway", 5, 5))
    assert weighted_sentence(swapped).endswith("Teams by 23 instead of 22 people; they would change places")
    entered = needs(("Word", 24, 24), ("Teams", 22, 12), ("Sway", 15, 18))
    said = weighted_sentence(entered)
    assert "Word would be needed by 24 people as before" in said
    assert said.endswith("; Sway would be among the two that are needed most")


def test_needs_of_equally_many_people_keep_their_order() -> None:
    assert weighted_sentence(needs(("Word", 24, 22), ("Teams", 22, 22))).endswith("; the order stays")


def test_without_two_groups_it_says_that_nothing_can_be_said() -> None:
    for rows in (needs(), needs(("Word", 24, None))):
        assert weighted_sentence(rows).startswith("Whether that would change what is needed most cannot be said")
