"""The commands that load lists: schools, staff, and people with a role."""

from __future__ import annotations

from pd_core.access import EVERYTHING
from pd_core.actions import roles as role_actions
from pd_core.actions import schools as school_actions
from pd_core.cli.context import Shared
from pd_core.cli.input_files import content_of, label_of
from pd_core.reference.list_files import read_roster, read_schools
from pd_core.reference.roles import read_people
from pd_core.school_names import SchoolNames
from pd_core.storage import queries


def schools(file: str, /, *, call: Shared) -> None:
    """Loads the list of schools, CSV or XLSX.

    Its columns: school_id, name, aliases (separated by ;), level, region, headcount; and successor where
    schools were merged (the school_id that one became).
    """
    listed = read_schools(label_of(file), content_of(file))
    with call.store() as store:
        kept = school_actions.set_schools(store, call.visitor, listed)
    staff, unknown = int(listed["headcount"].sum()), listed["headcount"].null_count()
    text = f"{listed.height} schools are set, with {staff:,} staff."
    text += f" {unknown} of them have no headcount, so no response rate." if unknown else ""
    text += f"\nKept although not listed, because they have answers: {', '.join(kept)}." if kept else ""
    call.answer(text, schools=listed.height, headcount=staff, without_headcount=unknown, kept=kept)


def roster(file: str, /, *, call: Shared) -> None:
    """Loads the staff list, CSV or XLSX; replaces headcounts.

    Its columns: email, school_id, role, grade_band. Addresses are not stored.
    """
    with call.store() as store:
        names = SchoolNames(queries.schools(store, EVERYTHING))
        staff = read_roster(label_of(file), content_of(file), call.codebook, names, call.key(store))
        school_actions.set_roster(store, call.visitor, staff)
    buildings = staff["school_id"].n_unique()
    text = f"{staff.height:,} staff in {buildings} schools are set; headcounts now come from this list."
    call.answer(text, staff=staff.height, schools=buildings)


def people(file: str, /, *, call: Shared) -> None:
    """Loads the list of people with a role, CSV or XLSX.

    Its columns: email, role (administrator, facilitator, mie, principal), school_ids (separated by ;). People who are
    not listed lose their role.
    """
    with call.store() as store:
        listed = read_people(label_of(file), content_of(file), SchoolNames(queries.schools(store, EVERYTHING)))
        gone = role_actions.set_roles(store, call.visitor, call.settings.administrators, listed)
    counts = {str(role): int(number) for role, number in listed["role"].value_counts(sort=True).iter_rows()}
    text = f"{listed.height} people have a role: {', '.join(f'{number} {role}' for role, number in counts.items())}."
    text += f"\n{len(gone)} who were not listed no longer have a role." if gone else ""
    if "administrator" not in counts and not call.settings.administrators:
        text += "\nThere is no administrator now: list one, or set PD_ADMINISTRATORS."
    call.answer(text, people=listed.height, roles=counts, removed=len(gone))
