"""Writes workbooks as Microsoft Forms writes them, with their oddities; every trait is an argument.

Hand-written XML, since no workbook library can be talked into prefixed names, a wrong dimension or valueless cells.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True)
class Formula:
    """A formula: with the error that Excel shows for it, or without any result, as some programs save it."""

    text: str
    error: str | None = None


Cell = str | int | float | datetime | date | Formula | None
Rows = Sequence[Sequence[Cell]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PART_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>'

DAY_ZERO = datetime(1899, 12, 30)
GENERAL, DATE_TIME, DATE = 0, 1, 2  # positions in cellXfs of the styles part


def forms_workbook(
    headers: Sequence[str],
    rows: Rows,
    *,
    sheet: str = "Sheet1",
    prefix: str = "x:",
    dimension: str | None = "A1",
    valueless_blanks: bool = True,
    shared_strings: bool = True,
    table: str | None = "Table1",
    table_rows: int | None = None,
    created: datetime | None = None,
    junk_rows_above: Rows = (),
    junk_rows_below: Rows = (),
    extra_sheets_before: Mapping[str, Rows] | None = None,
    extra_sheets_after: Mapping[str, Rows] | None = None,
    hidden_sheets: Mapping[str, tuple[Rows, str]] | None = None,
    hidden_first: bool = False,
    last_row: int | None = None,
) -> bytes:
    """Return an .xlsx of one header row and its answers, the same bytes for the same arguments.

    prefix: `x:` as Forms writes, or nothing, as Excel does after a re-save.
    dimension: the sheet's claimed range, `A1` being the wrong claim of Forms; None leaves the claim out.
    valueless_blanks: a None is a string cell without a value; otherwise the cell is left out.
    shared_strings: False writes the text into the cells.
    table: the name of the table over the answers; None for no table. table_rows: how many answer rows its range still
    covers; None for all.
    created: the instant of the export; without a zone it is UTC. None leaves the document properties out.
    last_row: the number of a row without cells that ends the sheet, as LibreOffice writes 1048576.
    hidden_sheets: name to (rows, `hidden` or `veryHidden`), the last sheets, or with hidden_first the first.
    """
    before = [(name, content, "visible") for name, content in (extra_sheets_before or {}).items()]
    after = [(name, content, "visible") for name, content in (extra_sheets_after or {}).items()]
    hidden = [(name, content, state) for name, (content, state) in (hidden_sheets or {}).items()]
    answers = (sheet, [*junk_rows_above, headers, *rows, *junk_rows_below], "visible")
    sheets = [*before, answers, *after]
    sheets = [*hidden, *sheets] if hidden_first else [*sheets, *hidden]
    home = sheets.index(answers) + 1

    strings: dict[str, int] | None = {} if shared_strings else None
    parts: dict[str, str | Iterator[str]] = {
        "xl/workbook.xml": _workbook_part(prefix, [(name, state) for name, _, state in sheets]),
        "xl/styles.xml": _styles_part(prefix),
    }
    for number, (_, content, _) in enumerate(sheets, start=1):
        with_table = table is not None and number == home
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet_part(
            content, prefix, dimension, valueless_blanks, strings, with_table, last_row
        )
    if table is not None:
        first = len(junk_rows_above) + 1
        covered = len(rows) if table_rows is None else table_rows
        parts["xl/tables/table1.xml"] = _table_part(prefix, table, headers, first, first + covered)
        parts[f"xl/worksheets/_rels/sheet{home}.xml.rels"] = _relations([("table", "../tables/table1.xml")])
    if created is not None:
        parts["docProps/core.xml"] = _core_part(created)
    return _pack(parts, len(sheets), prefix, strings)


def put(archive: zipfile.ZipFile, name: str, content: str | Iterator[str]) -> None:
    """Write one part with a fixed time stamp, piece by piece, so that the same input gives the same bytes."""
    part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(part, "w") as stream:
        for piece in [content] if isinstance(content, str) else content:
            stream.write(piece.encode())


def serial(moment: date) -> float:
    """Days since the last day of 1899, Excel's way of writing a date; seconds are whole, there is no zone."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return round((moment.replace(microsecond=0) - DAY_ZERO) / timedelta(days=1), 10)


def column_name(index: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def xml_text(text: str) -> str:
    """Text for an element; what XML cannot hold, and the carriage return it would fold, in Excel's `_xHHHH_` form."""
    return escape(_without_controls(text))


def _pack(
    parts: Mapping[str, str | Iterator[str]], sheet_count: int, prefix: str, strings: dict[str, int] | None
) -> bytes:
    """Zip the parts of a workbook, adding the content types, the relations and, from strings, the shared strings."""
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheet_count + 1)]
    targets += [("styles", "styles.xml")] + ([("sharedStrings", "sharedStrings.xml")] if strings is not None else [])
    roots = [("officeDocument", "xl/workbook.xml")]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            put(archive, name, content)
        if strings is not None:  # after the sheets, which fill it while they are written
            put(archive, "xl/sharedStrings.xml", _strings_part(prefix, strings))
        put(archive, "xl/_rels/workbook.xml.rels", _relations(targets))
        put(archive, "_rels/.rels", _relations(roots, core="docProps/core.xml" in parts))
        names = [*archive.namelist(), "[Content_Types].xml"]
        put(archive, "[Content_Types].xml", _content_types(names))
    return buffer.getvalue()


def _sheet_part(
    rows: Rows,
    prefix: str,
    dimension: str | None,
    valueless_blanks: bool,
    strings: dict[str, int] | None,
    with_table: bool,
    last_row: int | None,
) -> Iterator[str]:
    p = prefix
    yield f'{XML_HEAD}<{p}worksheet {_namespaces(p)} xmlns:r="{OFFICE}">'
    if dimension is not None:
        yield f'<{p}dimension ref="{dimension}"/>'
    yield f"<{p}sheetData>"
    letters = [column_name(index) for index in range(max(map(len, rows), default=0))]
    for number, row in enumerate(rows, start=1):
        cells = [
            _cell(p, f"{letters[index]}{number}", value, strings)
            for index, value in enumerate(row)
            if value is not None or valueless_blanks
        ]
        yield f'<{p}row r="{number}">{"".join(cells)}</{p}row>'
    if last_row is not None:
        yield f'<{p}row r="{last_row}"/>'
    yield f"</{p}sheetData>"
    if with_table:
        yield f'<{p}tableParts count="1"><{p}tablePart r:id="rId1"/></{p}tableParts>'
    yield f"</{p}worksheet>"


def _cell(p: str, place: str, value: Cell, strings: dict[str, int] | None) -> str:
    if value is None:
        return f'<{p}c r="{place}" t="s"/>'
    if isinstance(value, Formula):
        kind, result = (' t="e"', f"<{p}v>{value.error}</{p}v>") if value.error else ("", "")
        return f'<{p}c r="{place}"{kind}><{p}f>{xml_text(value.text)}</{p}f>{result}</{p}c>'
    if isinstance(value, str):
        if strings is None:
            return f'<{p}c r="{place}" t="inlineStr"><{p}is>{_text_element(p, value)}</{p}is></{p}c>'
        return f'<{p}c r="{place}" t="s"><{p}v>{strings.setdefault(value, len(strings))}</{p}v></{p}c>'
    if isinstance(value, date):
        style = DATE_TIME if isinstance(value, datetime) else DATE
        return f'<{p}c r="{place}" s="{style}"><{p}v>{serial(value)!r}</{p}v></{p}c>'
    return f'<{p}c r="{place}"><{p}v>{value!r}</{p}v></{p}c>'


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", text)


def _text_element(p: str, text: str) -> str:
    return f'<{p}t xml:space="preserve">{xml_text(text)}</{p}t>'


def _namespaces(p: str) -> str:
    return f'xmlns:{p.rstrip(":")}="{MAIN}"' if p else f'xmlns="{MAIN}"'


def _strings_part(p: str, strings: Mapping[str, int]) -> Iterator[str]:
    yield f'{XML_HEAD}<{p}sst {_namespaces(p)} uniqueCount="{len(strings)}">'
    for text in strings:
        yield f"<{p}si>{_text_element(p, text)}</{p}si>"
    yield f"</{p}sst>"


def _workbook_part(p: str, sheets: Sequence[tuple[str, str]]) -> str:
    lines = []
    for number, (name, state) in enumerate(sheets, start=1):
        hidden = "" if state == "visible" else f' state="{state}"'
        lines.append(f'<{p}sheet name={quoteattr(name)} sheetId="{number}"{hidden} r:id="rId{number}"/>')
    body = f"<{p}sheets>{''.join(lines)}</{p}sheets>"
    return f'{XML_HEAD}<{p}workbook {_namespaces(p)} xmlns:r="{OFFICE}">{body}</{p}workbook>'


def _styles_part(p: str) -> str:
    formats = "".join(f'<{p}xf numFmtId="{number}" applyNumberFormat="1"/>' for number in (0, 164, 14))
    return (
        f"{XML_HEAD}<{p}styleSheet {_namespaces(p)}>"
        f'<{p}numFmts count="1"><{p}numFmt numFmtId="164" formatCode="m/d/yy h:mm:ss"/></{p}numFmts>'
        f'<{p}fonts><{p}font/></{p}fonts><{p}fills><{p}fill><{p}patternFill patternType="none"/></{p}fill></{p}fills>'
        f"<{p}borders><{p}border/></{p}borders>"
        f'<{p}cellStyleXfs><{p}xf numFmtId="0"/></{p}cellStyleXfs><{p}cellXfs>{formats}</{p}cellXfs>'
        f'<{p}cellStyles><{p}cellStyle name="Normal" xfId="0" builtinId="0"/></{p}cellStyles></{p}styleSheet>'
    )


def _table_part(p: str, name: str, headers: Sequence[str], first_row: int, last_row: int) -> str:
    reach = f"A{first_row}:{column_name(max(len(headers) - 1, 0))}{last_row}"
    columns = "".join(
        f'<{p}tableColumn id="{number}" name={quoteattr(_without_controls(header))}/>'
        for number, header in enumerate(headers, 1)
    )
    return (
        f'{XML_HEAD}<{p}table {_namespaces(p)} id="1" name="{name}" displayName="{name}" ref="{reach}">'
        f'<{p}autoFilter ref="{reach}"/><{p}tableColumns count="{len(headers)}">{columns}</{p}tableColumns></{p}table>'
    )


def _core_part(created: datetime) -> str:
    instant = created.astimezone(UTC) if created.tzinfo else created.replace(tzinfo=UTC)
    return (
        f'{XML_HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{instant:%Y-%m-%dT%H:%M:%SZ}</dcterms:created></cp:coreProperties>'
    )


def _relations(targets: Sequence[tuple[str, str]], *, core: bool = False) -> str:
    lines = [
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    ]
    if core:
        kind = f"{PACKAGE}/relationships/metadata/core-properties"
        lines.append(f'<Relationship Id="rId{len(lines) + 1}" Type="{kind}" Target="docProps/core.xml"/>')
    return f'{XML_HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _content_types(names: Sequence[str]) -> str:
    kinds = {
        "xl/workbook.xml": f"{PART_TYPE}.sheet.main+xml",
        "xl/styles.xml": f"{PART_TYPE}.styles+xml",
        "xl/sharedStrings.xml": f"{PART_TYPE}.sharedStrings+xml",
        "xl/tables/table1.xml": f"{PART_TYPE}.table+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    kinds |= {name: f"{PART_TYPE}.worksheet+xml" for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)}
    lines = [f'<Override PartName="/{name}" ContentType="{kinds[name]}"/>' for name in names if name in kinds]
    return (
        f'{XML_HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(lines)}</Types>'
    )
