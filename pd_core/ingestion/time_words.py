"""Times in the words of many languages, written the one way that `timestamps` reads: months, a. m., 上午."""

from __future__ import annotations

import re
import unicodedata

# The first letters that tell a month in the languages of Europe, Indonesian and Turkish, with the accents off.
_MONTHS = {
    1: "jan ene gen sty tammi led oca ian янв січ ιαν",
    2: "feb fev fevr lut helmi uno sub фев лют φεβ",
    3: "mar mrz mrt maa maart mars marz maalis bre мар бер μαρ",
    4: "apr abr avr kwi huhti dub nis апр кві απρ",
    5: "may mai maj mei mag maggio maio mayo touko kve мая маи тра μαι",
    6: "jun juin giu cze kesa cvn cervn haz iun июн чер ιουν",
    7: "jul juil lug lip heina cvc cervc tem iul июл лип ιουλ",
    8: "aug ago aou sie elo srp agu авг сер αυγ",
    9: "sep set wrz syys zar eyl sze сен вер σεπ",
    10: "oct okt out ott paz loka rij eki окт жов οκτ",
    11: "nov lis marras kas noi noe ноя лис νοε",
    12: "dec dez dic gru joulu pro ara des дек гру δεκ",
}
_MONTH_OF = {name: month for month, names in _MONTHS.items() for name in names.split()}
_BY_LENGTH = sorted(_MONTH_OF, key=len, reverse=True)
_MORNING = re.compile(
    r"(?<![^\W\d_])a\.? ?m\b\.?|上午|午前|오전|早上|凌晨|fm\b|formiddag|ö\.?ö\b\.?|dop\b\.?|π\.?μ\.?"
    r"|(?<=\d )(?:de\.?|sa|ص)$"
)
_AFTERNOON = re.compile(
    r"(?<![^\W\d_])p\.? ?m\b\.?|下午|午後|오후|晚上|中午|em\b|eftermiddag|ö\.?s\b\.?|odp\b\.?|μ\.?μ\.?"
    r"|(?<=\d )(?:du\.?|ch|م)$"
)
_CLOCK = re.compile(r"(\d{1,2}) ?(?:[:.h]|uhr|時|时|시) ?(\d{2})(?: ?(?:[:.m]|分|분) ?(\d{2}))?(?:[.,]\d{1,9})?")
_COLONS = re.compile(r"(?<!\d)(\d{1,2}) ?: ?(\d{2})(?!\d)(?: ?[:.] ?(\d{2})(?!\d))?(?:[.,]\d{1,9})?")
_NUMBER = re.compile(r"\d{1,4}")
_WORD = re.compile(r"[^\W\d_]{2,12}")
_MOST = 80


def plain_time(text: str) -> str:
    """A date and time as `year-month-day hour:minute:second half`, or as `a/b/c …` where their order stays to be told.

    What follows the time, the name of a zone or its distance from Greenwich, is left out: the wall clock counts. Text
    that is no time comes back as it is.
    """
    if len(text) > _MOST:
        return text
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    half = "p" if _AFTERNOON.search(folded) else "a" if _MORNING.search(folded) else ""
    clock = _COLONS.search(folded) or _last_clock(folded)
    if clock is None:
        return text
    date = _date(folded[: clock.start()]) or _date(folded[clock.end() :])
    if not date:
        return text
    hour, minute, second = clock[1], clock[2], clock[3] or "00"
    return f"{date} {hour}:{minute}:{second}{' ' + half + 'm' if half else ''}"


def _last_clock(folded: str) -> re.Match[str] | None:
    """A time written with points (07.40) or words, behind a date that may hold points too."""
    found = list(_CLOCK.finditer(folded))
    if not found:
        return None
    before = folded[: found[-1].start()]
    words = any(map(month_of, _WORD.findall(before)))
    return found[-1] if len(_NUMBER.findall(before)) + words >= 3 else None


def _date(folded: str) -> str:
    numbers = _NUMBER.findall(folded)
    month = next(filter(None, map(month_of, _WORD.findall(folded))), None)
    if month:
        if len(numbers) != 2:
            return ""
        # With the month as a word only a year of two digits could be taken for the day: the day comes first then.
        day, year = numbers if len(numbers[1]) != 2 or len(numbers[0]) != 4 else numbers[::-1]
        if len(day) == 4:
            day, year = year, day
        return f"{int(year) + 2000 if len(year) == 2 else int(year)}-{month}-{day}"
    if len(numbers) != 3:
        return ""
    return "-".join(numbers) if len(numbers[0]) == 4 else "/".join(numbers)


def month_of(word: str) -> int | None:
    """The month (1-12) that a word in lower case begins with the name of; null for any other word."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    return next((_MONTH_OF[name] for name in _BY_LENGTH if plain.startswith(name)), None)
