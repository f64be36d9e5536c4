"""School comparison: schools beside each other, skill by skill, without the small ones' numbers."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.charts.theme import LONG_MAP
from pd_core.codebook import Codebook
from pd_core.storage import open_store, reference
from tests.benchmarks.district import fill
from tests.conftest import SCHOOLS
from tests.forms import survey_workbook
from tests.pages.seen import OpenPage, charts, page_links, sent, sources, tables, title, words

NUMBERS = ("respondents", "proficient", "share", "share_low", "share_high")


def compare(app: OpenPage, **address: object) -> AppTest:
    return app("school_comparison", **address)


def schools_in(page: AppTest) -> set[str]:
    """The schools in the grid's table."""
    return {str(row["school_name"]) for row in tables(page)[0]} - {"District"}


def test_the_title_answers_the_question_in_words(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at)
    assert title(page) == "Excel and Outlook are the district's strengths"
    assert "Fall 2026, 4 of 4 schools, all staff" in words(page)


def test_the_sample_district_says_that_it_is_made_up(app: OpenPage) -> None:
    assert "sample district" in words(compare(app))


def test_real_answers_take_the_place_of_the_sample(app: OpenPage, looked_at: Path) -> None:
    assert "sample district" not in words(compare(app, store=looked_at))


def test_every_filter_is_read_from_the_address(app: OpenPage) -> None:
    page = compare(app, wave="Fall 2025", role="teacher", level="middle", skill="teams")
    chosen = {box.label: box.value for box in page.selectbox}
    assert chosen == {"Wave": "Fall 2025", "Role": "teacher", "Skill": "teams"}
    assert {box.label: box.value for box in page.multiselect}["Level"] == ["middle"]
    assert schools_in(page) and all("Middle" in name for name in schools_in(page))
    assert page.header[-1].value.startswith("Teams")
    assert "Level: Middle." in words(page), "also outside the closed window"
    query = parse_qs(urlsplit(page_links(page)["Show all schools"]).query)
    assert query == {"wave": ["Fall 2025"], "role": ["teacher"]}


def test_several_schools_are_kept_in_the_address(app: OpenPage) -> None:
    page = compare(app, schools=["glacier_fork", "heron_slough"])
    assert schools_in(page) == {"Glacier Fork High School", "Heron Slough Elementary"}


def test_a_filter_that_does_not_exist_is_left_out(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at, role="astronaut", level="Moon", skill="juggling", wave="Never")
    assert "4 of 4 schools, all staff" in words(page)


def test_a_chosen_skill_is_written_into_the_address(app: OpenPage) -> None:
    page = compare(app)
    page.selectbox(key="filter_skill").select("word").run()
    assert page.query_params["skill"] == "word"
    assert page.header[-1].value.startswith("Word")


def test_hidden_schools_never_show_numbers(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at)
    hidden = [row for row in sent(page) if row.get("school_name") == "Jefferson Middle"]
    assert hidden, "hidden schools stay in sight, with the reason"
    leaks = [(row["school_name"], name, row[name]) for row in hidden for name in NUMBERS if row.get(name) is not None]
    assert leaks == []


def test_what_is_hidden_is_said_with_its_reason(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at)
    assert "1 school is hidden: fewer than 5 answers." in words(page)


def test_a_school_without_answers_is_named_not_drawn(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at)
    assert "No one has answered at Madrona K-8." in words(page)
    assert not [row for row in sent(page) if row.get("school_name") == "Madrona K-8"]


def test_filters_that_keep_no_school_say_so(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at, level="High", region="South")
    assert "No school matches these filters" in words(page)
    assert not charts(page)


def test_schools_without_answers_say_what_to_do(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at, schools="madrona")
    assert title(page) == "There is nothing to compare here"
    assert "No one in these schools has answered in Fall 2026. Choose others." in words(page)


def test_a_view_in_which_everything_is_hidden_says_so(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at, schools="jefferson")
    assert "Every school here is hidden: fewer than 5 answers." in words(page)
    assert not charts(page) and not tables(page)


def test_a_role_says_that_its_headcount_comes_from_the_staff_list(app: OpenPage) -> None:
    assert "The number of people with this role comes from the staff list." in words(compare(app, role="teacher"))


def test_a_role_without_a_staff_list_has_shares_but_no_ranges(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at, role="teacher")
    shown = [row for row in tables(page)[0] if row["share"] is not None] if tables(page) else []
    assert not [row for row in shown if row["share_low"] is not None]
    if any(row["school_name"] != "District" for row in shown):
        assert "figures describe respondents only, without a range" in words(page)


def test_each_chart_has_words_a_table_and_two_files(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at)
    drawn = page.get("vega_lite_chart")
    assert all(chart.proto.alt for chart in drawn)
    assert len(tables(page)) == len(drawn) == 2
    files = [button for button in page.get("download_button") if button.proto.label.endswith("file")]
    assert len(files) == 2 * len(drawn)


@pytest.fixture(scope="module")
def with_a_small_school(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store in which six of fifty answered at Jefferson, five of them about Teams, and many at two other schools."""
    path = tmp_path_factory.mktemp("small") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    for number, (school, n) in enumerate((("Lincoln High", 40), ("Washington Elementary", 30), ("JMS", 6)), start=1):
        table = ingestion.read(f"{school}.xlsx", survey_workbook(school=school, n=n, seed=number), codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING), "test")
    store.close()
    return path


def of_jefferson(page: AppTest) -> dict[str, object]:
    return next(row for row in tables(page)[1] if row["school_name"] == "Jefferson Middle")


def test_every_school_has_a_word_a_range_of_ranks_and_why_it_is_unsure(
    app: OpenPage, with_a_small_school: Path, tmp_path: Path
) -> None:
    page = compare(app, store=Path(shutil.copy(with_a_small_school, tmp_path / "small.duckdb")), skill="teams")
    for row in tables(page)[1]:
        assert row["word"] in ("clearly above", "about the same", "clearly below", "cannot tell yet")
        assert " to " in row["rank_text"] or row["rank_text"].endswith("most likely")
    assert "the rest of the district" in words(page)
    small = of_jefferson(page)
    assert small["trust"] == "pooled with the district's answers, since only 5 answered"
    assert small["share"] != small["share_alone"]
    assert "Fewer than 10 answered at Jefferson Middle: the mark is between their share and the district's" in words(
        page
    )
    raw = page.segmented_control(key="filter_small").select("raw").run()
    assert raw.query_params["small"] == "raw"
    assert "Fewer than 10 answered at Jefferson Middle: each of them moves the mark a lot." in words(raw)
    assert of_jefferson(raw)["share"] == small["share_alone"]
    assert of_jefferson(raw)["trust"].startswith("5 of 50 answered, give or take ")


def test_schools_are_compared_with_those_like_them_if_the_address_says_so(app: OpenPage, looked_at: Path) -> None:
    page = compare(app, store=looked_at, **{"with": "like"})
    assert page.segmented_control(key="filter_with").value == "like"
    assert {row["word"] for row in tables(page)[1] if row["share"] is not None} == {"too few schools like it"}
    assert "there are too few schools like them" in words(page)
    assert not [row for row in sent(page) if row.get("compared_share") is not None]


def test_where_no_school_is_small_nothing_is_asked_of_them(app: OpenPage) -> None:
    page = compare(app, skill="teams", small="raw")
    assert [control.key for control in page.segmented_control] == ["filter_with"]


def test_a_map_of_many_schools_is_a_table_to_be_downloaded_as_a_picture_not_copied(
    app: OpenPage, tmp_path: Path, codebook: Codebook
) -> None:
    many = tmp_path / "many.duckdb"
    store = open_store(str(many), list(codebook.items.values()))
    fill(store, codebook, schools=LONG_MAP + 1, responses=(LONG_MAP + 1) * 5 * 30)
    store.close()
    page = compare(app, store=many)
    (found,) = [source for source in sources(page) if "pulse-map" in source]
    numbers = [row for row in tables(page)[0] if row["share"] is not None]
    assert found.count("<td class") == len(tables(page)[0]) and found.count('<td class="pulse-unsure') == len(numbers)
    assert len(charts(page)) == 1, "only one skill, school by school, is drawn"
    copied = [button.key for button in page.button if str(button.key).startswith("take_copy_")]
    pictures = [button.proto.label for button in page.get("download_button") if "chart" in button.proto.label]
    assert len(copied) == 1 and len(pictures) == 4


def test_what_the_address_asks_for_in_vain_is_said_outside_the_closed_window(app: OpenPage, looked_at: Path) -> None:
    page = app("school_comparison", store=looked_at, region="nope", schools="nope")
    said = [warning.value.split(" that ")[0] for warning in page.warning]
    assert said == ["This link is for a region", "This link is for a school"]
    (window,) = page.get("popover")
    assert window.multiselect and not window.warning
