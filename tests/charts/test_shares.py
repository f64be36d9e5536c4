"""Charts of shares with their ranges: one school's skills, one skill's schools, and all of both."""

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.charts.comparison import heat_map, skill_intervals
from pd_core.charts.skills import skill_dots
from pd_core.presentation.section import drawn
from tests.charts.specs import HIDDEN, SHARES, SHOWN, from_the_top, layers, only, rows_of, spec_of, texts, tooltips

SKILL = {"skill_name": pl.String, "district_share": pl.Float64} | SHARES
CELL = {"school_name": pl.String, "skill_name": pl.String} | SHARES


def skills(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SKILL)


def test_skills_stand_in_the_frames_order_and_not_by_name() -> None:
    frame = skills(*({"skill_name": name, "district_share": 0.5, **SHOWN} for name in ["Word", "Excel", "Teams"]))
    spec = spec_of(skill_dots(frame))
    assert from_the_top(spec) == ["Word", "Excel", "Teams"]
    assert spec["height"] == 3 * theme.ROW_STEP


def test_skills_in_another_order_are_the_same_chart_with_other_rows() -> None:
    def chart(*names: str) -> dict[str, object]:
        rows = ({"skill_name": name, "district_share": 0.5, **SHOWN} for name in names)
        return drawn(skill_dots(skills(*rows))).spec

    assert chart("Word", "Excel", "Teams") == chart("Teams", "Word", "Excel")


def test_a_skill_has_a_dot_its_range_and_the_district() -> None:
    spec = spec_of(skill_dots(skills({"skill_name": "Teams", "district_share": 0.5, **SHOWN})))
    dot, line = only(spec, "circle", "share"), only(spec, "bar", "share_low")
    tick = only(spec, "tick", "district_share")
    assert line["encoding"]["x2"]["field"] == "share_high"
    assert dot["mark"]["color"] == line["mark"]["color"] == theme.ACCENT
    assert rows_of(spec, tick)[0]["district_share"] == 0.5
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 1]


def test_the_district_itself_stands_alone_in_its_chart() -> None:
    spec = spec_of(skill_dots(skills({"skill_name": "Teams", "district_share": None, **SHOWN})))
    legend = spec["encoding"]["x"]["axis"]["title"][0]
    assert "this school" not in legend
    assert "district" not in legend
    assert "District" not in tooltips(spec, only(spec, "circle", "share"))[0]


def test_people_read_words_and_not_decimals() -> None:
    spec = spec_of(skill_dots(skills({"skill_name": "Teams", "district_share": 0.5, **SHOWN})))
    assert texts(spec, "figure") == ["60% · 12 of 20"]
    assert tooltips(spec, only(spec, "circle", "share")) == [
        {
            "Skill": "Teams",
            "Proficient": "12 of 20 who answered",
            "Likely": "between 42% and 76%",
            "District": "50%",
        }
    ]


def test_a_weighted_share_is_not_told_as_a_count_of_people() -> None:
    weighted = SHOWN | {"share": 0.613, "respondents": 320}
    spec = spec_of(skill_dots(skills({"skill_name": "Teams", "district_share": None, **weighted})))
    assert texts(spec, "figure") == ["61% · 320 answered"]
    assert tooltips(spec, only(spec, "circle", "share"))[0]["Proficient"] == "61%, from 320 who answered"


def test_a_range_or_district_that_is_not_known_is_not_drawn() -> None:
    unknown = SHOWN | {"share_low": None, "share_high": None}
    spec = spec_of(skill_dots(skills({"skill_name": "Teams", "district_share": None, **unknown})))
    assert rows_of(spec, only(spec, "bar", "share_low")) == []
    assert rows_of(spec, only(spec, "tick", "district_share")) == []
    assert tooltips(spec, only(spec, "circle", "share"))[0]["Likely"] == "not known"


def test_a_hidden_skill_keeps_its_row_and_says_why() -> None:
    frame = skills(
        {"skill_name": "Teams", "district_share": 0.5, **SHOWN}, {"skill_name": "Sway", "district_share": 0.5, **HIDDEN}
    )
    spec = spec_of(skill_dots(frame))
    assert from_the_top(spec) == ["Teams", "Sway"]
    assert texts(spec, "hidden_text") == ["hidden: fewer than 5 answered"]
    assert [row["skill_name"] for row in rows_of(spec, only(spec, "circle", "share"))] == ["Teams"]
    assert [row["skill_name"] for row in rows_of(spec, only(spec, "bar", "aria_label", "description"))] == ["Sway"]


def test_a_suppressed_share_that_was_left_in_is_not_drawn() -> None:
    left_in = HIDDEN | {"share": 0.25, "share_low": 0.1, "share_high": 0.4, "respondents": 4}
    spec = spec_of(skill_dots(skills({"skill_name": "Sway", "district_share": 0.5, **left_in})))
    assert rows_of(spec, only(spec, "circle", "share")) == []
    assert rows_of(spec, only(spec, "bar", "share_low")) == []
    assert texts(spec, "figure") == []


def test_one_skills_schools_have_the_district_marked_on_every_row() -> None:
    frame = pl.DataFrame(
        [{"school_name": name, **SHOWN} for name in ["Oak Hill", "Cedar Grove"]],
        schema={"school_name": pl.String} | SHARES,
    )
    spec = spec_of(skill_intervals(frame, 0.58))
    assert [row["district_share"] for row in rows_of(spec, only(spec, "tick", "district_share"))] == [0.58, 0.58]
    assert "district: 58%" in spec["encoding"]["x"]["axis"]["title"][0]


def test_a_district_without_a_share_is_not_mentioned() -> None:
    frame = pl.DataFrame([{"school_name": "Oak Hill", **SHOWN}], schema={"school_name": pl.String} | SHARES)
    spec = spec_of(skill_intervals(frame, None))
    assert rows_of(spec, only(spec, "tick", "district_share")) == []
    assert "district" not in spec["encoding"]["x"]["axis"]["title"][0]


def test_the_heat_map_has_a_number_in_each_cell_on_steps_of_one_hue() -> None:
    frame = pl.DataFrame(
        [
            {"school_name": school, "skill_name": skill, **SHOWN, "share_low": 0.52, "share_high": 0.68}
            for school in ["Oak Hill", "Cedar Grove"]
            for skill in ["Word", "Excel"]
        ],
        schema=CELL,
    )
    spec = spec_of(heat_map(frame))
    cells, numbers = only(spec, "rect", "share", "fill"), only(spec, "text", "share", "color")
    assert spec["encoding"]["y"]["scale"]["domain"] == ["Oak Hill", "Cedar Grove"]
    assert spec["encoding"]["x"]["scale"]["domain"] == ["Word", "Excel"]
    assert cells["encoding"]["fill"]["scale"]["range"] == list(theme.SHARE_COLORS)
    assert cells["encoding"]["fill"]["scale"]["domain"] == numbers["encoding"]["color"]["scale"]["domain"]
    assert numbers["encoding"]["color"]["scale"]["range"] == [theme.text_on(color) for color in theme.SHARE_COLORS]
    assert texts(spec, "cell_text") == ["60"] * 4
    assert tooltips(spec, cells)[0] == {
        "School": "Oak Hill",
        "Skill": "Word",
        "Proficient": "12 of 20 who answered",
        "Likely": "between 52% and 68%",
        "Trust": "the range is narrow",
    }


def test_a_hidden_cell_is_grey_with_a_dash_and_says_why() -> None:
    frame = pl.DataFrame(
        [
            {"school_name": "Oak Hill", "skill_name": "Word", **SHOWN},
            {"school_name": "Oak Hill", "skill_name": "Sway", **HIDDEN},
        ],
        schema=CELL,
    )
    spec = spec_of(heat_map(frame))
    grey = [layer for layer in layers(spec, "rect") if "fill" not in layer["encoding"]]
    dashes = [layer for layer in layers(spec, "text") if layer["mark"].get("text") == "\u2013"]
    assert len(grey) == len(dashes) == 1
    assert grey[0]["mark"]["color"] == theme.NEUTRAL
    assert tooltips(spec, grey[0]) == [
        {"School": "Oak Hill", "Skill": "Sway", "Not shown": "hidden: fewer than 5 answered"}
    ]
    assert [row["skill_name"] for row in rows_of(spec, only(spec, "rect", "share", "fill"))] == ["Word"]


@pytest.mark.parametrize("count", [0, 1])
def test_a_chart_of_nothing_or_of_hidden_rows_alone_still_draws(count: int) -> None:
    row = {"skill_name": "Sway", "school_name": "Oak Hill", "district_share": None, **HIDDEN}
    frame = pl.DataFrame([row] * count, schema=SKILL | CELL)
    for chart in (skill_dots(frame), skill_intervals(frame, None), heat_map(frame)):
        spec = spec_of(chart)
        assert spec["height"] > 0
        assert texts(spec, "figure") == texts(spec, "cell_text") == []


def test_a_chart_leaves_its_width_to_the_page() -> None:
    spec = spec_of(skill_dots(skills({"skill_name": "Teams", "district_share": 0.5, **SHOWN})))
    assert "width" not in spec
    assert spec["autosize"]["type"] == "fit-x"
