"""Nothing of a survey's people is stored but what they answered and a code that only this installation can make."""

import pytest

from tests.forms import Survey, forms_workbook, survey_google_csv, survey_workbook


def everything(store):
    """Each table of the store as text, and the bytes of its files."""
    names = store.frame("select table_name from duckdb_tables() where database_name = 'store'")["table_name"]
    assert {"response", "upload", "change"} <= set(names)
    texts = [store.frame(f'select * from store."{name}"').write_csv() for name in names]
    return "\n".join(texts)


def personal(survey):
    return {text for person in survey.persons() for text in (person.email, person.name) if text and text != "anonymous"}


@pytest.mark.parametrize("kind", ["forms", "google", "quiz"])
def test_no_name_and_no_address_is_stored(kind, desk, tmp_path):
    survey = {"n": 30, "school": ["Lincoln High", "Lincoln High", "Nowhere"]}
    if kind == "google":
        desk.take(survey_google_csv(**survey), "google.csv", date_order="mdy")
    else:
        desk.take(survey_workbook(**survey, quiz=kind == "quiz"))
    kept = everything(desk.store).casefold()
    assert "lincoln" in kept, "the scan sees what is stored"
    desk.store.close()
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file()).lower()
    for text in personal(Survey(**survey)):
        assert text.casefold() not in kept
        assert text.casefold().encode() not in files


def test_what_a_preview_would_store_holds_no_address(desk):
    preview = desk.look(survey_workbook())
    kept = preview.responses.write_csv().casefold()
    assert not [text for text in personal(Survey()) if text.casefold() in kept]


def test_a_receipt_names_no_person(desk):
    receipt = desk.take(survey_workbook(school=["Lincoln High", "Nowhere"], answers={"proficiency_outlook": "Wizard"}))
    told = str(receipt.as_dict()).casefold()
    assert not [text for text in personal(Survey(school=["Lincoln High", "Nowhere"])) if text.casefold() in told]


def with_ids(ids, n, **survey):
    """An export whose ID column holds these texts, in turn."""
    made = Survey(n=n, **survey)
    rows = [[ids[place % len(ids)], *row[1:]] for place, row in enumerate(made.rows())]
    return forms_workbook(made.headers(), rows)


ADDRESSES = [f"Person.{number}@Staff.example.org" for number in range(6)]


@pytest.mark.parametrize("respondents", ["named", "anonymous"])
def test_an_address_in_the_column_of_ids_is_not_stored(respondents, desk, tmp_path):
    export = with_ids(ADDRESSES, n=6, respondents=respondents)
    assert desk.take(export).rows_added == 6
    assert desk.take(export).status == "unchanged", "the rows are known again all the same"
    kept = everything(desk.store).casefold()
    desk.store.close()
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file()).lower()
    assert "staff.example" not in kept and b"staff.example" not in files
    assert "person.0" not in kept and b"person.0" not in files


def test_the_code_of_an_address_in_the_column_of_ids_cannot_be_made_without_the_secret(desk):
    export = with_ids(ADDRESSES, n=6, respondents="anonymous")
    first = desk.look(export).responses["person"].to_list()
    desk.key = b"another secret of this installation"
    assert set(first).isdisjoint(desk.look(export).responses["person"])


@pytest.mark.parametrize("ids", [["7", "8"], ["7.0", "8.0"], [7, 8]])
def test_a_number_in_the_column_of_ids_is_part_of_the_key_as_it_stands(ids, desk):
    keys = desk.look(with_ids(ids, n=2, respondents="anonymous")).responses["row_key"]
    assert [key.split("|")[0] for key in keys] == ["7", "8"]


def test_a_row_without_an_id_among_others_that_have_one_is_taken(desk):
    assert desk.take(with_ids(["7", None], n=2, respondents="anonymous")).rows_added == 2


@pytest.mark.parametrize("by", [-2, -1, 1])
def test_who_stands_in_a_wrong_column_is_not_named(by, desk):
    survey = Survey(n=3)
    rows = [[*row[-by:], *([None] * -by)] if by < 0 else ["extra", *row[:-1]] for row in survey.rows()]
    export = forms_workbook(survey.headers(), rows)
    preview = desk.look(export)
    assert preview.rows_set_aside == 3
    whys = preview.set_aside()["Why this row was set aside"]
    for told in (preview.problems.write_csv(), "".join(whys), str(desk.take(export).as_dict())):
        assert not [text for text in personal(survey) if text.casefold() in told.casefold()]
        assert "@" not in told


def test_an_address_in_place_of_an_answer_is_said_to_be_one(desk):
    preview = desk.look(survey_workbook(n=2, answers={"proficiency_word": ["ada@example.org", "With help"]}))
    assert preview.problems["value"].to_list() == ["(an address)"]
