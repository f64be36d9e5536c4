"""The commands that take credentials, and say what they are for."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from pd_core.actions import credentials as actions
from pd_core.cli.commands.outcomes import taken
from pd_core.cli.context import Shared
from pd_core.cli.input_files import content_of, label_of
from pd_core.ingestion import Receipt
from pd_core.reference.attendance_file import read_attendance
from pd_core.reference.credential_map import read_credential_map
from pd_core.storage import Store
from pd_core.wording import plural


def credentials(
    file: str,
    /,
    *,
    staff: Annotated[
        str | None, Parameter(metavar="FILE", help="Addresses to compare hashed recipients with. Not stored.")
    ] = None,
    email: Annotated[str, Parameter(metavar="ADDRESS", help="Whose transcript the file is. Not stored.")] = "",
    dry_run: Annotated[bool, Parameter(help="Say what would happen, and store nothing.")] = False,
    call: Shared,
) -> int:
    """Takes credentials that people earned; prints a receipt.

    CSV or XLSX with email, credential, issuer, earned_on, expires_on, skill_id, iste; Credly's issued badges; the bulk
    file of Canvas Badges; Open Badges 2.0 and 3.0 and the transcript of Microsoft Learn as JSON. Nothing is verified.
    """

    def take(store: Store) -> Receipt:
        listed = read_attendance(label_of(staff), content_of(staff)).people if staff else ()
        addresses = [address for one in listed for address in one.addresses]
        return actions.take_credentials(
            store, call.visitor, call.codebook, label_of(file), content_of(file), call.key(store),
            call.settings.local_now().date(), owner=email, staff=addresses, dry_run=dry_run,
        )  # fmt: skip

    return taken(file, call, take)


def standards(file: str, /, *, call: Shared) -> None:
    """Loads what credentials are for, CSV or XLSX.

    Replaces the earlier list. It counts where the file of a credential does not say it.

    Its columns: credential, skill_id, iste (2.1 to 2.7, separated by `;`).
    """
    with call.store() as store:
        listed = read_credential_map(label_of(file), content_of(file), call.codebook)
        actions.set_credential_map(store, call.visitor, listed)
    call.answer(f"{plural(listed.height, 'credential')} are mapped.", credentials=listed.height)
