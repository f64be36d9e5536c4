"""Which items a column's header may be about: told by its tag, or by its words as exports write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pd_core.codebook import Codebook, Item, fold

CUT_FROM = 190
"""Headers of so many characters or more may be cut off."""
_NUMBER = re.compile(r"\d*$")
_TAGGED = re.compile(r"\[([^\]]{1,20})\]\s*")
_TITLE_ENDS = (". ", " [", ": ", " - ", " > ", ".")


def items_of_headers(questions: Sequence[tuple[int, str]], codebook: Codebook) -> dict[int, list[Item]]:
    """Position of each question (position, header) to the items that its header may be about; none: not known."""
    bases = {fold(header) for _, header in questions}
    by_tag = _are_tags_ours(questions, bases, codebook)
    return {position: _candidates(header, bases, codebook, by_tag=by_tag) for position, header in questions}


def _are_tags_ours(questions: Sequence[tuple[int, str]], bases: set[str], codebook: Codebook) -> bool:
    """Whether the tags of a form may be those of the codebook: none is in front of another question's words.

    Other forms number their questions too, and then their tags say nothing.
    """
    for _, header in questions:
        tag = _TAGGED.match(fold(header))
        tagged = codebook.items_by_mark.get(tag[1]) if tag else None
        known = _candidates(header, bases, codebook, by_tag=False) if tagged else []
        if tagged and known and tagged not in known:
            return False
    return True


def _candidates(header: str, bases: set[str], codebook: Codebook, *, by_tag: bool) -> list[Item]:
    """The items whose wording a header is: whole, with its grid's title, numbered, cut off; or `by_tag` whose tag it
    has."""
    folded = fold(header)
    if tag := _TAGGED.match(folded):
        if by_tag and (tagged := codebook.items_by_mark.get(tag[1])):
            return [tagged]
        words = folded[tag.end() :]
        return _candidates(words, bases, codebook, by_tag=False) if words else []
    # How many digits were added cannot be seen (`Office 3652`): each base that is in the file counts.
    last = len(folded) - len(_NUMBER.findall(folded)[0])
    shorter = [folded[:end].rstrip() for end in range(len(folded) - 1, last - 1, -1)]
    for form in (folded, *(base for base in shorter if base in bases)):
        if items := codebook.items_by_wording.get(form):
            return list(items)
        if titled := _titled(form, codebook):
            return titled
    if folded.endswith("...") or len(header) >= CUT_FROM:
        start = folded.removesuffix("...").rstrip()
        cut = {
            item.item_id: item
            for wording, items in codebook.items_by_wording.items()
            for item in items
            if len(start) >= 20 and wording.startswith(start)
        }
        return list(cut.values())
    return []


def _titled(folded: str, codebook: Codebook) -> list[Item]:
    """Items of a grid where the header is `Title. statement` or `Title [statement]`."""
    for kind, titles in codebook.grid_titles.items():
        for title in map(fold, titles):
            for end in _TITLE_ENDS:
                if folded.startswith(title + end):
                    statement = folded[len(title + end) :].strip().removesuffix("]").strip()
                    items = [item for item in codebook.items_by_wording.get(statement, ()) if item.kind == kind]
                    if items:
                        return items
    return []
