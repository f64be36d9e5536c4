"""Which items of the codebook a question may be, where its wording is not known: near ones, or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from pd_core.codebook import LEVEL_KINDS, Codebook, fold
from pd_core.ingestion.scales import is_number

_LAST_WORDS = re.compile(r".*[.\[:>|?!-]\s*+([^.\[\]:>|?!-]+)\]?\s*+$")
_NUMBERED = re.compile(r"\W*(\d{1,2})\b")
_FRONT = re.compile(r"^\W*(?:\d{1,2}|[a-z](?=[.):]))?[\W\d]*")
_BY_RANK = {5: ("0", "1", "1", "2", "3"), 4: ("0", "1", "2", "3"), 3: ("1", "2", "3")}
# Scales in use, from the lowest answer to the highest, and the levels for which they are taken.
_USUAL: dict[tuple[str, ...], tuple[str, ...]] = {
    ("beginner", "intermediate", "advanced"): ("1", "2", "3"),
    ("novice", "intermediate", "expert"): ("1", "2", "3"),
    ("beginner", "intermediate", "advanced", "expert"): ("1", "2", "3", "3"),
    ("none", "beginner", "intermediate", "advanced"): ("0", "1", "2", "3"),
    ("none", "basic", "intermediate", "advanced"): ("0", "1", "2", "3"),
    ("novice", "basic", "proficient", "advanced"): ("0", "1", "2", "3"),
    ("poor", "fair", "good", "excellent"): ("0", "1", "2", "3"),
    ("poor", "fair", "good", "very good", "excellent"): ("0", "1", "1", "2", "3"),
    ("poor", "basic", "standard", "good", "excellent"): ("0", "1", "1", "2", "3"),
    ("not at all", "slightly", "moderately", "very", "extremely"): ("0", "1", "1", "2", "3"),
}
_ENOUGH = 85.0  # of 100: below it two questions only share some words
_CLOSE = 92.0


def near_items(header: str, codebook: Codebook) -> tuple[str, ...]:
    """Items that a header most likely means, best first; none where nothing is sure enough.

    The end of a header counts first: a grid's column ends in its statement (`….Word`, `… [Word]`), and that is the
    wording of a skill. A question as a whole counts only where nearly all of its words are those of a known one: two
    questions that share “what”, “your” and “like” are not alike.
    """
    folded = fold(header)
    for end in _ends(folded):
        if items := codebook.items_by_wording.get(end):
            return tuple(item.item_id for item in items)
    for end in _ends(folded):
        skills = {
            wording: items for wording, items in codebook.items_by_wording.items() if items[0].kind in LEVEL_KINDS
        }
        near = process.extract(end, list(skills), scorer=fuzz.ratio, limit=2, score_cutoff=_CLOSE)
        if len(near) == 1 or (len(near) > 1 and near[0][1] > near[1][1]):
            return tuple(item.item_id for item in skills[near[0][0]])
    near = process.extract(
        folded, list(codebook.items_by_wording), scorer=fuzz.token_sort_ratio, limit=3, score_cutoff=_ENOUGH
    )
    found = [item.item_id for wording, _, _ in near for item in codebook.items_by_wording[wording]]
    return tuple(dict.fromkeys(found))


def _ends(folded: str) -> list[str]:
    """The last words of a header behind a mark, without the number of a repeated header."""
    found = _LAST_WORDS.match(folded)
    if not found:
        return []
    end = found[1].strip()
    return list(dict.fromkeys([end, end.rstrip("0123456789").strip()]))


def by_rank(scale_id: str, answers: Sequence[str]) -> dict[str, str]:
    """Each answer to the code of the level at its place, where answers go up: by their numbers, or by usual words.

    Four levels are taken as they are. Five are read as 0, 1, 1, 2, 3, and three as 1, 2, 3. Numbers alone say nothing:
    of a scale of five, no one may have given the highest. Empty where the order cannot be told, and for SAMR.
    """
    if scale_id != "proficiency":
        return {}
    folded = {answer: fold(answer) for answer in answers}
    if ranks := _numbered(folded):
        return ranks
    plain = {answer: _FRONT.sub("", text) for answer, text in folded.items()}
    for words, codes in _USUAL.items():
        if len(plain) > 1 and set(plain.values()) <= set(words):
            return {answer: codes[words.index(text)] for answer, text in plain.items()}
    return {}


def _numbered(folded: Mapping[str, str]) -> dict[str, str]:
    numbers = {answer: int(found[1]) for answer, text in folded.items() if (found := _NUMBERED.match(text))}
    codes = _BY_RANK.get(len(set(numbers.values())))
    if not codes or len(numbers) != len(folded) or set(numbers.values()) != set(range(1, len(codes) + 1)):
        return {}
    labeled = {numbers[answer] for answer in folded if not is_number(answer)}
    return {answer: codes[number - 1] for answer, number in numbers.items() if labeled == set(numbers.values())}


def one_line(text: str) -> str:
    """Text on one line, as people read it."""
    return " ".join(text.split())
