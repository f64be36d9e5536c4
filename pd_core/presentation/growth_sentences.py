"""What changed between two waves, in sentences: never more than the figures say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pd_core.access import DISTRICT
from pd_core.summaries.growth import (
    CANNOT_TELL,
    DECLINED,
    HALVES,
    IMPROVED,
    MIN_RESPONDENTS,
    NO_CHANGE,
    REWORDED,
    LowestSchools,
)
from pd_core.wording import counted, listed, people_said, percent, plural, points, whole

_MOST_DETAILED = 2
_MOST_NAMED = 2
NO_CAUSE = "What was taught is listed next to what changed. It does not show that one caused the other."
CHANCE = 0.05
_LEAST_SEEN = 0.005
"""A smallest change that rounds to 0 points: nothing varied between people, or between the answers of each, and it
tells nothing of what could have been seen."""
AT_SOME = " at schools where this may be shown"
"""Of whom the district's figures of the same people are."""
_APART = 0.10


def change_sentence(name: str, rows: pl.DataFrame) -> str:
    """What changed at a school or in the district, of its rows of `Growth.of`: “Cedar Hollow improved in OneNote (12% →
    41%, 34 and 36 answers, 22 the same people); no detectable change in nine skills; cannot tell for Sway.”"""
    found = {word: rows.filter(pl.col("verdict") == word) for word in (IMPROVED, DECLINED, NO_CHANGE, CANNOT_TELL)}
    parts = [f"{word} in {_changed(found[word])}" for word in (IMPROVED, DECLINED) if found[word].height]
    started = bool(parts)
    for word, preposition in ((NO_CHANGE, "in"), (CANNOT_TELL, "for")):
        if found[word].height:
            parts.append(f"{word} {preposition} {_named(found[word])}{_because(found[word])}")
    few = rows.filter(pl.col("verdict").is_null() & pl.col("change").is_not_null())
    if few.height:
        parts.append(f"fewer than {MIN_RESPONDENTS} answers in a wave for {_named(few)}, too few to say")
    hidden = rows.filter(pl.col("suppressed"))
    if hidden.height:
        parts.append(f"{_named(hidden)} hidden" if parts else f"nothing can be shown ({hidden['reason'][0]})")
    if not parts:
        reasons = rows["reason"].unique(maintain_order=True).drop_nulls().to_list()
        parts.append(next((reason for reason in reasons if reason), "no skill was asked about in both waves"))
    return f"{name}{'' if started else ':'} {'; '.join(parts)}."


def _because(rows: pl.DataFrame) -> str:
    """Why changes that cannot be told have no range; empty where they have one."""
    reasons = rows.filter(pl.col("smallest_change").is_null())["reason"]
    return f" ({reasons[0]})" if reasons.len() == rows.height and reasons[0] else ""


def title_sentence(name: str, rows: pl.DataFrame) -> str:
    """What changed, short enough for a phone's first screen: names of skills without their numbers."""
    said = []
    for word in (IMPROVED, DECLINED):
        names = rows.filter(pl.col("verdict") == word)["skill_name"].to_list()
        more = [counted(len(names) - _MOST_NAMED, "more skill")] if len(names) > _MOST_NAMED else []
        said += [f"{word} in {listed([*names[:_MOST_NAMED], *more])}"] if names else []
    if said:
        return f"{name} {' and '.join(said)}"
    same = rows.filter(pl.col("verdict") == NO_CHANGE)
    if same.height:
        unsure = rows.filter(pl.col("verdict") == CANNOT_TELL)
        rest = f"; {CANNOT_TELL} for {_named(unsure)}" if unsure.height else ""
        return f"{name}: {NO_CHANGE} in {_named(same)}{rest}"
    return change_sentence(name, rows).rstrip(".")


def _changed(rows: pl.DataFrame) -> str:
    """The skills that changed, the first of them with their numbers."""
    detailed = [f"{row['skill_name']} ({_numbers(row)})" for row in rows.head(_MOST_DETAILED).to_dicts()]
    return listed([*detailed, *rows["skill_name"][_MOST_DETAILED:].to_list()])


def _numbers(row: Mapping[str, Any]) -> str:
    shares = f"{percent(row['share_from'])} → {percent(row['share_to'])}"
    answers = f"{row['respondents_from']:,} and {row['respondents_to']:,} answers"
    where = AT_SOME if row.get("school_id") == DISTRICT else ""
    same = f", {row['matched']:,} the same people{where}" if row["matched"] else ""
    return f"{shares}, {answers}{same}"


def _named(rows: pl.DataFrame) -> str:
    names = rows["skill_name"].to_list()
    return listed(names) if len(names) <= _MOST_NAMED else counted(len(names), "skill")


def seen_sentence(rows: pl.DataFrame) -> str:
    """How large a change must be to be seen here, and of how many answers, of rows of `Growth.of`; empty where that is
    not known."""
    unsure, size = _unsure(rows), _seen_size(rows)
    alike = unsure.filter(pl.col("smallest_change") < _LEAST_SEEN)
    said = []
    if size:
        said.append(
            f"Where no change was detected, or we cannot tell, {_answers(unsure)} each time: a change of {size} would "
            "have been seen in 4 of 5 cases if it were the only one looked at. Among many it must be larger, and a "
            "smaller one may be there unseen."
        )
    if alike.height:
        said.append(
            f"In {_named(alike)} everyone answered alike, or the same people answered the same, so how large a change "
            "would have been seen is not known."
        )
    return " ".join(said)


def _unsure(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("verdict").is_in([NO_CHANGE, CANNOT_TELL]) & pl.col("smallest_change").is_not_null())


def with_seen_change(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with smallest_change null where it tells nothing of what could have been seen."""
    return rows.with_columns(smallest_change=pl.when(pl.col("smallest_change") >= _LEAST_SEEN).then("smallest_change"))


def _seen_size(rows: pl.DataFrame) -> str:
    """The smallest changes that would have been seen, in points; empty where none is known."""
    known = with_seen_change(_unsure(rows))["smallest_change"].drop_nulls()
    if known.is_empty():
        return ""
    low, high = (whole(100 * float(known.quantile(at) or 0)) for at in (0.0, 1.0))
    return f"{low} to {high} points" if low != high else plural(low, "point")


def _answers(rows: pl.DataFrame) -> str:
    """How many answered in either wave: the fewest to the most."""
    counts = rows.select("respondents_from", "respondents_to")
    low, high = int(counts.min_horizontal().min()), int(counts.max_horizontal().max())  # type: ignore[arg-type]
    return f"{low:,} to {high:,} people answered" if low != high else f"{people_said(low)} answered"


def since_sentence(name: str, earlier: str, rows: pl.DataFrame) -> str:
    """What changed since an earlier wave, for another page: with how many answered, what could have been seen, and
    whether a question of which a change is said was reworded."""
    size = _seen_size(rows)
    seen = f" Looked at alone, a change of {size} would have been seen in 4 of 5 cases" if size else ""
    more = f"{seen} ({_answers(_unsure(rows))} each time)." if seen else ""
    changed = rows.filter(pl.col("verdict").is_in([IMPROVED, DECLINED]) & pl.col("reason").str.contains(REWORDED))
    doubt = (
        f" The question was reworded for {_named(changed)}, which may move answers by itself." if changed.height else ""
    )
    return f"Since {earlier}, {change_sentence(name, rows)}{more}{doubt}"


def schools_sentence(skill_name: str, rows: pl.DataFrame) -> str:
    """How many schools changed in a skill, of rows of `Growth.of_skill`. No school is called the best."""
    counts = {
        word: rows.filter(pl.col("verdict") == word).height for word in (IMPROVED, DECLINED, NO_CHANGE, CANNOT_TELL)
    }
    others = rows.height - sum(counts.values())
    said = [f"{counts[word]:,} {word}" for word in (IMPROVED, DECLINED) if counts[word]]
    said += [f"no detectable change at {counts[NO_CHANGE]:,}"] if counts[NO_CHANGE] else []
    said += [f"cannot tell at {counts[CANNOT_TELL]:,}"] if counts[CANNOT_TELL] else []
    said += [f"no word for {others:,}, with too few answers"] if others else []
    return f"{skill_name}, {plural(rows.height, 'school')}: {listed(said)}" if said else f"{skill_name}: no school"


def lowest_sentence(skill_name: str, wave_id: str, found: LowestSchools | None) -> str:
    """How far the schools that were lowest rose, next to what having been lowest explains; empty for none."""
    if found is None:
        return ""
    rise = whole(100 * found.rise)
    way = "stayed the same" if rise == 0 else f"{'rose' if rise > 0 else 'fell'} {points(found.rise)}"
    about = plural(max(0, whole(100 * found.expected)), "point")
    return (
        f"The {counted(found.schools, 'school')} lowest in {skill_name} in {wave_id} {way} on average; about {about} "
        "up would come from having been lowest alone, even if nothing had changed."
    )


def matched_sentence(
    skill_name: str, row: Mapping[str, Any] | None, reason: str, *, is_none: bool = False, where: str = ""
) -> str:
    """Where the people who answered both times moved, of a row of `Growth.matched`, or why that is hidden; `is_none`
    where there are no such people, `where` at which schools they are."""
    if is_none:
        return f"{skill_name}: {reason}."
    if row is None:
        return f"{skill_name}: what the same people answered both times is hidden: {reason}."
    up, same, down = (row[name] for name in ("up", "same", "down"))
    moved = "became proficient" if row["detail"] == HALVES else "went up"
    fell = "no longer are" if row["detail"] == HALVES else "went down"
    people = (
        f"Of {up + same + down:,} people who answered about {skill_name} both times{where}, {up:,} {moved}, "
        f"{down:,} {fell}"
    )
    chance = row["sign_p"]
    if chance is None or up + down == 0:
        return f"{people}."
    said = "chance alone rarely does that" if chance <= CHANCE else "chance alone could do that"
    return f"{people} and {same:,} stayed; {said}."


def stayers_sentence(rows: pl.DataFrame) -> str:
    """What people who came and went have to do with it, of rows of `Growth.matched` with skill_name."""
    split = rows.filter(pl.col("stayers_share_from").is_not_null())
    if split.is_empty():
        return "How stayers, leavers and newcomers differ cannot be shown: too few people of each."
    if not split["leavers_share_from"].count():
        return "Everyone who answered the first time answered again."
    gap = (pl.col("leavers_share_from") - pl.col("stayers_share_from")).abs()
    apart = split.filter((gap >= _APART - 1e-9).fill_null(value=False))
    if apart.is_empty():
        return "Those who left were like those who stayed: no skill set them 10 points or more apart."
    names = [
        f"{row['skill_name']} ({percent(row['leavers_share_from'])} of {row['leavers']:,} leavers, "
        f"{percent(row['stayers_share_from'])} of {row['matched']:,} stayers)"
        for row in apart.head(_MOST_DETAILED).to_dicts()
    ]
    more = apart.height - len(names)
    names += [counted(more, "more skill")] if more else []
    return f"Leavers were unlike stayers in {listed(names)}: that moves the share without anyone learning."


def taught_sentence(rows: pl.DataFrame) -> str:
    """What was taught in between, of rows of `taught_between`."""
    shown = rows.filter(pl.col("people").is_not_null())
    if rows.is_empty():
        return "No training is recorded here between the two waves."
    if shown.is_empty():
        return "Trainings were given between the two waves; how many people had each is too few to show."
    named = [f"{row['title']} ({row['people']:,} people)" for row in shown.head(3).to_dicts()]
    more = rows.height - len(named)
    named += [f"{more} more" if more > 1 else "another"] if more else []
    return f"Taught between the two waves: {listed(named)}"


def samr_sentence(moves: pl.DataFrame, wave_id: str) -> str:
    """Where the part that redesigns tasks or makes new ones moved most, of rows of `redesigned`, and whether chance
    alone could do that to one of so many; a profile is never averaged."""
    if moves.is_empty():
        return f"No SAMR profile can be shown for both this wave and {wave_id}"
    row = moves.row(0, named=True)
    among = f", of {counted(moves.height, 'skill')}," if moves.height > 1 else ""
    answers = f" ({row['respondents_from']:,} and {row['respondents_to']:,} answers)" if row["respondents_to"] else ""
    if row["p_of_all"] is None:
        sure = "no range is worked out for it"
    else:
        sure = f"chance alone {'rarely does' if row['p_of_all'] <= CHANCE else 'could do'} that"
    return (
        f"The part that redesigns tasks or makes new ones moved most{among} with {row['skill_name']}: "
        f"{percent(row['share_from'])} → {percent(row['share_to'])}{answers}; {sure}"
    )
