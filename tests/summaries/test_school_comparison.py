"""How schools compare, and that nothing in it reveals a hidden school."""

from collections.abc import Callable

import polars as pl
import pytest

from pd_core.access import DISTRICT, Scope
from pd_core.summaries import school_comparison
from pd_core.summaries.school_comparison import ABOVE, BELOW, CANNOT_TELL, FEW, MOST_RANKED, NO_GROUP, SAME, one_skill
from pd_core.summaries.unnamed_schools import UNNAMED, compared_schools
from pd_core.survey.scoped_survey import Survey
from tests.district import FALL, MINE, OTHERS, District, principal, row

NUMBERS = ("compared_share", "difference", "difference_low", "difference_high")
Fill = Callable[..., None]


@pytest.fixture
def fill(district: District) -> Fill:
    """`fill(lincoln=(60, 40, 30))`: of 60 staff 40 answered about Word, 30 of them proficient."""

    def filled(wave: str = FALL, **schools: tuple[int | None, int, int]) -> None:
        district.schools(**{name: staff for name, (staff, _, _) in schools.items()})
        groups: list[tuple[str, int, dict[str, object]]] = []
        for name, (_, people, able) in schools.items():
            groups.append((name, able, {"proficiency_word": 3, "role": "teacher"}))
            groups.append((name, people - able, {"proficiency_word": 0, "role": "teacher"}))
        district.many(groups, wave=wave)

    return filled


def word_skill(survey: Survey, compared_with="district", **options: bool) -> dict[str, dict[str, object]]:
    """School to its row of Word, of all schools."""
    found = one_skill(survey, "word", compared_schools(survey), compared_with, **options)
    return {str(one["school_id"]): one for one in found.to_dicts()}


def rank(one: dict[str, object]) -> tuple[object, ...]:
    """From which rank to which, of how many."""
    return one["rank_from"], one["rank_to"], one["ranked"]


def said(survey: Survey, compared_with="district") -> dict[str, object]:
    return {school_id: one["word"] for school_id, one in word_skill(survey, compared_with).items()}


@pytest.fixture
def five(district: District, fill: Fill) -> District:
    """Ada is far above, Bell far below, Curie in the middle, of Darwin a few answered, Fermi and Galileo are hidden."""
    fill(
        ada=(60, 50, 48), bell=(60, 50, 5), curie=(60, 56, 31), darwin=(60, 8, 5), edison=(None, 30, 15),
        fermi=(20, 4, 2), galileo=(20, 4, 3), silent=(60, 0, 0),
    )  # fmt: skip
    return district


def test_words_say_who_stands_apart_and_for_whom_that_cannot_be_told(five: District):
    assert said(five.survey()) == {
        "ada": ABOVE, "bell": BELOW, "curie": SAME, "darwin": CANNOT_TELL, "edison": CANNOT_TELL,
        "fermi": None, "galileo": None,
    }  # fmt: skip


def test_the_grid_says_the_same_as_one_skill_and_nothing_of_the_district(five: District):
    survey = five.survey()
    grid = school_comparison.grid(survey, compared_schools(survey))
    words = {one["school_id"]: one["word"] for one in grid.filter(skill_id="word").to_dicts()}
    assert words == {**said(survey), DISTRICT: None}
    of_district = row(grid, school_id=DISTRICT, skill_id="word")
    assert [of_district[name] for name in NUMBERS] == [None] * 4


def test_the_rest_of_the_district_is_the_district_without_the_school(district: District, fill: Fill):
    fill(ada=(60, 40, 30), bell=(40, 20, 5), curie=(50, 25, 10))
    found = word_skill(district.survey())["ada"]
    assert found["compared_share"] == pytest.approx((40 * 5 / 20 + 50 * 10 / 25) / 90)
    assert found["difference"] == pytest.approx(found["share"] - found["compared_share"])
    assert found["difference_low"] < found["difference"] < found["difference_high"]


def test_a_hidden_school_has_no_word_no_rank_and_no_other_number(five: District):
    for hidden in ("fermi", "galileo"):
        found = word_skill(five.survey())[hidden]
        kept = {name for name, value in found.items() if value not in (None, "", False)}
        assert kept == {"wave_id", "school_id", "school_name", "skill_id", "skill_name", "suppressed", "reason"}


@pytest.mark.parametrize("compared_with", ["district", "like"])
def test_what_hidden_schools_answered_changes_others_through_the_districts_row_alone(
    district: District, fill: Fill, compared_with
):
    shown = {name: (60, 30, able) for name, able in (("ada", 20), ("bell", 10), ("curie", 15), ("darwin", 6))}
    found = []
    for number, (fermi, galileo) in enumerate(((0, 4), (3, 1), (2, 3))):  # they are in no figure of the district
        wave = f"Wave {number}"
        fill(wave, **shown, fermi=(60, 3, fermi), galileo=(60, 4, galileo))
        found.append(word_skill(district.survey(wave=wave), compared_with))
    assert found[0]["galileo"]["suppressed"] and found[0]["fermi"]["suppressed"]
    for other in found[1:]:
        for school_id, one in other.items():
            assert one | {"wave_id": "Wave 0"} == found[0][school_id]


def test_like_schools_have_the_same_level_and_a_similar_size(district: District, fill: Fill):
    fill(ada=(60, 40, 36), bell=(45, 30, 10), curie=(70, 40, 12), darwin=(89, 50, 15), edison=(200, 90, 80))
    survey = district.survey()
    found = word_skill(survey, "like")
    assert found["ada"]["word"] == ABOVE
    assert found["ada"]["compared_share"] == pytest.approx((45 / 3 + 70 * 0.3 + 89 * 0.3) / (45 + 70 + 89))
    assert found["edison"]["word"] == NO_GROUP["like"], "nobody is as large"
    assert found["edison"]["compared_share"] is None
    assert found["bell"]["word"] == NO_GROUP["like"], "Ada and no third: Curie is larger by more than half"


def test_hidden_schools_are_in_no_group_of_like_schools(district: District, fill: Fill):
    fill(ada=(60, 40, 36), bell=(60, 30, 10), curie=(60, 40, 12), fermi=(60, 3, 3), galileo=(60, 4, 1))
    assert said(district.survey(), "like")["ada"] == NO_GROUP["like"], "with Fermi and Galileo it would be four"


def test_whoever_sees_their_own_school_alone_needs_more_like_it_and_is_told_the_word_alone(wide: District):
    everybody = word_skill(wide.survey(), "like")[MINE]
    assert everybody["word"] == BELOW
    assert everybody["compared_share"] is not None
    for beside in ("hidden", "unnamed"):
        for compared_with in ("district", "like"):
            found = word_skill(wide.survey(scope=principal(beside)), compared_with)[MINE]
            assert found["word"] in (BELOW, NO_GROUP["like"])
            is_told = compared_with == "district"
            assert [found[name] is not None for name in NUMBERS] == [is_told] * 4, "the rest follows from what is seen"
    named = word_skill(wide.survey(scope=principal("named")), "like")[MINE]
    assert named == everybody | {name: pytest.approx(everybody[name], abs=0.011) for name in NUMBERS}


def test_like_schools_of_whoever_has_several_must_be_so_many_more(district: District):
    names = ["ada", "bell", "curie", "darwin", "edison", "fermi"]
    district.schools(**dict.fromkeys(names, 60))
    district.many([(name, 30, {"proficiency_word": 3 if name < "d" else 0}) for name in names])

    def words(*own: str) -> set[object]:
        return set(said(district.survey(scope=Scope(frozenset(own))), "like").values())

    assert words("ada") == {ABOVE}, "five others"
    assert words("ada", "bell") == {NO_GROUP["like"]}, "four others besides"
    assert set(said(district.survey(), "like").values()) == {ABOVE, BELOW}


def test_unnamed_schools_have_neither_word_nor_rank_nor_anything_but_a_share(wide: District):
    found = one_skill(wide.survey(scope=principal("unnamed")), "word", [MINE], "like")
    unnamed = found.filter(school_id=UNNAMED)
    for name in ("word", "ranked", "share_alone", "share_worst_low", "share_worst_high", *NUMBERS):
        assert unnamed[name].null_count() == unnamed.height == 5, name
    assert not unnamed["is_small"].any() and not unnamed["is_pooled"].any()


def test_ranks_are_ranges_of_those_who_take_part(five: District):
    found = word_skill(five.survey())
    assert rank(found["ada"]) == (1, 1, 4)
    assert rank(found["curie"]) == rank(found["darwin"]) == (2, 3, 4)
    for without in ("edison", "fermi", "galileo"):
        assert rank(found[without]) == (None, None, None), "no headcount, or hidden"


def test_where_everyone_is_the_same_the_rank_is_anything(district: District, fill: Fill):
    fill(ada=(30, 30, 15), bell=(40, 40, 20), curie=(20, 20, 10))
    assert set(map(rank, word_skill(district.survey()).values())) == {(1, 3, 3)}
    assert set(said(district.survey()).values()) == {SAME}


def test_a_school_alone_and_more_than_anybody_reads_have_no_ranks(
    district: District, fill: Fill, monkeypatch: pytest.MonkeyPatch
):
    fill(ada=(30, 20, 15), bell=(40, 20, 20))
    survey = district.survey()
    assert one_skill(survey, "word", ["ada"])["ranked"].to_list() == [None]
    assert MOST_RANKED == 500
    monkeypatch.setattr("pd_core.summaries.school_comparison.MOST_RANKED", 1)
    assert one_skill(survey, "word", ["ada", "bell"], "like")["ranked"].to_list() == [None, None]


def test_a_small_schools_mark_is_pooled_and_the_raw_one_is_behind(district: District, fill: Fill):
    fill(ada=(60, 6, 6), bell=(60, 30, 6), curie=(60, 40, 20), darwin=(60, 10, 10))
    assert FEW == 10
    survey = district.survey()
    pooled, raw = (word_skill(survey, pooled=pooled)["ada"] for pooled in (True, False))
    towards = 42 / 86
    assert pooled["share"] == pytest.approx((6 + 54 * (6 + 5 * towards) / 11) / 60)
    assert pooled["share_low"] < pooled["share"] < pooled["share_high"]
    assert pooled["share_alone"] == raw["share"] == raw["share_alone"] == 1
    assert (pooled["is_small"], pooled["is_pooled"]) == (True, True)
    assert (raw["is_small"], raw["is_pooled"]) == (True, False)
    others = word_skill(survey)
    assert not others["darwin"]["is_small"], "ten answered"
    assert others["darwin"]["share"] == 1
    grid = row(school_comparison.grid(survey, ["ada"]), school_id="ada", skill_id="word")
    assert grid["share"] == raw["share"], "the map shows what was answered"


def test_a_small_school_stands_clearly_apart_only_if_its_pooled_range_does(district: District, fill: Fill):
    fill(ada=(60, 6, 6), bell=(60, 40, 23), curie=(60, 40, 23), darwin=(60, 40, 23))
    survey = district.survey()
    found = word_skill(survey)["ada"]
    assert found["difference_low"] > 0, "by its own answers alone it would"
    assert found["share_low"] < found["compared_share"]
    assert found["word"] == CANNOT_TELL


def test_where_all_of_a_small_staff_answered_there_is_nothing_to_pool(district: District, fill: Fill):
    fill(ada=(6, 6, 3), bell=(60, 40, 30))
    found = word_skill(district.survey())["ada"]
    assert (found["share"], found["share_low"], found["share_high"], found["is_small"]) == (0.5, 0.5, 0.5, False)
    assert found["word"] == BELOW
    assert (found["share_worst_low"], found["share_worst_high"]) == (0.5, 0.5)


def test_more_answers_than_staff_are_everybody(district: District, fill: Fill):
    fill(ada=(30, 40, 30), bell=(60, 40, 10))
    found = word_skill(district.survey())["ada"]
    assert (found["share_low"], found["share_high"], found["word"]) == (0.75, 0.75, ABOVE)


def test_the_worst_cases_are_that_all_others_said_no_or_yes(district: District, fill: Fill):
    fill(ada=(60, 20, 12), bell=(60, 30, 10), curie=(None, 20, 5))
    found = word_skill(district.survey())
    assert found["ada"]["share_worst_low"] == pytest.approx(12 / 60)
    assert found["ada"]["share_worst_high"] == pytest.approx(52 / 60)
    assert found["curie"]["share_worst_low"] is found["curie"]["share_worst_high"] is None


def test_without_any_headcount_nothing_can_be_told(district: District, fill: Fill):
    fill(ada=(None, 20, 20), bell=(None, 30, 0))
    survey = district.survey()
    assert set(said(survey).values()) == {CANNOT_TELL}
    assert {one["ranked"] for one in word_skill(survey).values()} == {None}


def test_a_role_without_a_staff_list_cannot_be_compared_and_with_one_it_can(district: District, fill: Fill):
    fill(ada=(60, 20, 20), bell=(60, 30, 0))
    found = word_skill(district.survey("teacher"))["ada"]
    assert (found["word"], found["headcount"]) == (CANNOT_TELL, None)
    district.roster(ada={"teacher": 40}, bell={"teacher": 35})
    found = word_skill(district.survey("teacher"))["ada"]
    assert (found["word"], found["share_worst_low"]) == (ABOVE, 0.5)


def test_a_district_of_one_school_has_nothing_to_compare_it_with(district: District, fill: Fill):
    fill(ada=(60, 40, 30))
    for compared_with in ("district", "like"):
        found = word_skill(district.survey(), compared_with)["ada"]
        assert (found["word"], found["ranked"]) == (NO_GROUP[compared_with], None)


def test_a_school_with_one_respondent_is_hidden_and_one_without_answers_absent(district: District, fill: Fill):
    fill(ada=(60, 40, 30), bell=(60, 40, 20), curie=(60, 1, 1), darwin=(60, 8, 4), silent=(60, 0, 0))
    found = said(district.survey())
    assert "silent" not in found
    assert found["curie"] is None


def test_filters_narrow_what_is_looked_at_together(district: District, fill: Fill):
    many = {f"school {place}": (60, 40, 20) for place in range(40)}
    fill(ada=(60, 40, 26), **many)
    survey = district.survey()
    assert said(survey)["ada"] != ABOVE, "of so many one will be as high by chance"
    assert one_skill(survey, "word", ["ada"])["word"].to_list() == [ABOVE]


def test_no_filter_lets_in_a_school_that_is_not_seen(wide: District):
    survey = wide.survey(scope=principal())
    assert set(school_comparison.grid(survey, [MINE, *OTHERS])["school_id"]) == {MINE, DISTRICT}
    assert one_skill(survey, "word", [MINE, *OTHERS])["school_id"].to_list() == [MINE]


def test_every_word_that_is_said_is_one_of_these(wide: District):
    for compared_with in ("district", "like"):
        grid = school_comparison.grid(wide.survey(), [MINE, *OTHERS], compared_with)
        assert set(grid["word"].drop_nulls()) <= {ABOVE, SAME, BELOW, CANNOT_TELL, NO_GROUP[compared_with]}
        assert (
            grid.filter(pl.col("word").is_not_null() != pl.col("share").is_not_null())["school_id"].to_list()
            == [DISTRICT] * grid["skill_id"].n_unique()
        )


def test_the_grid_and_one_skill_leave_out_what_nobody_answered(two_schools: District):
    survey = two_schools.survey()
    everyone = compared_schools(survey)
    assert school_comparison.grid(survey, everyone)["school_id"].to_list() == ["lincoln", "madison", "district"]
    assert one_skill(survey, "word", everyone)["school_id"].to_list() == ["lincoln", "madison"]
    assert compared_schools(survey, school_ids=["madison"], levels=["High"], regions=["North"]) == ["madison"]
    assert compared_schools(survey, regions=["South"]) == []
