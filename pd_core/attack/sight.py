"""What scopes see, read as their pages and files read it, next to what a stranger has who sees everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, Scope
from pd_core.attack.published import NEEDS, TABLES, Published, asked, numbers_of
from pd_core.codebook import Codebook
from pd_core.disclosure.suppressed_frames import coarse
from pd_core.disclosure.suppression import Flags
from pd_core.storage import Store
from pd_core.summaries.school_comparison import grid
from pd_core.summaries.tables import TABLES as ALL
from pd_core.summaries.unnamed_schools import compared_samr, unnamed_skills
from pd_core.survey.scoped_survey import Survey, survey

_Key = tuple[str, str]
_SCOPE = "scope"
_LEAST_UNNAMED, _STEP, _NEARLY = 5, 0.05, 1e-6


@dataclass(frozen=True)
class Sight:
    """What a scope sees, by wave and question.

    `exact` (place, filter) marks the groups of which it sees an exact number: places and filters as in `Question`.
    `rounded` (filter) marks the filters under which it sees the district's figures rounded. `odd` (place, filter) marks
    groups of which it sees a number that a stranger does not have. `telling` names, by wave, the skills of which the
    shares of schools without a name would tell which schools they are.
    """

    exact: dict[_Key, Flags] = field(default_factory=dict)
    rounded: dict[_Key, Flags] = field(default_factory=dict)
    odd: dict[_Key, Flags] = field(default_factory=dict)
    telling: set[_Key] = field(default_factory=set)


def sights(
    store: Store, codebook: Codebook, target_share: float, published: Published, scopes: Sequence[Scope]
) -> dict[Scope, Sight]:
    """Reads every table under every filter, and the comparison of schools, as each of these scopes sees them.

    Tables do not depend on how other schools stand in comparisons: they are read once for the same schools.
    """
    alone = list(dict.fromkeys(Scope(scope.school_ids) for scope in scopes))
    named = [scope for scope in scopes if scope.others == "named"]
    found = {scope: _nothing(published) for scope in dict.fromkeys([*alone, *named])}
    for (place, role), wave_id in product(enumerate(published.filters), published.waves):
        seen = {scope: survey(store, codebook, wave_id, role or None, target_share, scope) for scope in alone}
        for table in TABLES:
            if table != NEEDS:  # see `published.collect`
                frames = {scope: ALL[table](as_seen) for scope, as_seen in seen.items()}
                _read(found, published, wave_id, place, table, frames)
    for wave_id in published.waves:
        seen = {scope: survey(store, codebook, wave_id, None, target_share, scope) for scope in named}
        for table, frames in _comparisons(seen, published.school_ids):
            _read(found, published, wave_id, 0, table, frames)
    unnamed = [scope for scope in scopes if scope.others == "unnamed"]
    for wave_id, scope in product(published.waves, unnamed):
        wave = survey(store, codebook, wave_id, None, target_share, scope)
        shares_of = {skill_id: unnamed_skills(wave, skill_id)["share"] for skill_id in codebook.skills}
        telling = {(wave_id, f"proficiency_{skill_id}") for skill_id, shares in shares_of.items() if _tells(shares)}
        alone_seen = found[Scope(scope.school_ids)]
        found[scope] = replace(_nothing(published), telling=alone_seen.telling | telling)
    return {scope: _both(found[Scope(scope.school_ids)], found.get(scope)) for scope in scopes}


def _tells(shares: pl.Series) -> bool:
    """Whether shares without a name are so few, or so exact, that numbers of people tell whose they are."""
    is_stepped = (shares / _STEP - (shares / _STEP).round()).abs() < _NEARLY
    return 0 < len(shares) < _LEAST_UNNAMED or not is_stepped.all()


def _comparisons(
    seen: Mapping[Scope, Survey], school_ids: list[str]
) -> Iterator[tuple[str, dict[Scope, pl.DataFrame]]]:
    yield "skill-summary", {scope: grid(wave, school_ids) for scope, wave in seen.items()}
    yield "samr-levels", {scope: compared_samr(wave) for scope, wave in seen.items()}


def _nothing(published: Published) -> Sight:
    seen = Sight()
    for question in published.questions:
        key = (question.wave_id, question.name)
        seen.exact[key], seen.odd[key] = np.zeros((2, *question.shown.shape), dtype=np.bool_)
        seen.rounded[key] = np.zeros(question.shown.shape[1], dtype=np.bool_)
    return seen


def _both(alone: Sight, compared: Sight | None) -> Sight:
    if compared is None:
        return alone

    def joined(one: Mapping[_Key, Flags], other: Mapping[_Key, Flags]) -> dict[_Key, Flags]:
        return {key: flags | other[key] for key, flags in one.items()}

    return Sight(
        joined(alone.exact, compared.exact),
        joined(alone.rounded, compared.rounded),
        joined(alone.odd, compared.odd),
        compared.telling,
    )


def _read(
    found: dict[Scope, Sight],
    published: Published,
    wave_id: str,
    role: int,
    table: str,
    frames: dict[Scope, pl.DataFrame],
) -> None:
    """Marks what the scopes see in their `frames` of one table, those of all scopes at once."""
    scopes = list(frames)
    if not scopes:
        return
    everything = published.frames[wave_id, role, table]
    heights = [frame.height for frame in frames.values()]
    of_scopes = pl.Series(_SCOPE, np.repeat(np.arange(len(scopes)), heights))
    rows = asked(table, pl.concat(frames.values(), how="vertical_relaxed").with_columns(of_scopes))
    rows = rows.filter(pl.any_horizontal(pl.col(numbers_of(rows.drop(_SCOPE))).is_not_null()))
    common = [name for name in rows.columns if name in everything.columns]
    places = {school_id: place for place, school_id in enumerate([*published.school_ids, DISTRICT])}
    is_district = pl.col("school_id") == DISTRICT
    schools = rows.filter(~is_district & pl.col("school_id").is_in(list(places)))
    keys = [_SCOPE, "school_id", "question"]
    for place, school_id, question in schools.select(keys).unique().iter_rows():
        found[scopes[place]].exact[wave_id, question][places[school_id], role] = True
    odd = schools.join(everything, on=common, how="anti", nulls_equal=True)
    for place, school_id, question in odd.select(keys).unique().iter_rows():
        found[scopes[place]].odd[wave_id, question][places[school_id], role] = True
    district = rows.filter(is_district)
    rounded = district.join(coarse(everything.filter(is_district)), on=common, how="semi", nulls_equal=True)
    is_rounded = set(rounded.select(_SCOPE, "question", "answer").iter_rows())
    for place, question, answer in district.select(_SCOPE, "question", "answer").iter_rows():
        seen = found[scopes[place]]
        if (place, question, answer) in is_rounded:
            seen.rounded[wave_id, question][role] = True
        else:
            seen.exact[wave_id, question][-1, role] = True
