"""Charts of bars: response rates against their target, and needs in people."""

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.charts.planning import need_bars
from pd_core.charts.responses import rate_bars
from tests.charts.specs import layers, only, rows_of, spec_of, texts, tooltips

RATE = {
    "school_name": pl.String,
    "rate": pl.Float64,
    "respondents": pl.Int64,
    "headcount": pl.Int64,
    "status": pl.String,
}
NEED = {
    "skill_name": pl.String,
    "people": pl.Float64,
    "people_low": pl.Float64,
    "people_high": pl.Float64,
    "headcount": pl.Int64,
}


VERDICT = RATE | {"verdict_label": pl.String, "suppressed": pl.Boolean, "reason": pl.String}
GROUP = {"role_label": pl.String} | {name: kind for name, kind in RATE.items() if name != "school_name"}


def rates(*rows: tuple[str, float | None, int, int | None, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RATE, orient="row")


def needs(*rows: tuple[str, float | None, float | None, float | None, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=NEED, orient="row")


def test_a_response_rate_is_told_in_people() -> None:
    spec = spec_of(rate_bars(rates(("Oak Hill", 18 / 42, 18, 42, "ask again")), 0.8))
    assert texts(spec, "figure") == ["18 of 42"]
    (bar,) = [layer for layer in layers(spec, "bar") if "tooltip" in layer["encoding"]]
    assert tooltips(spec, bar) == [
        {"School": "Oak Hill", "Response rate": "43%", "Answered": "18 of 42", "Status": "ask again"}
    ]


def test_the_target_is_marked_on_every_row_and_in_the_key() -> None:
    frame = rates(("Oak Hill", 0.5, 21, 42, "ask again"), ("Cedar Grove", 0.9, 36, 40, "enough"))
    spec = spec_of(rate_bars(frame, 0.8))
    (target,) = layers(spec, "tick")
    assert target["encoding"]["x"]["datum"] == 0.8
    assert len(rows_of(spec, target)) == 2
    assert "target: 80%" in spec["encoding"]["x"]["axis"]["title"][0]


@pytest.mark.parametrize(("rate", "reached"), [(0.799, False), (0.8, True), (1.0, True)])
def test_a_bar_is_full_from_the_target_on_and_pale_below(rate: float, reached: bool) -> None:
    spec = spec_of(rate_bars(rates(("Oak Hill", rate, 32, 40, "")), 0.8))
    (bar,) = [layer for layer in layers(spec, "bar") if "fillOpacity" in layer["encoding"]]
    opacity = bar["encoding"]["fillOpacity"]
    assert rows_of(spec, bar)[0]["reached"] is reached
    assert (opacity["condition"]["value"], opacity["value"]) == (1.0, theme.PALE_OPACITY)


def test_a_rate_above_one_is_drawn_as_one_and_keeps_its_count() -> None:
    spec = spec_of(rate_bars(rates(("Oak Hill", 1.05, 42, 40, "roster too short")), 0.8))
    (bar,) = [layer for layer in layers(spec, "bar") if "fillOpacity" in layer["encoding"]]
    assert rows_of(spec, bar)[0]["rate"] == 1.0
    assert tooltips(spec, bar)[0]["Response rate"] == "100%"
    assert texts(spec, "figure") == ["42 of 40"]


def test_a_school_without_a_headcount_says_so_and_has_no_bar() -> None:
    frame = rates(("Oak Hill", None, 15, None, "no headcount"), ("Cedar Grove", 0.9, 36, 40, "enough"))
    spec = spec_of(rate_bars(frame, 0.8))
    assert texts(spec, "hidden_text") == ["no headcount, so no rate"]
    assert texts(spec, "figure") == ["15 answered", "36 of 40"]
    assert spec["encoding"]["y"]["scale"]["domain"] == ["Oak Hill", "Cedar Grove"]


def test_a_verdict_stands_at_the_end_of_its_row_and_one_that_is_not_known_says_nothing() -> None:
    frame = pl.DataFrame(
        [
            ("Oak Hill", 34 / 60, 34, 60, "behind", "Safe to decide", False, None),
            ("Cedar Grove", 0.9, 36, 40, "enough", None, False, None),
        ],
        schema=VERDICT,
        orient="row",
    )
    spec = spec_of(rate_bars(frame, 0.8))
    assert texts(spec, "figure") == ["34 of 60 · Safe to decide", "36 of 40"]
    (bar,) = [layer for layer in layers(spec, "bar") if "fillOpacity" in layer["encoding"]]
    assert [tip["Verdict"] for tip in tooltips(spec, bar)] == ["Safe to decide", "not known"]
    assert [tip["Answered"] for tip in tooltips(spec, bar)] == ["34 of 60", "36 of 40"]


def test_a_school_whose_answers_are_hidden_has_a_band_its_reason_and_its_verdict() -> None:
    frame = pl.DataFrame(
        [
            ("Oak Hill", None, None, 60, "behind", "Too early", True, "fewer than 5 answered"),
            ("Cedar Grove", 0.9, 36, 40, "enough", "Leaning", False, None),
        ],
        schema=VERDICT,
        orient="row",
    )
    spec = spec_of(rate_bars(frame, 0.8))
    assert texts(spec, "hidden_text") == ["hidden: fewer than 5 answered"]
    assert sorted(texts(spec, "figure")) == ["36 of 40 · Leaning", "Too early"]


def test_a_rate_that_was_left_in_a_hidden_row_is_not_drawn() -> None:
    frame = pl.DataFrame(
        [("Oak Hill", 0.05, 3, 60, "behind", "Too early", True, "fewer than 5 answered")], schema=VERDICT, orient="row"
    )
    spec = spec_of(rate_bars(frame, 0.8))
    (bar,) = [layer for layer in layers(spec, "bar") if "fillOpacity" in layer["encoding"]]
    assert rows_of(spec, bar) == []
    assert texts(spec, "figure") == ["Too early"]


def test_groups_of_staff_have_rates_as_schools_have() -> None:
    rows = [("Teacher", 21 / 34, 21, 34, ""), ("Office staff", None, None, None, "")]
    spec = spec_of(rate_bars(pl.DataFrame(rows, schema=GROUP, orient="row"), 0.6, "role_label"))
    assert spec["encoding"]["y"]["scale"]["domain"] == ["Teacher", "Office staff"]
    (bar,) = [layer for layer in layers(spec, "bar") if "fillOpacity" in layer["encoding"]]
    assert tooltips(spec, bar)[0]["Role"] == "Teacher"
    assert texts(spec, "hidden_text") == ["hidden"]


def test_a_need_is_told_in_people_with_its_range() -> None:
    spec = spec_of(need_bars(needs(("OneNote", 31.4, 23.6, 38.2, 60), ("Word", 12.0, 8.0, 15.0, 60))))
    bar = next(layer for layer in layers(spec, "bar") if layer["mark"]["color"] == theme.ACCENT)
    assert spec["encoding"]["y"]["scale"]["domain"] == ["OneNote", "Word"]
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 60]
    assert texts(spec, "figure")[0] == "about 31 of 60"
    assert tooltips(spec, bar)[0] == {
        "Skill": "OneNote",
        "People": "about 31 of 60",
        "Likely": "between 24 and 38",
    }
    assert only(spec, "bar", "people_low")["encoding"]["x2"]["field"] == "people_high"


@pytest.mark.parametrize(
    ("people", "text"), [(24.5, "about 25 of 60"), (25.5, "about 26 of 60"), (0.4, "about 0 of 60")]
)
def test_half_a_person_is_rounded_up_as_in_the_sentences(people: float, text: str) -> None:
    assert texts(spec_of(need_bars(needs(("OneNote", people, None, None, 60)))), "figure") == [text]


@pytest.mark.parametrize(("staff", "labels"), [(60, [0, 30, 60]), (61, [0, 61]), (1, [0, 1])])
def test_the_axis_of_needs_names_whole_people(staff: int, labels: list[float]) -> None:
    spec = spec_of(need_bars(needs(("OneNote", 0.9, None, None, staff))))
    assert spec["encoding"]["x"]["axis"]["values"] == labels


def test_a_need_without_a_range_is_a_bar_alone() -> None:
    spec = spec_of(need_bars(needs(("OneNote", 31.0, None, None, 60))))
    assert rows_of(spec, only(spec, "bar", "people_low")) == []
    assert texts(spec, "figure") == ["about 31 of 60"]


def test_a_need_that_is_not_known_keeps_its_row() -> None:
    spec = spec_of(need_bars(needs(("OneNote", 31.0, 24.0, 38.0, 60), ("Sway", None, None, None, 60))))
    assert texts(spec, "hidden_text") == ["hidden"]
    assert spec["encoding"]["y"]["scale"]["domain"] == ["OneNote", "Sway"]


def test_a_need_says_how_sure_it_is_that_it_is_one_of_the_two_greatest() -> None:
    frame = needs(("OneNote", 24.0, 19.0, 29.0, 42), ("Word", 3.0, 1.0, 6.0, 42), ("Sway", 4.0, 2.0, 7.0, 42))
    spec = spec_of(need_bars(frame.with_columns(top_two=pl.Series([0.93, 0.01, None]))))
    assert texts(spec, "figure") == ["about 24 of 42 · 93% sure", "about 3 of 42", "about 4 of 42"]
    bar = next(layer for layer in layers(spec, "bar") if layer["mark"]["color"] == theme.ACCENT)
    told = [(tip["People"], tip["One of the top two"]) for tip in tooltips(spec, bar)]
    assert told == [
        ("about 24 of 42", "93% sure"),
        ("about 3 of 42", "1% sure"),
        ("about 4 of 42", "not known"),
    ]
    assert "top two needs" in spec["encoding"]["x"]["axis"]["title"][1]


def test_the_key_speaks_of_the_two_greatest_only_where_their_odds_are_known() -> None:
    unknown = needs(("OneNote", 24.0, 19.0, 29.0, 42)).with_columns(top_two=pl.lit(None, dtype=pl.Float64))
    assert len(spec_of(need_bars(unknown))["encoding"]["x"]["axis"]["title"]) == 1


def test_a_long_label_gives_way_to_its_figure() -> None:
    long = rates(("Oak Hill", 0.5, 21, 42, ""))
    beside = long.with_columns(verdict_label=pl.lit("Safe to decide"))
    limits = [spec_of(rate_bars(frame, 0.8))["encoding"]["y"]["axis"]["labelLimit"]["expr"] for frame in (long, beside)]
    rooms = [int(limit.rsplit(" ", 1)[1].rstrip(")")) for limit in limits]
    assert rooms[0] < rooms[1] < 328 - theme.MIN_LABEL_WIDTH


def test_no_schools_and_no_needs_still_draw() -> None:
    assert spec_of(rate_bars(rates(), 0.8))["height"] == theme.ROW_STEP
    assert spec_of(need_bars(needs()))["height"] == theme.ROW_STEP
