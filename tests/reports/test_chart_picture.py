"""A chart as a picture carries its title, whose answers it shows and the day."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from html import unescape

import altair as alt
import polars as pl
import pytest
from PIL import Image

from pd_core.presentation.overview import samr_section, skills_section
from pd_core.presentation.section import Section, drawn
from pd_core.presentation.whose_answers import whose_answers
from pd_core.reports.chart_picture import picture
from tests.district import District, principal

TODAY = date(2026, 11, 28)


@pytest.fixture
def answered(district: District) -> District:
    district.answers("lincoln", 30, proficiency_word=3, proficiency_onenote=0, samr_word=2, role="teacher")
    district.answers("madison", 3, proficiency_word=3)
    return district


def words(svg: bytes) -> str:
    return " ".join(unescape(text) for text in re.findall(r">([^<>]+)</t(?:ext|span)>", svg.decode()))


def test_a_picture_has_its_title_whose_answers_and_the_day_in_it(answered: District) -> None:
    survey = answered.survey()
    about = whose_answers(survey, "lincoln")
    assert about == "Lincoln, Fall 2026: 30 of 60 staff answered"
    said = words(picture(skills_section(survey, "lincoln", "share"), "svg", about, TODAY))
    for expected in (
        about,
        "Word is the strength: 100% of the 30 who answered",
        "PD Pulse, November 28, 2026",
        "OneNote",
    ):
        assert expected in said


def test_a_png_is_as_wide_as_a_slide_takes(answered: District) -> None:
    content = picture(samr_section(answered.survey(), "lincoln"), "png", "Lincoln", TODAY)
    drawn_picture = Image.open(io.BytesIO(content))
    assert drawn_picture.format == "PNG" and drawn_picture.width >= 1400


def test_times_in_a_chart_stay_times() -> None:
    rows = pl.DataFrame({"at": [datetime(2026, 9, 1, 8), datetime(2026, 9, 2, 8)], "people": [1, 5]})
    chart = alt.Chart(rows).mark_line().encode(x="at:T", y="people:Q")
    said = words(picture(Section("curve", "People by day", drawing=drawn(chart)), "svg", "Lincoln", TODAY))
    assert "People by day" in said and re.search(r"Sep|Tue 01|12 PM", said)


def test_a_hidden_school_is_hidden_in_its_picture_too(answered: District) -> None:
    section = skills_section(answered.survey(), "madison", "share")
    assert section.drawing is not None
    said = words(picture(section, "svg", whose_answers(answered.survey(), "madison"), TODAY))
    assert "3 of 40 staff answered" in said and "100% of" not in said


def test_whose_answers_are_those_of_the_schools_that_are_seen(answered: District) -> None:
    assert whose_answers(answered.survey(scope=principal()), "madison").startswith("The whole district, Fall 2026: ")
    assert whose_answers(answered.survey("teacher"), "lincoln").startswith("Lincoln, Teacher only, Fall 2026")


def test_the_drawing_itself_is_left_as_it_is(answered: District) -> None:
    section = skills_section(answered.survey(), "lincoln", "share")
    assert section.drawing is not None
    before = dict(section.drawing.spec)
    picture(section, "svg", "Lincoln", TODAY)
    assert section.drawing.spec == before
