"""What each respondent needs, for the urns of their schools; only for this package, never to be shown."""

from __future__ import annotations

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import PROFICIENT
from pd_core.disclosure.suppressed_frames import NO_ROLE, hide_any
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.measures.polya_urn import Answers
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION, trainings
from pd_core.storage import queries, responses
from pd_core.survey.counts import UNCHANGED, count, who_teaches
from pd_core.survey.district_survey import DistrictSurvey


class Respondents:
    """The respondents of a survey, a row each: what they would take (1 yes, 0 no, -1 not said or hidden) by `columns`.

    `school` and `role` are places; `stands_alone` (school, role) says which roles have an urn of their own.
    """

    def __init__(self, whole: DistrictSurvey) -> None:
        own, use = (
            {item.skill_id: item.item_id for item in whole.codebook.items_of(kind)} for kind in ("proficiency", "samr")
        )
        pairs = [skill_id for skill_id in own if skill_id in use]
        self.columns = [*((ENTRY, skill_id) for skill_id in own), *((IMPLEMENTATION, skill_id) for skill_id in pairs)]
        roles = ["role"] if "role" in whole.codebook.items else []
        rows = responses.answers(whole.store, [*own.values(), *use.values(), *roles], wave_id=whole.wave_id)
        rows = rows.with_columns(place=pl.col("school_id").cast(pl.Enum(whole.school_ids), strict=False).to_physical())
        rows = rows.filter(pl.col("place").is_not_null())
        if whole.role is not None:
            rows = rows.filter(pl.col("role") == whole.role)
        level = {item: rows[item].fill_null(-1).to_numpy() for item in (*own.values(), *use.values())}
        teaches = who_teaches(rows, whole.codebook)
        level |= {item: np.where(teaches, level[item], -1) for item in use.values()}
        below = [np.where(level[own[skill]] < 0, -1, level[own[skill]] < PROFICIENT) for skill in own]
        waits = [
            np.where(
                level[own[skill]] < 0,
                -1,
                (level[own[skill]] >= PROFICIENT) & (level[use[skill]] >= 0) & (level[use[skill]] <= UNCHANGED),
            )
            for skill in pairs
        ]
        answers: Answers = np.stack([*below, *waits], axis=1).astype(np.int8)
        school = rows["place"].to_numpy()
        shown = self._are_shown(whole)
        answers[~shown[:-1][school]] = -1
        # A class that is hidden only for the district stays in its schools' urns, without answers from other schools.
        self._elsewhere: Flags = shown[-1]
        # By school, then by the answers that are shown: draws depend on these, not on who in a group gave them.
        order = np.lexsort((*answers.T, school))
        self.answers, self.school = answers[order], school[order]
        known = rows["role"].fill_null(NO_ROLE) if roles else pl.Series([NO_ROLE] * rows.height, dtype=pl.String)
        self.roles = sorted({NO_ROLE, *known.unique().to_list()})
        self.role = known.cast(pl.Enum(self.roles)).to_physical().to_numpy()[order]
        self.stands_alone, self._counts = self._alone(whole)
        self._of_role: dict[int | None, tuple[Answers, Counts]] = {}

    def elsewhere(self, school: int, role: int | None) -> Answers:
        """The answers of the district's other schools: of one role, or of all respondents if it is null.

        Of a role, only people who count in every figure of the district that is shown for the role; if there are none,
        all respondents.
        """
        wanted = role if role is not None and self._counts[:, role].any() else None
        if wanted not in self._of_role:
            among = slice(None) if wanted is None else (self.role == wanted) & self._counts[self.school, wanted]
            self._of_role[wanted] = self.answers[among], self.school[among]
        answers, schools = self._of_role[wanted]
        first, after = np.searchsorted(schools, [school, school + 1])
        others: Answers = np.concatenate([answers[:first], answers[after:]])
        if not self._elsewhere.all():
            others[:, ~self._elsewhere] = -1
        return others

    def _are_shown(self, whole: DistrictSurvey) -> Flags:
        """The columns that are shown for each school (axes school, column); the last row is the district's."""
        found = np.zeros((len(whole.school_ids) + 1, len(self.columns)), dtype=np.bool_)
        schools = {school_id: place for place, school_id in enumerate([*whole.school_ids, DISTRICT])}
        columns = {column: place for place, column in enumerate(self.columns)}
        rows = trainings(whole).filter(pl.col("people").is_not_null())
        for school_id, *column in rows.select("school_id", "training", "skill_id").iter_rows():
            found[schools[school_id], columns[column[0], column[1]]] = True
        shown: Flags = found
        return shown

    def _alone(self, whole: DistrictSurvey) -> tuple[Flags, Flags]:
        """Which roles have an urn of their own, and which count in all of the district's figures for the role: axes
        school, role."""
        shape = (len(whole.school_ids), len(self.roles))
        is_listed = "role" in whole.codebook.items and not queries.roster_headcounts(whole.store).is_empty()
        if whole.role is not None or not is_listed:
            return np.zeros(shape, dtype=np.bool_), np.ones(shape, dtype=np.bool_)
        tallies = count(whole.store, whole.codebook, whole.wave_id, whole.school_ids, NO_ROLE)
        answered = tallies.at_level.sum(axis=3)
        counts = np.concatenate([tallies.everybody[None], answered, tallies.both])
        place_of = {(item.kind, item.skill_id): place for place, item in enumerate(tallies.items)}
        parts = {
            1 + len(answered) + pair: answered[[place_of["proficiency", skill_id], place_of["samr", skill_id]]]
            for pair, skill_id in enumerate(tallies.pairs)
        }
        hidden, counted = hide_any(counts, parts, whole.knowers)
        is_role = np.array([role != NO_ROLE for role in self.roles])
        return ~hidden & (tallies.everybody > 0) & is_role, counted
