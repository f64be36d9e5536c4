"""A chart on a slide: native, so that people can edit it, with its ranges and its alternative text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pd_core.presentation.document import Bar, Bars

INK = "131C26"
_ACCENT, _NEUTRAL = "8FBBDD", "C9CFD5"
"""Pale, so that the numbers in them and the ranges across them are read."""
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_chart(slide: Any, bars: Bars, left: float, top: float, width: float, height: float) -> None:
    """Add the bars as a chart that people can edit, with their likely ranges as error bars; sizes are in inches."""
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415 - as above
    from pptx.dml.color import RGBColor  # noqa: PLC0415 - as above
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION  # noqa: PLC0415 - as above
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as above

    data = CategoryChartData(number_format="0%")
    data.categories = [row.label if row.share is not None else f"{row.label} (hidden)" for row in bars.rows]
    data.add_series(bars.headings[2], [row.share for row in bars.rows])
    has_marks = any(row.mark is not None for row in bars.rows)
    if has_marks:
        data.add_series("The rest of the district", [row.mark for row in bars.rows])
    place = (Inches(left), Inches(top), Inches(width), Inches(height))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    describe(frame, "Chart", bars.alt)
    chart = frame.chart
    chart.font.size, chart.font.color.rgb = Pt(11), RGBColor.from_string(INK)
    chart.has_title, chart.has_legend = False, has_marks
    if has_marks:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.fill.background()
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 1
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    for series, color in zip(plot.series, (_ACCENT, _NEUTRAL), strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(color)
    labels = plot.series[0].data_labels
    labels.position = XL_LABEL_POSITION.INSIDE_BASE  # at the end of the bar is its range
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0%", False
    _add_ranges(plot.series[0], bars)


def _add_ranges(series: Any, bars: Bars) -> None:
    """Give each bar its likely range, for which python-pptx has no call; a bar without one has no line."""
    from pptx.oxml import parse_xml  # noqa: PLC0415 - as above

    def numbers(of: Callable[[Bar], float]) -> str:
        known = [(place, of(row)) for place, row in enumerate(bars.rows) if None not in (row.share, row.low, row.high)]
        points = "".join(f'<c:pt idx="{place}"><c:v>{max(0.0, value):.4f}</c:v></c:pt>' for place, value in known)
        return f'<c:numLit><c:formatCode>0%</c:formatCode><c:ptCount val="{len(bars.rows)}"/>{points}</c:numLit>'

    above = numbers(lambda row: (row.high or 0.0) - (row.share or 0.0))
    below = numbers(lambda row: (row.share or 0.0) - (row.low or 0.0))
    line = f'<a:ln w="15875"><a:solidFill><a:srgbClr val="{INK}"/></a:solidFill></a:ln>'
    ranges = (
        f'<c:errBars xmlns:c="{_CHART}" xmlns:a="{_DRAWING}"><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{above}</c:plus><c:minus>{below}</c:minus><c:spPr>{line}</c:spPr></c:errBars>'
    )
    series._element.find(f"{{{_CHART}}}cat").addprevious(parse_xml(ranges))


def describe(shape: Any, name: str, text: str) -> None:
    """Give a shape its alternative text, for which python-pptx has no call."""
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", text)
