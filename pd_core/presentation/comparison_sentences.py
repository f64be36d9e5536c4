"""School comparisons in words: who differs clearly, how sure a share is, and where a school ranks."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.summaries.school_comparison import (
    ABOVE,
    BELOW,
    CANNOT_TELL,
    LEAST_POINTS,
    NO_GROUP,
    SAME,
    STRESS_POINTS,
    ComparedWith,
)
from pd_core.summaries.unnamed_schools import UNNAMED
from pd_core.wording import listed, percent, with_capital

_GROUPS: dict[ComparedWith, str] = {"district": "the rest of the district", "like": "similar schools"}
NARROW = 0.2
"""The widest range (0-1) that needs no comment: ten points either way."""
_WHY = {
    "small": f"they are less than {LEAST_POINTS} points apart",
    "stress": f"it might not hold if those who did not answer are {STRESS_POINTS} points lower everywhere",
    "chance": "among so many comparisons, chance alone could make that difference",
}
"""Why a mark outside a share's range has no clear word, by the column why of `school_comparison.grid`."""


def with_words(rows: pl.DataFrame, *, of_role: bool) -> pl.DataFrame:
    """Add to rows of `school_comparison.grid` or `one_skill`: trust, why a share is uncertain (“” if it is not or is
    not shown), and for `one_skill` rank_text, the range of ranks (null: not ranked)."""
    rows = rows.with_columns(trust=_trust(rows, of_role=of_role))
    return rows.with_columns(rank_text=_rank_text(rows)) if "ranked" in rows.columns else rows


def _trust(rows: pl.DataFrame, *, of_role: bool) -> pl.Expr:
    unknown = "how many have this role is not known" if of_role else "the number of staff is not known"
    is_pooled = pl.col("is_pooled") if "is_pooled" in rows.columns else pl.lit(False)
    answered, width = pl.col("respondents").cast(pl.String), pl.col("share_high") - pl.col("share_low")
    points = (width * 50).round().cast(pl.Int64).cast(pl.String)
    some = pl.when(pl.col("respondents") < pl.col("headcount"))
    of_staff = some.then(answered + " of " + pl.col("headcount").cast(pl.String)).otherwise(answered) + " answered"
    return (
        pl.when(pl.col("share").is_null() | pl.col("respondents").is_null())
        .then(pl.lit(""))
        .when(is_pooled)
        .then("pooled with the district's answers, since only " + answered + " answered")
        .when(pl.col("headcount").is_null())
        .then(pl.lit(unknown))
        .when(width.is_null())
        .then(of_staff)
        .when(width > NARROW + 1e-9)
        .then(of_staff + ", give or take " + points + " points")
        .otherwise(pl.lit(""))
    )


def _rank_text(rows: pl.DataFrame) -> pl.Series:
    ranks = rows.select("rank_from", "rank_to", "ranked").iter_rows()
    texts = [None if number is None else _range_said(low, high, number) for low, high, number in ranks]
    return pl.Series(texts, dtype=pl.String)


def _range_said(low: int, high: int, number: int) -> str:
    if low == high:
        return f"{_ordinal(low)} of {number}, most likely"
    return f"{_ordinal(low)} to {_ordinal(high)} of {number}"


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def comparison_sentence(
    rows: pl.DataFrame,
    district_share: float | None,
    skill_name: str,
    *,
    of_role: bool = False,
    compared_with: ComparedWith = "district",
) -> str:
    """Which schools of `one_skill` clearly differ from those they are compared with, and for how many it cannot be
    said. With `of_role`, the rows count people with one role instead of all staff.
    """
    if district_share is None or rows["share"].drop_nulls().is_empty():
        return f"{skill_name} cannot be compared yet"
    people = "staff of that role" if of_role else "staff"
    share = percent(district_share)
    parts = [f"{skill_name}: {share} of this year's {people} use it on their own, going by those who answered"]
    named = rows.filter((pl.col("school_id") != UNNAMED) & pl.col("share").is_not_null())
    if named.height and named["share_low"].drop_nulls().is_empty():
        parts.append("how sure that is cannot be said without a staff list")
    elif named.height:
        parts += _apart(named, compared_with)
    others = rows.filter(pl.col("school_id") == UNNAMED).height
    if others:
        parts.append(f"{others} other schools are shown without their names")
    return "; ".join(parts)


def grid_sentence(rows: pl.DataFrame) -> str:
    """The district's strongest and weakest skills: those with a range entirely above, or below, the share of its middle
    skill."""
    district = rows.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null()).sort(
        "share", descending=True
    )
    if district.is_empty():
        return "Nothing can be compared yet"
    if district["share_low"].drop_nulls().is_empty():
        return "Which skills differ clearly cannot be said without a staff list"
    middle = district["share"].median()
    above = district.filter(pl.col("share_low") > middle)["skill_name"].to_list()
    below = district.filter(pl.col("share_high") < middle)["skill_name"].to_list()[::-1]
    strengths = "is the district's strength" if len(above) == 1 else "are the district's strengths"
    parts = [f"{_some(above)} {strengths}"] if above else []
    if below:
        parts.append(f"fewer people use {_some(below)} on their own than most other skills")
    sentence = "; ".join(parts) or "no skill of the district clearly differs from the others"
    return with_capital(sentence)


def own_sentence(rows: pl.DataFrame, compared_with: ComparedWith) -> str:
    """In which skills one school is clearly above or below the schools it is compared with, of its rows of
    `school_comparison.grid`.

    “Lincoln High is clearly above the rest of the district in Teams, clearly below in OneNote and Sway”.
    """
    name, words = rows["school_name"][0], rows.drop_nulls("word")
    group = _GROUPS[compared_with]
    if words.is_empty():
        return f"{name} cannot be compared yet"
    if words["word"].is_in([NO_GROUP[compared_with]]).all():
        return f"{name}: {NO_GROUP[compared_with]}"
    parts: list[str] = []
    for word in (ABOVE, BELOW):
        if skills := words.filter(pl.col("word") == word)["skill_name"].to_list():
            parts.append(f"{word}{'' if parts else f' {group}'} in {_some(skills)}")
    if not parts:
        return f"{name} is in no skill clearly above or below {group}"
    return f"{name} is {', '.join(parts)}"


def marks_sentence(rows: pl.DataFrame, name: str) -> str:
    """Why the word of some rows of `school_comparison.grid` is not clear though the mark is outside the range; empty if
    there are none. `name` is the column that names them.

    “Stream: the mark is outside the line, but they are less than 10 points apart.”
    """
    reasons: dict[str, list[str]] = {}
    for of, why in rows.drop_nulls("why").select(name, "why").iter_rows():
        reasons.setdefault(why, []).append(of)
    parts = [f"{_some(names)}: the mark is outside the line, but {_WHY[why]}." for why, names in reasons.items()]
    return " ".join(parts)


def _apart(named: pl.DataFrame, compared_with: ComparedWith) -> list[str]:
    """Who is clearly above and below the group, how many are about the same, and for how many it cannot be said."""

    def with_word(word: str) -> list[str]:
        return named.filter(pl.col("word") == word)["school_name"].to_list()

    def group(names: list[str]) -> str:
        like = "schools like it" if len(names) == 1 else "schools like them"
        return "the rest of the district" if compared_with == "district" else like

    apart: list[str] = []
    for word in (ABOVE, BELOW):
        if names := with_word(word):
            apart.append(f"{_counted(names)} {word}{'' if apart else f' {group(names)}'}")
    parts = [", ".join(apart)] if apart else []
    if names := with_word(SAME):
        parts.append(f"{_number(names)} {'is' if len(names) == 1 else 'are'} {SAME}")
        parts[-1] += "" if apart else f" as {group(names)}"
    if names := with_word(CANNOT_TELL):
        parts.append(f"for {_number(names)} it cannot be said yet")
    if names := with_word(NO_GROUP[compared_with]):
        none = "is no other school to compare with" if compared_with == "district" else f"are too few {group(names)}"
        parts.append(f"for {_number(names)} there {none}")
    return parts


def _counted(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} and {len(names) - 1} more are"
    return listed(names) + (" is" if len(names) == 1 else " are")


def _some(names: list[str]) -> str:
    return listed(names) if len(names) < 4 else f"{names[0]}, {names[1]} and {len(names) - 2} more"


def _number(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} schools"
