"""All schools in one table: what each needs, whether it is safe to decide, and when its staff can attend."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import Codebook
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION
from pd_core.needs.needs import needed, needs
from pd_core.needs.verdicts import VERDICTS
from pd_core.presentation.need_sentences import need_in_short, with_sentences
from pd_core.presentation.section import Column, Columns, Section, Table
from pd_core.survey.preferences import Wish, wishes
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import chosen_said, percent, plural

T = TypeVar("T")
Among = tuple[tuple[str, tuple[str, ...]], ...]
"""Filters of `FILTERS` with the ids that are chosen for each."""
NAME = "schools-at-a-glance"
HEADS: Mapping[str, str] = {
    "school_name": "School",
    "verdict": "Can we decide?",
    "first_need": "Entry class needed",
    "second_need": "Second entry class",
    "implementation_need": "Implementation class",
    "topic": "Most requested topic",
    "time": "Best time",
}
"""The columns of the table on a page, each with its heading."""
FILTERS: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "verdict": ("Verdict", (("verdict_id", "verdict"),)),
    "class": (
        "Class",
        (("first_id", "first_need"), ("second_id", "second_need"), ("implementation_id", "implementation_need")),
    ),
    "topic": ("Topic", (("topic_id", "topic"),)),
    "time": ("Time", (("time_id", "time"),)),
    "level": ("Level", (("level", "level_said"),)),
    "region": ("Region", (("region", "region_said"),)),
}
"""What schools can be filtered by: a label, and the columns of which one has to hold a chosen id, with their words."""
_FILE: Columns = {
    "school_name": Column("School"),
    "verdict": Column("Can we decide?"),
    "rate": Column("Answered", "share"),
    "first_need": Column("Entry class needed"),
    "first_people": Column("Entry class: for"),
    "second_need": Column("Second entry class"),
    "second_people": Column("Second entry class: for"),
    "implementation_need": Column("Implementation class"),
    "implementation_people": Column("Implementation class: for"),
    "topic": Column("Most requested topic"),
    "time": Column("Best time"),
}
_NOT_YET = "Being worked out"
_VERDICTS = [*VERDICTS.values(), _NOT_YET]
_OTHER = "other"
_WISHES: Mapping[Wish, str] = {"topics": "topic", "times": "time"}
_STRESSED = (
    "The Excel file has each number of people in a whole sentence, also if those who did not answer are less skilled."
)
_NEEDS = ((ENTRY, 0, "first"), (ENTRY, 1, "second"), (IMPLEMENTATION, 0, "implementation"))


@dataclass(frozen=True)
class Arrangement:
    """Which schools a table shows, and in what order: by a column of `HEADS`, `is_reversed` from its end; the school
    that is `found` (empty: none) first, whatever the filters say. `among` has the ids chosen for filters of `FILTERS`,
    as name and ids; those of one filter are alternatives."""

    by: str = "school_name"
    is_reversed: bool = False
    found: str = ""
    among: Among = ()


@dataclass(frozen=True)
class Schools:
    """What the table is made of: `opening` has its heading and what to know first; `choices` is what there is to choose
    for each filter, id to words; `names` are school_id and name of each school.

    `rows` has a row per school, by name: school_id, the columns of `HEADS`, rate (0-1); ids and words of `FILTERS`; and
    of each need its people as a sentence (`first_people` …), in short (`first_short` …) and as a number
    (`first_number` …). A need or preference that is hidden, or that no one has, is null.
    """

    opening: Section
    choices: Mapping[str, Mapping[str, str]]
    names: Sequence[Mapping[str, str]]
    rows: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Glance:
    """The table: `table` for files, and `rows` for a page, a cell of words and smaller words for each of `HEADS`.
    `shown` says which schools these are."""

    table: Table
    rows: tuple[tuple[tuple[str, str], ...], ...] = field(repr=False)
    shown: str = ""


def schools_at_a_glance(survey: Survey, verdicts: pl.DataFrame) -> Schools:
    """The schools in scope; `verdicts` are theirs (null where not worked out yet)."""
    return _kept(survey, verdicts, None, lambda: _schools(_rows(survey, verdicts), survey.codebook))


def glance(survey: Survey, verdicts: pl.DataFrame, schools: Schools, arrangement: Arrangement) -> Glance:
    """The table of the schools in scope, arranged; `schools` are those of `schools_at_a_glance` with these verdicts."""
    return _kept(survey, verdicts, arrangement, lambda: arranged(schools, arrangement))


def _kept(survey: Survey, verdicts: pl.DataFrame, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, kept once all verdicts are known."""
    if verdicts["verdict"].null_count():
        return make()
    return survey.kept((__name__, survey.scope, tuple(verdicts["school_id"]), key), make)


def _schools(rows: pl.DataFrame, codebook: Codebook) -> Schools:
    heading = f"What {plural(rows.height, 'school')} need, in one table"
    early = rows.filter(pl.col("verdict") == VERDICTS["too early"]).height
    note = f"For {plural(early, 'school')} it is too early to decide: they need more answers." if early else None
    names = rows.select("school_id", name="school_name").to_dicts()
    lines = (*([note] if note else []), _STRESSED)
    return Schools(Section(NAME, heading, heading=heading, lines=lines), choices(rows, codebook), names, rows)


def _rows(survey: Survey, verdicts: pl.DataFrame) -> pl.DataFrame:
    found = with_sentences(needed(needs(survey)).filter(pl.col("school_id") != DISTRICT))
    found = found.with_columns(
        place=pl.int_range(pl.len()).over("school_id", "training"),
        short=pl.Series([need_in_short(row) for row in found.to_dicts()], dtype=pl.String),
    )
    rows = verdicts.select(
        "school_id",
        "school_name",
        "rate",
        "region",
        level="school_level",
        level_said=_with_capital("school_level"),
        region_said=_with_capital("region"),
        verdict_id="verdict",
        verdict=pl.col("verdict").replace_strict(VERDICTS, default=_NOT_YET, return_dtype=pl.String),
    )
    for training, place, name in _NEEDS:
        wanted = found.filter((pl.col("training") == training) & (pl.col("place") == place)).select(
            "school_id",
            pl.col("skill_id").alias(f"{name}_id"),
            pl.col("skill_name").alias(f"{name}_need"),
            pl.col("sentence").alias(f"{name}_people"),
            pl.col("short").alias(f"{name}_short"),
            pl.col("people").alias(f"{name}_number"),
        )
        rows = rows.join(wanted, on="school_id", how="left", maintain_order="left")
    for wish, name in _WISHES.items():
        rows = rows.join(_most_wanted(survey, wish, name), on="school_id", how="left", maintain_order="left")
    return rows.sort(pl.col("school_name").str.to_lowercase())


def _with_capital(column: str) -> pl.Expr:
    return pl.col(column).str.head(1).str.to_uppercase() + pl.col(column).str.slice(1)


def _most_wanted(survey: Survey, wish: Wish, name: str) -> pl.DataFrame:
    """The answer that most of a school's staff chose: school_id, its code, and `name`. “Other” is left out: no one can
    act on it."""
    rows = wishes(survey, wish).filter(
        (pl.col("school_id") != DISTRICT) & (pl.col("respondents") > 0) & (pl.col("code") != _OTHER)
    )
    return rows.unique("school_id", keep="first", maintain_order=True).select(
        "school_id", pl.col("code").alias(f"{name}_id"), pl.col("label").alias(name)
    )


def choices(rows: pl.DataFrame, codebook: Codebook) -> dict[str, dict[str, str]]:
    """What there is to choose for each filter, id to words: all that a school could have, so that an address stays
    right when its winners change; of levels and regions those of `Schools.rows`. Without filters that are empty."""
    asked = {name: codebook.labels(codebook.items[wish].scale_id) for wish, name in _WISHES.items()}
    found = {
        "verdict": dict(VERDICTS),
        "class": {skill_id: skill.name for skill_id, skill in codebook.skills.items()},
        **{name: {code: label for code, label in labels.items() if code != _OTHER} for name, labels in asked.items()},
    }
    for name in ("level", "region"):
        _, ((known, words),) = FILTERS[name]
        pairs = rows.select(known, words).filter(pl.col(known) != "").unique().sort(words)
        found[name] = dict(pairs.iter_rows())
    return {name: options for name, options in found.items() if options}


def arranged(schools: Schools, arrangement: Arrangement) -> Glance:
    """The table of these schools, arranged."""
    rows = schools.rows.with_columns(fits=_fits(arrangement.among))
    shown = _in_order(rows, arrangement, schools.choices)
    table = Table(NAME, shown.select("school_id", *_FILE), _FILE)
    return Glance(table, tuple(map(_cells, shown.to_dicts())), _shown(schools, rows, arrangement))


def _fits(among: Among) -> pl.Expr:
    """Whether a school has what is chosen for each of the filters."""
    return pl.all_horizontal(
        pl.lit(True),
        *(pl.any_horizontal(pl.col(known).is_in(ids) for known, _ in FILTERS[name][1]) for name, ids in among),
    ).fill_null(False)


def _shown(schools: Schools, rows: pl.DataFrame, arrangement: Arrangement) -> str:
    """How many schools fit what is chosen, what that is, and which school comes first as it is looked for."""
    number, fitting = plural(rows.height, "school"), rows.filter("fits").height
    if not arrangement.among:
        lines = [f"All {number}." if rows.height > 1 else f"{number}."]
    else:
        lines = [f"{fitting:,} of {number} {'fits' if fitting == 1 else 'fit'}." if fitting else "No school fits."]
        chosen = {
            FILTERS[name][0]: [words for known, words in schools.choices[name].items() if known in ids]
            for name, ids in arrangement.among
        }
        lines.append(chosen_said(chosen))
    if not fitting:
        lines.append("Choose fewer filters.")
    first = rows.filter(school_id=arrangement.found)
    for name, fits in first.select("school_name", "fits").iter_rows():
        lines.append(f"{name} comes first, as you looked for it{'' if fits else ', though it does not fit'}.")
    return " ".join(lines)


def _in_order(rows: pl.DataFrame, arrangement: Arrangement, choices: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    is_found = pl.col("school_id") == arrangement.found
    by, words = arrangement.by, pl.col(arrangement.by)
    keys = [words.str.to_lowercase()]
    if by == "verdict":
        keys = [words.replace_strict(_places(_VERDICTS), return_dtype=pl.Int64), -pl.col("rate")]
    elif by == "time":
        keys = [words.replace_strict(_places(choices.get("time", {}).values()), default=None, return_dtype=pl.Int64)]
    elif by.endswith("_need"):
        keys.append(-pl.col(f"{by.removesuffix('_need')}_number"))
    turned = [arrangement.is_reversed] * len(keys)
    return rows.filter(is_found | pl.col("fits")).sort(
        ~is_found, *keys, descending=[False, *turned], nulls_last=True, maintain_order=True
    )


def _places(words: Iterable[str]) -> dict[str, int]:
    """The place of each of these words."""
    return {one: place for place, one in enumerate(words)}


def _cells(row: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    rate = row["rate"]
    small = {
        "verdict": f"{percent(rate)} answered" if isinstance(rate, float) else "",
        **{f"{name}_need": str(row[f"{name}_short"] or "") for _, _, name in _NEEDS},
    }
    return tuple((str(row[name] or ""), small.get(name, "")) for name in HEADS)
