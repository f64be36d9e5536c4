"""Files that must be refused: bombs, cut workbooks, other formats under an .xlsx name."""

import io
import struct
import zipfile
import zlib

from .workbook import MAIN, XML_HEAD, forms_workbook, put

SHEET = "xl/worksheets/sheet1.xml"
MEBIBYTE = 1024 * 1024


def zip_bomb_workbook(unpacked_bytes: int, *, claimed_bytes: int | None = None) -> bytes:
    """Return a workbook of about a thousandth of unpacked_bytes whose one sheet unpacks to at least that many.

    It is a true workbook (one header row, one answer, much white space). claimed_bytes: the size that the zip's
    directories state for the sheet instead of the true one, to fool a check that only reads the directory.
    """
    head = (
        f'{XML_HEAD}<worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    ).encode()
    tail = b"</sheetData></worksheet>"
    filler = b" " * MEBIBYTE
    repeats = -(-unpacked_bytes // MEBIBYTE)

    # A fully flushed piece of a deflate stream does not depend on what came before, so one piece serves many times.
    packed = _deflate(head) + _deflate(filler) * repeats + _deflate(tail, last=True)
    check = zlib.crc32(head)
    for _ in range(repeats):
        check = zlib.crc32(filler, check)
    size = len(head) + repeats * MEBIBYTE + len(tail)
    return _with_packed_sheet(packed, zlib.crc32(tail, check), size if claimed_bytes is None else claimed_bytes)


def truncated(content: bytes, fraction: float = 0.5) -> bytes:
    """The first part of a file, as an interrupted download leaves it."""
    return content[: int(len(content) * fraction)]


def not_a_workbook() -> bytes:
    """A web page, which is what a sign-in wall saves under the workbook's name."""
    return b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to continue.</body></html>\n"


def word_document() -> bytes:
    """A zip of the right family without a workbook in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        put(archive, "[Content_Types].xml", f"{XML_HEAD}<Types/>")
        put(archive, "word/document.xml", f"{XML_HEAD}<document>Meeting notes</document>")
    return buffer.getvalue()


def encrypted_workbook() -> bytes:
    """The outside of an .xlsx with a password: an OLE container that holds an encrypted package."""
    return _ole_container(["EncryptionInfo", "EncryptedPackage"])


def old_xls_workbook() -> bytes:
    """The outside of an .xls of Excel 97-2003: an OLE container that holds a (here empty) workbook stream."""
    return _ole_container(["Workbook"])


def _deflate(content: bytes, *, last: bool = False) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def _with_packed_sheet(packed: bytes, check: int, claimed_bytes: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(forms_workbook(["ID"], [], prefix="", table=None, shared_strings=False))) as model,
        zipfile.ZipFile(buffer, "w") as archive,
    ):
        for name in model.namelist():
            if name != SHEET:
                put(archive, name, model.read(name).decode())
        sheet = zipfile.ZipInfo(SHEET)
        archive.writestr(sheet, packed)  # stored as it is; both headers are then told that it is deflated
        sheet.compress_type, sheet.CRC, sheet.file_size = zipfile.ZIP_DEFLATED, check, claimed_bytes
        end = buffer.tell()
        buffer.seek(sheet.header_offset)
        buffer.write(sheet.FileHeader(zip64=False))
        buffer.seek(end)
    return buffer.getvalue()


def _ole_container(streams: list[str]) -> bytes:
    """A compound file of three sectors: header, allocation table, directory with the streams (each empty)."""
    free, end_of_chain, table_sector, nothing = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end_of_chain, 0, end_of_chain, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    allocation = struct.pack("<128I", table_sector, end_of_chain, *[free] * 126)
    entries = b""
    for number, name in enumerate(["Root Entry", *streams]):
        text = name.encode("utf-16-le") + b"\0\0"
        kind, child = (5, 1) if number == 0 else (2, nothing)
        right = number + 1 if 0 < number < len(streams) else nothing
        entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, nothing, right, child)
        entries += entry + bytes(36) + struct.pack("<IQ", end_of_chain, 0)
    return header + allocation + entries.ljust(512, b"\0")
