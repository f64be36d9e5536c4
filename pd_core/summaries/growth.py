"""Growth of each school between two waves: the change of each skill, how sure it is, and the word for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import NamedTuple, TypeVar

import polars as pl

from pd_core.access import DISTRICT, Scope
from pd_core.background import Note, unnoted
from pd_core.codebook import Codebook
from pd_core.disclosure.two_waves import coarse_pair
from pd_core.errors import UnknownName, UserError
from pd_core.measures.change import (
    CANNOT_TELL,
    DECLINED,
    IMPROVED,
    MIN_RESPONDENTS,
    NO_CHANGE,
    variance_of,
    with_shrunken_change,
)
from pd_core.measures.regression_to_mean import expected_regression
from pd_core.storage import Store, queries
from pd_core.summaries.growth_rows import (
    GROWTH_COLUMNS,
    HALVES,
    LEVELS,
    MOVES,
    NO_ONE_TWICE,
    NO_SCHOOL_SHOWN,
    REWORDED,
    asked,
    change_rows,
    changed_people,
    matched_rows,
    reworded,
    transition_rows,
)
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey, survey
from pd_core.survey.wave_pair import WavePair, wave_pair

__all__ = [
    "CANNOT_TELL", "DECLINED", "GROWTH_COLUMNS", "HALVES", "IMPROVED", "LEVELS", "MIN_RESPONDENTS", "MOVES",
    "NO_CHANGE", "NO_ONE_TWICE", "NO_SCHOOL_SHOWN", "REWORDED", "Growth", "growth",
]  # fmt: skip
T = TypeVar("T")
LOWEST_SHARE = 0.25
"""The part of the schools that counts as the lowest."""
_FEWEST_SCHOOLS = 8
"""With fewer schools there is no lowest part to speak of."""


class LowestSchools(NamedTuple):
    """The schools with the lowest shares in the first wave: how far their mean share rose, and how far it would have
    risen by regression to the mean alone; both in shares, -1 to 1."""

    schools: int
    rise: float
    expected: float


class Growth:
    """Two waves as a scope sees them: `changes`, `transitions` and `matched` of schools by skill."""

    def __init__(self, earlier: Survey, later: Survey) -> None:
        self.earlier = earlier
        self.later = later

    @property
    def scope(self) -> Scope:
        """The schools whose figures are seen."""
        return self.later.scope

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for the same key for as long as the later wave's survey is kept."""
        return self.later.kept(("growth", self.earlier.wave_id, key), make)

    def work_out(self, note: Note = unnoted) -> None:
        """Make the figures that every table is taken from, whatever the scope; `note` takes how many pairs of waves
        are decided, and of how many."""
        wave_pair(self.earlier, self.later, note)
        self._matched_of_all()

    @property
    def _pair(self) -> WavePair:
        return wave_pair(self.earlier, self.later)

    @property
    def _all_changes(self) -> pl.DataFrame:
        return self.kept("changes", lambda: change_rows(self.earlier, self.later))

    @property
    def _all_transitions(self) -> pl.DataFrame:
        return self.kept("transitions", lambda: transition_rows(self._all_changes, self._pair))

    def _matched_of_all(self) -> pl.DataFrame:
        return self.kept("matched", lambda: matched_rows(self.earlier, self.later, self._all_transitions))

    @property
    def changes(self) -> pl.DataFrame:
        """A row per school and skill that both waves ask about, the district's last: the columns of `GROWTH_COLUMNS`.

        Shares are 0 to 1, changes -1 to 1; `p` is the level at which the change's interval just touches 0. `matched`
        people answered both times: null where hidden. A school hidden in one wave has no figure of that wave nor of the
        pair. verdict is null with fewer than `MIN_RESPONDENTS` answers in a wave; its family for Benjamini and Hochberg
        are all shown rows of schools in any scope; the district's rows are a family of their own. shrunken_change is
        null for the district. A school that was merged has its answers under its successor.
        """
        return self._seen(self._all_changes)

    @property
    def transitions(self) -> pl.DataFrame:
        """Where the people who answered both times stood then and now: from_wave, to_wave, school_id, skill_id,
        level_from, level_to, people, suppressed, reason.

        As `WavePair.transitions` has its levels; a group that is hidden has one row without levels and people.
        """
        return self._seen(self._all_transitions)

    @property
    def matched(self) -> pl.DataFrame:
        """The people who answered both times, a row for each school and skill of which anything is shown of them.

        school_id, skill_id, detail (MOVES, HALVES, LEVELS: how much), matched, and of them up, same, down (a level or
        more; across the line of proficiency where only that is shown); leavers and newcomers, who answered only the
        first or the second time. p in [0, 1], exact, that chance alone moves people so: sign_p of as many up as down,
        level_p of the sum of levels, homogeneity_p of the shares at each level (from 25 people); the latter two where
        all levels are shown. from_stayers, from_newcomers, from_leavers (-1 to 1) add up to the change;
        stayers_share_from, stayers_share_to, newcomers_share_to, leavers_share_from (0-1): null where not both sides
        of proficiency are shown, and for the district, whose tests are for those who see every school.
        """
        rows = self._matched_of_all()
        if self.scope.school_ids is not None:
            rows = rows.filter(pl.col("school_id") != DISTRICT)
        return self._seen(rows)

    def of(self, school_id: str) -> pl.DataFrame:
        """A school's rows of `changes`, or the district's, with skill_name; those that rose most first, by the shrunken
        change, those without one last. The district's skills are drawn toward their own mean, for this order only."""
        rows = self._named(self.changes.filter(pl.col("school_id") == school_id))
        order = rows["shrunken_change"]
        if school_id == DISTRICT:
            known = rows.with_columns(change_variance=variance_of(pl.col("smallest_change")))
            order = with_shrunken_change(known, by=["school_id"])["shrunken_change"]
        return rows.sort(order, descending=True, nulls_last=True, maintain_order=True)

    def of_skill(self, skill_id: str) -> pl.DataFrame:
        """The schools' rows of `changes` for one skill, with school_name, in the order of `of`."""
        rows = self.changes.filter((pl.col("skill_id") == skill_id) & (pl.col("school_id") != DISTRICT))
        names = self.later.schools.select("school_id", school_name="name")
        rows = rows.join(names, on="school_id", how="inner", maintain_order="left")
        return rows.sort("shrunken_change", descending=True, nulls_last=True, maintain_order=True)

    def _named(self, rows: pl.DataFrame) -> pl.DataFrame:
        names = {skill_id: skill.name for skill_id, skill in self.later.codebook.skills.items()}
        return rows.with_columns(skill_name=pl.col("skill_id").replace_strict(names, return_dtype=pl.String))

    def lowest(self, skill_id: str) -> LowestSchools | None:
        """The quarter of the schools with the lowest shares in the first wave; null with too few schools, and for a
        scope that does not see every school."""
        if self.scope.school_ids is not None:
            return None
        rows = self._all_changes.filter((pl.col("skill_id") == skill_id) & (pl.col("school_id") != DISTRICT))
        rows = rows.filter(pl.col("change").is_not_null()).rename(
            {"share_from": "share", "respondents_from": "respondents"}
        )
        rows = rows.join(self._pair.headcounts, on="school_id", how="left", maintain_order="left")
        rows = rows.join(changed_people(self._pair), on=["school_id", "skill_id"], how="left", maintain_order="left")
        if rows.height < _FEWEST_SCHOOLS:
            return None
        chosen = rows.sort("share", maintain_order=True).head(round(rows.height * LOWEST_SHARE))["school_id"].to_list()
        is_chosen = pl.col("school_id").is_in(chosen)
        expected = expected_regression(rows, is_chosen)
        rise = rows.filter(is_chosen)["change"].mean()
        return None if expected is None else LowestSchools(len(chosen), float(rise), expected)  # type: ignore[arg-type]

    def samr(self, school_id: str) -> pl.DataFrame:
        """SAMR profiles then and now: wave_id, skill_name, level, level_label, share, respondents (who answered about
        the skill), suppressed, reason, is_then. Skills of which both waves have answers."""
        sides = []
        for wave, is_then in ((self.later, False), (self.earlier, True)):
            rows = wave.samr_levels.filter(pl.col("school_id") == school_id)
            rows = rows.filter(pl.col("suppressed") | (pl.col("answered") > 0))
            sides.append(rows.select(
                "wave_id", "skill_id", "skill_name", pl.col("level").cast(pl.String), "level_label", "share",
                "suppressed", "reason", respondents="answered", is_then=pl.lit(is_then),
            ))  # fmt: skip
        both = set(sides[0]["skill_id"]) & set(sides[1]["skill_id"])
        return pl.concat(sides).filter(pl.col("skill_id").is_in(both)).drop("skill_id")

    def looking_back(self, school_id: str) -> pl.DataFrame:
        """What people said in the later wave about then, next to what was answered then and now: skill_name,
        share_then, said (who answered about then), share_from, respondents_from, share_to, respondents_to, suppressed,
        reason. No rows where the later wave does not ask."""
        said = self.later.then_summary.filter(pl.col("school_id") == school_id)
        said = said.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
        said = said.select("skill_id", "skill_name", "suppressed", "reason", share_then="share", said="respondents")
        columns = ["skill_id", "share_from", "respondents_from", "share_to", "respondents_to"]
        return said.join(self.of(school_id).select(columns), on="skill_id", how="inner", maintain_order="left")

    @property
    def began(self) -> tuple[datetime, datetime]:
        """When the first answers of the earlier and of the later wave were given, whichever was asked for first."""

        def find() -> tuple[datetime, datetime]:
            found = dict(queries.waves(store_of(self.later)).select("wave_id", "first_at").iter_rows())
            one, other = found[self.earlier.wave_id], found[self.later.wave_id]
            return min(one, other), max(one, other)

        return self.kept("began", find)

    @property
    def reworded(self) -> pl.DataFrame:
        """Where a question was reworded between the two waves: school_id, skill_id, of the schools that are seen, and
        of the district where it was at any school."""
        return self.later.seen(reworded(self.earlier, self.later))

    def only_in(self, wave: Survey) -> frozenset[str]:
        """The skills (ids) that only this one of the two waves asks about."""
        return asked(wave) - asked(self.earlier if wave is self.later else self.later)

    def _seen(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that the scope sees, the district's in coarse steps where it does not see every school."""
        return self.later.seen(frame if self.later.scope.school_ids is None else coarse_pair(frame))


def growth(
    store: Store,
    codebook: Codebook,
    *,
    from_wave: str | None = None,
    to_wave: str | None = None,
    role: str | None = None,
    target_share: float,
    scope: Scope,
    waves: list[str] | None = None,
) -> Growth:
    """The growth between two waves, by default the last two; for one role (a code) or all. `waves` are all that have
    answers, in order of time, where they are known.

    Raises UnknownName for a wave that does not exist, UserError where there is one wave, a wave against itself, the
    first without one to start from, the last without one to compare it to, or two without a common skill.
    """
    if waves is None:
        waves = [str(wave) for wave in queries.waves(store)["wave_id"]]
    if len(waves) < 2:
        have = f"There is one wave with answers, {waves[0]}" if waves else "There is no wave with answers yet"
        raise UserError(f"{have}; growth needs two.", "Upload the answers of another wave.")
    later = _known(to_wave, waves) if to_wave else waves[-1]
    if not from_wave and later == waves[0]:
        raise UserError(
            f"{later} is the first wave: there is none before it.", "Name the wave to start from with --from."
        )
    earlier = _known(from_wave, waves) if from_wave else waves[waves.index(later) - 1]
    if not to_wave and earlier == later:
        raise UserError(
            f"{earlier} is the last wave: there is none after it.", "Name the wave to compare it to with --to."
        )
    if earlier == later:
        raise UserError(f"{later} cannot be compared with itself.", "Choose two different waves.")
    pair = Growth(
        survey(store, codebook, earlier, role, target_share, scope),
        survey(store, codebook, later, role, target_share, scope),
    )
    if not asked(pair.earlier) & asked(pair.later):
        everybody = [asked(survey(store, codebook, wave, None, target_share, scope)) for wave in (earlier, later)]
        if role is not None and everybody[0] & everybody[1]:
            raise UserError(
                f"No one with the role {codebook.labels('role')[role]} answered about the same skill in "
                f"{earlier} and {later}.",
                "Choose another role, or all roles.",
            )
        raise UserError(
            f"{earlier} and {later} have no skill in common.", "Compare two waves that ask about the same skills."
        )
    return pair


def _known(wanted: str, waves: list[str]) -> str:
    folded = " ".join(wanted.casefold().split())
    for wave in waves:
        if " ".join(wave.casefold().split()) == folded:
            return wave
    raise UnknownName(f"There is no wave “{wanted}” with answers.", f"Known: {', '.join(waves)}.")
