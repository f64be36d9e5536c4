"""What to ask for where no staff list says who is missing."""

from __future__ import annotations

from pd_core.survey.response_by_group import BY, FEWEST_STAFF, of_school, participation
from pd_core.survey.scoped_survey import Survey

HEADING = "Who is missing?"
UNKNOWN = (
    f"There is no staff list, or it has no role here with {FEWEST_STAFF} people or more. With one, this page shows "
    "which roles and grade bands have not answered, and whether those who have are like the rest."
)
SEND = (
    "an Excel or CSV file with a row for each staff member and the columns email, school, role and grade band. It "
    "becomes part of the district's staff list; addresses are turned into codes and not kept."
)
"""What to send, after “Send” and whom to send it to."""
ADMINISTRATOR = "the administrator of PD Pulse in your district"
LOAD = "Load the district's staff list with the command `python -m pd_core roster FILE`."
"""What an administrator does with it, in Markdown."""


def says_who_is_missing(survey: Survey, school_id: str) -> bool:
    """Whether the staff list has any role or grade band of a school, or of the district, that is large enough."""
    return any(of_school(participation(survey, by), school_id).height for by in BY)
