"""Looks into a workbook before any library opens it: a small file can unpack to more than the machine holds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from pd_core.errors import RefusedFile

MAX_UNPACKED = 1024**3
MAX_CELLS = 40_000_000
_CHUNK = 1 << 20
# No cell beyond column LZ or row 99,999 means fewer than `MAX_CELLS`: told in one pass, without counting.
_FAR_CELL = re.compile(rb"r *= *[\"'](?:[A-Z]{3}|[M-Z][A-Z][0-9]|[A-Z]{0,2}[0-9]{6})")
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
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    is_far = False
    size = 0
    for chunk in _unpacked(packed, part.compress_type):
        size += len(chunk) - min(size, _OVERLAP)
        if size > part.file_size:
            raise RefusedFile(f"{file} is not a sound workbook: it unpacks to more than it says.", _DAMAGED)
        is_far = is_far or (is_sheet and _FAR_CELL.search(chunk) is not None)
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
    waiting: bytes | memoryview = packed
    while waiting and not inflater.eof:
        yield inflater.decompress(waiting, _CHUNK)
        waiting = inflater.unconsumed_tail
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
