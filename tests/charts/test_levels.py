"""Proficiency levels on either side of an upright mark, and guesses beside results."""

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.charts.guesses import guess_lines
from pd_core.charts.skills import level_bars
from tests.charts.specs import layers, only, rows_of, spec_of, texts, tooltips

LABELS = ("I have not used it", "I need help to use it", "I use it on my own", "I could teach it to others")
REASON = "fewer than 5 answered"
TYPES = {"share": pl.Float64, "respondents": pl.Int64, "reason": pl.String}
GUESS = {"skill_name": pl.String, "guess_share": pl.Float64, "share": pl.Float64}


def skill(name: str, *shares: float | None) -> list[dict[str, object]]:
    return [
        {
            "skill_name": name,
            "level": level,
            "level_label": label,
            "share": share,
            "respondents": None if share is None else 20,
            "suppressed": share is None,
            "reason": REASON if share is None else None,
        }
        for level, (label, share) in enumerate(zip(LABELS, shares, strict=True))
    ]


def frame_of(*skills: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([row for rows in skills for row in rows], schema_overrides=TYPES, infer_schema_length=None)


def guesses(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=GUESS, orient="row")


def test_levels_below_proficient_lie_left_of_zero_and_the_others_right() -> None:
    spec = spec_of(level_bars(frame_of(skill("OneNote", 0.45, 0.3, 0.2, 0.05)[::-1])))
    parts = rows_of(spec, only(spec, "bar", "x"))
    assert [row["level"] for row in parts] == ["0", "1", "2", "3"]
    assert [row["x"] for row in parts] == pytest.approx([-0.75, -0.3, 0.0, 0.2])
    assert [row["x2"] for row in parts] == pytest.approx([-0.3, 0.0, 0.2, 0.25])
    (mark,) = layers(spec, "tick")
    assert mark["encoding"]["x"]["datum"] == 0


def test_the_axis_is_as_broad_as_the_longest_sides_and_names_them() -> None:
    spec = spec_of(level_bars(frame_of(skill("OneNote", 0.45, 0.3, 0.2, 0.05), skill("Word", 0.0, 0.1, 0.5, 0.4))))
    x = spec["encoding"]["x"]
    assert x["scale"]["domain"] == pytest.approx([-0.75, 0.9])
    assert "not yet proficient" in x["axis"]["labelExpr"]


def test_the_figure_counts_the_proficient_people() -> None:
    weighted = [{**row, "respondents": None} for row in skill("Word", 0.1, 0.2, 0.4, 0.3)]
    spec = spec_of(level_bars(frame_of(skill("OneNote", 0.45, 0.3, 0.2, 0.05), weighted)))
    assert texts(spec, "figure") == ["5 of 20 proficient", "70% proficient"]


def test_the_legend_stands_in_the_order_of_the_scale_in_peoples_words() -> None:
    color = only(spec_of(level_bars(frame_of(skill("Word", 0.1, 0.2, 0.4, 0.3)[::-1]))), "bar", "x")["encoding"][
        "color"
    ]
    assert color["scale"]["domain"] == ["0", "1", "2", "3"]
    assert color["scale"]["range"] == list(theme.LEVEL_COLORS.values())
    assert '"0": "I have not used it"' in color["legend"]["labelExpr"]


def test_parts_with_room_bear_their_per_cent_on_the_axis_that_is_drawn() -> None:
    frame = frame_of(skill("OneNote", 1.0, 0.0, 0.0, 0.0), skill("Word", 0.0, 0.0, 0.8, 0.2))
    assert sorted(texts(spec_of(level_bars(frame)), "percent_text")) == ["100%", "80%"]


def test_a_hidden_level_hides_its_whole_skill() -> None:
    spec = spec_of(level_bars(frame_of(skill("Word", 0.1, 0.2, 0.4, 0.3), skill("Sway", 0.5, 0.2, 0.3, None))))
    assert {row["skill_name"] for row in rows_of(spec, only(spec, "bar", "x"))} == {"Word"}
    assert texts(spec, "hidden_text") == [f"hidden: {REASON}"]
    band = only(spec, "text", "hidden_text", "text")
    assert band["encoding"]["x"]["datum"] == spec["encoding"]["x"]["scale"]["domain"][0]


def test_levels_of_hidden_skills_alone_or_of_none_still_draw() -> None:
    for frame in (frame_of(skill("Sway", *[None] * 4)), frame_of(skill("Sway", *[None] * 4)).clear()):
        low, high = spec_of(level_bars(frame))["encoding"]["x"]["scale"]["domain"]
        assert low < 0 < high


def test_a_guess_is_hollow_the_result_full_and_a_line_lies_between() -> None:
    spec = spec_of(guess_lines(guesses(("OneNote", 0.7, 0.52))))
    hollow, full = only(spec, "point", "guess_share"), only(spec, "circle", "share")
    line = only(spec, "bar", "guess_share")
    assert hollow["mark"]["fill"] == {"expr": "background"}
    assert full["mark"]["color"] == theme.ACCENT
    assert line["encoding"]["x2"]["field"] == "share"
    assert hollow["mark"]["size"] > full["mark"]["size"], "a guess that was right is a ring around the result"
    assert texts(spec, "figure") == ["guessed 70%, is 52%"]


@pytest.mark.parametrize(
    ("guess", "share", "text"),
    [
        (0.7, 0.52, "18 points too high"),
        (0.51, 0.52, "1 point too low"),
        (0.8, 0.801, "the same"),
        (0.5, 0.625, "13 points too low"),
        (None, 0.5, "none"),
    ],
)
def test_a_guess_is_off_by_what_the_two_numbers_on_the_page_differ(
    guess: float | None, share: float, text: str
) -> None:
    spec = spec_of(guess_lines(guesses(("Word", guess, share))))
    assert tooltips(spec, only(spec, "circle", "share"))[0]["The guess"] == text


def test_a_skill_that_nobody_guessed_has_its_result_alone() -> None:
    spec = spec_of(guess_lines(guesses(("Word", None, 0.5))))
    assert rows_of(spec, only(spec, "point", "guess_share")) == rows_of(spec, only(spec, "bar", "guess_share")) == []
    assert texts(spec, "figure") == ["is 50%"]


def test_a_guess_of_a_hidden_skill_is_not_shown_either() -> None:
    frame = guesses(("Word", 0.4, 0.5), ("Sway", 0.4, 0.1)).with_columns(
        respondents=pl.Series([20, 3]), suppressed=pl.Series([False, True]), reason=pl.Series([None, REASON])
    )
    spec = spec_of(guess_lines(frame))
    assert [row["skill_name"] for row in rows_of(spec, only(spec, "circle", "share"))] == ["Word"]
    assert texts(spec, "hidden_text") == [f"hidden: {REASON}"]
    for mark, field in (("circle", "share"), ("point", "guess_share")):
        assert tooltips(spec, only(spec, mark, field))[0]["Answered"] == "10 of 20 who answered"
