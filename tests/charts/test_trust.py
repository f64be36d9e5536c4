"""What a share says of its own trust: cells that fade, words beside the figure, the worst case as a thin line."""

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.charts.comparison import heat_map, heat_table, is_long_map, skill_intervals
from tests.charts.specs import HIDDEN, SHARES, SHOWN, Spec, layers, only, rows_of, spec_of, texts, tooltips

CELL = {"school_name": pl.String, "skill_name": pl.String} | SHARES
ROW = {"school_name": pl.String} | SHARES


def grid(*widths: float | None) -> pl.DataFrame:
    """A school of 60% with a range of each of these widths."""
    rows = [
        {
            "school_name": f"School {number}",
            "skill_name": "Word",
            **SHOWN,
            "share_low": None if width is None else 0.3,
            "share_high": None if width is None else 0.3 + width,
        }
        for number, width in enumerate(widths)
    ]
    return pl.DataFrame(rows, schema=CELL)


def schools(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{"school_name": f"School {number}", **SHOWN, **row} for number, row in enumerate(rows)])


def cells(spec: Spec) -> list[Spec]:
    return [layer for layer in layers(spec, "rect") if "fill" in layer["encoding"]]


@pytest.mark.parametrize(
    ("width", "step"),
    [(0.0, 0), (0.12, 0), (0.2, 0), (0.21, 1), (0.35, 1), (0.36, 2), (0.7, 2), (None, 2)],
)
def test_a_cell_fades_with_the_width_of_its_range(width: float | None, step: int) -> None:
    spec = spec_of(heat_map(grid(width)))
    (cell,) = cells(spec)
    left = theme.UNCERTAINTY_FADE[step][1]
    assert cell["encoding"]["fill"]["scale"]["range"] == [theme.faded(color, left) for color in theme.SHARE_COLORS]
    assert (cell["mark"]["strokeOpacity"] == 1) == (step == 0)


def test_the_number_tells_a_faded_cell_from_a_pale_one_without_colour() -> None:
    spec = spec_of(heat_map(grid(0.1, 0.3, 0.6)))
    numbers = [layer["mark"] for layer in layers(spec, "text")]
    assert [(mark["fontWeight"], mark["fontStyle"]) for mark in numbers] == [
        ("bold", "normal"),
        ("normal", "normal"),
        ("normal", "italic"),
    ]


def test_each_step_of_uncertainty_keeps_its_own_colors() -> None:
    spec = spec_of(heat_map(grid(0.1, 0.6)))
    full, faded = (layer["encoding"]["color"]["scale"]["range"] for layer in layers(spec, "text"))
    assert theme.INK_LIGHT in full and set(faded) == {theme.INK_DARK}
    assert spec["resolve"]["scale"] == {"fill": "independent", "color": "independent"}


def test_the_key_says_in_words_that_faded_means_unsure() -> None:
    key = " ".join(spec_of(heat_map(grid(0.1)))["encoding"]["x"]["axis"]["title"])
    assert "Faded cells are less certain" in key


def test_a_cell_says_why_it_is_faded_on_hover_and_to_a_screen_reader() -> None:
    frame = grid(0.1, 0.3).with_columns(trust=pl.Series(["", "14 of 60 have answered"]))
    spec = spec_of(heat_map(frame))
    assert [tip["Trust"] for layer in cells(spec) for tip in tooltips(spec, layer)] == [
        "the range is narrow",
        "14 of 60 have answered",
    ]
    assert [row["aria_label"] for layer in cells(spec) for row in rows_of(spec, layer)] == [
        "School 0, Word: 60% · 12 of 20",
        "School 1, Word: 60% · 12 of 20, unsure: 14 of 60 have answered",
    ]


def test_a_hidden_cell_does_not_look_like_a_faint_one() -> None:
    hidden = pl.DataFrame([{"school_name": "School 0", "skill_name": "Sway", **HIDDEN}], schema=CELL)
    spec = spec_of(heat_map(pl.concat([grid(None), hidden])))
    (faint,) = cells(spec)
    (grey,) = [layer for layer in layers(spec, "rect") if layer not in cells(spec)]
    assert grey["mark"]["strokeDash"] == list(theme.HIDDEN_DASH)
    assert "strokeOpacity" not in grey["mark"]
    assert "strokeDash" not in faint["mark"]


def test_words_and_ranks_stand_in_the_tooltip_of_a_cell() -> None:
    frame = grid(0.1, 0.1).with_columns(
        word=pl.Series(["clearly above", None]), rank_text=pl.Series(["2nd to 5th of 12", None])
    )
    spec = spec_of(heat_map(frame))
    told = [(tip["Compared"], tip["Rank"]) for tip in tooltips(spec, cells(spec)[0])]
    assert told == [("clearly above", "2nd to 5th of 12"), ("not known", "not known")]


def test_a_word_stands_at_the_end_of_the_schools_figure() -> None:
    frame = schools(
        {"word": "clearly above", "rank_text": "1st to 3rd"},
        {"word": None, "rank_text": None},
        {"word": "cannot tell yet", "rank_text": None, "share": 0.613},
        {"word": "about the same", "rank_text": None, "respondents": None},
    )
    spec = spec_of(skill_intervals(frame, 0.58))
    assert texts(spec, "figure") == [
        "60% of 20 · clearly above",
        "60% · 12 of 20",
        "61% · 20 answered · cannot tell yet",
        "60% · about the same",
    ]
    told = [(tip["Compared"], tip["Rank"]) for tip in tooltips(spec, only(spec, "circle", "share"))]
    assert told[:2] == [("clearly above", "1st to 3rd"), ("not known", "not known")]


def test_the_mark_is_called_what_the_schools_are_compared_with() -> None:
    spec = spec_of(skill_intervals(schools({}), 0.55, "schools like these"))
    assert "schools like these: 55%" in spec["encoding"]["x"]["axis"]["title"][0]
    assert tooltips(spec, only(spec, "circle", "share"))[0]["Schools like these"] == "55%"


def test_each_school_is_marked_with_its_own_group_where_that_is_told() -> None:
    frame = schools({}, {}).with_columns(compared_share=pl.Series([0.4, 0.6]))
    spec = spec_of(skill_intervals(frame, 0.55, "schools like it"))
    assert [row["district_share"] for row in rows_of(spec, only(spec, "tick", "district_share"))] == [0.4, 0.6]
    assert spec["encoding"]["x"]["axis"]["title"][0].endswith("| schools like it")


def test_the_worst_case_is_a_thin_line_and_in_the_tooltip() -> None:
    frame = schools({"share_worst_low": 0.2, "share_worst_high": 0.87}, {}).with_columns(
        pl.col("share_worst_low", "share_worst_high").cast(pl.Float64)
    )
    spec = spec_of(skill_intervals(frame, 0.58))
    line, likely = only(spec, "bar", "share_worst_low"), only(spec, "bar", "share_low")
    assert line["encoding"]["x2"]["field"] == "share_worst_high"
    assert line["mark"]["height"] < likely["mark"]["height"]
    assert len(rows_of(spec, line)) == 1
    told = [tip["Worst and best case"] for tip in tooltips(spec, only(spec, "circle", "share"))]
    assert told == ["between 20% and 87%", "not known"]
    assert "Thin line" in spec["encoding"]["x"]["axis"]["title"][1]


def test_without_words_and_worst_case_nothing_speaks_of_them() -> None:
    spec = spec_of(skill_intervals(schools({}), 0.58))
    assert len(spec["encoding"]["x"]["axis"]["title"]) == 1
    assert tooltips(spec, only(spec, "circle", "share"))[0].keys() == {"School", "Proficient", "Likely", "District"}


def district(count: int) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"school_name": f"School {number}", "skill_name": skill, **SHOWN}
            for number in range(count)
            for skill in ("Word", "Excel")
        ],
        schema=CELL,
    )


@pytest.mark.parametrize("schools", [theme.LONG_MAP, theme.LONG_MAP + 1])
def test_a_map_names_its_skills(schools: int) -> None:
    frame = district(schools)
    assert is_long_map(frame) is (schools > theme.LONG_MAP)
    assert spec_of(heat_map(frame))["encoding"]["x"]["axis"]["labelFontSize"]


CELLS = pl.DataFrame(
    [
        {**SHOWN, "school_name": "Ash", "skill_name": "Word", "share": 0.2, "share_low": 0.12, "share_high": 0.28},
        {**SHOWN, "school_name": "Ash", "skill_name": "Excel", "share": 0.6, "share_low": 0.3, "share_high": 0.9},
        {**HIDDEN, "school_name": "Birch", "skill_name": "Excel"},
    ],
    schema=CELL,
)


def test_a_map_as_a_table_has_each_number_where_its_school_and_skill_meet() -> None:
    found = heat_table(CELLS, ["Birch"])
    assert found.skills == ("Word", "Excel")
    (ash, is_ash_own, (word, excel)), (birch, is_birch_own, (none, hidden)) = found.rows
    assert (ash, is_ash_own, birch, is_birch_own) == ("Ash", False, "Birch", True)
    assert word and excel and hidden and none is None
    assert [word.text, excel.text, hidden.text] == ["20", "60", theme.HIDDEN_CELL]
    assert [word.unsure, excel.unsure] == [0, 2]
    assert "likely between 30% and 90%" in excel.about and "unsure" in excel.about
    assert hidden.about.startswith("Birch, Excel: hidden: ")


def test_a_map_as_a_table_has_the_colors_of_the_drawing() -> None:
    """A threshold scale gives a share at a break the color after it."""
    (_, _, (word, excel)), _ = heat_table(CELLS).rows
    assert word and word.fill == theme.SHARE_COLORS[1]
    assert excel and excel.fill == theme.faded(theme.SHARE_COLORS[3], theme.UNCERTAINTY_FADE[2][1])
    drawn = spec_of(heat_map(CELLS))["layer"][0]["encoding"]["fill"]["scale"]
    assert drawn["domain"] == list(theme.SHARE_BREAKS) and drawn["range"][1] == word.fill
    assert all(cell.ink == theme.text_on(cell.fill) for cell in (word, excel))


def test_ones_own_school_stands_out() -> None:
    weight = spec_of(heat_map(district(3), ["School 2"]))["encoding"]["y"]["axis"]["labelFontWeight"]
    assert weight["condition"]["value"] == "bold" and '["School 2"]' in weight["condition"]["test"]
