"""Growth of the same people: where those who answered both times were then and are now, and who came and went."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import transitions
from pd_core.disclosure.two_waves import MATCHED_HIDDEN
from pd_core.presentation import growth_sentences
from pd_core.presentation.growth_notes import no_one_twice
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.summaries.growth import HALVES, LEVELS, MOVES, NO_ONE_TWICE, NO_SCHOOL_SHOWN, Growth
from pd_core.wording import counted, listed

_CELLS: Columns = {
    "label_from": Column("Then"),
    "label_to": Column("Now"),
    "people": Column("People", "count"),
}
_MATCHED: Columns = {
    "skill_name": Column("Skill"),
    "matched": Column("The same people", "count"),
    "up": Column("Up", "count"),
    "same": Column("Same", "count"),
    "down": Column("Down", "count"),
    "sign_p": Column("Up against down, by chance", "share"),
    "level_p": Column("Sum of levels, by chance", "share"),
    "homogeneity_p": Column("Spread over levels, by chance", "share"),
}
_STAYED: Columns = {
    "skill_name": Column("Skill"),
    "matched": Column("Stayed", "count"),
    "stayers_share_from": Column("Stayers then", "share"),
    "stayers_share_to": Column("Stayers now", "share"),
    "leavers": Column("Left", "count"),
    "leavers_share_from": Column("Leavers then", "share"),
    "newcomers": Column("Came", "count"),
    "newcomers_share_to": Column("Newcomers now", "share"),
    "from_stayers": Column("Change from stayers", "share"),
    "from_newcomers": Column("Change from newcomers", "share"),
    "from_leavers": Column("Change from leavers", "share"),
}
_AT_SCHOOLS = " at schools where all levels may be shown"
NO_STAYERS = "No one is known to have stayed: no one who answered the first time was recognized the second time."
_STAYED_NOTE = "The three parts add up to the change: what stayers learned, and who came and went."
_MATCHED_NOTE = (
    "Only people recognized in both waves. Up is a level or more; where levels would give people away, up is becoming "
    "proficient, or only how many moved. The last columns are how often chance alone would move people so."
)
_CELLS_NOTE = "Down the side: then. Across: now. Blue cells went up, orange ones down, gray ones stayed."
_MOVES_NOTE = "Blue: up, orange: down, gray: the same. Levels one by one would give people away."


@kept_section
def first_shown(pair: Growth, school_id: str) -> str | None:
    """The skill that rose most among those of which moves are shown; null for none."""
    shown = pair.transitions.filter((pl.col("school_id") == school_id) & ~pl.col("suppressed"))["skill_id"]
    return next((skill for skill in pair.of(school_id)["skill_id"] if skill in set(shown)), None)


@kept_section
def matched_section(pair: Growth, school_id: str, skill_id: str) -> Section:
    """Where the people who answered both times were then and are now, as far as it may be shown."""
    name = pair.later.codebook.skills[skill_id].name
    of_group = (pl.col("school_id") == school_id) & (pl.col("skill_id") == skill_id)
    cells, heading = pair.transitions.filter(of_group), "The same people, then and now"
    if cells.is_empty() or cells["suppressed"].any():
        reason = str(cells["reason"][0]) if cells.height else "no answers in both waves"
        is_none = bool((pair.changes.filter(of_group)["matched"] == 0).any())
        sentence = growth_sentences.matched_sentence(name, None, reason, is_none=is_none)
        return Section("transitions", sentence, heading=heading, lines=(sentence,))
    shown = _labeled(pair, cells)
    tested = pair.matched.filter(of_group).to_dicts()
    moved = {way: int(shown.filter(pl.col("move") == way)["people"].sum()) for way in ("up", "same", "down")}
    row = {"detail": shown["detail"][0], "sign_p": tested[0]["sign_p"] if tested else None, **moved}
    where = _AT_SCHOOLS if school_id == DISTRICT else ""
    sentence = growth_sentences.matched_sentence(name, row, "", where=where)
    by_move = row["detail"] == MOVES
    return Section(
        "transitions",
        sentence,
        heading=heading,
        lines=(sentence,),
        drawing=drawn(transitions.move_bars(shown) if by_move else transitions.transition_table(shown)),
        table=Table("transitions", shown, _CELLS),
        note=_MOVES_NOTE if by_move else _CELLS_NOTE,
    )


def _labeled(pair: Growth, cells: pl.DataFrame) -> pl.DataFrame:
    """Rows of `Growth.transitions` of one group with detail, move (up, same, down), label_from and label_to."""
    first = cells["level_from"][0]
    if first == "any":
        names = {"up": "Up a level or more", "same": "Same level", "down": "Down a level or more"}
        return cells.with_columns(
            detail=pl.lit(MOVES), move=pl.col("level_to"), label_from=pl.lit("Any level"),
            label_to=pl.col("level_to").replace_strict(names, return_dtype=pl.String),
        )  # fmt: skip
    labels = {str(level): label for level, label in pair.later.codebook.level_labels("proficiency").items()}
    is_full = first in labels
    order = list(labels) if is_full else sorted(cells["level_from"].unique())
    labels = labels if is_full else dict(zip(order, ("Not proficient", "Proficient"), strict=True))
    place = {level: number for number, level in enumerate(order)}
    then, now = (pl.col(name).replace_strict(place, return_dtype=pl.Int64) for name in ("level_from", "level_to"))
    move = pl.when(now > then).then(pl.lit("up")).when(now < then).then(pl.lit("down")).otherwise(pl.lit("same"))
    return cells.with_columns(
        move=move,
        detail=pl.lit(LEVELS if is_full else HALVES),
        label_from=pl.col("level_from").replace_strict(labels, return_dtype=pl.String),
        label_to=pl.col("level_to").replace_strict(labels, return_dtype=pl.String),
    )


@kept_section
def moves_section(pair: Growth, school_id: str) -> Section | None:
    """How many of the same people moved in each skill, with exact tests; null where nothing of it is shown."""
    rows = _matched(pair, school_id)
    if rows.is_empty():
        return None
    clear = rows.filter((pl.col("sign_p") <= growth_sentences.CHANCE) & (pl.col("up") + pl.col("down") > 0))
    names = listed(clear["skill_name"].to_list()) if clear.height else "no skill"
    sentence = f"Moves that chance alone rarely makes, each skill taken by itself: {names}."
    reason = NO_SCHOOL_SHOWN if school_id == DISTRICT else MATCHED_HIDDEN
    lines = (sentence, _MATCHED_NOTE, *_left_out(pair, school_id, rows.height, reason))
    return Section(
        "moves", sentence, heading="All skills, the same people", table=Table("moves", rows, _MATCHED), lines=lines
    )


@kept_section
def stayers_section(pair: Growth, school_id: str) -> Section:
    """Stayers, leavers and newcomers, skill by skill."""
    rows = _matched(pair, school_id)
    heading = "Who stayed, left and came"
    sentence = _no_stayers(pair, school_id) or growth_sentences.stayers_sentence(rows)
    if rows.is_empty() or not rows["stayers_share_from"].count():
        return Section("stayers", sentence, heading=heading, lines=(sentence,))
    shown = rows.filter(pl.col("stayers_share_from").is_not_null())
    lines = (sentence, _STAYED_NOTE, *_left_out(pair, school_id, shown.height, "too few people in one of the groups"))
    return Section("stayers", sentence, heading=heading, table=Table("stayers", shown, _STAYED), lines=lines)


def _no_stayers(pair: Growth, school_id: str) -> str:
    """Why stayers, leavers and newcomers are not told apart where that is not for being few; empty otherwise."""
    if school_id == DISTRICT:
        return "Who stayed, left and came is shown school by school, not for the district."
    rows = pair.changes.filter(pl.col("school_id") == school_id)
    for wave, column in ((pair.earlier, "respondents_from"), (pair.later, "respondents_to")):
        if rows.height and (rows[column].fill_null(1) == 0).all():
            return f"No one answered in {wave.wave_id}, so no one stayed, left or came between the two waves."
    return NO_STAYERS if no_one_twice(pair, school_id) else ""


def _left_out(pair: Growth, school_id: str, shown: int, reason: str) -> list[str]:
    """A sentence on how many skills are left out and why; none where all are shown."""
    rows = pair.changes.filter(pl.col("school_id") == school_id)
    none = rows.filter(pl.col("matched") == 0).height
    parts = ((rows.height - shown - none, reason), (none, NO_ONE_TWICE))
    return [f"{counted(skills, 'skill').capitalize()} left out: {why}." for skills, why in parts if skills > 0]


def _matched(pair: Growth, school_id: str) -> pl.DataFrame:
    names = {skill_id: skill.name for skill_id, skill in pair.later.codebook.skills.items()}
    rows = pair.matched.filter(pl.col("school_id") == school_id)
    return rows.with_columns(skill_name=pl.col("skill_id").replace_strict(names, return_dtype=pl.String))
