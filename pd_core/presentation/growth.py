"""Growth: what changed at a school between two waves, how sure is that, and what was taught in between?"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import growth as charts
from pd_core.charts.samr import NOW_AND_THEN, samr_profile
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME
from pd_core.presentation import columns, growth_sentences
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.growth_merged import merged_sentence
from pd_core.presentation.growth_notes import growth_notes
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.summaries.deliveries import taught_between, taught_mark
from pd_core.summaries.growth import Growth
from pd_core.summaries.growth_samr import redesigned
from pd_core.wording import with_capital

_CHANGES: Columns = {
    "skill_name": Column("Skill"),
    "school_name": Column("School"),
    "verdict": Column("In a word"),
    "share_from": Column("Then", "share"),
    "share_to": Column("Now", "share"),
    "respondents_from": Column("Answered then", "count"),
    "respondents_to": Column("Answered now", "count"),
    "matched": Column("The same people", "count"),
    "change": Column("Change", "share"),
    "change_low": Column("Change, low", "share"),
    "change_high": Column("Change, high", "share"),
    "reason": Column("Note"),
}
_OF_SKILLS: Columns = {name: column for name, column in _CHANGES.items() if name != "school_name"}
_OF_SCHOOLS: Columns = {name: column for name, column in _CHANGES.items() if name != "skill_name"}
_SURE: Columns = {
    "skill_name": Column("Skill"),
    "verdict": Column("In a word"),
    "change": Column("Change", "share"),
    "change_low": Column("From", "share"),
    "change_high": Column("To", "share"),
    "smallest_change": Column("Smallest change seen", "share"),
    "shrunken_change": Column("Change, allowing for chance", "share"),
    "p": Column("If nothing had changed", "share"),
    "reason": Column("Note"),
}
_LOOKING_BACK: Columns = {
    "skill_name": Column("Skill"),
    "share_then": Column("Then, as they say now", "share"),
    "said": Column("Said so", "count"),
    "share_from": Column("Answered then", "share"),
    "share_to": Column("Now", "share"),
    "reason": HIDDEN_BECAUSE,
}
_SAMR: Columns = {"wave_id": Column("Wave"), **columns.SAMR}
_TAUGHT: Columns = {
    "title": Column("Training"),
    "skill_name": Column("Skill"),
    "people": Column("People", "count"),
    "hours": Column("Hours", "hours"),
    "share_from": Column("Skill then", "share"),
    "share_to": Column("Skill now", "share"),
    "verdict": Column("In a word"),
    "reason": HIDDEN_BECAUSE,
}
WORKING = "What changed is being worked out"
_SHARES = (
    "The share of those who answered who use it on their own, then and now. Skills that rose most come first, allowing "
    "for chance. A word is given only where chance rarely makes such a change, considering all schools and skills "
    "together, and it is 5 points and 3 people or more."
)
_SURE_NOTE = (
    "A range that reaches 0 is compatible with no change. The marks show the change that would have been seen in 4 of "
    "5 cases if it were the only one looked at; a word needs more, for all are judged together. Nothing is corrected "
    "for how many answered: a change speaks of more than those who happened to."
)
_SCHOOLS_NOTE = (
    "Schools are in the order of their change, allowing for chance: one with few answers is drawn toward the others. "
    "The order is no ranking; where the words are the same, chance alone may decide it."
)
_LOOKING_BACK_NOTE = (
    "How many say now that they used it on their own then. Looking back is another question than answering then: "
    "people judge the past by what they know today. The two are never mixed, and no change is worked out from this one."
)
_SAME_PEOPLE_NOTE = "The district's same people are those of the schools where this may be shown."
_DISTRICT_NOTE = f"Each school weighs as much as it has staff. {_SAME_PEOPLE_NOTE}"
HOW_TO_RECORD = (
    "Sessions count once someone says on the Sessions page that they were held. What was taught outside the plan, a "
    "facilitator can load on the Impact page."
)
_SAMR_NOTE = "What students do with it, from not used (pale) to new tasks (dark). A profile, not a ladder to climb."


@dataclass(frozen=True)
class Opening:
    """The first screen: what changed, in a few words; where and between which waves; the same with its numbers, the
    smallest change that would have been seen, and what one must know to read it."""

    title: str
    place: str
    lines: tuple[str, ...]


@kept_section
def opening(pair: Growth, school_id: str) -> Opening:
    """A school's first screen, or the district's. Raises KeyError for a school that is not seen."""
    name, rows = _name(pair, school_id), pair.of(school_id)
    waves = f"{pair.earlier.wave_id} → {pair.later.wave_id}"
    if merged := merged_sentence(pair, school_id):
        return Opening(merged, f"{name}, {waves}", ())
    short = growth_sentences.title_sentence(name, rows)
    sentence = growth_sentences.change_sentence(name, rows)
    whole = with_capital(sentence)
    return Opening(
        with_capital(short),
        f"{'The whole district' if school_id == DISTRICT else name}, {waves}",
        tuple(
            filter(
                None,
                (
                    whole if sentence.rstrip(".") != short else "",
                    growth_sentences.seen_sentence(rows),
                    *growth_notes(pair, school_id),
                ),
            )
        ),
    )


@kept_section
def since_last(pair: Growth, school_id: str) -> str:
    """What changed since the earlier wave, in one sentence. Raises KeyError for a school that is not seen."""
    if merged := merged_sentence(pair, school_id):
        return f"{merged}."
    return growth_sentences.since_sentence(_name(pair, school_id), pair.earlier.wave_id, pair.of(school_id))


def _name(pair: Growth, school_id: str) -> str:
    if school_id == DISTRICT:
        return "the district"
    return str(dict(pair.later.schools.select("school_id", "name").iter_rows())[school_id])


@kept_section
def changes_section(pair: Growth, school_id: str) -> Section:
    """Shares then and now, skill by skill."""
    rows = pair.of(school_id).with_columns(word=pl.col("verdict"), answers_text=_answers())
    sentence = growth_sentences.change_sentence(_name(pair, school_id), rows)
    return Section(
        "growth",
        sentence,
        heading="Skill by skill, then and now",
        drawing=drawn(charts.change_dumbbells(rows)),
        table=Table("growth", rows, _OF_SKILLS),
        note=f"{_SHARES} {_SAME_PEOPLE_NOTE}" if school_id == DISTRICT else _SHARES,
    )


def _answers() -> pl.Expr:
    where = pl.when(pl.col("school_id") == DISTRICT).then(pl.lit(growth_sentences.AT_SOME)).otherwise(pl.lit(""))
    same = pl.format(", {} the same people{}", "matched", where).fill_null("")
    return pl.format("{} and {}", "respondents_from", "respondents_to") + same


@kept_section
def district_section(pair: Growth) -> Section:
    """The district's shares then and now, for a school's page."""
    rows = pair.of(DISTRICT).with_columns(word=pl.col("verdict"), answers_text=_answers())
    sentence = growth_sentences.change_sentence(_name(pair, DISTRICT), rows)
    sentence = with_capital(sentence)
    return Section(
        "growth-district",
        sentence,
        heading="The district, then and now",
        lines=(sentence,),
        drawing=drawn(charts.change_dumbbells(rows)),
        table=Table("growth-district", rows, _OF_SKILLS),
        note=_DISTRICT_NOTE,
    )


@kept_section
def skills_asked(pair: Growth, school_id: str) -> tuple[str, ...]:
    """The skills that both waves ask about, those that rose most first."""
    return tuple(pair.of(school_id)["skill_id"])


@kept_section
def samr_section(pair: Growth, school_id: str) -> Section:
    """What students do with each application, then and now."""
    rows, heading = pair.samr(school_id), "SAMR profile, then and now"
    now, then = rows.filter(~pl.col("is_then")), rows.filter("is_then")
    sentence = growth_sentences.samr_sentence(redesigned(rows, school_id), pair.earlier.wave_id)
    if not now["share"].count() or not then["share"].count():
        return Section("samr-growth", sentence, heading=heading, lines=(sentence,))
    profile = rows.with_columns(is_district=pl.col("is_then"))
    return Section(
        "samr-growth",
        sentence,
        heading=heading,
        lines=(sentence,),
        drawing=drawn(samr_profile(profile, "skill_name", NOW_AND_THEN)),
        table=Table("samr-growth", rows, _SAMR),
        note=_SAMR_NOTE,
    )


@kept_section
def looking_back_section(pair: Growth, school_id: str) -> Section | None:
    """What people say now about then, where the later wave asks; null where it does not."""
    rows = pair.looking_back(school_id)
    if rows.is_empty():
        return None
    return Section(
        "looking-back",
        _LOOKING_BACK_NOTE,
        heading=f"Looking back in {pair.later.wave_id}",
        lines=(_LOOKING_BACK_NOTE,),
        table=Table("looking-back", rows, _LOOKING_BACK),
    )


def taught_section(pair: Growth, school_id: str) -> Section:
    """What was taught between the two waves, next to what changed."""
    return _taught_section(pair, school_id, taught_mark(pair))


@kept_section
def _taught_section(pair: Growth, school_id: str, mark: str) -> Section:
    """As `taught_section`, kept as long as what was taught has this `mark`."""
    rows, heading = taught_between(pair, school_id), "What was taught in between"
    sentence = growth_sentences.taught_sentence(rows)
    if rows.is_empty():
        return Section("taught", sentence, heading=heading, lines=(sentence, HOW_TO_RECORD))
    words = pair.of(school_id).select("skill_id", "verdict", "share_from", "share_to")
    shown = rows.join(words, on="skill_id", how="left", maintain_order="left")
    return Section("taught", sentence, heading=heading, table=Table("taught", shown, _TAUGHT),
                   lines=(sentence, growth_sentences.NO_CAUSE))  # fmt: skip


@kept_section
def sure_section(pair: Growth, school_id: str) -> Section:
    """How sure each change is, and what could have been seen."""
    rows = pair.of(school_id)
    sentence = growth_sentences.seen_sentence(rows) or "How sure each change is, skill by skill"
    return Section(
        "growth-sure",
        sentence,
        heading="How sure, and what could have been seen",
        lines=(sentence,),
        drawing=drawn(charts.change_intervals(growth_sentences.with_seen_change(rows))),
        table=Table("growth-sure", rows, _SURE),
        note=_SURE_NOTE,
    )


@kept_section
def schools_section(pair: Growth, skill_id: str) -> Section:
    """One skill, school by school, the district last."""
    name = pair.later.codebook.skills[skill_id].name
    schools = pair.of_skill(skill_id)
    district = pair.of(DISTRICT).filter(pl.col("skill_id") == skill_id).with_columns(school_name=pl.lit(DISTRICT_NAME))
    rows = pl.concat([schools, district.select(schools.columns)], how="vertical_relaxed")
    rows = rows.with_columns(word=pl.col("verdict"), answers_text=_answers())
    sentence = growth_sentences.schools_sentence(name, schools)
    lowest = growth_sentences.lowest_sentence(name, pair.earlier.wave_id, pair.lowest(skill_id))
    return Section(
        "growth-by-school",
        sentence,
        heading=sentence,
        lines=(lowest,) if lowest else (),
        drawing=drawn(charts.change_dumbbells(rows, "school_name", (DISTRICT_NAME,))),
        table=Table("growth-by-school", rows, _OF_SCHOOLS),
        note=f"{_SCHOOLS_NOTE} {_SAME_PEOPLE_NOTE}",
    )
