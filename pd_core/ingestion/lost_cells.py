"""Cells whose answer is lost: an error of Excel, or a formula that was saved without its result."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

from pd_core.ingestion.zip_parts import whole

LOST_FORMULA = "(a formula without its result)"
ERROR = r"^(?:#[¡¿]?[A-ZÀ-Þ/0_]{2,14}[!?]|#(?:N/?[A-Z]{1,3}|GETTING_DATA)|(?:Err|Fehler|Erreur):\d{3}|#{3,})$"
"""What Excel and LibreOffice write, in their languages, where a cell has no answer (#N/A, #NV, #WERT!, Err:508), or one
that its column was too narrow to show (#####); a CSV file holds these words as they stand."""
FORMULA = r"^=[A-Z]{2,20}\("
"""A formula that was saved as a text, in place of its result."""
_MOST = 256 * 1024**2  # of a sheet that is looked through
_LIST = 5 * 1024**2
_FORMULA = re.compile(
    rb"<(?:[\w.-]+:)?c\s([^<>]*+)>\s*+<(?:[\w.-]+:)?f(?=[\s/>])[^<>]*+>(?:[^<]*+</(?:[\w.-]+:)?f\s*+>)?+\s*+"
    rb"(?:<(?:[\w.-]+:)?v(?=[\s>])[^<>]*+>([^<]))?+"
)
_ERROR = re.compile(rb"\st\s*+=\s*+[\"']e[\"']")
_VALUE = re.compile(rb"[^<>]*+>[^#]{0,400}?(#[A-Z0-9/_!?]{2,20})")
_PLACE = re.compile(rb"(?:^|\s)r\s*+=\s*+[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")


def lost_cells(data: bytes) -> dict[str, dict[int, dict[int, str]]]:
    """Sheet to column to row (both from 0) to the content of a cell whose answer is lost, of a checked workbook.

    An error is the text that Excel shows (#N/A), a formula without its result is `LOST_FORMULA`.
    """
    found: dict[str, dict[int, dict[int, str]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.filename.casefold(): part for part in archive.infolist()}
    try:
        for name, path in _sheet_parts(data, parts).items():
            if path in parts:
                found[name] = _lost(whole(data, parts[path], _MOST))
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, ValueError, LookupError):
        pass  # what cannot be told is left to the reader of the workbook
    return found


def _sheet_parts(data: bytes, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Each sheet's name with the part that holds its cells."""
    relations, book = (whole(data, parts[name], _LIST) for name in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml"))
    if b"<!DOCTYPE" in relations + book or b"<!ENTITY" in relations + book:
        return {}
    targets = {node.get("Id", ""): node.get("Target", "") for node in ElementTree.fromstring(relations).iter()}
    sheets = {}
    for node in ElementTree.fromstring(book).iter():
        if node.tag.rpartition("}")[2] == "sheet":
            reference = next((text for key, text in node.items() if key.rpartition("}")[2] == "id"), "")
            target = targets.get(reference, "")
            sheets[node.get("name", "")] = (target[1:] if target.startswith("/") else f"xl/{target}").casefold()
    return sheets


def _lost(sheet: bytes) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}

    def put(attributes: bytes, text: str) -> None:
        if place := _PLACE.search(attributes):
            found.setdefault(_column(place[1]), {})[int(place[2]) - 1] = text

    for cell in _FORMULA.finditer(sheet):
        if cell[2] is None:
            put(cell[1], LOST_FORMULA)
    for error in _ERROR.finditer(sheet):
        begin = sheet.rfind(b"<", max(0, error.start() - 200), error.start())
        if value := _VALUE.match(sheet, error.end(), error.end() + 1000):
            end = sheet.find(b">", error.end(), error.end() + 200)
            put(sheet[begin:end], value[1].decode())
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1
