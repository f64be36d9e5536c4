"""Documents as a plain web page: semantic HTML with a print style, no script, readable without anything else."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from pd_core.presentation.document import Bar, Bars, Document, Part, Point
from pd_core.presentation.session_views import Grid

_STYLE = Path(__file__).parent / "page.css"
_WIDTH, _HEIGHT = 200, 14
"""A bar's size in its own units; on the page it is as wide as its column."""


def html(document: Document) -> bytes:
    """The document as one file of HTML, nothing of it from elsewhere."""
    title = escape(document.title)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{title} · PD Pulse</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f'<header>\n<h1>{title}</h1>\n<p class="quiet">{escape(document.about)}</p>\n</header>\n<main>\n'
        f'<p class="headline">{escape(document.headline)}</p>\n{_progress(document)}{_facts(document)}'
        f"{_button(document)}{''.join(map(_part, document.parts))}</main>\n"
        f'<footer><p class="quiet">{escape(document.footer)}</p></footer>\n</body>\n</html>\n'
    ).encode()


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _progress(document: Document) -> str:
    if document.progress is None:
        return ""
    said = escape(document.progress_text)
    bar = Bar("Response rate", document.progress, None, None, None, document.progress_text, "")
    return f'<div class="progress">{_svg(bar)}</div>\n<p class="quiet">{said}</p>\n'


def _facts(document: Document) -> str:
    facts = "".join(
        f"<div><dt>{escape(one.label)}</dt><dd><strong>{escape(one.value)}</strong> "
        f'<span class="quiet">{escape(one.note)}</span></dd></div>\n'
        for one in document.figures
    )
    return f'<dl class="facts">\n{facts}</dl>\n'


def _button(document: Document) -> str:
    if not document.address:
        return ""
    return f'<p class="live"><a href="{escape(document.address)}">{escape(document.link)}</a></p>\n'


def _part(part: Part) -> str:
    name = f"part-{escape(part.name)}"
    inner = [f'<h2 id="{name}">{escape(part.heading)}</h2>']
    inner += [f"<p>{escape(line)}</p>" for line in part.lines]
    if part.points:
        inner.append(f"<ul>{''.join(map(_point, part.points))}</ul>")
    if part.bars:
        inner.append(_bars(part.bars))
    if part.grid:
        inner.append(_grid(part.grid, part.heading))
    inner += [f'<p class="fill">{escape(label)}</p>' for label in part.fill]
    return f'<section aria-labelledby="{name}">\n' + "\n".join(inner) + "\n</section>\n"


def _point(point: Point) -> str:
    lead = f"<strong>{escape(point.lead)}:</strong> " if point.lead else ""
    note = f' <span class="quiet">{escape(point.note)}</span>' if point.note else ""
    return f"<li>{lead}{escape(point.text)}{note}</li>"


def _bars(bars: Bars) -> str:
    rows = "".join(
        f'<tr class="{"hidden" if row.share is None else "shown"}"><th scope="row">{escape(row.label)}</th>'
        f'<td class="bar">{_svg(row)}</td><td>{escape(row.text)}</td><td>{escape(row.range_text)}</td></tr>\n'
        for row in bars.rows
    )
    return (
        f'<table class="bars">\n<caption>{escape(bars.sentence)}</caption>\n<thead><tr>{_headings(bars.headings)}</tr>'
        f'</thead>\n<tbody>\n{rows}</tbody>\n</table>\n<p class="quiet">{escape(bars.key)}</p>'
    )


def _svg(bar: Bar) -> str:
    def at(share: float) -> str:
        return f"{share * _WIDTH:.1f}".removesuffix(".0")

    drawn = [f'<rect class="track" width="{_WIDTH}" height="8" y="3"/>']
    if bar.share is not None:
        drawn.append(f'<rect class="share" width="{at(bar.share)}" height="8" y="3"/>')
    if bar.low is not None and bar.high is not None:
        width = at(max(bar.high - bar.low, 0.005))
        drawn.append(f'<rect class="range" x="{at(bar.low)}" width="{width}" height="3" y="5.5"/>')
    if bar.mark is not None:
        drawn.append(f'<rect class="mark" x="{at(bar.mark)}" width="1.5" height="{_HEIGHT}"/>')
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" '
        f'aria-label="{escape(bar.sentence)}"><title>{escape(bar.sentence)}</title>{"".join(drawn)}</svg>'
    )


def _grid(grid: Grid, caption: str) -> str:
    labels = [escape(heading) for heading in grid.headings]
    rows = "".join(
        "<tr>"
        + "".join(f'<td data-label="{label}">{escape(text)}</td>' for label, text in zip(labels, row, strict=True))
        + "</tr>\n"
        for row in grid.rows
    )
    return (
        f'<table class="grid">\n<caption class="unseen">{escape(caption)}</caption>\n'
        f"<thead><tr>{_headings(grid.headings)}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
    )


def _headings(headings: tuple[str, ...]) -> str:
    return "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
