"""What a scope sees of one wave of the survey: what every table and page is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TypeVar

import polars as pl

from pd_core.access import DISTRICT, Scope
from pd_core.codebook import Codebook
from pd_core.disclosure.suppressed_frames import OTHER_ROLES, STEP_OF_PEOPLE, coarse
from pd_core.storage import Store
from pd_core.survey.district_survey import DistrictSurvey, district_survey
from pd_core.survey.small_groups import SmallGroups
from pd_core.wording import plural

__all__ = ["Survey", "survey"]

T = TypeVar("T")


def survey(
    store: Store, codebook: Codebook, wave_id: str, role: str | None, target_share: float, scope: Scope
) -> Survey:
    """The survey of a wave, for one role or all, as `scope` sees it.

    `role` is a code of the scale `role`; `target_share` (0-1) is the response rate that is enough. Nothing in it shows
    what a hidden group answered. Everything is counted once for the whole district and kept until anything is written;
    a scope only leaves rows out.
    """
    return Survey(district_survey(store, codebook, wave_id, role, target_share), scope)


class Survey:
    """The rows of one wave under one role filter that a scope sees: those of its schools, and the district's.

    Rows come by school name, the district (`school_id` “district”) last. In a hidden group every number is null,
    `suppressed` is true and `reason` says which rule hid it: the same for every scope.
    """

    def __init__(self, whole: DistrictSurvey, scope: Scope) -> None:
        self._district = whole
        self.scope = scope
        self.wave_id = whole.wave_id
        self.role = whole.role
        self.codebook = whole.codebook
        self.target_share = whole.target_share

    def seen(self, frame: pl.DataFrame, kept_as: str = "") -> pl.DataFrame:
        """The rows of a frame that the scope sees, by school_id; the district's as in `coarse`.

        Under the name `kept_as` what all scopes share is kept: no other frame of this survey may have it.
        """
        if self.scope.school_ids is None or frame.is_empty():
            return frame
        if not kept_as:
            return self.coarse(frame.filter(self._is_seen))
        return self.kept((__name__, kept_as), lambda: coarse(frame)).filter(self._is_seen)

    @cached_property
    def _is_seen(self) -> pl.Expr:
        """Whether a row is of a school of the scope, alone or its other roles together, or of the district."""
        schools = self.scope.school_ids or ()
        places = [place for school_id in schools for place in (school_id, school_id + OTHER_ROLES)]
        return pl.col("school_id").is_in([*places, DISTRICT])

    def coarse(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame as it is for a scope that sees every school; for others with the district's rows in coarse steps.

        Shares, ends of intervals and standard errors are in whole percents, counts of people rounded to 5.
        """
        return frame if self.scope.school_ids is None else coarse(frame)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result of `make`, made once for the same key as long as this wave's survey is kept.

        All scopes share it, so the key names the scope if the result depends on it.
        """
        return self._district.results.get(key, make)

    @property
    def schools(self) -> pl.DataFrame:
        """The schools in scope, by name: school_id, name, aliases, level, region, headcount."""
        return self.seen(self._district.schools)

    @property
    def headcounts(self) -> pl.DataFrame:
        """school_id, headcount of the people that the role filter keeps: of a role by the staff list; null: unknown."""
        return self.seen(self._district.headcounts)

    @property
    def response_rates(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, school_level, region, headcount, respondents, rate (0-1), status,
        suppressed, reason.

        `status` is one of `RESPONSE_STATUSES`, or hidden. The district's `respondents` are all; its `headcount`, rate
        and status are those of the schools whose headcount is known. How many answered is no answer and never hidden;
        with a role filter it says what roles people have, and small groups are hidden like any others.
        """
        return self.seen(self._district.response_rates, "response_rates")

    @property
    def skill_summary(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, skill_id, skill_name, respondents, proficient, share, share_low, share_high,
        share_se, suppressed, reason.

        `respondents` answered about the skill; `proficient` of them are at level 2 or above; `share` (0-1) is theirs of
        the respondents, for the district weighted by headcount; its interval is null without a headcount. `share_se` is
        the standard error of the district's share, null for schools.
        """
        return self.seen(self._district.skill_summary, "skill_summary")

    @property
    def then_summary(self) -> pl.DataFrame:
        """The columns of `skill_summary` for what people say, looking back, that they could do then; no rows where the
        survey does not ask."""
        return self.seen(self._district.then_summary, "then_summary")

    @property
    def skill_levels(self) -> pl.DataFrame:
        """wave_id, school_id, school_name, skill_id, skill_name, level (0-3), level_label, respondents, answered,
        share, suppressed, reason.

        `respondents` chose the level, of `answered` who answered about the skill; `share` (0-1) is theirs, for the
        district weighted by headcount.
        """
        return self.seen(self._district.skill_levels, "skill_levels")

    @property
    def samr_levels(self) -> pl.DataFrame:
        """The columns of `skill_levels` for how students use a skill: level is none, S, A, M or R, in this order."""
        return self.seen(self._district.samr_levels, "samr_levels")

    @property
    def answered_of_staff(self) -> tuple[int, int]:
        """How many in the whole district answered in schools with a known headcount, and in the others.

        People of hidden groups count in neither. Rounded to 5 for a scope that does not see every school.
        """
        known, others = self._district.answered_of_staff
        if self.scope.school_ids is None:
            return known, others
        return round(known / STEP_OF_PEOPLE) * STEP_OF_PEOPLE, round(others / STEP_OF_PEOPLE) * STEP_OF_PEOPLE

    @property
    def left_out(self) -> str:
        """What the district's figures leave out, in words; empty if all respondents count in them."""
        people = self._district.left_out
        if not people:
            return ""
        answers = plural(people, "answer") if self.scope.school_ids is None else "a few answers"
        return f"without {answers} from {'schools' if self.role is None else 'groups'} too small to show"

    def counts_in_district(self, school_id: str) -> bool:
        """Whether the answers of this school are in the district's figures: alone, or with other small schools."""
        return school_id in self._district.counted_schools

    @property
    def small_groups(self) -> SmallGroups:
        """The rows “small schools together” and, with a role filter, “other roles together” of the schools seen."""
        return SmallGroups(self._district, self.seen)
