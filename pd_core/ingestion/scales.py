"""What an answer means: from the words in a cell to the codes of a scale."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from rapidfuzz import fuzz, process

from pd_core.codebook import OTHER, Choice, fold

_PREFIX = re.compile(r"(?:level )?\(?([0-9]{1,2}|[a-e])\s*(?:[.):=-]+\s*|\s+)(?=\S)")
_BARE_NUMBER = re.compile(r"(?:level )?([0-9]{1,2})")
_RUINED_RUN = re.compile("[?\ufffd]+")
_LOST_SIGNS = 3  # the most letters that one `?` stands for


class Scale:
    """A scale as it is read: each known wording with its code, and what a person said of this form's own wordings."""

    def __init__(self, choices: Iterable[Choice], said: Mapping[str, str | None] | None = None) -> None:
        self.choices = tuple(choices)
        self.takes_other = any(choice.code == OTHER for choice in self.choices)
        self.codes = {fold(wording): choice.code for choice in self.choices for wording in choice.wordings}
        self.said = {fold(answer): code for answer, code in (said or {}).items()}

    def decode(self, answers: Iterable[str]) -> dict[str, str | None]:
        """Each distinct answer of one column to its code, or to null where it is not on the scale.

        Labels drift within a form (`5 Excellent`, `5.Excellent`, `3`): a number that stands before a known label
        elsewhere in the column means that label; only then does a number mean the level of that number.
        """
        folded = {answer: fold(answer) for answer in answers}
        numbers: dict[str, set[str]] = {}
        for text in folded.values():
            prefix = _PREFIX.match(text)
            code = self._label(text[prefix.end() :]) if prefix else None
            if prefix and code:
                numbers.setdefault(prefix[1], set()).add(code)
        learned = {number: next(iter(codes)) for number, codes in numbers.items() if len(codes) == 1}
        return {answer: self._code(text, learned, bool(numbers)) for answer, text in folded.items()}

    def knows(self, answer: str) -> bool:
        """Whether the scale, or a person, says what these very words mean."""
        return fold(answer) in self.codes or fold(answer) in self.said

    def _code(self, text: str, learned: Mapping[str, str], has_learned: bool) -> str | None:
        if text in self.said:
            return self.said[text]
        code = self._label(text)
        prefix = None if code else _PREFIX.match(text)
        if prefix:
            code = self._label(text[prefix.end() :])
        bare = None if code else _BARE_NUMBER.fullmatch(text)
        if bare:
            code = learned.get(bare[1])
            if code is None and not has_learned:
                code = next((c.code for c in self.choices if c.level is not None and str(c.level) == bare[1]), None)
        if code is None and _RUINED_RUN.search(text):
            code = self._ruined(text)
        return code or (OTHER if self.takes_other else None)

    def _label(self, text: str) -> str | None:
        """The code of a known wording, alone or with its explanation behind it (`Substitution - the same task`)."""
        code = self.codes.get(text)
        if code is None:
            starts = {
                self.codes[known]
                for known in self.codes
                if len(known) > 3
                and text.startswith(known)
                and text[len(known) :].lstrip()[:1] in (":", "-", "(", ",", ".", ";")
            }
            code = starts.pop() if len(starts) == 1 else None
        return code

    def _ruined(self, text: str) -> str | None:
        """The one wording that fits where letters were lost to `?` or to a replacement sign on the way."""
        kept, gaps = _RUINED_RUN.split(text), [len(run) for run in _RUINED_RUN.findall(text)]
        if sum(gaps) > sum(sign.isalnum() for piece in kept for sign in piece):
            return None  # too little is left to tell
        fitting = {code for wording, code in self.codes.items() if _fits(kept, gaps, wording)}
        return fitting.pop() if len(fitting) == 1 else None

    def decode_sets(self, answers: Iterable[str], separator: str) -> dict[str, tuple[str, str]]:
        """Each distinct multiple answer to its codes, in the scale's order and joined by `;`, and what is left over.

        Longest match first, since a choice may itself hold the separator. What matches nothing is somebody's own words:
        it counts as `other` and is kept as written.
        """
        known = {**self.codes, **{answer: code for answer, code in self.said.items() if code}}
        order = {choice.code: place for place, choice in enumerate(self.choices)}
        most_pieces = 1 + max((wording.count(separator) for wording in known), default=0)
        found: dict[str, tuple[str, str]] = {}
        for answer in answers:
            parts = list(_longest(answer, known, separator, most_pieces))
            codes = {known.get(fold(part), OTHER) for part in parts}
            left = ";".join(part for part in parts if fold(part) not in known)
            found[answer] = (";".join(sorted(codes, key=lambda code: order.get(code, len(order)))), left)
        return found

    def suggestion(self, answer: str) -> str:
        """The label nearest to an unknown answer, or nothing."""
        labels = {choice.label: fold(choice.label) for choice in self.choices}
        near = process.extractOne(fold(answer), labels, scorer=fuzz.WRatio, score_cutoff=60)
        return str(near[2]) if near else ""


def _fits(kept: list[str], gaps: list[int], wording: str) -> bool:
    """Whether `wording` is the pieces that were kept, with at most `_LOST_SIGNS` letters for each sign between them.

    Goes from piece to piece with the places reached so far: a pattern would try their combinations, and never end.
    """
    ends = {len(kept[0])} if wording.startswith(kept[0]) else set()
    for gap, piece in zip(gaps, kept[1:], strict=True):
        starts = {start for end in ends for start in range(end, min(end + gap * _LOST_SIGNS, len(wording)) + 1)}
        ends = {start + len(piece) for start in starts if wording.startswith(piece, start)}
        if not ends:
            return False
    return len(wording) in ends


def _longest(answer: str, known: Collection[str], separator: str, most_pieces: int) -> Iterator[str]:
    """The parts of a multiple answer: from left to right the most pieces that are one known wording, else one piece."""
    pieces = answer.split(separator)
    place = 0
    while place < len(pieces):
        ends = range(min(len(pieces), place + most_pieces), place, -1)
        runs = ((end, separator.join(pieces[place:end]).strip()) for end in ends)
        end, part = next(((end, run) for end, run in runs if fold(run) in known), (place + 1, pieces[place].strip()))
        if part:
            yield part
        place = end
