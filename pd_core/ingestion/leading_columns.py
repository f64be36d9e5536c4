"""Which columns stand in front of the questions: by their headers, or by what is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.ingestion.time_words import plain_time

TIMES = ("start", "end", "modified")
_LOOKED_AT = 50  # rows
_MOST_LEADING = 12
KNOWN_QUESTIONS = 3
_TIME = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ,]+\d{1,2}[:.h]\d{2}.*|\d{5}\.\d+")


def leading_block(headers: Sequence[str], codebook: Codebook) -> dict[str, int]:
    """Field to position, for the run of known leading headers: behind it, a question may well be called “Name”.

    A header that is not known (an added column, or a language's word for points) does not end the run where one of the
    times still follows.
    """
    folded = [fold(header) for header in headers]
    fields = [codebook.fields_by_header.get(header) for header in folded]
    first_question = next((i for i, header in enumerate(folded) if header in codebook.items_by_wording), len(folded))
    last_time = max((i for i, name in enumerate(fields[:first_question]) if name in TIMES), default=-1)
    leading: dict[str, int] = {}
    for index, name in enumerate(fields):
        if name is not None and name != "quiz_prefix" and name not in leading:
            leading[name] = index
        elif leading and index > last_time:
            break
    return leading


def leading_by_content(cells: pl.DataFrame, row: int, codebook: Codebook) -> dict[str, int]:
    """Field to position of the columns in front of the questions, where their headers speak a language not known.

    The first known question ends them; `row` must hold some of those. A column of times is the completion where it is
    the first column (Google Forms); behind a column of whole numbers, two columns of times are start and completion
    (Microsoft Forms). Empty where they are neither.
    """
    folded = [fold(cell or "") for cell in cells.row(row)]
    questions = [place for place, header in enumerate(folded) if header in codebook.items_by_wording]
    if len(questions) < KNOWN_QUESTIONS or not 0 < questions[0] <= _MOST_LEADING:
        return {}
    below = cells.slice(row + 1, _LOOKED_AT)
    texts = [below[f"c{place}"].drop_nulls().str.strip_chars().to_list() for place in range(questions[0])]
    are_times = [bool(column) and all(_TIME.fullmatch(plain_time(text)) for text in column) for column in texts]
    leading: dict[str, int] = {}
    if are_times[0]:
        leading["end"] = 0
    elif are_times[1:3] == [True, True] and all(re.fullmatch(r"\d+(?:\.0)?", text) for text in texts[0]):
        leading |= {"id": 0, "start": 1, "end": 2}
    else:
        return {}
    after = next(
        (place for place, column in enumerate(texts) if any("@" in text for text in column)), max(leading.values())
    )
    if after not in leading.values():
        leading["email"] = after
    # Anything else in front, such as a name or a language, is no question either.
    if (last := questions[0] - 1) not in leading.values():
        leading["language"] = last
    return leading
