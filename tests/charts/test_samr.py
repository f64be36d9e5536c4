"""The SAMR profile: levels in their order, the district beside, hidden as a whole."""

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.charts.samr import samr_profile
from tests.charts.specs import layers, only, rows_of, spec_of, texts, tooltips

SAMR = {"none": "Not in lessons", "S": "Substitution", "A": "Augmentation", "M": "Modification", "R": "Redefinition"}
REASON = "fewer than 5 answered"


def samr(row: str, name: str, *shares: float | None, is_district: bool = False) -> list[dict[str, object]]:
    return [
        {
            row: name,
            "level": level,
            "level_label": SAMR[level],
            "respondents": None if share is None else 20,
            "share": share,
            "suppressed": share is None,
            "reason": REASON if share is None else None,
            "is_district": is_district,
        }
        for level, share in zip(SAMR, shares, strict=True)
    ]


def frame_of(*groups: list[dict[str, object]]) -> pl.DataFrame:
    types = {"share": pl.Float64, "respondents": pl.Int64, "reason": pl.String}
    return pl.DataFrame([row for group in groups for row in group], schema_overrides=types, infer_schema_length=None)


def test_a_samr_bar_runs_from_none_to_redefinition_over_the_whole_width() -> None:
    rows = samr("skill_name", "Word", 0.1, 0.3, 0.3, 0.2, 0.1)
    spec = spec_of(samr_profile(frame_of(rows[::-1]).drop("is_district")))
    parts = only(spec, "bar", "x")
    assert [row["level"] for row in rows_of(spec, parts)] == list(SAMR)
    assert [row["x2"] for row in rows_of(spec, parts)] == pytest.approx([0.1, 0.4, 0.7, 0.9, 1.0])
    assert parts["encoding"]["color"]["scale"]["domain"] == list(SAMR)
    assert parts["encoding"]["color"]["scale"]["range"] == list(theme.SAMR_COLORS.values())
    assert tooltips(spec, parts)[1] == {"Skill": "Word", "Level": "Substitution", "Answers": "6 of 20 who answered"}


def test_only_parts_with_room_bear_a_label_in_the_ink_their_colour_bears() -> None:
    spec = spec_of(samr_profile(frame_of(samr("skill_name", "Word", 0.11, 0.12, 0.27, 0.3, 0.2))))
    labelled = {
        row["level"]: layer["mark"]["color"]
        for layer in layers(spec, "text")
        if layer["encoding"]["text"]["field"] == "percent_text"
        for row in rows_of(spec, layer)
    }
    assert labelled == {level: theme.text_on(theme.SAMR_COLORS[level]) for level in ["S", "A", "M", "R"]}


def test_by_skill_the_district_is_a_thin_bar_under_the_schools() -> None:
    frame = frame_of(
        samr("skill_name", "Word", 0.1, 0.3, 0.3, 0.2, 0.1),
        samr("skill_name", "Word", 0.2, 0.2, 0.2, 0.2, 0.2, is_district=True),
    )
    spec = spec_of(samr_profile(frame))
    school, district = (layer for layer in layers(spec, "bar") if layer["encoding"]["x"].get("field") == "x")
    assert (school["mark"]["height"], district["mark"]["height"]) == (theme.MARK_HEIGHT, theme.PAIR_HEIGHT)
    assert district["mark"]["yOffset"] > school["mark"]["yOffset"]
    assert tooltips(spec, district)[0]["Skill"] == "Word, district"
    assert spec["height"] == theme.ROW_STEP_PAIR


def test_by_school_the_district_is_a_row_of_its_own_in_bold() -> None:
    frame = frame_of(
        samr("school_name", "District", 0.2, 0.2, 0.2, 0.2, 0.2, is_district=True),
        samr("school_name", "Oak Hill", 0.1, 0.3, 0.3, 0.2, 0.1),
    )
    spec = spec_of(samr_profile(frame, "school_name"))
    y = spec["encoding"]["y"]
    assert y["scale"]["domain"] == ["District", "Oak Hill"]
    assert '["District"]' in y["axis"]["labelFontWeight"]["condition"]["test"]
    assert len(rows_of(spec, only(spec, "bar", "x"))) == 10


def test_the_whole_districts_own_profile_is_drawn_as_broad_bars() -> None:
    frame = frame_of(samr("skill_name", "Word", 0.2, 0.2, 0.2, 0.2, 0.2, is_district=True))
    spec = spec_of(samr_profile(frame))
    assert only(spec, "bar", "x")["mark"]["height"] == theme.MARK_HEIGHT


def test_a_hidden_profile_says_why_and_shows_no_part() -> None:
    frame = frame_of(
        samr("school_name", "Oak Hill", 0.1, 0.3, 0.3, 0.2, 0.1), samr("school_name", "Pine Ridge", *[None] * 5)
    )
    spec = spec_of(samr_profile(frame, "school_name"))
    assert texts(spec, "hidden_text") == [f"hidden: {REASON}"]
    assert {row["school_name"] for row in rows_of(spec, only(spec, "bar", "x"))} == {"Oak Hill"}
    assert texts(spec, "figure") == ["20 answered"]


def test_one_hidden_level_hides_the_whole_profile() -> None:
    rows = samr("skill_name", "Teams", 0.1, 0.3, 0.3, 0.3, None)
    spec = spec_of(samr_profile(frame_of(samr("skill_name", "Word", 0.1, 0.3, 0.3, 0.2, 0.1), rows)))
    assert {row["skill_name"] for row in rows_of(spec, only(spec, "bar", "x"))} == {"Word"}
    assert texts(spec, "hidden_text") == [f"hidden: {REASON}"]
    assert spec["encoding"]["y"]["scale"]["domain"] == ["Word", "Teams"]


def test_a_profile_that_is_all_hidden_still_draws() -> None:
    profile = spec_of(samr_profile(frame_of(samr("skill_name", "Word", *[None] * 5))))
    assert texts(profile, "hidden_text") == [f"hidden: {REASON}"]
