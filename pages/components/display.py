"""How sections are shown: a chart with its sentence, its table and its downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from pages.components import clock, data, headings, heat_table
from pages.components.browser import hand_over
from pages.components.markdown import plain
from pages.components.session import current_visitor, records, rights
from pd_core.access import DISTRICT
from pd_core.presentation import explanations
from pd_core.presentation.chapters import Chapter, Formula
from pd_core.presentation.formulas import without_formulas
from pd_core.presentation.section import Column, Columns, Drawing, Figure, Section, Table, Unit
from pd_core.presentation.whose_answers import whose_answers
from pd_core.reports.chart_picture import PICTURES, picture, picture_words
from pd_core.reports.files import FORMATS, Format, render

STARTS_OPEN = False
"""Whether the tables behind charts start unfolded."""
NOTHING = ""
"""What a cell without a value shows; Streamlit would write None."""
_NUMBERS: dict[Unit, str | None] = {
    "count": None,
    "people": "%.0f",
    "share": "percent",
    "points": "%+d",
    "signed": "%+d",
    "hours": "%.1f",
    "money": "%.0f",
}
_DAY = "MMM D, YYYY"
_MOMENT = f"ddd {_DAY}, h:mm a"
_FILES: tuple[tuple[Format, str], ...] = (("xlsx", "Excel"), ("csv", "CSV"))


def figures(found: Iterable[Figure]) -> None:
    """Show a few numbers side by side, on a phone too.

    As one part of HTML: Streamlit's metrics took a browser 50 ms of the 350 to the first screen of Plan.
    """
    st.html(f'<dl class="pulse-figures">{"".join(map(_figure, found))}</dl>')


def _figure(found: Figure) -> str:
    about = explanations.of_figure(found.label)
    help_ = f'<span class="pulse-help" tabindex="0"><span role="note">{escape(about)}</span></span>' if about else ""
    note = f"<dd>{escape(found.note)}</dd>" if found.note else ""
    value = f'<dd class="pulse-value">{escape(found.value)}</dd>'
    return f"<div><dt>{escape(found.label)}{help_}</dt>{value}{note}</div>"


def section(found: Section, *, is_headed: bool = False) -> None:
    """Show a section in order: heading, sentences, chart, note, and the table behind it with its downloads.

    With `is_headed` its heading is already shown elsewhere.
    """
    _words(found, is_headed=is_headed)
    if found.drawing:
        if found.cells:
            heat_table.show(found.cells)
        else:
            drawing(found.drawing, found.alt or found.sentence, name=found.name)
        st.caption(plain(found.sentence if found.note is None else found.note))
    elif found.note:
        st.caption(plain(found.note))
    if found.table:
        behind(found.table, found if found.drawing else None)


def open_section(found: Section) -> None:
    """Show a section whose table is the point of it, so it is not folded away."""
    _words(found)
    if found.table:
        if found.sentence not in (found.heading, *found.lines):
            st.caption(plain(found.sentence))
        table(found.table)


def _words(found: Section, *, is_headed: bool = False) -> None:
    if found.heading and not is_headed:
        headings.header(plain(found.heading), found.name)
    headings.sentences(found.lines)


def chapter(found: Chapter) -> None:
    """Show a chapter: its heading, then texts and formulas."""
    st.header(found.heading)
    for part in found.parts:
        if isinstance(part, Formula):
            st.latex(part.tex)
        else:
            st.markdown(part)


def drawing(found: Drawing, alt: str, *, name: str) -> None:
    """Show a finished chart; `alt` describes it for screen readers, `name` is its key."""
    spec = {**found.spec, "datasets": found.datasets}
    st.vega_lite_chart(spec, width="stretch", alt=alt, key=f"chart_{name}")


def behind(found: Table, charted: Section | None = None) -> None:
    """Show a table, folded away, with its downloads; the browser gets them when the reader opens the fold.

    With the section that charts the table, also its chart as a picture.
    """
    folded = fold(found.label, "table_rows", found.name)
    if folded.open:
        with folded:
            table(found)
            if charted:
                pictures(charted)


def fold(label: str, icon: str, name: str) -> ExpanderContainer:
    """A fold, to be filled only while it is `open`: the browser gets what is in it when the reader opens it."""
    return st.expander(label, STARTS_OPEN, icon=f":material/{icon}:", key=f"fold_{name}", on_change="rerun")


def pictures(found: Section) -> None:
    """Offer the chart of a section as a picture, to copy or as a file, with title, people and day in it.

    A file is drawn on the click. Copies and files go into the audit.
    """
    visitor, school_id = current_visitor.current(), str(st.session_state.get("filter_school") or DISTRICT)
    waves = data.waves()
    asked = (st.session_state.get("filter_wave"), st.query_params.get("to"), *waves)
    wave_id = next((wave_id for wave_id in asked if wave_id in waves), "")
    role = st.session_state.get("filter_role") or None
    about = whose_answers(data.wave_survey(wave_id, role), school_id) if wave_id else ""
    today = clock.today()

    def note_copy() -> None:
        with current_visitor.let_in(visitor):  # the click comes before the page runs again
            records.note_export(f"{found.name}.png, copied")

    with st.container(horizontal=True, vertical_alignment="center"):
        title, lines = picture_words(found, about, today)
        if not found.cells:  # the browser takes its picture from the chart that it shows
            hand_over.chart(found.name, title, lines, note_copy)
        for kind, (label, mime) in PICTURES.items():
            key = f"picture_{found.name}_{kind}"
            make = partial(picture, found, kind, about, today)
            download(f"Download chart ({label})", f"{found.name}.{kind}", make, mime, key=key)


def table(found: Table, files: Table | None = None) -> None:
    """Show a table with its downloads, or with those of another one."""
    st.dataframe(
        found.arrow,
        hide_index=True,
        column_config=column_config(found.columns),
        key=f"table_{found.name}",
        placeholder=NOTHING,
    )
    files = files or found
    downloads(files.frame, name=files.name, columns=files.columns)


def grid(headings: Sequence[str], found: Sequence[Sequence[str]]) -> None:
    """Show texts as a table that reads well on a phone and on paper; a text of several lines has them one below the
    other."""
    columns = zip(*found, strict=True) if found else ((),) * len(headings)
    cells = [["  \n".join(map(plain, text.split("\n"))) for text in column] for column in columns]
    st.table(dict(zip(headings, cells, strict=True)))


def rows(found: Any, **options: Any) -> None:
    """Show a table that belongs to no section. Its menu saves it as CSV, so formulas are made harmless."""
    st.dataframe(without_formulas(found), hide_index=True, placeholder=NOTHING, **options)


def column_config(columns: Columns) -> dict[str, Any]:
    """Headings and units as Streamlit's column settings."""
    return {name: _column(column) for name, column in columns.items()}


def _column(column: Column) -> Any:
    if column.unit == "text":
        return column.heading
    if column.unit == "moment":
        return st.column_config.DatetimeColumn(column.heading, format=_MOMENT)
    if column.unit == "day":
        return st.column_config.DateColumn(column.heading, format=_DAY)
    return st.column_config.NumberColumn(column.heading, format=_NUMBERS[column.unit])


def downloads(table: Any, *, name: str, columns: Columns | None = None) -> None:
    """Offer the table as CSV, and as a workbook with the headings of `columns`; each download goes into the audit."""
    with st.container(horizontal=True):
        for kind, label in _FILES:
            file = f"{name}{FORMATS[kind].ending}"
            make = partial(render, table, kind, name, bom=True, columns=columns)
            download(f"Download {label} file", file, make, FORMATS[kind].mime, key=f"download_{name}_{kind}")


def download(label: str, file: str, make: Callable[[], bytes], mime: str, *, key: str) -> None:
    """Offer a file, made on the click; the download goes into the audit."""
    taken_by = current_visitor.current()
    taken_by.require("export")

    def made() -> bytes:
        with current_visitor.let_in(taken_by):  # the file is made on the click, after the page has run
            records.note_export(file)
        return make()

    st.download_button(
        label, rights.while_they_last(made), file, mime, key=key, icon=":material/download:", on_click="ignore"
    )
