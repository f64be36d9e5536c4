"""What an answer means: from the words in a cell to the codes of a scale."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping

from rapidfuzz import fuzz, process

from pd_core.codebook import OTHER, Choice, fold
from pd_core.ingestion.budget import watched
from pd_core.ingestion.time_words import month_of

_PREFIX = re.compile(r"(?:level )?\(?([0-9]{1,2}|[a-z])\s*(?:[.):=-]+\s*|\s+)(?=\S)")
_BARE = re.compile(r"(?:level )?\(?([0-9]{1,2}|[a-z])(?:[.,]0+)?[.):]?")
_NUMBER = re.compile(r"(?:level )?([0-9]{1,2})(?:[.,]0+)?")
_RUINED_RUN = re.compile("[?\ufffd]+")
_LOST_SIGNS = 3  # the most letters that one `?` may replace
_BEFORE_EXPLANATION = (":", "-", "(", ".")
_TAKES_BACK = re.compile(
    r"\W*(?:but|or|and|except|though|although|sometimes|partly|not|no|never|hardly|barely|rarely|seldom|only|mostly"
    r"|mainly|usually|almost|nearly|used to|depends|if|unless|until|maybe|perhaps|kind of|sort of)\b"
    r"|.*\b(?:but|however|except|depends)\b"
)
# Excel takes `6-8` for June 8, and `9-12` for September 12.
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?"
    r"|(\d{1,2})[-. /]+([a-z]{3})[a-z]*\.?|([a-z]{3})[a-z]*\.?[-. /]+(\d{1,2})"
)
_DECORATION = ("So", "Sk", "Me", "Co")


class Scale:
    """A scale as it is read: each known wording with its code, and what a person said of this form's own wordings.

    `seen` are all answers that a file gives to the questions of this scale: what one column says of a number holds for
    the bare number in another.
    """

    def __init__(
        self, choices: Iterable[Choice], said: Mapping[str, str | None] | None = None, seen: Iterable[str] = ()
    ) -> None:
        self.choices = tuple(choices)
        self.takes_other = any(choice.code == OTHER for choice in self.choices)
        self.codes = {fold(wording): choice.code for choice in self.choices for wording in choice.wordings}
        self.said = {fold(answer): code for answer, code in (said or {}).items()}
        self._seen = [fold(answer) for answer in seen]
        self._learned = self._numbers_of([*self.said, *self._seen])

    def decode(self, answers: Iterable[str]) -> dict[str, str | None]:
        """Each distinct answer of one column to its code, or to null where it is not on the scale.

        Labels drift within a form (`5 Excellent`, `5.Excellent`, `3`): a number in front of a known label means
        that label, in this column or else in the file. Without any label, numbers are levels only where they run from
        the scale's lowest to its highest: a rating counts from 1, and 1 to 3 of 5 says nothing of levels 1 to 3.
        """
        folded = {answer: fold(answer) for answer in answers}
        texts = {*folded.values(), *self._seen}
        here = self._numbers_of(folded.values())
        learned = {number: next(iter(codes)) for number, codes in {**self._learned, **here}.items() if len(codes) == 1}
        if not here and not self._learned:
            learned = self._levels(texts)
        learned |= self._letters(texts)
        return {answer: self._code(text, learned) for answer, text in watched(folded.items())}

    def levels_by_number(self) -> dict[str, str]:
        """Each number to the code for which the file's bare numbers are taken; empty where labels say what they are."""
        return {} if self._learned else self._levels(self._seen)

    def knows(self, answer: str) -> bool:
        """Whether the scale, or a person, says what these very words mean."""
        return fold(answer) in self.codes or fold(answer) in self.said

    def _numbers_of(self, texts: Iterable[str]) -> dict[str, set[str]]:
        """What is in front of known labels, with the codes of those labels."""
        found: dict[str, set[str]] = {}
        for text in texts:
            plain = _undecorated(text)
            if plain not in self.codes and (prefix := _PREFIX.match(plain)):
                code = self.said[text] if text in self.said else self._label(plain[prefix.end() :])
                if code:
                    found.setdefault(prefix[1], set()).add(code)
        return found

    def _levels(self, texts: Iterable[str]) -> dict[str, str]:
        """Each number to the code of that level, where the file's numbers span exactly the scale's levels."""
        levels = {choice.level: choice.code for choice in self.choices if choice.level is not None}
        numbers = {int(number[1]) for text in texts if (number := _NUMBER.fullmatch(text))}
        if not levels or not numbers or (min(numbers), max(numbers)) != (min(levels), max(levels)):
            return {}
        return {str(level): code for level, code in levels.items()}

    def _letters(self, texts: Iterable[str]) -> dict[str, str]:
        """Codes of one letter (S, A, M, R) that may also number answers (A to E), where others show what they are."""
        letters = {text for text in texts if len(text) == 1 and text.isalpha()}
        codes = {choice.code.casefold(): choice.code for choice in self.choices if len(choice.code) == 1}
        numbering = set("abcde")
        if letters & codes.keys() - numbering and not letters & numbering - codes.keys():
            return {letter: code for letter, code in codes.items() if letter.isalpha()}
        return {}

    def _code(self, text: str, learned: Mapping[str, str]) -> str | None:
        if text in self.said:
            return self.said[text]
        plain = _undecorated(text)
        code = self._label(text) or self._label(plain)
        prefix = None if code else _PREFIX.match(plain)
        if prefix:
            code = self._label(plain[prefix.end() :])
        bare = None if code else _BARE.fullmatch(plain)
        if bare:
            code = learned.get(bare[1])
        if code is None and _RUINED_RUN.search(text):
            code = self._ruined(text)
        if code is None and (ranges := _ranges(plain)):
            codes = {self.codes[known] for known in ranges if known in self.codes}
            return codes.pop() if len(codes) == 1 else None
        return code or (OTHER if self.takes_other and not self.is_several(text) else None)

    def is_several(self, text: str) -> bool:
        """Whether a cell holds two or more answers of this scale, of a question that takes one."""
        for separator in (";", ","):
            codes = {self.codes.get(fold(part)) for part in text.split(separator) if part.strip()}
            if len(codes) > 1 and None not in codes:
                return True
        return False

    def holds_several(self, answer: str) -> bool:
        """Whether an answer that is not known names two or more of the scale's answers."""
        text = fold(answer)
        named = {code for wording, code in self.codes.items() if len(wording) > 3 and wording in text}
        return self.is_several(text) or len(named) > 1

    def _label(self, text: str) -> str | None:
        """The code of a known wording, alone or with its explanation behind it (`Substitution - the same task`).

        What names a second answer, or takes the first one back (`I use it on my own - but not often`), is neither.
        """
        text = text.strip(" ;")
        code = self.codes.get(text) or self.codes.get(text.rstrip(".!"))
        if code is None and ";" in text:
            codes = {self.codes.get(part.strip()) for part in text.split(";")}
            return codes.pop() if len(codes) == 1 else None
        if code is None:
            starts = {
                self.codes[known]
                for known in self.codes
                if len(known) > 3
                and text.startswith(known)
                and self._is_explanation(known, text[len(known) :].lstrip())
            }
            code = starts.pop() if len(starts) == 1 else None
        return code

    def _is_explanation(self, known: str, rest: str) -> bool:
        if not rest.startswith(_BEFORE_EXPLANATION) or _TAKES_BACK.match(rest):
            return False
        others = (wording for wording, code in self.codes.items() if code != self.codes[known] and len(wording) > 3)
        return not any(wording in rest for wording in others)

    def _ruined(self, text: str) -> str | None:
        """The one wording that fits where letters were lost to `?` or to a replacement sign on the way."""
        kept, gaps = _RUINED_RUN.split(text), [len(run) for run in _RUINED_RUN.findall(text)]
        if sum(gaps) > sum(sign.isalnum() for piece in kept for sign in piece):
            return None  # too little is left to tell
        fitting = {code for wording, code in self.codes.items() if _fits(kept, gaps, wording)}
        return fitting.pop() if len(fitting) == 1 else None

    def decode_sets(self, answers: Iterable[str], separator: str) -> dict[str, tuple[str, str]]:
        """Each distinct multiple answer to its codes, in the scale's order and joined by `;`, and what is left over.

        Longest match first, since a choice may itself hold the separator. What matches nothing is in a person's own
        words: it counts as `other` and is kept as written.
        """
        known = {**self.codes, **{answer: code for answer, code in self.said.items() if code}}
        order = {choice.code: place for place, choice in enumerate(self.choices)}
        most_pieces = 1 + max((wording.count(separator) for wording in known), default=0)
        found: dict[str, tuple[str, str]] = {}
        for answer in watched(answers):
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

    def reasons(self, unknown: Collection[str]) -> dict[str, list[str]]:
        """Why answers that this scale does not know are not taken, each reason with those answers."""
        expected = ", ".join(f"“{choice.label}”" for choice in self.choices)
        found: dict[str, list[str]] = {}
        for answer in watched(unknown):
            if self.holds_several(answer):
                reason = f"there is more than one answer in a cell that takes one; expected one of {expected}"
            elif is_number(answer):
                reason = f"a number alone does not say which answer it means; expected {expected}"
            else:
                reason = f"this is not an answer of the codebook; expected {expected}"
            found.setdefault(reason, []).append(answer)
        return found


def _ranges(text: str) -> list[str]:
    """What a date may have been before Excel took it for one (`6-8`, `8-6`); nothing where it was none."""
    found = _DATE.fullmatch(text)
    if not found:
        return []
    if found[1]:
        month, day = int(found[2]), int(found[3])
    else:
        month, day = month_of(found[5] or found[6]) or 0, int(found[4] or found[7])
    return [f"{month}-{day}", f"{day}-{month}"] if month else []


def is_number(answer: str) -> bool:
    """Whether an answer is a number alone, as a rating gives it."""
    return _NUMBER.fullmatch(fold(answer)) is not None


def _undecorated(text: str) -> str:
    """Text without the pictures that a form's author put around it (`🙂 I use it on my own`)."""
    if text.isascii():
        return text
    kept = (sign for sign in text if unicodedata.category(sign) not in _DECORATION and sign != "\ufe0f")
    return " ".join("".join(kept).split())


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
