"""Looks into a workbook before any library opens it: a small file can unpack to more than the machine holds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np

from pd_core.errors import RefusedFile

MAX_UNPACKED = 1024**3
MAX_CELLS = 40_000_000
_CHUNK = 1 << 17
_PACKED_CHUNK = 1 << 13  # small steps: what is left of one is copied each time
# The kinds of signs that a cell's place is written in, so that a look at a whole sheet takes a moment.
_QUOTE, _LETTER, _LATE_LETTER, _DIGIT = 1, 2, 3, 4
_KINDS = bytes(
    _DIGIT if sign in b"0123456789"
    else _LETTER if sign in b"ABCDEFGHIJKL"
    else _LATE_LETTER if sign in b"MNOPQRSTUVWXYZ"
    else _QUOTE if sign in b"\"'"
    else 0
    for sign in range(256)
)  # fmt: skip
_CELL = re.compile(rb"r *= *[\"']([A-Z]{0,3})([0-9]+)[\"']")
_OVERLAP = 32
_DAMAGED = "Export the answers again and drop the new file."


def check_workbook(file: str, data: bytes, max_columns: int) -> None:
    """Passes a workbook that is whole and of a size that can be read.

    Raises RefusedFile for one that is damaged, is no workbook, unpacks to more than `MAX_UNPACKED` (told from its
    directory, without unpacking), gives a false size, or spreads its cells over more than `max_columns` columns or
    `MAX_CELLS` cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise RefusedFile(
                    f"{file} is not an Excel workbook, though it is packed like one.",
                    "Use the file that Microsoft Forms gives under “Open results in Excel” (.xlsx) or a CSV file.",
                )
            if (unpacked := sum(part.file_size for part in parts)) > MAX_UNPACKED:
                raise _too_large(file, f"unpacks to {unpacked / 1e9:,.1f} GB")
            if any(part.flag_bits & 1 for part in parts):
                raise RefusedFile(f"{file} is protected by a password.", "Save it without one and drop it again.")
            for part in parts:
                _check_part(file, data, part, max_columns)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise RefusedFile(f"{file} is a damaged or cut-off workbook.", _DAMAGED) from error


def _check_part(file: str, data: bytes, part: zipfile.ZipInfo, max_columns: int) -> None:
    name_length = int.from_bytes(data[part.header_offset + 26 : part.header_offset + 28], "little")
    extra_length = int.from_bytes(data[part.header_offset + 28 : part.header_offset + 30], "little")
    start = part.header_offset + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + part.compress_size]
    is_far = False
    size = 0
    for chunk in _unpacked(packed, part.compress_type):
        size += len(chunk) - min(size, _OVERLAP)
        if size > part.file_size:
            raise RefusedFile(f"{file} is not a sound workbook: it unpacks to more than it says.", _DAMAGED)
        is_far = is_far or _has_far_cell(chunk)
    if not is_far:
        return
    columns = rows = 0
    for chunk in _unpacked(packed, part.compress_type):
        for column, row in _CELL.findall(chunk):
            columns, rows = max(columns, _column_number(column)), max(rows, int(row))
    if columns > max_columns:
        raise _too_large(file, f"has {columns:,} columns (at most {max_columns} are read)")
    if rows * max(columns, 1) > MAX_CELLS:
        raise _too_large(file, f"spreads over {rows:,} rows × {columns:,} columns")


def _has_far_cell(chunk: bytes) -> bool:
    """Whether a cell may lie beyond column LZ or row 99,999; without one, a sheet has fewer than `MAX_CELLS` cells.

    A word that only looks like such a place says so too: then the places are read one by one.
    """
    kinds = np.frombuffer(chunk.translate(_KINDS), dtype=np.uint8)
    if kinds.size < 8:
        return False
    digit, letter = kinds == _DIGIT, (kinds == _LETTER) | (kinds == _LATE_LETTER)
    word = letter[1:-1] & digit[2:]  # a letter and then a digit, at each place
    three = letter[:-3] & letter[1:-2] & word[1:]
    two = (kinds[:-3] == _QUOTE) & (kinds[1:-2] == _LATE_LETTER) & word[1:]
    pairs = digit[:-1] & digit[1:]
    six = pairs[:-4] & pairs[2:-2] & pairs[4:]
    begins = letter | (kinds == _QUOTE)
    return bool(three.any() or two.any() or (begins[: six.size - 1] & six[1:]).any())


def hidden_sheets(data: bytes) -> set[str]:
    """Names of the sheets of a checked workbook that people do not see."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("xl/workbook.xml")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return set()  # no workbook has one; without it, nothing here can grow
    try:
        sheets = [node for node in ElementTree.fromstring(content).iter() if node.tag.rpartition("}")[2] == "sheet"]
    except ElementTree.ParseError:
        return set()
    return {node.get("name", "") for node in sheets if node.get("state", "visible") != "visible"}


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
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(file: str, what: str) -> RefusedFile:
    return RefusedFile(
        f"{file} is too large: it {what}.",
        "Export the form again: a survey of 50,000 answers is far smaller. Delete added sheets and stray cells.",
    )
