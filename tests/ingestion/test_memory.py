"""What a file may cost: the worst files that are still read take less than a gigabyte and a minute of work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.forms import survey_headers
from tests.ingestion.test_growth import csv_with, sheet_of, with_part
from tests.server import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads a process's peak from /proc"),
]
MEGABYTES, SECONDS = 1_000, 75  # of memory; of work, to read and to check, what cannot be interrupted included
READS = """
import json, re, sys, time
from pathlib import Path
from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook_files import load_codebook
from pd_core.errors import RefusedFile
from pd_core.ingestion import Choices
from pd_core.storage import open_store, reference
from tests.conftest import SCHOOLS

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1000

path = Path(sys.argv[1])
codebook = load_codebook(Path("data/codebook"))
store = open_store(str(path.with_suffix(".duckdb")), list(codebook.items.values()))
reference.set_schools(store, SCHOOLS, "test")
before, began, rows = peak(), time.process_time(), 0
try:
    table = ingestion.read(path.name, path.read_bytes(), codebook)
    rows = table.cells.height
    ingestion.prepare(table, codebook, store, b"k" * 32, EVERYTHING, Choices(date_order="mdy"))
    refusal = ""
except RefusedFile as error:
    refusal = error.text()
print(json.dumps({"rows": rows, "refusal": refusal, "mb": peak() - before, "s": time.process_time() - began}))
"""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def cells(rows: int, text: bytes = b"ab") -> bytes:
    """A workbook with a text of its own in each of 26 cells a row."""
    cell = '<c r="{c}{r}" t="inlineStr"><is><t>{r}</t></is></c>'

    def row(number: int) -> bytes:
        inner = "".join(cell.format(c=letter, r=number) for letter in LETTERS).encode()
        return f'<row r="{number}">'.encode() + inner.replace(b"</t>", text + b"</t>") + b"</row>"

    return sheet_of(lambda n: b"".join(map(row, range(3, n))))(rows)


def one_text_again_and_again(rows: int) -> bytes:
    text = b"<si><t>" + b"y" * 30_000 + b"</t></si>"
    known: list[int] = []

    def with_text(part: bytes) -> bytes:
        known.append(part.count(b"</si>"))
        return part.replace(b"</sst>", text + b"</sst>")

    shared = with_part("xl/sharedStrings.xml", with_text)
    row = "".join(f'<c r="{letter}{{r}}" t="s"><v>{known[0]}</v></c>' for letter in LETTERS[:10])
    more = "".join(f'<row r="{number}">{row.format(r=number)}</row>' for number in range(3, rows)).encode()
    return with_part("xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", more + b"</sheetData>"),
                     shared)  # fmt: skip


def answers(size: int, end: str, *, in_quotes: bool = False) -> bytes:
    """A CSV file of as many bytes with sound rows, each of a person of its own."""
    lines, left, number = [",".join(f'"{header}"' for header in survey_headers())], size, 0
    while left > 0:
        number += 1
        start = f"{number},10/16/26 8:00,10/16/26 8:10,p{number}@example.org,,,Lincoln High,Teacher,K-5"
        lines.append(start + ",I use it on my own" * 6 + end)
        left -= len(lines[-1].encode()) + 2
    if in_quotes:
        lines = ['"' + line.replace('"', '""') + '"' for line in lines]
    return "\r\n".join(lines).encode()


WORST: dict[str, tuple[str, Callable[[], bytes]]] = {
    "many short rows": ("csv", lambda: csv_with("a", 440_000)),
    "many rows that are set aside": ("csv", lambda: csv_with("1,yesterday,tomorrow,a@example.org", 440_000)),
    "letters of four bytes": ("csv", lambda: answers(66_000_000, ",\N{GRINNING FACE}")),
    "each line in quotation marks": ("csv", lambda: answers(64_000_000, "", in_quotes=True)),
    "many cells": ("xlsx", lambda: cells(150_000)),
    "long texts": ("xlsx", lambda: cells(2_450, b"z" * 4_000)),
    "one text again and again": ("xlsx", lambda: one_text_again_and_again(880)),
    "many texts": ("xlsx", lambda: with_part("xl/sharedStrings.xml", lambda part: part.replace(
        b"</sst>", b"".join(b"<si><t>%dx</t></si>" % number for number in range(2_900_000)) + b"</sst>"))),
    "cells far apart": ("xlsx", lambda: sheet_of(
        lambda n: b'<row r="28000"><c r="ZZ28000" t="inlineStr"><is><t>x</t></is></c></row>')(1)),
}  # fmt: skip


@pytest.mark.parametrize("kind", WORST)
def test_the_worst_files_that_are_read_take_less_than_a_gigabyte(kind: str, tmp_path: Path) -> None:
    suffix, make = WORST[kind]
    path = tmp_path / f"worst.{suffix}"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READS, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    sys.stderr.write(f"\n{kind}: {found['mb']:.0f} MB, {found['s']:.1f} s, {found['rows']:,} rows\n")
    assert found["rows"], f"it is not read: {found['refusal']}"
    assert found["mb"] < MEGABYTES
    assert found["s"] < SECONDS
