"""A heat map of many schools as an HTML table, whose head stays in view; page.css has its look."""

from __future__ import annotations

from html import escape

import streamlit as st

from pd_core.charts.comparison import Cell, HeatTable


def show(found: HeatTable) -> None:
    """Show the map."""
    st.html(html(found))


def html(found: HeatTable) -> str:
    """The map. What is to know about a cell shows on hover; that it is unsure or hidden is read aloud too."""
    skills = "".join(f'<th scope="col"><span>{escape(skill)}</span></th>' for skill in found.skills)
    rows = "".join(_row(*row) for row in found.rows)
    head = f"<caption>{escape(found.key)}</caption><thead><tr><td></td>{skills}</tr></thead>"
    return f'<table class="pulse-map">{head}<tbody>{rows}</tbody></table>'


def _row(school: str, is_own: bool, cells: tuple[Cell | None, ...]) -> str:
    name = escape(school)
    own = ' class="pulse-own"' if is_own else ""
    return f'<tr><th scope="row" title="{name}"{own}>{name}</th>{"".join(map(_cell, cells))}</tr>'


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    about = escape(cell.about)
    if not cell.fill:
        return f'<td class="pulse-hidden" title="{about}">{cell.text}<span>{about}</span></td>'
    look = f'class="pulse-unsure-{cell.unsure}" style="background:{cell.fill};color:{cell.ink}"'
    return f'<td {look} title="{about}">{cell.text}</td>'
