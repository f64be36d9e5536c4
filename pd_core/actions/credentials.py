"""Takes credentials: read, matched with the staff as codes, stored, with a receipt for each file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from pd_core.access import Visitor
from pd_core.codebook import Codebook
from pd_core.errors import UserError
from pd_core.ingestion import Receipt
from pd_core.ingestion.receipt import Status
from pd_core.iste import standards_in
from pd_core.pseudonyms import respondent_codes
from pd_core.reference.credential_files import read_credentials
from pd_core.reference.credential_row import HASHED, CredentialRow
from pd_core.reference.delivery_file import problem
from pd_core.reference.list_values import skill_named
from pd_core.storage import Store
from pd_core.storage.credentials import CREDENTIAL_SCHEMA, put_credentials
from pd_core.storage.deliveries import known_people
from pd_core.storage.training_lists import COLUMNS, set_training_list
from pd_core.wording import plural


def take_credentials(
    store: Store,
    visitor: Visitor,
    codebook: Codebook,
    file: str,
    data: bytes,
    key: bytes,
    today: date,
    *,
    owner: str = "",
    staff: Sequence[str] = (),
    dry_run: bool = False,
) -> Receipt:
    """Store who earned what; the same again changes nothing, and a credential that was revoked since is replaced.

    `owner` is whose transcript the file is, `staff` addresses with which hashed recipients are compared; neither is
    stored. A badge's issuer is not asked: what is stored is not verified. Raises RefusedFile, RefusedAccess.
    """
    visitor.require("outcomes")
    file, form, rows = read_credentials(file, data, owner, staff)
    people = known_people(store)
    codes = respondent_codes([one.address for one in rows], key)
    found: dict[tuple[str, str, str, date], tuple[object, ...]] = {}
    problems, repeated = [], 0
    for one in rows:
        code, skill_id = codes[one.address], skill_named(one.skill, codebook) if one.skill else ""
        standards, unknown = standards_in(one.iste)
        if bad := _problem(one, code, people, today, skill_id, unknown):
            problems.append(problem(one.row, *bad))
            continue
        assert code is not None and one.earned_on is not None
        values = (one.expires_on, one.status, skill_id, ";".join(standards))
        place = (code, one.credential, one.issuer, one.earned_on)
        if place in found and found[place] != values and values[1] == "counts":
            problems.append(problem(one.row, "", "", "another row of the file says something else of this credential"))
            continue
        repeated += place in found
        found[place] = values
    frame = pl.DataFrame([(*place, *values) for place, values in found.items()], CREDENTIAL_SCHEMA, orient="row")
    done = put_credentials(store, frame, form, visitor.audit_name, dry_run=dry_run)
    changed, existing = done.added + done.replaced, done.existing + repeated
    status: Status = "committed" if changed else "rejected" if rows and not existing else "unchanged"
    verb = "would be" if dry_run else "were"
    message = [f"{form}: {plural(changed, 'credential')} {verb} stored." if changed else "Nothing was changed."]
    if any(values[1] != "counts" for values in found.values()):
        message.append("Revoked, rejected and expired ones don't count.")
    message.append("They are not verified: their issuers are not asked.")
    return Receipt(
        file, status, None, "", form, len(rows), done.added, existing, done.replaced, len(problems),
        problems=problems, message=" ".join(message),
    )  # fmt: skip


def set_credential_map(store: Store, visitor: Visitor, rows: pl.DataFrame) -> None:
    """Makes `rows` (credential, skill_id, iste) say what credentials are for, whose file does not; it holds for those
    that were taken before, too. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "credential_map", rows, visitor.audit_name)


def put_credential_map(
    store: Store, visitor: Visitor, codebook: Codebook, rows: Sequence[tuple[str, str | None, str | None]]
) -> None:
    """Makes these rows, as a person edits them (credential, skill id, ISTE standards), say what credentials are for;
    those without both are left out. Raises UserError that names every bad row; RefusedAccess."""
    found, problems = [], []
    for credential, skill_id, iste in rows:
        numbers, unknown = standards_in(iste or "")
        if unknown:
            problems.append(f"{credential}: “{', '.join(unknown)}” is no ISTE standard.")
        if skill_id and skill_id not in codebook.skills:
            problems.append(f"{credential}: the skill “{skill_id}” is not in the codebook.")
        if skill_id or numbers:
            found.append((credential, skill_id or "", ";".join(numbers)))
    if problems:
        raise UserError(
            "Not everything is a skill or a standard.", "Expected 2.1 to 2.7. Nothing was changed.", problems
        )
    set_credential_map(store, visitor, pl.DataFrame(found, schema=COLUMNS["credential_map"], orient="row"))


def _problem(
    one: CredentialRow, code: str | None, people: dict[str, str], today: date, skill_id: str | None, unknown: list[str]
) -> tuple[str, str, str] | None:
    """Why a row can't be used: column, value (never an address) and reason; null where it can."""
    if one.wrong:
        return *one.wrong, "expected a day such as 2026-11-06 or 11/06/26"
    if one.address == HASHED:
        return (
            "recipient",
            "",
            "the recipient is a hash of no known address; give the staff list with --staff",
        )
    if code is None:
        return "email", "", "no e-mail address; for a transcript, say whose it is with --email"
    if people and code not in people:
        return "email", "", "no one on the staff list has this address"
    if not one.credential:
        return "credential", "", "expected the credential's name"
    if one.earned_on is None:
        return "earned_on", "", "expected the day on which it was earned"
    if one.earned_on > today:
        return "earned_on", one.earned_on.isoformat(), "this day is still to come"
    if skill_id is None:
        return "skill_id", one.skill, "this skill is not in the codebook"
    if unknown:
        return "iste", ", ".join(unknown), "expected ISTE standards for educators, 2.1 to 2.7"
    return None
