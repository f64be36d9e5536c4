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

from pd_core.errors import RefusedFile

MAX_UNPACKED = 1024**3
MAX_CELLS = 20_000_000
MAX_SHEETS = 50
MAX_TEXT = 32_767
_MAX_LIST = 5 * 1024**2  # of the part that lists the sheets
_LIST = "xl/workbook.xml"
_CHUNK = 1 << 17
_PACKED_CHUNK = 1 << 13  # small steps: what is left of one is copied each time
# The kinds of signs that a cell's place is written in, so that a look at a whole sheet takes a moment.
_QUOTE, _DIGIT, _OPEN, _END, _EQUALS = 1, 2, 3, 4, 5
_LETTER, _C, _R, _LATE_LETTER = 8, 9, 10, 11
_KINDS = bytes(
    _DIGIT if sign in b"0123456789"
    else _C if sign in b"c"
    else _R if sign in b"r"
    else _LETTER if sign in b"ABCDEFabdef"
    else _LATE_LETTER if sign in b"GHIJKLMNOPQRSTUVWXYZghijklmnopqstuvwxyz"
    else _QUOTE if sign in b"\"'"
    else _OPEN if sign in b"<:"
    else _END if sign in b" \t\r\n/>"
    else _EQUALS if sign in b"="
    else 0
    for sign in range(256)
)  # fmt: skip
# White space may be longer than what two chunks share: a chunk that begins with it may be inside a place.
_CELL = re.compile(rb"(?:\br\s*=|\A\s{9}\s*=?)\s*[\"']([A-Za-z]*)([0-9]+)")
_TAG = re.compile(rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:\s|\s[^<>]{0,60}\s)r\s{0,8}=)?")
_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet[\s/>]")
_STRING_END = re.compile(rb"</(?:[\w.-]+:)?si\s*>")
_MARKUP = re.compile(rb"<[^>]*>")
_NUMBER = re.compile(rb">\s*([0-9]{1,9})\s*</")
_OVERLAP = 32
_DAMAGED = "Export the answers again and drop the new file."


@dataclass
class _Extent:
    """How far the cells of a sheet reach: the places that are written, and tags of cells that have none."""

    columns: int = 0
    rows: int = 0
    cells: int = 0
    is_far: bool = False
    has_placeless: bool = False

    def widen(self, chunk: bytes) -> None:
        if found := _CELL.findall(chunk):
            letters, digits = zip(*found, strict=True)
            self.columns = max(self.columns, *(_column_number(word[:4]) for word in set(letters)))
            self.rows = max(self.rows, 10**9 if max(map(len, digits)) > 9 else max(map(int, digits)))


@dataclass
class _Book:
    """What a workbook's parts add up to."""

    file: str
    data: bytes
    max_columns: int
    sheets: int = 1
    texts: list[int] = field(default_factory=list)
    cells: int = 0


def check_workbook(file: str, data: bytes, max_columns: int) -> None:
    """Passes a workbook that is whole and of a size that can be read.

    Raises RefusedFile for one that is damaged, is no workbook, unpacks to more than `MAX_UNPACKED` (told from its
    directory, without unpacking), gives a false size or checksum, has more than `MAX_SHEETS` sheets, spreads its cells
    over more than `max_columns` columns or `MAX_CELLS` cells, or has a text of more than `MAX_TEXT` letters.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.casefold() for part in parts}
            if _LIST not in names:
                raise RefusedFile(
                    f"{file} is not an Excel workbook, though it is packed like one.",
                    "Use the file that Microsoft Forms gives under “Open results in Excel” (.xlsx) or a CSV file.",
                )
            if (unpacked := sum(part.file_size for part in parts)) > MAX_UNPACKED:
                raise _too_large(file, f"unpacks to {unpacked / 1e9:,.1f} GB")
            if any(part.flag_bits & 1 for part in parts):
                raise RefusedFile(f"{file} is protected by a password.", "Save it without one and drop it again.")
            if len(names) < len(parts):
                raise zipfile.BadZipFile("two parts of one name")
            book = _Book(file, data, max_columns)
            for part in sorted(parts, key=lambda part: part.filename.casefold() != _LIST):
                _check_part(book, part)
            _check_texts(book, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise RefusedFile(f"{file} is a damaged or cut-off workbook.", _DAMAGED) from error


def _check_part(book: _Book, part: zipfile.ZipInfo) -> None:
    file, name = book.file, part.filename.casefold()
    is_list, has_texts = name == _LIST, name.endswith("sharedstrings.xml")
    if is_list and part.file_size > _MAX_LIST:
        raise _too_large(file, f"lists its sheets in {part.file_size / 1e6:,.0f} MB")
    extent = _Extent()
    size = checksum = 0
    text = b""
    for chunk in _chunks(book.data, part):
        added = chunk[min(size, _OVERLAP) :]
        size += len(added)
        checksum = zlib.crc32(added, checksum)
        if size > part.file_size:
            raise RefusedFile(f"{file} is not a sound workbook: it unpacks to more than it says.", _DAMAGED)
        if has_texts:
            text = _count_texts(book, text + added)
        elif is_list:
            text += added
        else:
            _look(extent, chunk, is_measured=book.sheets > 1)
    if size != part.file_size or checksum != part.CRC:
        raise zipfile.BadZipFile("wrong checksum")
    if is_list:
        book.sheets = max(1, len(_SHEET.findall(text)))
        if book.sheets > MAX_SHEETS:
            raise _too_large(file, f"has {book.sheets:,} sheets (at most {MAX_SHEETS} are read)")
    elif not has_texts:
        book.cells += extent.cells
        _check_extent(book, part, extent)


def _look(extent: _Extent, chunk: bytes, *, is_measured: bool) -> None:
    """Takes in one chunk; the places are read one by one only where a cell may be far, or `is_measured`."""
    is_far, cells, has_placeless = _seen(chunk)
    extent.cells += cells
    extent.has_placeless |= has_placeless
    if is_far or is_measured:
        extent.widen(chunk)
        extent.is_far |= extent.columns > 182 or extent.rows > 99_999


def _check_extent(book: _Book, part: zipfile.ZipInfo, extent: _Extent) -> None:
    if extent.is_far or extent.has_placeless:
        cells_of_row = most_cells = rows = size = 0
        for chunk in _chunks(book.data, part):
            extent.widen(chunk)
            if extent.has_placeless:
                for tag in _TAG.finditer(chunk):
                    if size and tag.end(1) < _OVERLAP:
                        continue  # told in the chunk before
                    is_row, is_placeless = tag[1] == b"row", not tag[2]
                    rows += is_row and is_placeless
                    cells_of_row = 0 if is_row else cells_of_row + is_placeless
                    most_cells = max(most_cells, cells_of_row)
                if most_cells > book.max_columns:
                    break
            size += len(chunk)
        extent.columns, extent.rows = extent.columns + most_cells, extent.rows + rows
    if extent.columns > book.max_columns:
        raise _too_large(book.file, f"has {extent.columns:,} columns (at most {book.max_columns} are read)")
    # Several sheets may share one part: each is taken to be as large as the largest.
    if extent.rows * max(extent.columns, 1) * book.sheets > MAX_CELLS:
        several = f" on each of {book.sheets} sheets" if book.sheets > 1 else ""
        raise _too_large(book.file, f"spreads over {extent.rows:,} rows × {extent.columns:,} columns{several}")


def _count_texts(book: _Book, text: bytes) -> bytes:
    """Notes the lengths of the shared texts that end in `text`; returns what comes behind them."""
    start = 0
    for end in _STRING_END.finditer(text):
        length = end.start() - start
        if length > MAX_TEXT:  # what is written may be longer than what it says
            plain = html.unescape(_MARKUP.sub(b"", text[start : end.start()]).decode(errors="replace"))
            if len(plain.strip()) > MAX_TEXT:
                raise _too_large(book.file, f"has a text of {len(plain):,} letters (Excel takes {MAX_TEXT:,})")
        book.texts.append(length)
        start = end.end()
    if len(text) - start > 64 * MAX_TEXT:
        raise _too_large(book.file, f"has a text of more than {MAX_TEXT:,} letters")
    return text[start:]


def _check_texts(book: _Book, parts: list[zipfile.ZipInfo]) -> None:
    """Refuses a workbook in which long texts, kept once, are used so often that they fill the machine."""
    if not book.texts or max(book.texts) * book.cells * book.sheets <= MAX_UNPACKED:
        return
    lengths, total = np.array(book.texts), 0
    for part in parts:
        if part.filename.casefold().endswith(".xml") and not part.filename.casefold().endswith("sharedstrings.xml"):
            for chunk in _chunks(book.data, part):
                numbers = np.array(_NUMBER.findall(chunk), dtype="S9").astype(np.int64)
                total += int(lengths[numbers[numbers < lengths.size]].sum())
    if total * book.sheets > MAX_UNPACKED:
        raise _too_large(book.file, f"repeats texts that come to {total / 1e9:,.1f} GB")


def _seen(chunk: bytes) -> tuple[bool, int, bool]:
    """Whether a cell may lie beyond column FZ or row 99,999, how many cells begin, whether one may state no place.

    Without a far one, a sheet has fewer than `MAX_CELLS` cells. A word that only looks like a place counts as one.
    """
    chunk = chunk[max(0, chunk.find(b"<")) :]  # a cut-off closing tag looks like an opening one
    kinds = np.frombuffer(chunk.translate(_KINDS), dtype=np.uint8)
    if kinds.size < 8:
        return False, 0, False
    digit, letter = kinds == _DIGIT, kinds >= _LETTER
    word = letter[1:-1] & digit[2:]  # a letter and then a digit, at each place
    three = letter[:-3] & letter[1:-2] & word[1:]
    quote = kinds == _QUOTE
    two = quote[:-3] & (kinds[1:-2] >= _R) & word[1:]  # r is a late letter too
    pairs = digit[:-1] & digit[1:]
    six = pairs[:-4] & pairs[2:-2] & pairs[4:]
    begins = letter | quote
    is_far = bool(three.any() or two.any() or (begins[: six.size - 1] & six[1:]).any())
    tags = (kinds[:-4] == _OPEN) & (kinds[1:-3] == _C) & (kinds[2:-2] == _END)
    placed = tags & (kinds[3:-1] == _R) & (kinds[4:] == _EQUALS)
    cells = int(np.count_nonzero(tags)) - _closings(chunk)
    return is_far, cells, cells > int(np.count_nonzero(placed))


def _closings(chunk: bytes) -> int:
    """How many closing tags such as `</x:c>` look like opening ones: `x` as in the first of them."""
    at = chunk.find(b":c>")
    name = chunk[chunk.rfind(b"<", 0, at) : at] if at > 0 else b""
    return chunk.count(name + b":c>") if name.startswith(b"</") else 0


def hidden_sheets(data: bytes) -> set[str]:
    """Names of the sheets of a checked workbook that people do not see."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(name for name in archive.namelist() if name.casefold() == _LIST)
        content = archive.read(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return set()  # no workbook has one; without it, nothing here can grow
    try:
        sheets = [node for node in ElementTree.fromstring(content).iter() if node.tag.rpartition("}")[2] == "sheet"]
    except (ElementTree.ParseError, ValueError, LookupError):  # the last two: an encoding that does not exist
        return set()
    return {node.get("name", "") for node in sheets if node.get("state", "visible") != "visible"}


def _chunks(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    name_length = int.from_bytes(data[part.header_offset + 26 : part.header_offset + 28], "little")
    extra_length = int.from_bytes(data[part.header_offset + 28 : part.header_offset + 30], "little")
    start = part.header_offset + 30 + name_length + extra_length
    return _unpacked(memoryview(data)[start : start + part.compress_size], part.compress_type)


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    """The unpacked bytes in chunks; each chunk begins with the last `_OVERLAP` bytes of the one before it."""
    tail = b""
    for chunk in _inflated(packed, method):
        text = tail + chunk
        yield text
        tail = text[-_OVERLAP:]


def _inflated(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _CHUNK):
            yield bytes(packed[start : start + _CHUNK])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("unknown packing method")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(packed), _PACKED_CHUNK):
        waiting: bytes | memoryview = packed[start : start + _PACKED_CHUNK]
        while waiting and not inflater.eof:
            yield inflater.decompress(waiting, _CHUNK)
            waiting = inflater.unconsumed_tail
    while not inflater.eof and (rest := inflater.decompress(b"", _CHUNK)):
        yield rest
    if not inflater.eof:
        raise zipfile.BadZipFile("cut off")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(file: str, what: str) -> RefusedFile:
    return RefusedFile(
        f"{file} is too large: it {what}.",
        "Export the form again: a survey of 50,000 answers is far smaller. Delete added sheets and stray cells.",
    )
