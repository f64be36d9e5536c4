"""One table says of every school what it needs, and whether that can be decided."""

from __future__ import annotations

from pd_core.needs.verdicts import verdicts
from pd_core.presentation.schools_at_a_glance import schools_section
from tests.district import District, principal, row


def test_each_school_has_its_two_greatest_needs_and_what_its_staff_asked_for(district: District) -> None:
    district.many(
        [
            (
                "lincoln",
                30,
                {"proficiency_word": 0, "proficiency_teams": 3, "proficiency_excel": 3, "topics": "teams_class"},
            ),
            ("lincoln", 10, {"proficiency_word": 3, "proficiency_teams": 0, "proficiency_excel": 3, "times": "lunch"}),
            ("lincoln", 2, {"proficiency_word": 3, "proficiency_teams": 3, "proficiency_excel": 0, "times": "lunch"}),
        ]
    )
    survey = district.survey()
    table = schools_section(survey, verdicts(survey)).table
    assert table
    lincoln = row(table.frame, school_id="lincoln")
    assert (lincoln["first_need"], lincoln["second_need"]) == ("Word", "Teams")
    assert str(lincoln["first_people"]).startswith("About 4")
    assert row(table.frame, school_id="madison")["first_need"] is None, "no one has answered there"


def test_a_topic_outside_the_list_is_never_recommended(district: District) -> None:
    district.many([("lincoln", 20, {"topics": "other"}), ("lincoln", 10, {"topics": "teams_class"})])
    survey = district.survey()
    table = schools_section(survey, verdicts(survey)).table
    assert table
    assert row(table.frame, school_id="lincoln")["topic"] not in (None, "Other")


def test_somebody_with_one_school_sees_that_school_alone(wide: District) -> None:
    survey = wide.survey(scope=principal())
    table = schools_section(survey, verdicts(survey)).table
    assert table
    assert table.frame["school_id"].to_list() == ["lincoln"]
