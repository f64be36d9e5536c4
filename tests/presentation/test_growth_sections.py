"""The sections of growth: made once for everyone with the same scope, each chart with its table and sentence."""

from __future__ import annotations

from pd_core.access import EVERYTHING, Scope
from pd_core.presentation import growth as presentation
from pd_core.presentation import growth_people
from pd_core.presentation.section import Section
from pd_core.summaries.growth import Growth, growth
from tests.district import District, principal
from tests.summaries.two_waves import NOW, THEN, answer, at_level


def pair(district: District, scope: Scope = EVERYTHING) -> Growth:
    return growth(district.store, district.codebook, target_share=0.6, scope=scope)


def answered(district: District) -> None:
    """At Lincoln 30 of 40 learned Word; at Madison nothing changed."""
    answer(district, THEN, at_level(1, range(35)) | at_level(2, range(35, 40)) | at_level(2, range(20), "madison"))
    answer(district, NOW, at_level(1, range(5)) | at_level(3, range(5, 40)) | at_level(2, range(20), "madison"))


def sections(of: Growth, school_id: str) -> list[Section]:
    found = [
        presentation.changes_section(of, school_id),
        presentation.district_section(of),
        presentation.schools_section(of, "word"),
        growth_people.matched_section(of, school_id, "word"),
        growth_people.moves_section(of, school_id),
        growth_people.stayers_section(of, school_id),
        presentation.sure_section(of, school_id),
    ]
    return [section for section in found if section is not None]


def test_a_section_is_made_once_until_an_answer_comes_in(district: District) -> None:
    answered(district)
    first, again = sections(pair(district), "lincoln"), sections(pair(district), "lincoln")
    assert all(one is other for one, other in zip(first, again, strict=True))
    answer(district, NOW, at_level(3, range(40, 50)))
    assert presentation.changes_section(pair(district), "lincoln") is not first[0]


def test_another_scope_and_another_pair_of_waves_have_sections_of_their_own(district: District) -> None:
    answered(district)
    everything = presentation.changes_section(pair(district), "lincoln")
    assert presentation.changes_section(pair(district, principal()), "lincoln") is not everything
    turned = growth(district.store, district.codebook, from_wave=NOW, to_wave=THEN, target_share=0.6, scope=EVERYTHING)
    assert presentation.changes_section(turned, "lincoln").sentence.startswith("Lincoln declined in Word")


def test_each_chart_has_its_table_and_its_sentence(district: District) -> None:
    answered(district)
    drawn = [section for section in sections(pair(district), "lincoln") if section.drawing]
    assert len(drawn) == 5
    assert all(section.table is not None and section.sentence for section in drawn)


def test_the_first_screen_of_the_district_does_not_say_its_title_once_more(district: District) -> None:
    for wave in (THEN, NOW):
        answer(district, wave, at_level(1, range(35)) | at_level(2, range(20), "madison"))
    found = presentation.opening(pair(district), "district")
    assert found.title.startswith("The district: ")
    assert found.lines
    assert found.title not in [line.rstrip(".") for line in found.lines]


def test_the_same_peoples_levels_are_those_of_the_table(district: District) -> None:
    answered(district)
    section = growth_people.matched_section(pair(district), "lincoln", "word")
    assert section.table is not None
    cells = section.table.frame.filter(section.table.frame["people"] > 0)
    assert sorted(cells.select("level_from", "level_to", "people").rows()) == [
        ("1", "1", 5),
        ("1", "3", 30),
        ("2", "3", 5),
    ]
    assert section.sentence.startswith("Of 40 people who answered about Word both times, 35 went up, 0 went down")


def test_a_pair_of_one_schools_visitor_has_no_lowest_schools(district: District) -> None:
    answered(district)
    own = pair(district, principal())
    assert presentation.schools_section(own, "word").lines == ()
    assert {row["school_id"] for row in presentation.schools_section(own, "word").table.frame.to_dicts()} == {  # type: ignore[union-attr]
        "lincoln", "district",
    }  # fmt: skip


def people_sections(of: Growth, school_id: str) -> tuple[str, str]:
    """What is said of the same people at a school, about Word, and of who stayed and left."""
    return (
        growth_people.matched_section(of, school_id, "word").sentence,
        growth_people.stayers_section(of, school_id).sentence,
    )


def test_a_school_that_everyone_left_says_so_and_not_that_people_are_few(district: District) -> None:
    answered(district)
    answer(district, THEN, at_level(1, range(20), "oak"))
    answer(district, NOW, at_level(1, range(20, 40), "oak"))
    district.schools(lincoln=60, madison=40, oak=40)
    assert people_sections(pair(district), "oak") == (
        "Word: no one is known to have answered both times.",
        growth_people.NO_STAYERS,
    )


def test_a_school_that_answered_once_says_in_which_wave_it_did_not(district: District) -> None:
    answered(district)
    district.schools(lincoln=60, madison=40, oak=40)
    answer(district, NOW, at_level(1, range(20), "oak"))
    assert people_sections(pair(district), "oak") == (
        "Word: no answers in Fall 2025.",
        "No one answered in Fall 2025, so no one stayed, left or came between the two waves.",
    )


def test_the_districts_same_people_are_said_to_be_of_some_schools(district: District) -> None:
    answered(district)
    whole = pair(district)
    same, stayed = people_sections(whole, "district")
    assert same.startswith("Of 60 people who answered about Word both times at schools where all levels may be shown, ")
    assert stayed == "Who stayed, left and came is shown school by school, not for the district."
    section = presentation.changes_section(whole, "district")
    assert "60 the same people at schools where this may be shown" in section.sentence
    assert "The district's same people are those of the schools where this may be shown." in section.note
