"""The parts of a zip file, unpacked chunk by chunk: nothing is ever held whole, and nothing is believed."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator

OVERLAP = 32
_CHUNK = 1 << 18
_PACKED_CHUNK = 1 << 14  # small steps: what is left of one is copied each time


def chunks(data: bytes, part: zipfile.ZipInfo, overlap: int = OVERLAP) -> Iterator[bytes]:
    """A part's bytes in chunks; each begins with the last `overlap` bytes of the one before it.

    Raises zipfile.BadZipFile, zlib.error for a part that is damaged.
    """
    name_length = int.from_bytes(data[part.header_offset + 26 : part.header_offset + 28], "little")
    extra_length = int.from_bytes(data[part.header_offset + 28 : part.header_offset + 30], "little")
    start = part.header_offset + 30 + name_length + extra_length
    tail = b""
    for chunk in _inflated(memoryview(data)[start : start + part.compress_size], part.compress_type):
        text = tail + chunk
        yield text
        tail = text[-overlap:] if overlap else b""


def whole(data: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """A part's bytes, at most so many of them."""
    found = bytearray()
    for chunk in chunks(data, part, overlap=0):
        found += chunk
        if len(found) > most:
            break
    return bytes(found[:most])


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
