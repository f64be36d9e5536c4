"""Which columns stand in front of the questions: by their headers, or by what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.ingestion.time_words import plain_time

TIMES = ("start", "end", "modified")
_LOOKED_AT = 50  # rows
_MOST_LEADING = 12
KNOWN_QUESTIONS = 3
_WHOLE = re.compile(r"[0-9]+(?:[.,]0*)?")
_TIME = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ,]+\d{1,2}[:.h]\d{2}.*|\d{5}\.\d+")


def leading_block(headers: Sequence[str], codebook: Codebook) -> dict[str, int]:
    """Field to position, for the run of known leading headers: behind it, a question may well be called “Name”.

    A header that is not known (an added column, or a language's word for points) does not end the run where one of the
    times still follows, and a column without a header never does.
    """
    folded = [fold(header) for header in headers]
    fields = [codebook.fields_by_header.get(header) for header in folded]
    first_question = next((i for i, header in enumerate(folded) if header in codebook.items_by_wording), len(folded))
    last_time = max((i for i, name in enumerate(fields[:first_question]) if name in TIMES), default=-1)
    leading: dict[str, int] = {}
    for index, name in enumerate(fields):
        if name is not None and name != "quiz_prefix" and name not in leading:
            leading[name] = index
        elif leading and index > last_time and folded[index]:
            break
    return leading


def with_moved(
    leading: dict[str, int], headers: Sequence[str], below: pl.DataFrame, codebook: Codebook
) -> dict[str, int]:
    """The leading block, with those of its columns that were moved behind the questions, or renamed.

    What is in a column tells it. A moved one has its header still. A renamed one is where it was: a start just in
    front of the completion, an ID in the first column, addresses in the block or just behind it.
    """
    found = dict(leading)
    fields = [codebook.fields_by_header.get(fold(header)) for header in headers]
    looked_at = below.head(_LOOKED_AT)

    def texts(place: int) -> list[str]:
        return [text for text in looked_at[f"c{place}"].drop_nulls().str.strip_chars().to_list() if text]

    def is_free(place: int) -> bool:
        return 0 <= place < len(headers) and place not in found.values()

    def is_unknown(place: int) -> bool:
        return is_free(place) and fields[place] is None and fold(headers[place]) not in codebook.items_by_wording

    for name, is_one in _BY_CONTENT.items():
        if name in found or (name == "id" and "start" not in found):
            continue
        moved = [place for place in range(len(headers)) if is_free(place) and fields[place] == name]
        if moved and is_one(texts(moved[0])):
            found[name] = moved[0]
    end = found.get("end", -1)
    if "start" not in found and is_unknown(end - 1) and _are_times(texts(end - 1)):
        found["start"] = end - 1
    if "id" not in found and "start" in found and is_unknown(0) and _are_numbers(texts(0)):
        found["id"] = 0
    behind = max((place for name, place in found.items() if leading.get(name) == place), default=-1) + 1
    for place in range(behind + 1):
        if "email" not in found and is_unknown(place) and _are_addresses(texts(place)):
            found["email"] = place
    if found.get("email") == behind:  # what came behind the addresses is still there
        for place in range(behind + 1, len(headers)):
            field = fields[place]
            if field is None or field == "quiz_prefix" or field in found:
                break
            found[field] = place
    return found


def _are_times(texts: list[str]) -> bool:
    return bool(texts) and all(_TIME.fullmatch(plain_time(text)) for text in texts)


def _are_numbers(texts: list[str]) -> bool:
    return len(set(texts)) == len(texts) > 0 and all(_WHOLE.fullmatch(text) for text in texts)


def _are_addresses(texts: list[str]) -> bool:
    return any("@" in text for text in texts) and all("@" in text or text == "anonymous" for text in texts)


_BY_CONTENT: dict[str, Callable[[list[str]], bool]] = {
    "end": _are_times,
    "start": _are_times,
    "modified": _are_times,
    "id": _are_numbers,
    "email": _are_addresses,
}


def leading_by_content(cells: pl.DataFrame, row: int, codebook: Codebook) -> dict[str, int]:
    """Field to position of the columns in front of the questions, where their headers speak a language not known.

    The first known question ends them; `row` must hold some of those. A column of times is the completion where it is
    the first column (Google Forms); two columns of times, alone or behind a column of whole numbers, are start and
    completion (Microsoft Forms). Empty where they are neither.
    """
    folded = [fold(cell or "") for cell in cells.row(row)]
    questions = [place for place, header in enumerate(folded) if header in codebook.items_by_wording]
    if len(questions) < KNOWN_QUESTIONS or not 0 < questions[0] <= _MOST_LEADING:
        return {}
    below = cells.slice(row + 1, _LOOKED_AT)
    texts = [below[f"c{place}"].drop_nulls().str.strip_chars().to_list() for place in range(questions[0])]
    are_times = [_are_times(column) for column in texts]
    leading: dict[str, int] = {}
    if are_times[:2] == [True, True]:
        leading |= {"start": 0, "end": 1}
    elif are_times[0]:
        leading["end"] = 0
    elif are_times[1:3] == [True, True] and all(_WHOLE.fullmatch(text) for text in texts[0]):
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
