"""The way from a survey to the whole district's counts, with nothing hidden. For survey, needs and attack alone."""

from __future__ import annotations

from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.scoped_survey import Survey


def district_of(survey: Survey) -> DistrictSurvey:
    """The survey of all schools that a scoped survey shows a part of."""
    return survey._district
