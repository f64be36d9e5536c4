"""Impact: outcomes named first, then the answer, or why there is none; and the files behind it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pages.components import data
from pd_core.access import Actor
from pd_core.storage import audit, outcomes
from tests.pages.seen import OpenPage, tables, title, words

FACILITATOR = Actor("fay@example.org", "facilitator")
HEADER = "school_id,period,measure,value,n\n"


def rows(*lines: str) -> bytes:
    return (HEADER + "\n".join(lines) + "\n").encode()


def test_nothing_is_estimated_before_an_outcome_is_named(app: OpenPage) -> None:
    page = app("impact")
    assert title(page) == "Which outcomes do you want to know about?"
    assert "Name up to three outcomes before you look" in words(page)
    assert "smallest visible" not in words(page).casefold()


def test_the_sample_says_why_it_cannot_tell_and_what_would_make_it_answerable(app: OpenPage) -> None:
    page = app("impact", outcome="attendance")
    assert title(page) == "All trainings together: cannot tell whether attendance moved"
    assert "12 schools have the outcome; it takes 20" in words(page)
    assert "What would make it answerable: attendance of eight more schools (20 in all); and" in words(page)
    assert "a hint, not an answer" in words(page)


def test_the_board_lists_every_training_and_recommends_nothing_that_is_not_known(app: OpenPage) -> None:
    page = app("impact", outcome=["attendance", "discipline"])
    (board,) = [found for found in tables(page) if found and "what" in found[0]]
    assert {row["title"] for row in board} >= {"OneNote: a notebook in place of a binder"}
    assert all(row["what"].startswith("not known yet") for row in board)
    assert "cannot tell" in board[0]["effect_text"]


def test_the_pay_of_an_hour_gives_each_training_its_cost(app: OpenPage) -> None:
    page = app("impact", rate="40")
    (board,) = [found for found in tables(page) if found and "follows" in found[0]]
    costs = {row["title"].partition(":")[0]: (row["cost"], row["hours"]) for row in board if row["hours"] is not None}
    assert costs["OneDrive"][0] == pytest.approx(40 * costs["OneDrive"][1]), "no fund paid for it"
    assert costs["Teams"][0] > 40 * costs["Teams"][1], "a fund with a higher rate paid for some of it"


def test_an_outcomes_gaps_are_marked(app: OpenPage) -> None:
    page = app("impact", outcome="attendance")
    assert any("four values not known" in header.value for header in page.header)
    series = next(found for found in tables(page) if found and "period" in found[0])
    assert {row["state"] for row in series} == {"known", "missing", "suppressed"}


def test_no_more_than_three_outcomes_are_asked_about(app: OpenPage, answers: Path) -> None:
    lines = [f"lincoln,2025-{month:02d},m{number},0.5,100" for number in range(5) for month in (9, 10)]
    opened = app("impact", store=answers)
    opened.file_uploader[0].upload("o.csv", rows(*lines)).run()
    opened.button_group(key="good_way_m0_m1_m2_m3_m4").set_value("higher").run()
    opened.button(key="store_outcomes").click().run()
    deliveries = b"school_id,training_id,period,people\nlincoln,teams,2025-10,30\n"
    opened.file_uploader[1].upload("d.csv", deliveries).run()
    opened.button(key="store_deliveries").click().run()
    opened.query_params["outcome"] = ["m0", "m1", "m2", "m3"]
    opened.run()
    assert opened.multiselect(key="filter_outcome").value == ["m0", "m1", "m2"]


def test_a_file_is_previewed_and_stored_only_on_the_button(app: OpenPage, answers: Path) -> None:
    opened = app("impact", store=answers, as_=FACILITATOR)
    assert title(opened) == "Which trainings moved attendance, discipline or achievement?"
    before = data.store().version()
    file = rows("lincoln,2025-09,attendance,94.1%,400", "nowhere,2025-09,attendance,90%,10")
    opened.file_uploader[0].upload("o.csv", file).run()
    assert "2 rows read: 1 new, 0 already stored, 0 changed, 1 with problems." in words(opened)
    assert data.store().version() == before
    opened.button(key="store_outcomes").click().run()
    assert outcomes.outcomes(data.store())["value"].to_list() == [0.941]
    assert "o.csv: 2 rows read: 1 new" in "\n".join(found.value for found in opened.success)
    assert "outcomes" in audit.audit(data.store())["kind"].to_list()


def test_real_outcomes_are_shown_before_there_are_answers_and_not_the_samples(app: OpenPage) -> None:
    assert "Made-up sample district" in words(app("impact"))
    row = ("lincoln", "2025-09", "lateness", "", 0.2, 400, None, None, None, False, True)
    frame = pl.DataFrame([row], schema=outcomes.OUTCOME_SCHEMA, orient="row")
    outcomes.put_outcomes(data.store(), frame, {"lateness": "lower"}, "o.csv", "test")
    page = app("impact")
    assert "Made-up sample district" not in words(page) and title(page).startswith("Which trainings moved")
    assert any("Lateness: 1 school, 1 period" in header.value for header in page.header)


def test_which_way_is_good_is_asked_once(app: OpenPage, answers: Path) -> None:
    opened = app("impact", store=answers)
    opened.file_uploader[0].upload("o.csv", rows("lincoln,2025-09,lateness,3,400")).run()
    assert "it is not known yet whether more of it is good or bad" in words(opened)
    opened.button_group(key="good_way_lateness").set_value("lower").run()
    assert "store_outcomes" in [button.key for button in opened.button]
    opened.file_uploader[0].set_value(("p.csv", rows("lincoln,2025-09,belonging,3,400"), "text/csv")).run()
    assert opened.button_group(key="good_way_belonging").value is None, "said of one measure is not said of another"
    opened.file_uploader[0].set_value(("o.csv", rows("lincoln,2025-09,lateness,3,400"), "text/csv")).run()
    opened.button_group(key="good_way_lateness").set_value("lower").run()
    opened.button(key="store_outcomes").click().run()
    assert outcomes.measures(data.store()) == {"lateness": "lower"}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["lincoln,2025-09,attendance,90%,1", "lincoln,2025-26,attendance,90%,1"], "Keep one kind of period"),
        (["lincoln,2025-09,attendance,190%,1"], "No row of o.csv can be used"),
        (["nowhere,2025-09,attendance,90%,1"], "No row of o.csv can be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    app: OpenPage, answers: Path, lines: list[str], sentence: str
) -> None:
    opened = app("impact", store=answers)
    opened.file_uploader[0].upload("o.csv", rows(*lines)).run()
    assert sentence in words(opened)
    assert "store_outcomes" not in [button.key for button in opened.button]
