"""CSV files: the encoding they were saved in, what separates their cells, and the cells as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from pd_core.errors import RefusedFile
from pd_core.ingestion.budget import watched

MAX_COLUMNS = 702
MAX_ROWS = 500_000
MAX_CSV_CELLS = 15_000_000
SEARCHED_ROWS = 30
MAX_BYTES = 100 * 1024 * 1024
MAX_CSV_BYTES = 64 * 1024 * 1024
"""Less than of a workbook: a letter of text takes up to four bytes, and there are copies on the way."""
_MAX_START = 16 * 1024**2  # of the lines in which headers are looked for
_SAMPLE = 200_000  # bytes or letters by which an encoding is recognized
csv.field_size_limit(MAX_BYTES)  # the usual limit refuses a long comment

# Of a byte above 127 both say something; its neighbors show which of the two makes words.
_WESTERN = ("cp1252", "mac_roman", "latin-1", "cp850")
# These are taken only where they alone show a header that is known.
_OTHERS = ("cp1250", "cp1254", "cp1251", "cp1253", "cp932", "gb18030", "cp949", "big5")
_NOT_WORDS = re.compile(
    "(?<=[a-z\u00df-\u00ff])[\u00c0-\u00de\u0160\u017d\u0152\u0178]"  # a capital in the middle of a word: cafŽ
    "|(?<=[A-Z])[\u00c0-\u00de\u0160\u017d\u0152](?=[a-z\u00df-\u00ff])"  # IÕve
    r"|(?<=\w)[^\x00-\x7f\w\s\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00ad](?=\w)"  # a sign within a word: caf©s
    "|[\x80-\x9f]"  # a control character
)
_TWICE = re.compile("Ã[\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|â€|Â[\u00a0-\u00bf]")
HeaderScore = Callable[[list[str]], int]


@dataclass(frozen=True)
class CsvCells:
    """The cells of a CSV file, `c0`, `c1` …, null where a cell is empty.

    `header_cells` is how many cells the row of headers has, unnamed ones too; the frame has one column more. `note`
    says what is damaged in the text or cut off, or nothing. `separator` is what separates the cells.
    """

    cells: pl.DataFrame
    header_cells: int
    note: str
    separator: str


def read_csv(file: str, data: bytes, header_score: HeaderScore) -> CsvCells | None:
    """The cells of a CSV file by the separator with which its headers are known; null where no row holds any.

    `header_score` tells of a row's cells how many are known headers. Raises RefusedFile.
    """
    text, note = decoded_with_note(file, data, lambda start: max(_best_row(start, header_score)[:1], default=0))
    text = with_plain_line_ends(text)
    start = "".join(islice(io.StringIO(text), 4 * SEARCHED_ROWS))
    if len(start) > _MAX_START:
        raise RefusedFile(
            f"{file} is too large: its first {4 * SEARCHED_ROWS} lines have {len(start) / 1e6:,.0f} million letters.",
            "Export the form again, and look for stray cells.",
        )
    score, width, delimiter, header_cells = _best_row(start, header_score)
    if not score:
        return None
    if width > MAX_COLUMNS:
        raise RefusedFile(
            f"{file} is too large: it has {width:,} columns (at most {MAX_COLUMNS} are read).",
            "Export the form again: a survey has far fewer. Delete added columns.",
        )
    if (rows := text.count("\n")) > MAX_ROWS:
        raise RefusedFile(
            f"{file} is too large: it has {rows:,} lines (at most {MAX_ROWS:,} are read).",
            "Export the form again: a survey has far fewer. Delete stray rows, or split it by building.",
        )
    if width * rows > MAX_CSV_CELLS:
        raise RefusedFile(
            f"{file} is too large: it has {rows:,} lines and {width} columns.",
            "Export the form again: a survey has far fewer. Delete added columns and stray rows.",
        )
    # One column more than any row has: what lands there shows a row with too many cells.
    schema = {f"c{i}": pl.String for i in range(width + 1)}
    try:
        cells = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=delimiter,
            schema=schema,
            missing_columns="insert",
            truncate_ragged_lines=True,
        )
    except pl.exceptions.PolarsError as error:
        raise RefusedFile(
            f"{file} is a damaged CSV file: a quotation mark is opened and never closed.",
            "Export the answers again, as an Excel workbook if you can.",
        ) from error
    notes = [one for one in (note, _cut_off(file, text, delimiter, header_cells)) if one]
    return CsvCells(cells, header_cells, " ".join(notes), delimiter)


def _cut_off(file: str, text: str, delimiter: str, header_cells: int) -> str:
    """A sentence where the last line looks as if a download had broken off: short, and without the end of a line."""
    last = text[text.rfind("\n") + 1 :]
    if not last or last.count('"') % 2:  # an open quotation mark belongs to lines before it
        return ""
    found = len(next(csv.reader([last], delimiter=delimiter)))
    if found >= header_cells:
        return ""
    return (
        f"The last row of {file} ends early, with {found} of {header_cells} columns and no end of line: if the file "
        "was cut off, export it again."
    )


def whole_lines(file: str, sheets: Sequence[pl.DataFrame], data: bytes, header_score: HeaderScore) -> CsvCells | None:
    """The cells of a text file that Excel opened without splitting it, each line in one cell; null where it was not so.

    `sheets` are the cells of a workbook; of a text file whose lines were put in quotation marks as a whole, `data` is
    read. A line may be split where it holds the separator that Excel looked for: it is put together again.
    """
    if data.startswith(b"PK"):
        for cells in sheets:
            for mark in (",", ";"):
                found = _split_again(file, cells.head(SEARCHED_ROWS), mark, header_score)
                # Had Excel looked for the separator that the lines have, it would have split them.
                if found and (found.separator != mark or cells.width == 1):
                    return _split_again(file, cells, mark, header_score)
        return None
    text = with_plain_line_ends(decoded(file, data))

    def first_cells(most: int | None) -> pl.DataFrame:
        rows = watched(islice(csv.reader(io.StringIO(text, newline="")), most))
        return pl.DataFrame({"c0": [row[0] if row else "" for row in rows]}, schema={"c0": pl.String})

    try:
        if _split_again(file, first_cells(SEARCHED_ROWS), ",", header_score):
            return _split_again(file, first_cells(None), ",", header_score)
    except csv.Error:
        pass
    return None


def _split_again(file: str, cells: pl.DataFrame, mark: str, header_score: HeaderScore) -> CsvCells | None:
    lines = cells.select(pl.concat_str(pl.all().fill_null(""), separator=mark).str.strip_chars_end(mark)).to_series()
    return read_csv(file, "\n".join(lines).encode(), header_score)


def _best_row(start: str, header_score: HeaderScore) -> tuple[int, int, str, int]:
    """Score and number of cells of the best row of headers, with the widest row and the separator that shows it."""
    best = (0, 0, ",", 0)
    for delimiter in (",", ";", "\t", "|"):
        try:
            rows = list(islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), SEARCHED_ROWS))
        except csv.Error:
            continue
        scores = [header_score(row) for row in rows]
        score, width = max(scores, default=0), max(map(len, rows), default=0)
        if score and (score, width) > best[:2]:
            best = (score, width, delimiter, len(rows[scores.index(score)]))
    return best


def with_plain_line_ends(text: str) -> str:
    """Text as saved on an old Mac, with CR alone at the ends of lines, as all else has it."""
    return text if "\n" in text else text.replace("\r", "\n")


def decoded(file: str, data: bytes) -> str:
    """Text in whichever of the usual encodings it was saved. Raises RefusedFile where it is not text."""
    return decoded_with_note(file, data)[0]


def decoded_with_note(file: str, data: bytes, known_headers: Callable[[str], int] = lambda text: 0) -> tuple[str, str]:
    """Text in the encoding in which it was saved, and a sentence on what is damaged in it (or nothing).

    `known_headers` tells of the text's beginning how many headers of an export it shows. Raises RefusedFile where it is
    no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        wide = "utf-32" if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")) else "utf-16"
        try:
            return data.decode(wide), ""
        except UnicodeDecodeError as error:
            raise RefusedFile(
                f"{file} is not readable as text: its encoding, {wide.upper()}, is damaged.",
                "Export the answers again, as an Excel workbook if you can.",
            ) from error
    if unmarked := _wide_without_mark(data):
        return data.decode(unmarked, errors="replace"), ""
    if b"\0" in data[:4096]:
        raise RefusedFile(
            f"{file} is not a survey export: it is neither an Excel workbook nor text.",
            "Use the file that Microsoft Forms gives under “Open results in Excel”.",
        )
    try:
        return _once(data.decode("utf-8-sig")), ""
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8-sig", errors="replace")
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    letters = len(text) - len(text.encode("ascii", errors="ignore"))
    if letters - text.count("\ufffd") > bad:  # nearly all of it is UTF-8: another encoding would spoil each accent
        line = text[: text.index("\ufffd")].count("\n") + 1
        signs = "1 character is" if bad == 1 else f"{bad:,} characters are"
        return text, f"{signs} damaged in {file} (not UTF-8), the first in line {line}; “\ufffd” is in its place."
    return data.decode(_encoding(data, known_headers), errors="replace"), ""


def _wide_without_mark(data: bytes) -> str:
    """The byte order of UTF-16 text that does not begin by saying it: every second byte of its headers is null."""
    start = data[:4096]
    for encoding, high in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(high) > 20 and high.count(0) > 0.8 * len(high):
            return encoding
    return ""


def _once(text: str) -> str:
    """Text as it was before some program took its UTF-8 for Windows-1252 and saved it so."""
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _encoding(data: bytes, known_headers: Callable[[str], int]) -> str:
    """The encoding that shows the most known headers, then the fewest signs that make no words."""
    high = re.search(rb"[\x80-\xff]", data)
    from_first = data[high.start() if high else 0 :]
    scores: list[tuple[int, int, str]] = []
    for encoding in _WESTERN:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        known = known_headers(data[:_SAMPLE].decode(encoding))
        scores.append((known, -len(_NOT_WORDS.findall(from_first[:_SAMPLE].decode(encoding))), encoding))
    best = max(scores, key=lambda score: score[:2])  # of equals the first
    for encoding in _OTHERS:
        known = known_headers(data[:_SAMPLE].decode(encoding, errors="replace"))
        if known > best[0]:
            best = (known, 0, encoding)
    return best[2]
