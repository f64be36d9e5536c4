"""The district's own lists: schools, staff, and what a form's words mean."""

import pytest

from pd_core.access import EVERYTHING
from pd_core.errors import RefusedFile
from pd_core.ingestion import Choices, Meaning, SchoolNames, prepare, read
from pd_core.pseudonyms import respondent_code
from pd_core.reference.list_files import read_mapping, read_roster, read_schools
from pd_core.storage import queries, reference
from tests.forms import forms_workbook, not_a_workbook, survey_workbook

SCHOOLS = "school_id,name,aliases,level,region,headcount\n"


def csv(*rows: str, head: str = SCHOOLS) -> bytes:
    return (head + "".join(f"{row}\n" for row in rows)).encode()


def test_schools_are_read_from_csv_and_from_a_workbook_alike():
    headers = ["School_ID ", "Name", "Aliases", "Level", "Region", "Headcount"]
    rows = [
        ["oak", "Oak Élementary", "OE;Oak", "Elementary", None, 41],
        ["elm", "Elm High", None, "High", "East", None],
    ]
    from_workbook = read_schools("schools.xlsx", forms_workbook(headers, rows))
    from_csv = read_schools(
        "schools.csv",
        csv("oak,Oak Élementary,OE;Oak,Elementary,,41", "elm,Elm High,,High,East,").decode().encode("cp1252"),
    )
    assert from_workbook.equals(from_csv)
    assert from_csv["headcount"].to_list() == [41, None]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["oak,,,,,"], "row 2: school_id or name is empty"),
        (["oak,Oak,,,,", "oak,Other,,,,"], "row 3: school_id “oak” is already in row 2"),
        (["district,All,,,,"], "is reserved for the district. Choose another"),
        (["oak,Oak,,,,forty"], "row 2: headcount is “forty”; expected a number of staff, or an empty cell"),
        (["oak,Oak,,,,0"], "headcount is “0”"),
        (["oak,Oak,,,,²"], "headcount is “²”"),
        (["oak,Oak,,,,", "elm,OAK ,,,,"], "row 3: the name “oak” already belongs to row 2"),
        (["oak,Oak,The School,,,", "elm,Elm,a;the school,,,"], "row 3: the name “the school” already belongs to row 2"),
    ],
)
def test_a_school_that_cannot_be_used_is_named_and_nothing_is_taken(rows, told):
    with pytest.raises(RefusedFile) as refusal:
        read_schools("schools.csv", csv(*rows))
    assert told in refusal.value.text()
    assert "Nothing was changed" in refusal.value.remedy


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (csv(), "lists no schools"),
        (b"id,name\n1,Oak\n", "column school_id is missing; its first row has id, name"),
        (not_a_workbook(), "column school_id, name is missing"),
        (b"PK\x03\x04cut", "damaged or cut-off"),
        (b"school_id,name" + b"," * 5000, "has 5,002 columns"),
    ],
)
def test_a_file_that_is_no_list_of_schools_is_refused(data, told):
    with pytest.raises(RefusedFile) as refusal:
        read_schools("C:\\lists\\schools.csv", data)
    assert refusal.value.message.startswith("schools.csv")
    assert told in refusal.value.message
    assert refusal.value.remedy


ROSTER = "email,school_id,role,grade_band\n"


def test_a_roster_keeps_codes_and_no_addresses(codebook, store, key):
    names = SchoolNames(queries.schools(store, EVERYTHING))
    data = csv("Ada@example.org,LHS,Librarian,9-12", "ben@example.org,jefferson,para,", head=ROSTER)
    roster = read_roster("roster.csv", data, codebook, names, key)
    assert "example.org" not in roster.write_csv()
    assert roster.rows() == [
        (respondent_code("ada@example.org", key), "lincoln", "other", "high"),
        (respondent_code("ben@example.org", key), "jefferson", "paraeducator", None),
    ]
    reference.set_roster(store, roster, "test")
    assert dict(queries.schools(store, EVERYTHING).select("school_id", "headcount").rows())["lincoln"] == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["ada,lincoln,,"], "row 2: email is not an e-mail address"),
        (["ada@example.org,Lincon,,"], "“Lincon” is not in the list of schools. Did you mean “lincoln”?"),
        (["ada@example.org,lincoln,,", "ADA@example.org,lincoln,,"], "row 3: this address is already in row 2"),
    ],
)
def test_a_person_that_cannot_be_used_is_told_without_the_address(rows, told, codebook, store, key):
    with pytest.raises(RefusedFile) as refusal:
        read_roster(
            "roster.csv", csv(*rows, head=ROSTER), codebook, SchoolNames(queries.schools(store, EVERYTHING)), key
        )
    assert told in refusal.value.text()
    assert "example.org" not in refusal.value.text().casefold()


def test_a_mapping_file_says_what_headers_and_answers_mean(codebook, store, key):
    data = csv("Anything to add?,,comment", "proficiency,Wizard,3", "My notes,,", head="subject,answer,code\n")
    meaning = Meaning.from_frame(read_mapping("mapping.csv", data))
    assert meaning.to_frame().height == 3
    export = survey_workbook(
        n=2, wordings={"comment": "Anything to add?"}, answers={"proficiency_outlook": ["Wizard", "With help"]}
    )
    table = read("survey.xlsx", export, codebook)
    preview = prepare(table, codebook, store, key, EVERYTHING, Choices(meaning=meaning))
    assert preview.unmapped == ()
    assert preview.responses["proficiency_outlook"].to_list() == [3, 1]


def test_a_name_that_two_schools_have_means_neither(store):
    second = {
        "school_id": "second",
        "name": "Lincoln High",
        "aliases": "",
        "level": "",
        "region": "",
        "headcount": None,
    }
    reference.put_school(store, second, "test")
    names = SchoolNames(queries.schools(store, EVERYTHING))
    assert names.find("Lincoln High") is None
    assert names.find("LHS") == "lincoln"
    assert set(names.near("lincoln high")[:2]) == {"lincoln", "second"}


def test_a_list_with_the_line_ends_of_an_old_mac_is_read():
    data = csv("oak,Oak,,,,41", "elm,Elm,,,,").replace(b"\n", b"\r")
    assert read_schools("schools.csv", data)["headcount"].to_list() == [41, None]
