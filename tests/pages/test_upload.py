"""The upload page: nothing is stored before a person says so, and everything can be taken out again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.components import data
from pages.components.upload import work
from pd_core.access import EVERYTHING
from pd_core.storage import queries, undo_upload
from tests.forms import survey_csv, survey_workbook
from tests.pages.seen import OpenPage, figures, tables, words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def drop(page: AppTest, name: str, content: bytes, mime: str = XLSX) -> AppTest:
    page.file_uploader[0].set_value((name, content, mime))
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def history() -> list[dict[str, object]]:
    rows = queries.uploads(data.store()).to_dicts()
    return [{**row, "status": "undone" if row["is_undone"] else "committed"} for row in rows]


def schools() -> dict[str, str]:
    return dict(queries.schools(data.store(), EVERYTHING).select("school_id", "name").iter_rows())


def said(page: AppTest) -> str:
    return words(page) + "\n".join(text.value for text in page.text)


def test_an_empty_history_says_what_will_appear(app: OpenPage) -> None:
    assert "Nothing yet. The first file that you store appears here" in words(app("upload"))


def test_a_file_is_shown_before_it_is_stored(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "madrona.xlsx", survey_workbook(n=8, seed=9, school="Madrona K-8"))
    assert "8 answers of madrona.xlsx would be added to Fall 2026." in said(page)
    assert "24 of 24 questions were recognized" in [expander.label for expander in page.expander]
    assert len(history()) == 3, "nothing is stored yet"


def test_two_files_are_shown_one_below_the_other(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers)
    files = [
        (f"{number}.xlsx", survey_workbook(n=number, seed=number, school="Madrona K-8"), XLSX) for number in (8, 9)
    ]
    page.file_uploader[0].set_value(files)
    shown = said(page.run())
    assert "8 answers of 8.xlsx would be added" in shown and "9 answers of 9.xlsx would be added" in shown
    assert not page.exception and not page.error


def test_a_file_that_takes_long_to_read_and_to_check_can_be_canceled_meanwhile(app: OpenPage, monkeypatch) -> None:
    monkeypatch.setattr(work, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(work, "_SHOW_AFTER", 1)
    offered: list[str] = []
    button = st.button
    monkeypatch.setattr(
        st, "button", lambda *labels, **how: offered.append(str(how.get("key"))) or button(*labels, **how)
    )
    page = drop(app("upload"), "own.xlsx", survey_workbook(n=6, seed=9, school="Lincoln High"))
    assert {key.partition("_")[2].partition("_")[0] for key in offered if key.startswith("cancel_")} == {
        "read",
        "check",
    }
    assert not page.error
    assert "6 rows were read. First say which school they are from." in said(page)
    assert not [button for button in page.button if button.label == "Cancel"]


def test_storing_gives_a_receipt_that_adds_up_and_a_line_in_the_history(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "madrona.xlsx", survey_workbook(n=8, seed=9, school="Madrona K-8"))
    page = press(page, "Store 8 answers")
    assert "8 answers of madrona.xlsx were added to Fall 2026." in page.success[0].value
    read, *parts = [int(value) for _, value, _ in figures(page)][:5]
    assert read == sum(parts) == 8
    assert history()[0]["file"] == "madrona.xlsx"


def test_the_same_file_again_changes_nothing_and_cannot_be_stored(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=8, seed=9, school="Madrona K-8")
    page = press(drop(app("upload", store=answers), "madrona.xlsx", export), "Store 8 answers")
    page = drop(page, "again.xlsx", export)
    assert "Every answer of again.xlsx was already stored" in said(page)
    assert not [button for button in page.button if button.label.startswith("Store")]


def test_an_unknown_building_is_matched_to_a_school(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "typo.xlsx", survey_workbook(n=6, seed=9, school="Madrona K8 School"))
    assert "Madrona K8 School (6 rows)" in said(page)
    (choice,) = [box for box in page.selectbox if box.label == "This is"]
    assert choice.value == "madrona"
    page = press(page, "Remember these names")
    assert "6 answers of typo.xlsx would be added to Fall 2026." in said(page)


def test_an_unknown_building_is_added(app: OpenPage) -> None:
    page = drop(app("upload"), "first.xlsx", survey_workbook(n=6, seed=9, school="Lincoln High"))
    page.number_input[0].set_value(30)
    page = press(page, "Add the school")
    assert schools() == {"lincoln_high": "Lincoln High"}
    assert "6 answers of first.xlsx would be added to Fall 2026." in said(page)


def test_a_question_in_other_words_is_mapped_once_for_the_form(app: OpenPage, answers: Path) -> None:
    wordings = {"proficiency_sway": "The storytelling application"}
    export = survey_workbook(n=6, seed=9, school="Madrona K-8", wordings=wordings)
    page = drop(app("upload", store=answers), "own words.xlsx", export)
    (box,) = [box for box in page.selectbox if box.label == "The storytelling application"]
    box.set_value("proficiency_sway")
    page = press(page, "Remember this for the form")
    assert "24 of 24 questions were recognized" in [expander.label for expander in page.expander]
    assert not [box for box in page.selectbox if box.label == "The storytelling application"]


def test_an_unknown_answer_is_explained_once_for_the_form(app: OpenPage, answers: Path) -> None:
    own = {"proficiency_word": ["I use it on my own", "Like a pro"]}
    page = drop(
        app("upload", store=answers), "own.xlsx", survey_workbook(n=6, seed=9, school="Madrona K-8", answers=own)
    )
    assert "3 answers of own.xlsx would be added" in said(page)
    (box,) = [box for box in page.selectbox if box.label.startswith("The answer “Like a pro”")]
    box.set_value("3")
    page = press(page, "Remember this for the form")
    assert "6 answers of own.xlsx would be added" in said(page)


def test_rows_set_aside_are_listed_with_row_value_and_reason(app: OpenPage, answers: Path) -> None:
    own = {"proficiency_word": ["I use it on my own", "Somtimes"]}
    page = drop(
        app("upload", store=answers), "own.xlsx", survey_workbook(n=4, seed=9, school="Madrona K-8", answers=own)
    )
    listed = [row for rows in tables(page) for row in rows if row.get("value") == "Somtimes"]
    assert [row["row"] for row in listed] == [3, 5]
    assert all(row["column"] == "Word" and "not an answer of the codebook" in row["reason"] for row in listed)


def test_ambiguous_dates_are_asked_and_then_read_as_said(app: OpenPage, answers: Path) -> None:
    export = survey_csv(n=5, seed=9, school="Madrona K-8", start=datetime(2026, 10, 5, 8), date_format="mdy")
    page = drop(app("upload", store=answers), "dates.csv", export, "text/csv")
    page = page.radio[0].set_value("dmy").run()
    assert "5 answers of dates.csv would be added to Spring 2026." in said(page)


def test_a_form_that_does_not_ask_for_the_school_asks_for_the_building(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "ours.xlsx", survey_workbook(n=6, seed=9, without=("school",)))
    (box,) = [box for box in page.selectbox if "Which school is it from?" in box.label]
    page = box.set_value("madrona").run()
    assert "6 answers of ours.xlsx would be added to Fall 2026." in said(page)


def test_a_file_that_is_no_export_is_refused_in_plain_words(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "letter.xlsx", b"Dear colleague")
    assert "letter.xlsx is not a survey export" in page.error[0].value


def test_taking_an_upload_out_asks_first(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers)
    (box,) = [box for box in page.selectbox if box.label == "Upload to undo"]
    chosen = next(upload["upload_id"] for upload in history() if upload["file"] == "Lincoln High.xlsx")
    box.set_value(chosen).run()
    page = press(page, "Undo this upload")
    assert [button for button in page.button if button.key == "undo_confirmed"], "the question has a button"
    assert "its answers will no longer count, as if it had never been uploaded" in said(page)
    assert {upload["status"] for upload in history()} == {"committed"}


def test_the_history_says_which_uploads_count_and_which_were_taken_out(app: OpenPage, answers: Path) -> None:
    page = app("upload", store=answers)
    undo_upload(data.store(), str(history()[0]["upload_id"]), "test")
    page.run()
    (listed,) = [rows for rows in tables(page) if rows and "status" in rows[0]]
    assert [row["status"] for row in listed] == ["undone", "counts", "counts"]


def test_answers_leave_the_servers_memory_once_they_are_stored(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "madrona.xlsx", survey_workbook(n=8, seed=9, school="Madrona K-8"))
    page = press(page, "Store 8 answers")
    kept = [page.session_state[key] for key in ("upload_tables", "upload_previews") if key in page.session_state]
    assert not any(kept)


def test_several_spellings_of_a_building_become_one_school(app: OpenPage) -> None:
    spellings = ["Lincoln High", "Lincoln High", "Lincon High", "Lincoln HS"]
    page = drop(app("upload"), "first.xlsx", survey_workbook(n=8, seed=9, school=spellings))
    assert [box.label for box in page.selectbox].count("This is") == 1, "other spellings wait for the first name"
    page = press(page, "Add the school")
    assert [box.value for box in page.selectbox if box.label == "This is"] == ["lincoln_high", "lincoln_high"]
    page = press(page, "Remember these names")
    assert schools() == {"lincoln_high": "Lincoln High"}
    assert "8 answers of first.xlsx would be added to Fall 2026." in said(page)


def test_a_schools_name_is_taken_only_once(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "new.xlsx", survey_workbook(n=6, seed=9, school="Wholly New"))
    (box,) = [box for box in page.text_input if box.label == "Name of the school"]
    box.set_value("lincoln high")
    page = press(page, "Add the school")
    assert "There is already a school called “Lincoln High”." in page.error[0].value
    assert len(schools()) == 4


def test_a_form_without_the_school_can_bring_in_a_new_building(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "ours.xlsx", survey_workbook(n=6, seed=9, without=("school",)))
    (box,) = [box for box in page.selectbox if "Which school is it from?" in box.label]
    page = box.set_value("+add").run()
    page.text_input[0].set_value("Wholly New")
    press(page, "Add the school")
    assert schools()["wholly_new"] == "Wholly New"


def test_own_topics_are_asked_and_not_silently_counted_as_other(app: OpenPage, answers: Path) -> None:
    own = {"topics": [("Making quizzes",), ("Making quizzes", "Nothing")]}
    page = drop(
        app("upload", store=answers), "own.xlsx", survey_workbook(n=4, seed=9, school="Madrona K-8", answers=own)
    )
    (box,) = [box for box in page.selectbox if box.label.startswith("The answer “Making quizzes” (4 cells)")]
    box.set_value("forms_quizzes")
    page = press(page, "Remember this for the form")
    assert not [box for box in page.selectbox if "Making quizzes" in box.label]


def test_what_was_said_of_a_form_can_be_taken_back(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, school="Madrona K-8", wordings={"proficiency_sway": "The storyteller"})
    page = drop(app("upload", store=answers), "own.xlsx", export)
    next(box for box in page.selectbox if box.label == "The storyteller").set_value("+leave")
    page = press(page, "Remember this for the form")
    assert not [box for box in page.selectbox if box.label == "The storyteller"]
    page = press(page, "Match this form's questions again")
    assert [box for box in page.selectbox if box.label == "The storyteller"]


def test_a_file_taken_off_the_page_leaves_the_servers_memory_too(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "madrona.xlsx", survey_workbook(n=8, seed=9, school="Madrona K-8"))
    assert page.session_state["upload_previews"], "while it is there, it is read once"
    page.file_uploader[0].set_value([])
    page.run()
    assert not page.session_state["upload_tables"] and not page.session_state["upload_previews"]
