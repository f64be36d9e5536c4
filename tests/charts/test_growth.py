"""Growth: shares then and now, the range of each change, and where the same people went."""

import polars as pl
import pytest

from pd_core.charts.growth import change_dumbbells, change_intervals
from pd_core.charts.transitions import move_bars, transition_table
from tests.charts.specs import layers, only, rows_of, spec_of, texts, tooltips

CHANGED = {
    "share_from": 0.12, "share_to": 0.41, "change": 0.29, "change_low": 0.05, "change_high": 0.5,
    "smallest_change": 0.3, "word": "improved", "answers_text": "34 and 36", "suppressed": False, "reason": "",
}  # fmt: skip
ABSENT = {**dict.fromkeys(CHANGED), "suppressed": False, "reason": "no answers in Fall 2025"}
HIDDEN = {**dict.fromkeys(CHANGED), "suppressed": True, "reason": "Fall 2025: fewer than 5 people answered"}


def frame_of(*rows: dict[str, object]) -> pl.DataFrame:
    numbers = ("share_from", "share_to", "change", "change_low", "change_high", "smallest_change")
    schema = dict.fromkeys(numbers, pl.Float64) | dict.fromkeys(("word", "answers_text"), pl.String)
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def test_a_dumbbell_joins_then_and_now_and_shows_where_now_may_lie() -> None:
    spec = spec_of(change_dumbbells(frame_of({"skill_name": "OneNote", **CHANGED})))
    line = only(spec, "bar", "share_from")
    assert line["encoding"]["x2"]["field"] == "share_to"
    (thin,) = rows_of(spec, only(spec, "bar", "low"))
    assert (thin["low"], thin["high"]) == (pytest.approx(0.17), pytest.approx(0.62))
    assert texts(spec, "figure") == ["12% → 41% · improved"]
    assert tooltips(spec, only(spec, "circle", "share_to")) == [
        {"Skill": "OneNote", "Proficient": "12% → 41%", "Change, likely": "between +5 and +50", "In a word": "improved",
         "Answers": "34 and 36"},
    ]  # fmt: skip


def test_the_range_of_now_stays_within_what_a_share_can_be() -> None:
    spec = spec_of(change_dumbbells(frame_of({"skill_name": "Word", **CHANGED, "share_from": 0.9, "share_to": 1.0})))
    (thin,) = rows_of(spec, only(spec, "bar", "low"))
    assert thin["high"] == 1


def test_a_hidden_row_and_one_without_answers_say_why_instead_of_a_mark() -> None:
    rows = [{"school_name": name, **row} for name, row in (("Oak", CHANGED), ("Elm", ABSENT), ("Fir", HIDDEN))]
    for chart, column in ((change_dumbbells, "school_name"), (change_intervals, "skill_name")):
        frame = frame_of(*rows).rename({"school_name": column})
        spec = spec_of(chart(frame, column) if column == "school_name" else chart(frame))
        assert texts(spec, "hidden_text") == [
            "no answers in Fall 2025", "hidden: Fall 2025: fewer than 5 people answered",
        ]  # fmt: skip
        drawn = {
            row[column] for mark in ("circle", "point") for layer in layers(spec, mark) for row in rows_of(spec, layer)
        }
        assert drawn == {"Oak"}


def test_the_smallest_change_is_marked_on_both_sides_of_no_change() -> None:
    spec = spec_of(change_intervals(frame_of({"skill_name": "OneNote", **CHANGED})))
    (above,) = rows_of(spec, only(spec, "tick", "above"))
    assert (above["above"], above["below"]) == (0.3, -0.3)
    assert texts(spec, "figure") == ["+29, seen from 30"]
    assert spec["encoding"]["x"]["scale"]["domain"] == [-0.5, 0.5]


def test_a_smallest_change_beyond_the_axis_or_unknown_is_not_marked() -> None:
    rows = [
        {"skill_name": "A", **CHANGED, "smallest_change": 1.4},
        {"skill_name": "B", **CHANGED, "smallest_change": None},
    ]
    spec = spec_of(change_intervals(frame_of(*rows)))
    assert rows_of(spec, only(spec, "tick", "above")) == []


def test_a_change_without_a_range_is_a_dot_alone() -> None:
    no_range = {"change_low": None, "change_high": None, "smallest_change": None}
    spec = spec_of(change_intervals(frame_of({"skill_name": "A", **CHANGED, **no_range})))
    assert rows_of(spec, only(spec, "bar", "change_low")) == []
    assert len(rows_of(spec, only(spec, "circle", "change"))) == 1


def test_the_cells_of_a_transition_table_say_how_many_and_which_way() -> None:
    cells = [("0", "0", 6), ("0", "1", 9), ("1", "0", 1), ("1", "1", 12)]
    rows = [
        {"label_from": a, "label_to": b, "people": people, "move": "same" if a == b else "up" if b > a else "down"}
        for a, b, people in cells
    ]
    spec = spec_of(transition_table(pl.DataFrame(rows)))
    (rects,) = layers(spec, "rect")
    assert [row["move"] for row in rows_of(spec, rects)] == ["same", "up", "down", "same"]
    assert [row["people"] for row in rows_of(spec, layers(spec, "text")[0])] == [6, 9, 1, 12]
    assert tooltips(spec, rects)[1] == {"Then": "0", "Now": "1", "Matched": "9 of those who answered both times"}
    assert max(row["tint"] for row in rows_of(spec, rects)) <= 0.42, "the text on it stays readable"


def test_where_levels_are_hidden_three_bars_say_how_many_moved() -> None:
    frame = pl.DataFrame({"move": ["up", "same", "down"], "people": [10, 1, 3]})
    spec = spec_of(move_bars(frame))
    assert texts(spec, "figure") == ["10 of 14", "1 of 14", "3 of 14"]
