"""Who uploads for some buildings alone changes nothing of the others, and learns nothing of them."""

from datetime import timedelta

import pytest

from pd_core.access import EVERYTHING
from pd_core.errors import UnknownName
from pd_core.ingestion import Meaning, commit
from pd_core.storage import queries, reference, undo_upload
from tests.forms import Survey, forms_workbook, survey_workbook

DISTRICT = {"n": 12, "school": ["Lincoln High", "Madrona K-8", "JMS"]}
EMAIL, COMPLETED, SCHOOL = 3, 2, "Which school do you work at?"


def answer_of(address, school, *, hour=0, first_id=1):
    """An export with one answer of the person with this address."""
    survey = Survey(n=1, school=school, first_id=first_id, blank_share=0)
    (row,) = survey.rows()
    row[EMAIL] = address
    row[1:3] = [at + timedelta(hours=hour) for at in row[1:3]]
    row[5] = None
    return forms_workbook(survey.headers(), [row])


def counting(desk):
    """The schools whose answers count, a school an answer."""
    return sorted(desk.stored()["school_id"])


def test_a_file_of_the_whole_district_stores_the_own_rows_and_sets_the_rest_aside(desk):
    receipt = desk.of("madrona").take(survey_workbook(**DISTRICT))
    assert (receipt.rows_read, receipt.rows_added, receipt.rows_set_aside) == (12, 4, 8)
    assert receipt.schools == {"madrona": 4}
    assert counting(desk) == ["madrona"] * 4
    assert queries.schools_of_uploads(desk.store).rows() == [(receipt.upload_id, "madrona", 4)]


def test_a_row_of_another_building_says_only_that_it_is_one(desk):
    spoilt = {"proficiency_word": ["Wizard", "With help", "Wizard"]}
    preview = desk.of("madrona").look(survey_workbook(**DISTRICT, answers=spoilt))
    told = preview.problems.filter(preview.problems["row"] < 5)
    assert told.select("row", "value", "reason", "suggestion").rows() == [
        (2, "Lincoln High", "this is not one of your buildings", ""),
        (4, "JMS", "this is not one of your buildings", ""),
    ]
    assert preview.unknown_answers.get("proficiency", {}) == {}, "what others answered is not asked"


def test_a_trial_counts_the_same(desk):
    preview = desk.of("madrona").look(survey_workbook(**DISTRICT))
    trial = commit(desk.store, preview, "mia@example.org", dry_run=True)
    stored = commit(desk.store, preview, "mia@example.org")
    counts = [(one.rows_read, one.rows_added, one.rows_set_aside, one.schools) for one in (trial, stored)]
    assert counts[0] == counts[1]


def test_a_file_of_other_buildings_alone_is_refused_whole(desk):
    receipt = desk.of("madrona").take(survey_workbook())
    assert (receipt.status, receipt.rows_set_aside, receipt.schools) == ("rejected", 20, {})
    assert receipt.message == "None of the 20 rows of survey.xlsx is of one of your buildings."
    assert not queries.has_uploads(desk.store)


def test_rows_of_other_buildings_are_said_to_be_left_to_them_and_no_problem(desk):
    receipt = desk.of("madrona").take(survey_workbook(**DISTRICT))
    assert receipt.message == (
        "4 answers of survey.xlsx were added to Fall 2026. 8 rows belong to other buildings and are left to them."
    )
    one = desk.of("madrona").take(survey_workbook(n=2, first_id=90, school=["Madrona K-8", "JMS"]))
    assert "1 row belongs to other buildings and is left to them." in one.message


SPOILT = {"proficiency_word": ["With help", "With help", "Wizard"]}  # each third row: the own building's


def test_the_first_problem_is_one_of_the_own_rows(desk):
    export = survey_workbook(n=12, school=["Lincoln High", "JMS", "Madrona K-8", "Madrona K-8"], answers=SPOILT)
    receipt = desk.of("madrona").take(export)
    assert (receipt.rows_added, receipt.rows_set_aside, receipt.rows_of_others) == (4, 8, 6)
    assert "2 rows were set aside. The first problem: row 4, “Word”: “Wizard”: " in receipt.message
    assert receipt.message.endswith(" 6 rows belong to other buildings and are left to them.")
    assert len(receipt.problems) == 8, "every row that is not taken is listed"


def test_a_refused_file_says_both_what_is_wrong_and_what_is_left_to_others(desk):
    export = survey_workbook(n=4, school=["JMS", "Madrona K-8"], answers={"proficiency_word": ["With help", "Wizard"]})
    message = desk.of("madrona").take(export).message
    assert message.startswith(
        "None of the 4 rows of survey.xlsx can be taken. 2 rows belong to other buildings and are left to them. "
        "The first problem: row 3, “Word”: “Wizard”: "
    )


def test_the_file_for_corrections_holds_none_of_the_rows_of_others(desk):
    export = survey_workbook(n=12, school=["Lincoln High", "JMS", "Madrona K-8"], answers=SPOILT)
    preview = desk.of("madrona").look(export)
    assert (preview.rows_set_aside, preview.rows_of_others, preview.rows_to_correct) == (12, 8, 4)
    assert preview.set_aside()["Which school do you work at?"].to_list() == ["Madrona K-8"] * 4
    assert preview.to_correct["value"].to_list() == ["Wizard"] * 4
    assert desk.of("madrona").look(survey_workbook(**DISTRICT)).set_aside().is_empty()


def test_whoever_has_the_district_leaves_no_row_to_others(desk):
    preview = desk.look(survey_workbook(**DISTRICT))
    assert (preview.rows_set_aside, preview.rows_of_others) == (0, 0)


def test_rows_left_by_one_are_added_when_another_stores_the_same_file(desk):
    whole = survey_workbook(**DISTRICT, respondents="anonymous")
    assert desk.of("madrona").take(whole).rows_added == 4
    receipt = desk.take(whole)
    assert (receipt.rows_added, receipt.rows_existing) == (8, 4)


def test_a_building_out_of_reach_is_as_unknown_as_one_that_does_not_exist(desk):
    export, said = survey_workbook(without=["school"]), []
    for school_id in ("lincoln", "nowhere"):
        with pytest.raises(UnknownName) as refusal:
            desk.of("madrona").look(export, school_id=school_id)
        said.append(str(refusal.value).replace(school_id, "X"))
    assert said[0] == said[1]


def test_a_form_that_does_not_ask_for_the_school_is_the_one_buildings_of_whoever_has_one(desk):
    export = survey_workbook(without=["school"])
    assert desk.of("madrona").take(export).schools == {"madrona": 20}
    assert "Say which building it is from" in desk.of("madrona", "lincoln").look(export).blockers[0]
    assert desk.of("madrona", "lincoln").look(export, school_id="lincoln").schools == {"lincoln": 20}


def test_a_building_that_is_no_longer_known_is_nobodys(desk):
    assert desk.of("nowhere").look(survey_workbook(without=["school"])).blockers
    assert desk.of("district", "nowhere").look(survey_workbook()).responses.is_empty()


def test_near_names_are_those_of_the_own_buildings(desk):
    export = survey_workbook(n=2, school=["Lincon Hihg", "Madronna"])
    suggested = desk.of("madrona").look(export).problems.select("value", "suggestion").rows()
    assert suggested[1] == ("Madronna", "Madrona K-8")
    assert "Lincoln" not in str(suggested)


NAMES = (("Madronna", "madrona"), ("Lincon Hihg", ""))


def test_names_said_for_one_file_hold_for_that_file_and_nothing_is_remembered(desk):
    mine, schools = desk.of("madrona"), queries.schools(desk.store, EVERYTHING)
    export = survey_workbook(n=4, school=["Lincon Hihg", "Madronna"])
    assert mine.look(export).unknown_schools == {"Lincon Hihg": 2, "Madronna": 2}
    preview = mine.look(export, names=NAMES)
    assert (preview.schools, preview.unknown_schools) == ({"madrona": 2}, {})
    assert preview.problems["reason"].unique().to_list() == ["this is not one of your buildings"]
    assert mine.take(export, names=NAMES).rows_added == 2
    assert queries.schools(desk.store, EVERYTHING).equals(schools)
    assert mine.look(export).unknown_schools == {"Lincon Hihg": 2, "Madronna": 2}


def test_a_name_that_is_said_to_be_no_school_is_asked_no_more(desk):
    export = survey_workbook(n=4, school=["Elsewhere Academy", "Madrona K-8"])
    preview = desk.look(export, names=(("Elsewhere Academy", ""),))
    assert (preview.unknown_schools, preview.rows_to_correct, preview.rows_of_others) == ({}, 0, 2)


def test_unknown_names_stand_by_their_rows_and_then_as_in_the_file(desk):
    export = survey_workbook(n=7, school=["Xb", "Xa", "Xd", "Xc", "Xc"])
    assert list(desk.look(export).unknown_schools.items()) == [("Xb", 2), ("Xa", 2), ("Xc", 2), ("Xd", 1)]


def test_a_name_said_to_be_a_building_out_of_reach_is_still_unknown(desk):
    export = survey_workbook(n=2, school="Lincon Hihg")
    preview = desk.of("madrona").look(export, names=(("Lincon Hihg", "lincoln"),))
    assert preview.responses.is_empty()
    assert preview.unknown_schools == {"Lincon Hihg": 2}


def test_the_name_of_another_building_stays_that_buildings(desk):
    export = survey_workbook(n=2, school=["JMS", "Jefferson Middle"])
    preview = desk.of("madrona").look(export, names=(("JMS", "madrona"), ("Jefferson Middle", "madrona")))
    assert preview.responses.is_empty()


def test_a_name_that_two_schools_share_may_be_the_own_one(desk):
    for school_id in ("madrona", "lincoln"):
        (school,) = queries.schools(desk.store, EVERYTHING).filter(school_id=school_id).to_dicts()
        reference.put_school(desk.store, {**school, "aliases": "The Annex"}, "test")
    export = survey_workbook(n=2, school="The Annex")
    assert desk.of("madrona").look(export).unknown_schools == {"The Annex": 2}
    assert desk.of("madrona").look(export, names=(("the annex", "madrona"),)).schools == {"madrona": 2}
    assert desk.of("madrona").look(export, names=(("the annex", ""),)).rows_of_others == 2, "or is not"


@pytest.fixture
def mine(desk):
    desk.take(answer_of("ada@example.org", "Lincoln High"), "lincoln.xlsx")
    return desk.of("madrona")


LATER = answer_of("Ada@Example.org", "Madrona K-8", hour=5, first_id=40)


def test_a_new_wave_which_all_will_see_is_not_for_whoever_has_some_buildings(desk):
    export = survey_workbook(school="Madrona K-8")
    assert desk.of("madrona").look(export, wave_id="Hijacked").wave_id == "Fall 2026"
    desk.take(survey_workbook(), wave_id="Pilot")
    assert desk.of("madrona").look(export, wave_id="pilot").wave_id == "Pilot", "one that is there may be chosen"


def test_a_time_that_is_still_to_come_is_set_aside_where_it_would_make_the_wave_that_all_see_first(desk):
    export = answer_of("ada@example.org", "Madrona K-8", hour=24 * 365 * 70)
    assert desk.of("madrona").look(export).problems["reason"].unique().to_list() == ["this time is still to come"]
    assert desk.look(export).responses.height == 1, "whoever has the district decides"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_receipt_says_the_same_whether_a_person_has_answered_in_another_building_or_not(mine, dry_run):
    told = []
    for address in ("ada@example.org", "nobody.yet@example.org"):
        export = answer_of(address, "Madrona K-8", hour=5, first_id=40)
        receipt = commit(mine.store, mine.look(export), "mia@example.org", dry_run=dry_run)
        told.append((receipt.status, receipt.rows_added, receipt.rows_existing, receipt.rows_replaced, receipt.message))
    assert told[0] == told[1]


def test_an_answer_from_another_building_goes_on_counting_there(mine):
    receipt = mine.take(LATER)
    assert counting(mine) == ["lincoln", "madrona"]
    undo_upload(mine.store, receipt.upload_id, "mia@example.org")
    assert counting(mine) == ["lincoln"]


def test_an_answer_from_the_own_building_is_replaced_as_ever(desk):
    desk.take(answer_of("ada@example.org", "Madrona K-8"))
    receipt = desk.of("madrona").take(answer_of("ada@example.org", "Madrona K-8", hour=5, first_id=40))
    assert receipt.rows_replaced == 1


def test_a_file_that_was_stored_before_does_not_tell_by_whom_or_when(desk):
    desk.take(survey_workbook(school="Madrona K-8"), "of the office.xlsx")
    preview = desk.of("madrona").look(survey_workbook(school="Madrona K-8"), "mine.xlsx")
    receipt = commit(desk.store, preview, "mia@example.org", dry_run=True)
    assert (receipt.status, receipt.rows_existing) == ("unchanged", 20)
    assert receipt.message == "Every answer of mine.xlsx was already stored. Nothing was changed."


EXPORT = survey_workbook(school="Madrona K-8", wordings={"proficiency_sway": "The storyteller"})
SAID = Meaning(items={"The storyteller": "proficiency_sway"})


def unmapped(desk):
    return [column.header for column in desk.look(EXPORT).unmapped]


def test_what_somebody_with_buildings_says_of_a_form_is_for_that_persons_files(desk):
    mia, ben = (desk.of("madrona", owner=f"{name}@example.org") for name in ("mia", "ben"))
    form = mia.look(EXPORT).form
    reference.save_mapping(desk.store, form, SAID.to_frame(), mia.owner, mia.owner)
    assert unmapped(mia) == []
    assert unmapped(ben) == unmapped(desk) == ["The storyteller"]


def test_what_is_said_of_a_form_for_the_district_is_for_everybodys_files(desk):
    form = desk.look(EXPORT).form
    reference.save_mapping(desk.store, form, SAID.to_frame(), "facilitator")
    assert unmapped(desk.of("madrona")) == unmapped(desk) == []
