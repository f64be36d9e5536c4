"""How far the cells of a sheet reach, told from its XML before any library opens it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pd_core.ingestion.zip_parts import chunks

# The kinds of signs that a cell's place is written in, so that a look at a whole sheet takes a moment.
_QUOTE, _DIGIT, _OPEN, _END, _EQUALS = 1, 2, 3, 4, 5
_LETTER, _E, _F, _C, _R, _LATE_LETTER = 6, 7, 8, 9, 10, 11
_KINDS = bytes(
    _DIGIT if sign in b"0123456789"
    else _C if sign in b"c"
    else _R if sign in b"r"
    else _E if sign in b"e"
    else _F if sign in b"f"
    else _LETTER if sign in b"ABCDEFabd"
    else _LATE_LETTER if sign in b"GHIJKLMNOPQRSTUVWXYZghijklmnopqstuvwxyz"
    else _QUOTE if sign in b"\"'"
    else _OPEN if sign in b"<:"
    else _END if sign in b" \t\r\n/>"
    else _EQUALS if sign in b"="
    else 0
    for sign in range(256)
)  # fmt: skip
# White space may be longer than what two chunks share: a chunk that begins with it may be inside a place. Every run of
# white space is taken whole and never given back (`++`): a pattern that tries its parts takes the square of its length.
_CELL = re.compile(rb"(?:\br\s*+=|\A\s{9}\s*+=?)\s*+[\"']([A-Za-z]++)([0-9]++)")
# A cell that only has a style takes no room: programs write one at the end of a row or column that was formatted whole.
_STYLED = re.compile(rb"<(?:[\w.-]{1,40}+:)?c\s[^<>]*+(?<=/)>|<(?:[\w.-]{1,40}+:)?c\s[^<>/]*+></(?:[\w.-]{1,40}+:)?c>")
_CELL_TAG = re.compile(rb"<(?:[\w.-]++:)?c(?=[\s/>])")
_LONGEST_TAG = 1 << 16
_FAR_COLUMNS, _FAR_ROWS = 182, 99_999
_ROW = re.compile(rb"<(?:[\w.-]{1,40}:)?row(?=[\s/>])(?:[^<>]{0,400}?\sr\s{0,8}=\s{0,8}[\"']([0-9]{1,9}))?")


@dataclass
class Extent:
    """How far the cells of a sheet reach: the places that are written, and tags of cells that have none.

    A row that is written without cells (as LibreOffice closes a sheet with row 1048576) takes no room and counts for
    nothing.
    """

    columns: int = 0
    rows: int = 0
    cells: int = 0
    is_far: bool = False
    has_placeless: bool = False
    may_have_lost: bool = False
    """Whether a cell may hold an error or a formula."""

    def look(self, chunk: bytes, *, is_measured: bool) -> None:
        """Takes in one chunk, and whether the places are to be read one by one: a cell may be far, or `is_measured`."""
        is_far, cells, has_placeless, may_have_lost = _seen(chunk)
        self.cells += cells
        self.may_have_lost |= may_have_lost
        self.has_placeless |= has_placeless
        if is_far and not self.is_far:
            seen = Extent()
            seen.widen(chunk)
            is_far = seen.columns > _FAR_COLUMNS or seen.rows > _FAR_ROWS
        self.is_far |= is_far or is_measured

    def widen(self, text: bytes) -> None:
        """Takes in each place of a cell that holds something."""
        if found := _CELL.findall(_STYLED.sub(b"", text)):
            letters, digits = zip(*found, strict=True)
            self.columns = max(self.columns, *(_column_number(word[:4]) for word in set(letters)))
            self.rows = max(self.rows, 10**9 if max(map(len, digits)) > 9 else max(map(int, digits)))

    def measure(self, data: bytes, part: zipfile.ZipInfo, most_columns: int) -> None:
        """Reads a part again where its places are far, or its cells have none, and says how far they reach."""
        for text in _whole_tags(data, part):
            self.widen(text)
        if not self.has_placeless:
            return
        # Cells without a place are found by their tags: which row they are in, and how many of them a row has.
        row = cells = most_cells = 0
        for text in _whole_tags(data, part):
            starts = list(_ROW.finditer(text))
            ends = [*(start.start() for start in starts), len(text)]
            for begin, end, start in zip([0, *ends], ends, [None, *starts], strict=False):
                if start is not None:
                    row, cells = int(start[1] or row + 1), 0
                cells += len(_CELL_TAG.findall(text, begin, end))
                if cells:
                    self.rows, most_cells = max(self.rows, row), max(most_cells, cells)
            if most_cells > most_columns:
                break
        self.columns = max(self.columns, most_cells)


def _whole_tags(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that each end between two tags, as long as a tag is shorter than `_LONGEST_TAG`."""
    tail = b""
    for chunk in chunks(data, part, overlap=0):
        text = tail + chunk
        cut = text.rfind(b"<")
        if cut < 0 or len(text) - cut > _LONGEST_TAG:
            cut = len(text)
        yield text[:cut]
        tail = text[cut:]
    yield tail


def _seen(chunk: bytes) -> tuple[bool, int, bool, bool]:
    """Whether a cell may lie beyond column FZ or row 99,999, how many cells begin, whether one may state no place, and
    whether one may hold an error (`t="e"`) or a formula (`<f>`).

    A word that only looks like a place counts as one.
    """
    # Signs behind the end, which are also those before the start: index -1 is the last. The rare sign of a pattern is
    # looked for first, the others only next to it.
    kinds = np.frombuffer(chunk.translate(_KINDS) + bytes(8), dtype=np.uint8)
    errors, formulas = np.flatnonzero(kinds == _E), np.flatnonzero(kinds == _F)
    is_error = (kinds[errors - 1] == _QUOTE) & (kinds[errors + 1] == _QUOTE)
    is_formula = (kinds[formulas - 1] == _OPEN) & (kinds[formulas + 1] == _END)
    may_have_lost = bool(is_error.any() or is_formula.any())

    start = max(0, chunk.find(b"<"))  # a cut-off closing tag looks like an opening one
    chunk, kinds = chunk[start:], kinds[start:]
    digit = kinds == _DIGIT
    pairs = digit[:-1] & digit[1:]
    six = np.flatnonzero(pairs[:-4] & pairs[2:-2] & pairs[4:])
    words = np.flatnonzero((kinds[:-1] >= _LETTER) & digit[1:])
    three = (kinds[words - 1] >= _LETTER) & (kinds[words - 2] >= _LETTER)
    two = (kinds[words - 1] >= _R) & (kinds[words - 2] == _QUOTE)  # r is a late letter too
    is_long = (kinds[six - 1] >= _LETTER) | (kinds[six - 1] == _QUOTE)
    is_far = bool(three.any() or two.any() or is_long.any())

    tags = np.flatnonzero(kinds[: -8 - 3] == _C)
    tags = tags[(kinds[tags - 1] == _OPEN) & (kinds[tags + 1] == _END)]
    placed = np.count_nonzero((kinds[tags + 2] == _R) & (kinds[tags + 3] == _EQUALS))
    cells = tags.size - _closings(chunk)
    return is_far, cells, cells > placed, may_have_lost


def _closings(chunk: bytes) -> int:
    """How many closing tags such as `</x:c>` look like opening ones: `x` as in the first of them."""
    at = chunk.find(b":c>")
    name = chunk[chunk.rfind(b"<", 0, at) : at] if at > 0 else b""
    return chunk.count(name + b":c>") if name.startswith(b"</") else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
