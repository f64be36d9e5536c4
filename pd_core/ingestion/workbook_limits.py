"""Looks into a workbook before any library opens it: a small file can unpack to more than the machine holds."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from pd_core.errors import RefusedFile
from pd_core.ingestion.budget import check
from pd_core.ingestion.sheet_extent import Extent
from pd_core.ingestion.zip_parts import OVERLAP, chunks, whole
from pd_core.wording import listed

MAX_UNPACKED = 256 * 1024**2
"""Bytes of all parts, and of what their cells hold: read, a text takes three times its size."""
MAX_AREA = 20_000_000
MAX_CELLS = 4_000_000
MAX_SHEETS = 50
MAX_TEXT = 32_767
MAX_TEXTS = 3_000_000
_MAX_LIST = 5 * 1024**2  # of the part that lists the sheets
_LIST, _TEXTS = "xl/workbook.xml", "sharedstrings.xml"
_LEAST_CELL = len("<c><v>0</v></c>")
_SHEET = re.compile(rb"<(?:[\w.-]++:)?sheet[\s/>]")
_STRING_END = re.compile(rb"</(?:[\w.-]++:)?si\s*+>|<(?:[\w.-]++:)?si\s*+/>")
_MARKUP = re.compile(rb"<[^<>]*+>")
_MOST_DIGITS = 9
_DAMAGED = "Export the answers again and drop the new file."
# A damaged file can make the zip library raise nearly anything; whatever it is, the file is damaged.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, LookupError)


@dataclass
class _Book:
    """What a workbook's parts add up to.

    `texts` are the lengths of the texts that are kept once, and `longest` the greatest of them; `lengths` are the same
    where they could fill the machine, and `filled` is what they then come to where they are used. `has_remarks`: what
    looks like the end of a text may be none.
    """

    file: str
    data: bytes
    max_columns: int
    sheets: int = 1
    unpacked: int = 0
    texts: list[int] = field(default_factory=list)
    longest: int = 0
    lengths: NDArray[np.int64] | None = None
    filled: int = 0
    has_remarks: bool = False
    cells: int = 0
    has_lost: bool = False


def check_workbook(file: str, data: bytes, max_columns: int) -> bool:
    """Passes a workbook that is whole and of a size that can be read; whether a cell's answer may be lost in it.

    Raises RefusedFile for one that is damaged, is no workbook, unpacks to more than `MAX_UNPACKED` (told from its
    directory, without unpacking), gives a false size or checksum, has more than `MAX_SHEETS` sheets, `MAX_CELLS` cells
    or `MAX_TEXTS` texts, spreads its cells over more than `max_columns` columns or an area of `MAX_AREA`, has a text of
    more than `MAX_TEXT` letters, or costs more than its budget.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.casefold() for part in parts}
            if _LIST not in names:
                raise _other_package(file, [part.filename for part in parts])
            if (unpacked := sum(part.file_size for part in parts)) > MAX_UNPACKED:
                raise _too_large(file, f"unpacks to {unpacked / 1e6:,.0f} MB")
            if any(part.flag_bits & 1 for part in parts):
                raise RefusedFile(f"{file} is protected by a password.", "Save it without one and drop it again.")
            if len(names) < len(parts):
                raise zipfile.BadZipFile("two parts of one name")
            book = _Book(file, data, max_columns, unpacked=unpacked)
            for part in sorted(parts, key=_place):
                _check_part(book, part)
            _check_texts(book)
            return book.has_lost
    except _BROKEN as error:
        raise RefusedFile(f"{file} is a damaged or cut-off workbook.", _DAMAGED) from error


def _place(part: zipfile.ZipInfo) -> int:
    """Which parts come first: the list of the sheets, and the texts, which sheets are looked through for."""
    name = part.filename.casefold()
    return 0 if name == _LIST else 1 if name.endswith(_TEXTS) else 2


def _check_part(book: _Book, part: zipfile.ZipInfo) -> None:
    file, place = book.file, _place(part)
    is_list, has_texts, is_sheet = (place == number for number in range(3))
    if is_sheet and book.lengths is None and _could_fill(book):
        # A remark may hold what looks like the end of a text: which number a text has is then not known.
        book.lengths = np.full(len(book.texts), book.longest) if book.has_remarks else np.array(book.texts)
    if is_list and part.file_size > _MAX_LIST:
        raise _too_large(file, f"lists its sheets in {part.file_size / 1e6:,.0f} MB")
    extent = Extent()
    text = b""
    for chunk, added in _sound_chunks(book, part, is_sheet=is_sheet):
        check()
        if has_texts:
            book.has_remarks |= b"<!" in chunk or chunk.find(b"<?", 1) > 0
            text = _count_texts(book, text + added)
        elif is_list:
            text += added
        else:
            extent.look(chunk, is_measured=book.sheets > 1)
            if book.cells + extent.cells > MAX_CELLS:
                raise _too_large(file, f"has more than {MAX_CELLS:,} cells")
    if is_list:
        book.sheets = max(1, len(_SHEET.findall(text)))
        if book.sheets > MAX_SHEETS:
            raise _too_large(file, f"has {book.sheets:,} sheets (at most {MAX_SHEETS} are read)")
    elif not has_texts:
        book.cells += extent.cells
        book.has_lost |= extent.may_have_lost
        _check_extent(book, part, extent)


def _sound_chunks(book: _Book, part: zipfile.ZipInfo, *, is_sheet: bool) -> Iterator[tuple[bytes, bytes]]:
    """A part's chunks, each with what is new in it; of a sheet, the texts that it uses are noted.

    Raises RefusedFile, zipfile.BadZipFile for a part that has another size or checksum than it says.
    """
    size = checksum = 0
    for chunk in chunks(book.data, part):
        added = chunk[min(size, OVERLAP) :]
        size += len(added)
        checksum = zlib.crc32(added, checksum)
        if size > part.file_size:
            raise RefusedFile(f"{book.file} is not a sound workbook: it unpacks to more than it says.", _DAMAGED)
        if is_sheet and book.lengths is not None:
            book.filled += _named_lengths(chunk, book.lengths, book.longest)
        yield chunk, added
    if size != part.file_size or checksum != part.CRC:
        raise zipfile.BadZipFile("wrong checksum")


def _check_extent(book: _Book, part: zipfile.ZipInfo, extent: Extent) -> None:
    if extent.is_far or extent.has_placeless:
        extent.measure(book.data, part, book.max_columns)
    if extent.columns > book.max_columns:
        raise _too_large(book.file, f"has {extent.columns:,} columns (at most {book.max_columns} are read)")
    # Several sheets may share one part: each is taken to be as large as the largest.
    if extent.rows * max(extent.columns, 1) * book.sheets > MAX_AREA:
        several = f" on each of {book.sheets} sheets" if book.sheets > 1 else ""
        raise _too_large(book.file, f"spreads over {extent.rows:,} rows × {extent.columns:,} columns{several}")


def _count_texts(book: _Book, text: bytes) -> bytes:
    """Notes the lengths of the shared texts that end in `text`; returns what comes behind them."""
    start, known = 0, len(book.texts)
    for end in _STRING_END.finditer(text):
        length = end.start() - start
        if length > MAX_TEXT:  # what is written may be longer than what it says
            plain = html.unescape(_MARKUP.sub(b"", text[start : end.start()]).decode(errors="replace"))
            if len(plain.strip()) > MAX_TEXT:
                raise _too_large(book.file, f"has a text of {len(plain):,} letters (Excel takes {MAX_TEXT:,})")
        book.texts.append(length)
        start = end.end()
    book.longest = max(book.longest, max(book.texts[known:], default=0))
    if len(book.texts) > MAX_TEXTS:
        raise _too_large(book.file, f"has more than {MAX_TEXTS:,} texts")
    if len(text) - start > 64 * MAX_TEXT:
        raise _too_large(book.file, f"has a text of more than {MAX_TEXT:,} letters")
    return text[start:]


def _could_fill(book: _Book) -> bool:
    """Whether the longest text, in as many cells as the workbook has room for, would fill the machine."""
    return book.longest * (book.unpacked // _LEAST_CELL) * book.sheets > MAX_UNPACKED - book.unpacked


def _check_texts(book: _Book) -> None:
    """Refuses a workbook in which long texts, kept once, are used so often that they fill the machine."""
    left = MAX_UNPACKED - book.unpacked
    if book.longest * book.cells * book.sheets > left and book.filled * book.sheets > left:
        raise _too_large(book.file, f"repeats texts that come to {book.filled * book.sheets / 1e6:,.0f} MB")


def _named_lengths(chunk: bytes, lengths: NDArray[np.int64], longest: int) -> int:
    """How long the texts are, by their `lengths`, that the values in a chunk of a sheet name: what comes behind a tag.

    A number names its text, also where a remark comes behind it in its cell; one of more than nine digits may begin
    with zeros, and so name any text; all else names the first.
    """
    signs = np.frombuffer(bytes(_MOST_DIGITS) + chunk, dtype=np.uint8)  # so that there is something before each
    opening = signs[1:] == ord("<")
    values = int(np.count_nonzero((signs[:-1] == ord(">")) & ~opening))
    digits = signs - np.uint8(ord("0"))
    ends = np.flatnonzero((digits[:-1] < 10) & opening)
    numbers, starts = np.zeros(ends.size, dtype=np.int64), ends.copy()
    places, left = np.arange(ends.size), ends  # of the numbers that have further digits
    for place in range(_MOST_DIGITS):
        digit = digits[left]
        is_digit = digit < 10
        places, left, digit = places[is_digit], left[is_digit] - 1, digit[is_digit]
        if not places.size:
            break
        numbers[places] += digit * np.int64(10**place)
        starts[places] = left
    before = signs[starts]
    alone = numbers[before == ord(">")]
    any_text = int(np.count_nonzero(before == ord("0")))
    first_text = max(0, values - len(alone) - any_text)
    named = int(lengths[alone[alone < lengths.size]].sum())
    return named + any_text * longest + first_text * int(lengths[0])


def hidden_sheets(data: bytes) -> set[str]:
    """Names of the sheets of a checked workbook that people do not see."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = next(part for part in archive.infolist() if part.filename.casefold() == _LIST)
    # Not by the zip library: it refuses a part whose own header differs from the directory's.
    content = whole(data, part, _MAX_LIST)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return set()  # no workbook has one; without it, nothing here can grow
    try:
        sheets = [node for node in ElementTree.fromstring(content).iter() if node.tag.rpartition("}")[2] == "sheet"]
    except (ElementTree.ParseError, ValueError, LookupError):  # the last two: an encoding that does not exist
        return set()
    return {node.get("name", "") for node in sheets if node.get("state", "visible") != "visible"}


def _other_package(file: str, names: list[str]) -> RefusedFile:
    """Why a zip file that is no workbook is not read."""
    use = "Use the file that Microsoft Forms gives under “Open results in Excel” (.xlsx) or a CSV file."
    tables = [name for name in names if name.casefold().endswith((".xlsx", ".csv"))]
    if tables:
        return RefusedFile(
            f"{file} is a zip archive with {listed([f'“{name[:80]}”' for name in tables[:3]])} in it.",
            "Unpack it, and drop the file in it.",
        )
    kinds = {"content.xml": "LibreOffice", "xl/workbook.bin": "Excel, as .xlsb", "index/document.iwa": "Numbers"}
    program = next((kinds[name.casefold()] for name in names if name.casefold() in kinds), "")
    if program:
        return RefusedFile(f"{file} is no Excel workbook (.xlsx): it was saved by {program}.", "Save it as .xlsx.")
    return RefusedFile(f"{file} is not an Excel workbook, though it is packed like one.", use)


def _too_large(file: str, what: str) -> RefusedFile:
    return RefusedFile(
        f"{file} is too large: it {what}.",
        "Export the form again: a survey of 50,000 answers is far smaller. Delete added sheets and stray cells.",
    )
