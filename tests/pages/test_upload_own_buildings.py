"""The upload page of somebody with buildings of their own: nothing on it is of another building, or changes one."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core import ingestion
from pd_core.access import EVERYTHING, Actor
from pd_core.storage import queries
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage, figures, page_links, tables
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
    assert "You upload for Madrona K-8. Rows from other schools are left out." in said(page)
    assert not [name for name in OTHERS if name in everything(page)]
    assert "Schools and their staff" not in [expander.label for expander in page.expander]
    assert "Nothing yet." in said(page), "what others uploaded is not in their history"


def test_of_a_file_of_the_whole_district_only_the_own_rows_are_stored(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=12, seed=9, first_id=500, school=["Madrona K-8", "Lincoln High", "JMS"])
    page = drop(app("upload", store=answers, as_=MIA), "all.xlsx", export)
    assert "4 answers of all.xlsx would be added to Fall 2026." in said(page)
    page = press(page, "Store 4 answers")
    assert [(name, value) for name, value, _ in figures(page)] == [
        ("Rows read", "12"), ("Added", "4"), ("Already stored", "0"), ("Repeats", "0"), ("With problems", "0"),
        ("From other schools", "8"),
    ]  # fmt: skip
    stored = queries.schools_of_uploads(data.store()).filter(upload_id=history()[0]["upload_id"])
    assert stored.select("school_id", "rows").rows() == [("madrona", 4)]
    assert history()[0]["uploaded_by"] == "mia@example.org"


def set_aside(page: AppTest) -> list[str]:
    """What the page has for rows to correct: expanders and files."""
    buttons = [str(button.proto.label) for button in page.get("download_button")]
    labels = [*(expander.label for expander in page.expander), *buttons]
    return [label for label in labels if "with problems" in label]


def test_rows_of_other_buildings_are_nothing_to_correct(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=12, seed=9, first_id=500, school=["Madrona K-8", "Lincoln High", "JMS"])
    page = drop(app("upload", store=answers, as_=MIA), "all.xlsx", export)
    for seen in (page, press(page, "Store 4 answers")):
        assert "8 rows belong to other buildings and are left to them." in said(seen)
        assert set_aside(seen) == []
        for wrong in ("first problem", "corrected", "not one of your buildings"):
            assert wrong not in said(seen) + str(tables(seen))


def test_the_own_rows_to_correct_are_listed_without_those_of_others(app: OpenPage, answers: Path) -> None:
    spoilt = {"proficiency_word": ["Wizard", "With help", "With help", "With help"]}
    export = survey_workbook(
        n=8, seed=9, first_id=500, school=["Madrona K-8", "Lincoln High", "Madrona K-8"], answers=spoilt
    )
    page = drop(app("upload", store=answers, as_=MIA), "all.xlsx", export)
    assert set_aside(page) == ["1 row with problems", "Download the rows with problems"]
    assert [row["row"] for rows in tables(page) for row in rows if "reason" in row] == [2]


def test_after_storing_the_way_to_the_results_comes_before_the_rest(app: OpenPage, answers: Path) -> None:
    spoilt = {"proficiency_word": ["Wizard", "With help"]}
    export = survey_workbook(n=8, seed=9, first_id=500, school="Madrona K-8", answers=spoilt)
    page = press(drop(app("upload", store=answers, as_=MIA), "madrona.xlsx", export), "Store 4 answers")
    kinds = [block.type for block in page.main.children.values()]
    at = kinds.index("success")
    assert kinds[at : at + 4] == ["success", "html", "expander", "download_button"]
    assert page_links(page)["See this school's results"].startswith("./?school=madrona")


MANY = [f"Academy {number}" for number in range(70)]


def test_of_many_unknown_names_thirty_are_asked_at_a_time(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers, as_=MIA), "many.xlsx", survey_workbook(n=70, seed=9, school=MANY))
    for asked, more in (
        (30, "40 more names to match after these."),
        (30, "10 more names to match after these."),
        (10, ""),
    ):
        assert [box.label for box in page.selectbox].count("This is") == asked
        assert more in said(page)
        page = press(page, "Use these names for this file")
    assert "and 40 more names." in said(page), "what was said is no endless list either"


def test_a_facilitator_too_is_asked_for_thirty_names_at_a_time(app: OpenPage, answers: Path) -> None:
    near = [f"Madrona K-8 room {number}" for number in range(31)]
    page = drop(app("upload", store=answers, as_=FACILITATOR), "many.xlsx", survey_workbook(n=31, seed=9, school=near))
    boxes = [box for box in page.selectbox if box.label == "This is"]
    assert len(boxes) == 30
    assert "1 more name to match after these." in said(page)
    for box in boxes:
        box.set_value("+leave")
    page = press(page.run(), "Remember these names")
    assert [box.label for box in page.selectbox].count("This is") == 1, "names that are no school are settled too"
    assert "is none of the district's schools" in said(page)
    page = press(page, "Match these names again")
    assert [box.label for box in page.selectbox].count("This is") == 30


def test_an_unknown_name_is_theirs_or_not_for_this_file_alone(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, first_id=500, school=["Madrona K8 School", "Lincon"])
    page = drop(app("upload", store=answers, as_=MIA), "typo.xlsx", export)
    boxes = [box for box in page.selectbox if box.label == "This is"]
    assert [box.options for box in boxes] == [
        ["Madrona K-8", "None of these: leave out its rows"],
        ["None of these: leave out its rows", "Madrona K-8"],
    ]
    assert not [button for button in page.button if button.label in ("Add the school", "Remember these names")]
    page = press(page, "Use these names for this file")
    assert "“Madrona K8 School” is Madrona K-8; “Lincon” is none of your schools" in said(page)
    assert "3 answers of typo.xlsx would be added to Fall 2026." in said(page)
    page = press(page, "Match these names again")
    assert [box.label for box in page.selectbox].count("This is") == 2
    page = press(press(page, "Use these names for this file"), "Store 3 answers")
    assert "Madrona K8 School" not in str(queries.schools(data.store(), EVERYTHING).to_dicts()), "it is not remembered"


def test_with_one_building_a_form_that_does_not_ask_for_the_school_is_that_buildings(
    app: OpenPage, answers: Path
) -> None:
    export = survey_workbook(n=6, seed=9, without=("school",))
    page = drop(app("upload", store=answers, as_=MIA), "ours.xlsx", export)
    (box,) = [box for box in page.selectbox if "Which school is it from?" in box.label]
    assert (box.options, box.value) == (["Madrona K-8"], "madrona")
    assert "6 answers of ours.xlsx would be added to Fall 2026." in said(page)


def test_with_two_buildings_it_is_asked_which(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, without=("school",))
    page = drop(app("upload", store=answers, as_=BOTH), "ours.xlsx", export)
    (box,) = [box for box in page.selectbox if "Which school is it from?" in box.label]
    assert (box.options, box.value) == (["Jefferson Middle", "Madrona K-8"], None)
    page = box.set_value("jefferson").run()
    assert "6 answers of ours.xlsx would be added to Fall 2026." in said(page)


def test_what_the_office_uploaded_of_their_building_is_not_theirs_to_take_out(app: OpenPage, answers: Path) -> None:
    lincoln = Actor("lia@example.org", "mie", frozenset({"lincoln"}))
    page = app("upload", store=answers, as_=lincoln)
    assert not [box for box in page.selectbox if box.label == "Upload to undo"]
    assert "You can undo only your own uploads." in said(page)
    office = app("upload", store=answers, as_=FACILITATOR)
    assert "only your own uploads" not in said(office)


def test_their_own_upload_can_be_taken_out(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=8, seed=9, first_id=500, school="Madrona K-8")
    page = press(drop(app("upload", store=answers, as_=MIA), "madrona.xlsx", export), "Store 8 answers")
    (box,) = [box for box in page.selectbox if box.label == "Upload to undo"]
    assert box.options == ["madrona.xlsx (Fall 2026)"]
    box.set_value(history()[0]["upload_id"]).run()
    page = press(page, "Undo this upload")
    assert "its answers will no longer count" in said(page)
    assert [button for button in page.button if button.key == "undo_confirmed"], "the question has a button"


def test_a_file_that_was_stored_before_does_not_name_whose_it_was(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers, as_=MIA)
    export = survey_workbook(school="Madrona K-8", seed=9, first_id=500)
    table = ingestion.read("of the office.xlsx", export, data.real_codebook())
    ingestion.commit(
        data.store(),
        ingestion.prepare(table, data.real_codebook(), data.store(), data.key(), EVERYTHING),
        "fay@example.org",
    )
    page = drop(page, "mine.xlsx", export)
    assert "Every answer of mine.xlsx was already stored. Nothing was changed." in said(page)
    assert "of the office" not in said(page)
    assert not [button for button in page.button if button.label.startswith("Store")]


def test_their_words_for_a_form_are_for_their_files_alone(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, school="Madrona K-8", wordings={"proficiency_sway": "The storyteller"})
    page = drop(app("upload", store=answers, as_=MIA), "own.xlsx", export)
    next(box for box in page.selectbox if box.label == "The storyteller").set_value("+leave")
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
    assert "Your role does not include this page." in page.error[0].value


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
