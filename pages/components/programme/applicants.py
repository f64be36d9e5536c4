"""Who applied to become a trainer: a list from a file."""

from __future__ import annotations

from pages.components import data, list_file
from pages.components.session.current_visitor import current
from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.reference.applicants import APPLICANT_FILE, read_applicants


def load() -> None:
    """Take a list of applications in place of the one before."""
    list_file.load(
        "applicants", "Applications", APPLICANT_FILE, "Use these applications",
        lambda file, content: read_applicants(file, content, data.school_finder(EVERYTHING)),
        lambda rows: training_lists.set_applicants(data.store(), current(), rows),
    )  # fmt: skip
