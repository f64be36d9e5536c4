"""How figures are shown: a chart with its sentence, its table and its download; errors in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session import current_visitor, records
from pd_core.reports.files import FORMATS, Format, render, without_formulas
from pd_core.summaries.overview import Figure


def sample_note() -> None:
    """Says so where what is shown is made up."""
    if data.is_sample():
        st.markdown(":material/science: **Made-up sample district**, shown until the first export is uploaded.")


def figures(found: Iterable[Figure]) -> None:
    """A few numbers side by side, on a phone too."""
    with st.container(horizontal=True, gap="small"):
        for figure in found:
            with st.container(width=108, gap=None):
                st.metric(figure.label, figure.value)
                st.caption(figure.note)


def chart(
    figure: Any, sentence: str, table: Any, columns: Mapping[str, Any], *, name: str, note: str | None = None
) -> None:
    """A chart, what it says in a sentence (its alternative text too), and the table behind it with its downloads.

    `columns` holds the table's columns in order, with their headings as st.dataframe takes them; `name` names files and
    keys. `note` stands below in place of the sentence, where that is a heading already.
    """
    st.altair_chart(figure, width="stretch", alt=sentence, key=f"chart_{name}")
    st.caption(plain(sentence if note is None else note))
    behind(table, columns, name=name)


def behind(table: Any, columns: Mapping[str, Any], *, name: str, label: str = "The numbers as a table") -> None:
    """A table, folded away, with its downloads."""
    with st.expander(label, icon=":material/table_rows:"):
        rows(table, column_order=list(columns), column_config=dict(columns), key=f"table_{name}")
        downloads(table, name=name)


def rows(table: Any, **options: Any) -> None:
    """A table to read. Its own menu saves it as CSV in the browser, hence no text of it is a formula."""
    st.dataframe(without_formulas(table), hide_index=True, **options)


def downloads(table: Any, *, name: str) -> None:
    """The table as CSV and as a workbook; who took it away is written down."""
    taken_by = current_visitor.current()
    taken_by.require("export")

    def made(kind: Format) -> bytes:
        with current_visitor.let_in(taken_by):  # the file is made when somebody asks for it, after the page has run
            records.note_export(f"{name}{FORMATS[kind].ending}")
        return render(table, kind, name, bom=True)

    with st.container(horizontal=True):
        kinds: tuple[tuple[Format, str], ...] = (("xlsx", "Excel"), ("csv", "CSV"))
        for kind, label in kinds:
            st.download_button(
                f"Download {label} file",
                lambda kind=kind: made(kind),
                f"{name}{FORMATS[kind].ending}",
                FORMATS[kind].mime,
                key=f"download_{name}_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def hidden(rows: Iterable[Mapping[str, Any]], noun: str, column: str) -> str:
    """How many things (`noun`, as "school") of `column` are hidden, and why, as a sentence; empty where none is."""
    rows = list(rows)
    seen = {row[column] for row in rows if row["share"] is not None}
    reasons = {row[column]: str(row["reason"]) for row in rows if row["suppressed"]}
    if not reasons:
        return ""
    number = f"1 {noun} is" if len(reasons) == 1 else f"{len(reasons)} {noun}s are"
    part = " in part" if seen & reasons.keys() else ""
    return f"{number} hidden{part}: {', or '.join(dict.fromkeys(reasons.values()))}."


def percent(heading: str) -> Any:
    """A table's column of shares (0-1), written as whole percents."""
    return st.column_config.NumberColumn(heading, format="percent")


SKILL_COLUMNS = {
    "skill_name": "Skill",
    "respondents": "Answered",
    "proficient": "Proficient",
    "share": percent("Share"),
    "share_low": percent("From"),
    "share_high": percent("To"),
    "share_worst_low": percent("If all others said no"),
    "share_worst_high": percent("If all others said yes"),
    "district_share": percent("District"),
    "reason": "Hidden because",
}
LEVEL_COLUMNS = {
    "skill_name": "Skill",
    "level": "Level",
    "level_label": "What it means",
    "people": "People",
    "respondents": "Answered",
    "share": percent("Share"),
    "reason": "Hidden because",
}
SAMR_COLUMNS = {name: "SAMR level" if name == "level" else heading for name, heading in LEVEL_COLUMNS.items()}
