"""Growth of each school between two waves: the change of each skill, how sure it is, and the word for it."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT, Scope
from pd_core.codebook import Codebook
from pd_core.disclosure.two_waves import MATCHED_HIDDEN, coarse_pair
from pd_core.errors import UnknownName, UserError
from pd_core.measures.change import MIN_RESPONDENTS, with_change, with_shrunken_change, with_verdict
from pd_core.measures.district_change import with_district_change
from pd_core.storage import Store, queries
from pd_core.survey.beyond_scope import unscoped
from pd_core.survey.scoped_survey import Survey, survey
from pd_core.survey.wave_pair import WavePair, wave_pair
from pd_core.wording import listed, plural

GROWTH_COLUMNS = (
    "from_wave", "to_wave", "school_id", "skill_id", "respondents_from", "respondents_to", "matched", "share_from",
    "share_to", "change", "change_low", "change_high", "p", "verdict", "smallest_change", "shrunken_change",
    "suppressed", "reason",
)  # fmt: skip
_PAIR = ("matched", "matched_from", "matched_to", "matched_both")
_NUMBERS = ("change", "change_low", "change_high", "p", "change_variance", "smallest_change")
_TRANSITIONS = ("from_wave", "to_wave", "school_id", "skill_id", "level_from", "level_to", "people", "suppressed")


class Growth:
    """Two waves as a scope sees them: `changes` and `transitions` of schools by skill, and `notes` in sentences."""

    def __init__(self, earlier: Survey, later: Survey) -> None:
        self.earlier = earlier
        self.later = later

    @property
    def changes(self) -> pl.DataFrame:
        """A row per school and skill that both waves ask about, the district's last: the columns of `GROWTH_COLUMNS`.

        Shares are 0 to 1, changes -1 to 1; `p` is the level at which the change's interval just touches 0. `matched`
        people answered both times: null where hidden. A school hidden in one wave has no figure of that wave nor of the
        pair. verdict is null with fewer than `MIN_RESPONDENTS` answers in a wave; its family for Benjamini and Hochberg
        are all shown rows of schools, whoever asks; the district's rows are a family of their own. shrunken_change is
        null for the district.
        """
        return self._seen(self._kept("growth", lambda: _changes(self.earlier, self.later)))

    @property
    def transitions(self) -> pl.DataFrame:
        """Where the people who answered both times stood then and now: from_wave, to_wave, school_id, skill_id,
        level_from, level_to, people, suppressed, reason.

        As `WavePair.transitions` has its levels; a group that is hidden has one row without levels and people.
        """
        return self._seen(self._kept("transitions", lambda: _transitions(self.earlier, self.later)))

    @property
    def notes(self) -> list[str]:
        """What one must know to read the figures, in sentences."""
        pair, rows = wave_pair(self.earlier, self.later), self.changes.filter(pl.col("school_id") != DISTRICT)
        found = [f"{wave} is anonymous: nobody can be matched, so changes are less sure." for wave in pair.anonymous]
        if not pair.anonymous and not int(rows["matched"].fill_null(1).sum()):
            found.append("Nobody answered in both waves: all who answered the first time have left or did not answer.")
        for wave, column in ((self.earlier, "respondents_from"), (self.later, "respondents_to")):
            absent = rows.group_by("school_id", maintain_order=True).agg((pl.col(column) == 0).all())
            if names := absent.filter(column)["school_id"].to_list():
                found.append(f"{plural(len(names), 'school')} without answers in {wave.wave_id}: {listed(names)}.")
        first, second = (_asked(wave) for wave in (self.earlier, self.later))
        for only, wave in ((first - second, self.earlier), (second - first, self.later)):
            if only:
                found.append(f"Only {wave.wave_id} asks about {listed(sorted(only))}.")
        return found

    def _seen(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that the scope sees, the district's in coarse steps where it does not see every school."""
        return self.later.seen(frame if self.later.scope.school_ids is None else coarse_pair(frame))

    def _kept(self, name: str, make: object) -> pl.DataFrame:
        return self.later.kept((name, self.earlier.wave_id), make)  # type: ignore[arg-type]


def growth(
    store: Store,
    codebook: Codebook,
    *,
    from_wave: str | None = None,
    to_wave: str | None = None,
    role: str | None = None,
    target_share: float,
    scope: Scope,
) -> Growth:
    """The growth between two waves, by default the last two; for one role (a code) or all.

    Raises UnknownName for a wave that does not exist, UserError where there is one wave, a wave against itself, or two
    without a common skill.
    """
    waves = [str(wave) for wave in queries.waves(store)["wave_id"]]
    if len(waves) < 2:
        have = f"There is one wave with answers, {waves[0]}" if waves else "There is no wave with answers yet"
        raise UserError(f"{have}; growth needs two.", "Upload the answers of another wave.")
    later = _known(to_wave, waves) if to_wave else waves[-1]
    before = waves[: waves.index(later)] or [wave for wave in waves if wave != later]
    earlier = _known(from_wave, waves) if from_wave else before[-1]
    if earlier == later:
        raise UserError(f"{later} cannot be compared with itself.", "Name two waves: --from WAVE --to WAVE.")
    pair = Growth(
        survey(store, codebook, earlier, role, target_share, scope),
        survey(store, codebook, later, role, target_share, scope),
    )
    if not _asked(pair.earlier) & _asked(pair.later):
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


def _asked(wave: Survey) -> set[str]:
    """The skills that somebody answered about, as far as any of it is shown."""
    rows = unscoped(wave, "skill_summary").filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    return set(rows["skill_id"].unique())


def _changes(earlier: Survey, later: Survey) -> pl.DataFrame:
    pair = wave_pair(earlier, later)
    rows = _paired(earlier, later, pair)
    schools = with_shrunken_change(with_verdict(_of_schools(rows)), by=["skill_id"])
    schools = schools.with_columns(pl.when(~pl.col("suppressed")).then("shrunken_change").alias("shrunken_change"))
    district = _of_district(rows, pair.headcounts, schools)
    both = pl.concat([schools, with_verdict(district)], how="diagonal_relaxed").sort("_place", maintain_order=True)
    too_few = both["verdict"].is_null() & (both["reason"] == "")
    few = f"fewer than {MIN_RESPONDENTS} answers in a wave: no word"
    return both.with_columns(reason=pl.when(too_few).then(pl.lit(few)).otherwise("reason")).select(GROWTH_COLUMNS)


def _paired(earlier: Survey, later: Survey, pair: WavePair) -> pl.DataFrame:
    """The rows of both waves side by side, of the skills that both have, with what is shown of matched people."""
    sides = []
    for wave, ending in ((earlier, "from"), (later, "to")):
        columns = ["respondents", "proficient", "share", "suppressed", "reason"]
        table = unscoped(wave, "skill_summary").select("school_id", "skill_id", *columns)
        sides.append(table.rename({name: f"{name}_{ending}" for name in columns}))
    rows = sides[1].join(sides[0], on=["school_id", "skill_id"], how="inner", maintain_order="left")
    rows = rows.filter(pl.col("skill_id").is_in(_asked(earlier) & _asked(later)))
    rows = rows.join(pair.matched, on=["school_id", "skill_id"], how="left", maintain_order="left")
    hidden = pl.col("suppressed_from") | pl.col("suppressed_to")
    reasons = [
        pl.when(pl.col(f"suppressed_{ending}"))
        .then(pl.format("{}: {}", pl.lit(wave.wave_id), f"reason_{ending}"))
        .when(pl.col(f"respondents_{ending}") == 0)
        .then(pl.lit(f"no answers in {wave.wave_id}"))
        for wave, ending in ((earlier, "from"), (later, "to"))
    ]
    return rows.with_columns(
        *(pl.when(~hidden).then(name).alias(name) for name in _PAIR),
        from_wave=pl.lit(earlier.wave_id),
        to_wave=pl.lit(later.wave_id),
        suppressed=hidden,
        reason=pl.concat_str(reasons, separator="; ", ignore_nulls=True),
        _place=pl.int_range(pl.len()),
    )


def _of_schools(rows: pl.DataFrame) -> pl.DataFrame:
    schools = rows.filter(pl.col("school_id") != DISTRICT)
    changed = with_change(schools).drop("share_from", "share_to")
    return pl.concat([changed, schools.select("share_from", "share_to")], how="horizontal")


def _of_district(rows: pl.DataFrame, headcounts: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """The district's rows; matched people are the sum of those that are shown of schools."""
    of_schools = schools.join(headcounts, on="school_id", how="left", maintain_order="left")
    sums = schools.group_by("skill_id").agg(pl.col("matched").sum())
    district = rows.filter(pl.col("school_id") == DISTRICT).drop(_PAIR)
    district = with_district_change(district, of_schools, by="skill_id")
    hidden = pl.col("suppressed")
    return district.join(sums, on="skill_id", how="left", maintain_order="left").with_columns(
        pl.when(~hidden).then(name).alias(name) for name in (*_NUMBERS, "matched")
    )


def _transitions(earlier: Survey, later: Survey) -> pl.DataFrame:
    changes, shown = _changes(earlier, later), wave_pair(earlier, later).transitions
    groups = changes.select("from_wave", "to_wave", "school_id", "skill_id", "suppressed", hidden_because="reason")
    rows = groups.join(
        shown.with_columns(_shown=pl.lit(True)), on=["school_id", "skill_id"], how="left", maintain_order="left_right"
    )
    hidden = pl.col("suppressed") | pl.col("_shown").is_null()
    because = pl.when("suppressed").then("hidden_because").otherwise(pl.lit(MATCHED_HIDDEN))
    rows = rows.with_columns(
        *(pl.when(~hidden).then(name).alias(name) for name in ("level_from", "level_to", "people")),
        reason=pl.when(hidden).then(because).otherwise(pl.lit("")),
        suppressed=hidden,
    )
    keys = ["school_id", "skill_id", "level_from", "level_to"]
    return rows.unique(keys, keep="first", maintain_order=True).select(*_TRANSITIONS, "reason")
