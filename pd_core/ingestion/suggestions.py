"""Which items of the codebook a question may be, where its wording is not known: near ones, or none."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from pd_core.codebook import LEVEL_KINDS, Codebook, fold

_LAST_WORDS = re.compile(r".*[.\[:>|?!-]\s*+([^.\[\]:>|?!-]+)\]?\s*+$")
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


def one_line(text: str) -> str:
    """Text on one line, as people read it."""
    return " ".join(text.split())
