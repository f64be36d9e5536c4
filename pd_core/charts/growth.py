"""What changed between two waves: shares then and now, and how sure each change is."""

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, theme

_TITLES = {"skill_name": "Skill", "school_name": "School"}
_DUMBBELL_KEY = (f"○ then{theme.GAP}● now", "Thin line: where now may lie, given the change's range")
_CHANGE_KEY = (f"● change{theme.GAP}— its likely range", "| smallest change that would probably be seen, either way")
_LEAST_REACH = 0.3
"""The axis of changes reaches at least so far, so that a small change looks small."""


def change_dumbbells(frame: pl.DataFrame, row: str = "skill_name", bold: tuple[str, ...] = ()) -> alt.LayerChart:
    """Draw a share then and now on each row, joined by a line, with the range of the change.

    Columns: ``row`` (skill_name or school_name), ``share_from``, ``share_to`` (0-1), ``change_low``, ``change_high``
    (-1 to 1; null is not drawn), ``word`` (at the end of the row; null: nothing), ``answers_text`` (for the tooltip),
    ``suppressed``, ``reason``. One row per label, in the frame's order, those in ``bold`` in bold; a row without a
    share in either wave is a "hidden" band with its reason.
    """
    across = row_layout.shares_across(_DUMBBELL_KEY)
    shares = [pl.col("share_from"), pl.col("share_to")]
    both = theme.percent(shares[0]) + " → " + theme.percent(shares[1])
    frame = frame.with_columns(change=pl.when(~pl.col("suppressed")).then(shares[1] - shares[0]))
    shown, unseen = _split(frame)
    shown = shown.with_columns(
        (both + (" · " + pl.col("word")).fill_null("")).alias("figure"),
        both.alias("shares_text"),
        _range_text(),
        (shares[0] + pl.col("change_low")).clip(0, 1).alias("low"),
        (shares[0] + pl.col("change_high")).clip(0, 1).alias("high"),
    ).with_columns(labels.aria_label([row], "figure"))
    down = row_layout.RowAxis(
        row, row_layout.row_order(frame, row), bold=bold, figure_room=row_layout.figure_room(shown)
    )
    shown, words = labels.known(shown, {"word": "In a word", "answers_text": "Answers"})
    name = alt.Tooltip(f"{row}:N", title=_TITLES[row])
    tooltips = [
        name,
        alt.Tooltip("shares_text:N", title="Proficient"),
        alt.Tooltip("range_text:N", title="Change, likely"),
        *words,
    ]
    offset = down.mark_offset
    thin = alt.Chart(shown.drop_nulls(["low", "high"])).mark_bar(
        height=theme.BOUND_WIDTH,
        color=theme.INK,
        opacity=theme.BOUND_OPACITY,
        tooltip=False,
        aria=False,
        yOffset=offset,
    )
    line = alt.Chart(shown).mark_bar(
        height=theme.LINE_WIDTH, color=theme.ACCENT, cornerRadius=2, aria=False, yOffset=offset
    )
    ring = alt.Chart(shown).mark_point(
        size=theme.DOT_SIZE,
        color=theme.ACCENT,
        fill=alt.ExprRef("background"),
        opacity=1,
        strokeWidth=2,
        aria=False,
        yOffset=offset,
    )
    dot = alt.Chart(shown).mark_circle(
        size=theme.DOT_SIZE, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1, yOffset=offset
    )
    layers = [
        row_layout.track(shown, down, across),
        thin.encode(x=across.field("low"), x2=alt.X2("high")),
        line.encode(x=across.field("share_from"), x2=alt.X2("share_to"), tooltip=tooltips),
        ring.encode(x=across.field("share_from"), tooltip=tooltips),
        dot.encode(x=across.field("share_to"), tooltip=tooltips, description=alt.Description("aria_label:N")),
        row_layout.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    return row_layout.finish(layers, down, across)


def change_intervals(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw each skill's change with its range, and the smallest change that would probably have been seen.

    Columns: ``skill_name``, ``change``, ``change_low``, ``change_high`` (-1 to 1; null is not drawn),
    ``smallest_change`` (0-1; null: not known), ``suppressed``, ``reason``. One row per
    skill, in the frame's order; a row without a change is a "hidden" band with its reason.
    """
    shown, unseen = _split(frame)
    ends = shown.select(pl.max_horizontal("change_high", -pl.col("change_low"), "smallest_change").max()).item()
    reach = min(1.0, max(_LEAST_REACH, float(ends or 0.0)))
    label = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + format(abs(datum.value) * 100, '.0f')"
    across = row_layout.ValueAxis(reach, (-reach, 0.0, reach), label, (*_CHANGE_KEY, "Points"), low=-reach)
    smallest = pl.col("smallest_change")
    shown = shown.with_columns(
        (_points(pl.col("change")) + (", seen from " + theme.whole(smallest * 100)).fill_null("")).alias("figure"),
        _range_text(),
        (theme.whole(smallest * 100) + " points").fill_null("not known").alias("smallest_text"),
        pl.when(smallest <= reach).then(smallest).alias("above"),
        pl.when(smallest <= reach).then(-smallest).alias("below"),
    ).with_columns(labels.aria_label(["skill_name"], "figure"))
    down = row_layout.RowAxis(
        "skill_name", row_layout.row_order(frame, "skill_name"), figure_room=row_layout.figure_room(shown)
    )
    name = alt.Tooltip("skill_name:N", title="Skill")
    tooltips = [
        name,
        alt.Tooltip("range_text:N", title="Change, likely"),
        alt.Tooltip("smallest_text:N", title="Smallest change seen"),
    ]
    offset = down.mark_offset
    line = alt.Chart(shown.drop_nulls(["change_low", "change_high"])).mark_bar(
        height=theme.LINE_WIDTH, color=theme.ACCENT, cornerRadius=2, aria=False, yOffset=offset
    )
    dot = alt.Chart(shown).mark_circle(
        size=theme.DOT_SIZE, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1, yOffset=offset
    )
    zero = alt.Chart(shown).mark_tick(
        orient="vertical",
        size=theme.TICK_HEIGHT,
        thickness=1,
        opacity=1,
        color=theme.NEUTRAL,
        tooltip=False,
        aria=False,
        yOffset=offset,
    )
    limits = [row_layout.ticks(shown.drop_nulls(end), down).encode(x=across.field(end)) for end in ("above", "below")]
    layers = [
        row_layout.track(shown, down, across),
        zero.encode(x=across.at(0)),
        *limits,
        line.encode(x=across.field("change_low"), x2=alt.X2("change_high"), tooltip=tooltips),
        dot.encode(x=across.field("change"), tooltip=tooltips, description=alt.Description("aria_label:N")),
        row_layout.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    return row_layout.finish(layers, down, across)


def _split(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split rows with a change from those without one, which say why in ``hidden_text``."""
    shown, unseen = labels.split_hidden(frame, "change")
    reason = pl.when("suppressed").then("hidden_text").otherwise(pl.col("reason").cast(pl.String))
    return shown, unseen.with_columns(hidden_text=reason)


def _range_text() -> pl.Expr:
    low, high = (_points(pl.col(name)) for name in ("change_low", "change_high"))
    return labels.between(low, high).fill_null("not known").alias("range_text")


def _points(change: pl.Expr) -> pl.Expr:
    """Write a change (-1 to 1) as whole points with its sign: "+12", "−3", "0"."""
    size = theme.whole(change.abs() * 100)
    sign = pl.when(size == "0").then(pl.lit("")).when(change > 0).then(pl.lit("+")).otherwise(pl.lit("−"))
    return sign + size
