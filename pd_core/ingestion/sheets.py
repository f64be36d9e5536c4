"""Where the answers stand: rows of headers, wherever they are, and what is below each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile
from pd_core.ingestion.budget import watched
from pd_core.ingestion.leading_columns import KNOWN_QUESTIONS, leading_block, leading_by_content, with_moved
from pd_core.ingestion.text_files import SEARCHED_ROWS
from pd_core.wording import listed

_MOST_BLOCKS, _MOST_AGAIN = 100, 10_000
_HEADERS_AGAIN = 10  # columns in which a second row of headers is looked for


@dataclass(frozen=True)
class Block:
    """A row of headers and the rows below it.

    `cells` has `row` (the row's number on its sheet), a text column `c0`, `c1` … for each header, null where blank;
    `overflow`, whether more cells stand in the row than there are headers; and `is_header`, whether the row itself
    holds headers again. `leading` maps a field to its column; `front` is how many columns stand in front of the
    questions, unknown ones too: what is behind them in `leading` was moved there.
    """

    sheet: str
    headers: tuple[str, ...]
    leading: dict[str, int]
    cells: pl.DataFrame
    front: int

    def column_keys(self) -> list[tuple[str, int]]:
        """What each column is, wherever it is: its field, or its folded header and its number among equal ones."""
        fields = {position: name for name, position in self.leading.items()}
        seen: dict[str, int] = {}
        found = []
        for position, header in enumerate(self.headers):
            if position in fields:
                found.append((f"\0{fields[position]}", 0))
                continue
            folded = fold(header)
            seen[folded] = seen.get(folded, 0) + 1
            found.append((folded, seen[folded]))
        return found

    def questions(self) -> set[tuple[str, int]]:
        """The keys of all named columns behind the leading block."""
        return {key for key in self.column_keys() if key[0] and not key[0].startswith("\0")}


def header_score(row: Sequence[str | None], codebook: Codebook) -> int:
    """How many cells are known headers; 0 without a time of completion, which every export has."""
    folded = [fold(cell) for cell in row if cell]
    fields = {codebook.fields_by_header.get(cell) for cell in folded}
    if "end" not in fields:
        return 0
    return len(fields - {None}) + sum(cell in codebook.items_by_wording for cell in folded)


def known_questions(row: Sequence[str | None], codebook: Codebook) -> int:
    """How many cells are wordings of the codebook; 0 where they are too few for a row of headers."""
    known = sum(fold(cell) in codebook.items_by_wording for cell in row if cell)
    return known if known >= KNOWN_QUESTIONS else 0


def blocks_of(
    file: str, sheet: str, cells: pl.DataFrame, codebook: Codebook, header_cells: int | None = None
) -> list[Block]:
    """The rows of headers of a sheet, each with what is below it; none where no row holds headers.

    `header_cells` is how many cells the headers of a CSV file take; null in a workbook, where cells to the right of the
    answers are notes that a person made. Raises RefusedFile where a time of completion is a question among others.
    """
    scores = [header_score(row, codebook) for row in cells.head(SEARCHED_ROWS).iter_rows()]
    first = max(range(len(scores)), key=lambda index: scores[index], default=0)
    if not scores:
        return []
    if not scores[first]:
        return _by_content(sheet, cells, codebook, header_cells)
    starts, repeats = [first], []
    for row in _headers_again(cells, first, codebook):
        if row > first and cells.row(row) == cells.row(starts[-1]):
            repeats.append(row)
        elif row > first and len(starts) < _MOST_BLOCKS:
            starts.append(row)
    blocks = []
    for start, end in pairwise([*starts, cells.height]):
        headers, below = [cell or "" for cell in cells.row(start)], cells.slice(start + 1, end - start - 1)
        front = leading_block(headers, codebook)
        leading = with_moved(front, headers, below, codebook)
        if "end" not in leading:
            leading = front = leading_by_content(cells, start, codebook)
        if "end" not in leading:
            raise RefusedFile(
                f"{file}: the time of completion does not stand in front of the questions, where Forms puts it.",
                "Put the columns back in the order of the export, or export the answers again.",
            )
        own = cells.slice(start, end - start)
        again = [row + 1 for row in repeats] + [start + 1] * (start > first)
        blocks.append(_block(sheet, own, start, leading, header_cells, again, _front(front, leading)))
    return blocks


def _front(run: dict[str, int], leading: dict[str, int]) -> int:
    """How many columns stand in front of the questions: the run of leading headers, and what was renamed at its end."""
    front = max(run.values(), default=-1) + 1
    while front in leading.values():
        front += 1
    return front


def _by_content(sheet: str, cells: pl.DataFrame, codebook: Codebook, header_cells: int | None) -> list[Block]:
    """The answers of a sheet whose leading headers speak a language that is not known."""
    for row in range(min(SEARCHED_ROWS, cells.height)):
        if leading := leading_by_content(cells, row, codebook):
            return [_block(sheet, cells.slice(row), row, leading, header_cells, [], max(leading.values()) + 1)]
    return []


def _headers_again(cells: pl.DataFrame, first: int, codebook: Codebook) -> list[int]:
    """Rows below the first headers that hold headers again, as where exports stand under each other.

    They hold a time of completion, in any language, or headers of the first export, in any order.
    """
    ends = [header.casefold() for header in codebook.leading.get("end", ())]
    columns = cells.columns[:_HEADERS_AGAIN]
    known = {fold(cell) for cell in cells.row(first) if cell and cell.strip()}
    headers = [cell for cell in cells.row(first) if cell and cell.strip()]
    lowered = pl.col(columns).str.strip_chars().str.to_lowercase()
    looks_so = pl.any_horizontal(lowered.is_in(ends), pl.col(columns).is_in(headers))
    found = cells.select(looks_so.fill_null(False).alias("is"))["is"].arg_true()

    def is_header(row: int) -> bool:
        named = [fold(cell) for cell in cells.row(row) if cell and cell.strip()]
        again = sum(cell in known for cell in named)
        return header_score(cells.row(row), codebook) >= 2 or (again >= KNOWN_QUESTIONS and 2 * again >= len(named))

    return [row for row in watched(found.to_list()[:_MOST_AGAIN]) if row != first and is_header(row)]


def _block(
    sheet: str,
    cells: pl.DataFrame,
    offset: int,
    leading: dict[str, int],
    header_cells: int | None,
    again: list[int],
    front: int,
) -> Block:
    """`offset` is the place of the row of headers on its sheet, from 0; `again` are rows, from 1, with headers too."""
    names = cells.row(0)
    width = max(index for index, cell in enumerate(names) if cell and cell.strip()) + 1
    headers = tuple(cell or "" for cell in names[:width])
    kept = [f"c{index}" for index in range(width)]
    # A row of headers among the answers stays in the rows read: it is set aside, and seen to be.
    body = cells.with_row_index("row", offset=offset + 1).slice(0 if offset + 1 in again else 1)
    more = cells.columns[max(width, header_cells) :] if header_cells is not None else []
    overflow = [name for name in more if body[name].drop_nulls().str.strip_chars().ne("").any()]
    trimmed = body.with_columns(pl.col(kept).str.strip_chars().replace("", None)).with_columns(
        overflow=pl.any_horizontal(pl.col(overflow).is_not_null()) if overflow else pl.lit(False),
        is_header=pl.col("row").is_in(again) if again else pl.lit(False),
    )
    trimmed = trimmed.filter(pl.any_horizontal(pl.col(kept).is_not_null()))
    return Block(sheet, headers, leading, trimmed.select("row", *kept, "overflow", "is_header"), front)


def same_form(file: str, best: Block, blocks: list[Block]) -> tuple[list[Block], list[str]]:
    """The blocks that ask the same as the best of them, copies left out, and what is to be said of the others.

    A block asks the same where at least half of the questions of the smaller one are in both; its rows are read by its
    own headers. Raises RefusedFile where another export is below the answers on one sheet.
    """
    kept, notes = [], []
    for block in blocks:
        if not block.questions() and block is not best:
            continue  # a log of times, without answers
        shared = len(best.questions() & block.questions())
        if 2 * shared >= max(1, min(len(best.questions()), len(block.questions()))):
            kept.append(block)
        elif block.sheet == best.sheet:
            raise RefusedFile(
                f"{file} holds two exports under each other: row {_end(block.cells, 0)} has headers again, "
                f"of other questions ({_some(block)}).",
                "Save each export as a file of its own.",
            )
        elif block.cells.height:
            notes.append(f"Sheet “{block.sheet}” asks something else ({_some(block)}) and was not read.")
    copies = {id(block) for block in kept if block is not best and _is_copy(block, best, kept)}
    notes += [f"Sheet “{block.sheet}” only repeats rows of another sheet." for block in kept if id(block) in copies]
    return [block for block in kept if id(block) not in copies], notes


def _some(block: Block) -> str:
    names = [" ".join(header.split())[:60] for header in block.headers if header.strip()]
    questions = [name for name in names if (fold(name), 1) in block.questions()]
    return listed([f"“{name}”" for name in questions[:3]])


def _is_copy(block: Block, best: Block, kept: list[Block]) -> bool:
    """Whether each row of a block is also in the best one, or a larger one, of another sheet, cell for cell."""
    rows = _row_texts(block)
    for other in kept:
        if (
            other.sheet != block.sheet
            and (other is best or other.cells.height > rows.len())
            and sorted(other.column_keys()) == sorted(block.column_keys())
        ):
            order = [other.column_keys().index(key) for key in block.column_keys()]
            if rows.is_in(_row_texts(other, order).implode()).all():
                return True
    return False


def _row_texts(block: Block, order: list[int] | None = None) -> pl.Series:
    places = [f"c{place}" for place in order or range(len(block.headers))]
    return block.cells.select(pl.concat_str(pl.col(places).fill_null(""), separator="\x1f")).to_series()


def joined(blocks: list[Block]) -> tuple[Block, list[tuple[int, str, int]]]:
    """One block of all rows, each read by its own headers, and where each block's rows begin.

    A block's rows keep their numbers where it is the first of the file; those of a further sheet go on counting.
    Of each block: the first running number, its sheet, and what to take off to have the row's number there. Leading
    columns that were moved behind the questions stand in front of them again.
    """
    keys = blocks[0].column_keys()
    front = blocks[0].front
    keys = list(
        dict.fromkeys([*keys[:front], *(key for key in keys[front:] if key[0].startswith("\0")), *keys[front:]])
    )
    for block in blocks[1:]:
        for key in [key for key in block.column_keys() if key not in keys]:
            # What is in front of the questions in one block stays in front of them in all.
            last = max(place for place, known in enumerate(keys) if known[0].startswith("\0"))
            keys.insert(last + 1 if key[0].startswith("\0") else len(keys), key)
    headers: dict[tuple[str, int], str] = {}
    for block in blocks:
        for key, header in zip(block.column_keys(), block.headers, strict=True):
            headers.setdefault(key, header)
    frames: list[pl.DataFrame] = []
    places: list[tuple[int, str, int]] = []
    above = 0
    sheet = blocks[0].sheet
    for block in blocks:
        if block.sheet != sheet:
            above = max((_end(frame, -1) for frame in frames), default=0)
            sheet = block.sheet
        own = {key: f"c{place}" for place, key in enumerate(block.column_keys())}
        columns = [
            (pl.col(own[key]) if key in own else pl.lit(None, pl.String)).alias(f"c{place}")
            for place, key in enumerate(keys)
        ]
        frames.append(block.cells.select((pl.col("row") + above).cast(pl.UInt32), *columns, "overflow", "is_header"))
        places.append((_end(frames[-1], 0), block.sheet, above))
    leading = {key[0][1:]: place for place, key in enumerate(keys) if key[0].startswith("\0")}
    whole = Block(
        blocks[0].sheet, tuple(headers[key] for key in keys), leading, pl.concat(frames), max(leading.values()) + 1
    )
    return whole, places


def _end(cells: pl.DataFrame, place: int) -> int:
    """The number of the first (0) or last (-1) row; 0 where there is none. Rows stand in their order."""
    return int(cells["row"][place]) if cells.height else 0
