"""The upload page of somebody with buildings of their own: nothing on it is of another building, or changes one."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core import ingestion
from pd_core.access import EVERYTHING, Actor
from pd_core.storage import queries
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage, tables
from tests.pages.test_upload import drop, history, press, said

MIA = Actor("mia@example.org", "mie", frozenset({"madrona"}))
BOTH = Actor("mia@example.org", "mie", frozenset({"madrona", "jefferson"}))
FACILITATOR = Actor("fay@example.org", "facilitator")
OTHERS = ("Lincoln", "Washington", "Jefferson", "JMS", "lincoln", "washington", "jefferson")


def everything(page: AppTest) -> str:
    """All that the page holds for the browser, whatever shows it."""
    options = [str(box.options) for box in page.selectbox]
    return said(page) + str(tables(page)) + "".join(options) + "".join(map(str, page.expander))


def test_it_says_for_whom_they_upload_and_nothing_of_the_rest(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=MIA)
    assert "You upload for Madrona K-8. Rows of other buildings are set aside." in said(page)
    assert not [name for name in OTHERS if name in everything(page)]
    assert "Schools and their staff" not in [expander.label for expander in page.expander]
    assert "Nothing yet." in said(page), "what others uploaded is not in their history"


def test_of_a_file_of_the_whole_district_only_the_own_rows_are_stored(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=12, seed=9, first_id=500, school=["Madrona K-8", "Lincoln High", "JMS"])
    page = drop(app("upload", store=answers, as_=MIA), "all.xlsx", export)
    assert "4 answers of all.xlsx would be added to Fall 2026." in said(page)
    listed = [row for rows in tables(page) for row in rows if "reason" in row]
    assert {row["reason"] for row in listed} == {"this is not one of your buildings"} and len(listed) == 8
    page = press(page, "Store 4 answers")
    read, *parts = [int(metric.value) for metric in page.metric][:5]
    assert read == sum(parts) == 12
    assert queries.upload_schools(data.store(), str(history()[0]["upload_id"])) == {"madrona": 4}
    assert history()[0]["uploaded_by"] == "mia@example.org"


def test_an_unknown_name_is_theirs_or_not_for_this_file_alone(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, first_id=500, school=["Madrona K8 School", "Lincon"])
    page = drop(app("upload", store=answers, as_=MIA), "typo.xlsx", export)
    boxes = [box for box in page.selectbox if box.label == "This is"]
    assert [box.options for box in boxes] == [
        ["Madrona K-8", "None: leave these rows aside"],
        ["None: leave these rows aside", "Madrona K-8"],
    ]
    assert not [button for button in page.button if button.label in ("Add the school", "Remember these names")]
    page = press(page, "Use these names for this file")
    assert "“Madrona K8 School” is Madrona K-8; “Lincon” is none of your buildings" in said(page)
    assert "3 answers of typo.xlsx would be added to Fall 2026." in said(page)
    page = press(page, "Ask for these names again")
    assert [box.label for box in page.selectbox].count("This is") == 2
    page = press(press(page, "Use these names for this file"), "Store 3 answers")
    assert "Madrona K8 School" not in str(queries.schools(data.store(), EVERYTHING).to_dicts()), "it is not remembered"


def test_with_one_building_a_form_that_does_not_ask_for_the_school_is_that_buildings(
    app: OpenPage, answers: Path
) -> None:
    export = survey_workbook(n=6, seed=9, without=("school",))
    page = drop(app("upload", store=answers, as_=MIA), "ours.xlsx", export)
    (box,) = [box for box in page.selectbox if "Which building is it from?" in box.label]
    assert (box.options, box.value) == (["Madrona K-8"], "madrona")
    assert "6 answers of ours.xlsx would be added to Fall 2026." in said(page)


def test_with_two_buildings_it_is_asked_which(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, without=("school",))
    page = drop(app("upload", store=answers, as_=BOTH), "ours.xlsx", export)
    (box,) = [box for box in page.selectbox if "Which building is it from?" in box.label]
    assert (box.options, box.value) == (["Jefferson Middle", "Madrona K-8"], None)
    page = box.set_value("jefferson").run()
    assert "6 answers of ours.xlsx would be added to Fall 2026." in said(page)


def test_what_the_office_uploaded_of_their_building_is_not_theirs_to_take_out(app: OpenPage, answers: Path) -> None:
    lincoln = Actor("lia@example.org", "mie", frozenset({"lincoln"}))
    page = app("upload", store=answers, as_=lincoln)
    assert not [box for box in page.selectbox if box.label == "Take an upload out again"]


def test_their_own_upload_can_be_taken_out(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=8, seed=9, first_id=500, school="Madrona K-8")
    page = press(drop(app("upload", store=answers, as_=MIA), "madrona.xlsx", export), "Store 8 answers")
    (box,) = [box for box in page.selectbox if box.label == "Take an upload out again"]
    assert box.options == ["madrona.xlsx (Fall 2026)"]
    box.set_value(history()[0]["upload_id"]).run()
    page = press(page, "Take it out")
    assert "its answers will no longer count" in said(page)
    assert [button for button in page.button if button.key == "undo_confirmed"], "the question has a button"


def test_a_file_that_was_stored_before_does_not_name_whose_it_was(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=MIA)
    export = survey_workbook(school="Madrona K-8", seed=9, first_id=500)
    table = ingestion.read("of the office.xlsx", export, data.codebook())
    ingestion.commit(
        data.store(), ingestion.prepare(table, data.codebook(), data.store(), data.key(), EVERYTHING), "fay@example.org"
    )
    page = drop(page, "mine.xlsx", export)
    assert "Every answer of mine.xlsx was already stored. Nothing was changed." in said(page)
    assert "of the office" not in said(page)
    assert not [button for button in page.button if button.label.startswith("Store")]


def test_their_words_for_a_form_are_for_their_files_alone(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, school="Madrona K-8", wordings={"proficiency_sway": "The storyteller"})
    page = drop(app("upload", store=answers, as_=MIA), "own.xlsx", export)
    page = press(page, "Remember this for the form")
    assert not [box for box in page.selectbox if box.label == "The storyteller"]
    owners = data.store().frame("select distinct owner from store.mapping")["owner"].to_list()
    assert owners == ["mia@example.org"]


def test_a_facilitator_keeps_the_schools(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=FACILITATOR)
    assert "Schools and their staff" in [expander.label for expander in page.expander]
    assert len(tables(page)) == 2


def test_who_may_not_upload_meets_nothing_of_the_page(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=Actor("pat@example.org", "principal", frozenset({"lincoln"})))
    assert not page.file_uploader and not page.title
    assert "This page is not part of your role." in page.error[0].value


def test_a_script_in_a_schools_name_is_shown_letter_for_letter(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, school="<script>alert(1)</script>")
    page = drop(app("upload", store=answers, as_=FACILITATOR), "script.xlsx", export)
    assert "<script>alert(1)</script> (6 rows)" in [text.value for text in page.text]
    page = press(page, "Add the school")
    assert "Fall 2026: <script>alert(1)</script> (6)" in [text.value for text in page.text]
    assert not [one for one in page.get("markdown") if "<script>" in one.value or one.allow_html]


def test_the_page_is_empty_for_another_visitor_of_the_same_session(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "lincoln.xlsx", survey_workbook(n=8, seed=9, first_id=900))
    assert page.session_state["upload_previews"]
    page.session_state["upload_whose"] = MIA
    page.run()
    assert "upload_previews" not in page.session_state or not page.session_state["upload_previews"]
    assert "lincoln.xlsx" not in said(page)
