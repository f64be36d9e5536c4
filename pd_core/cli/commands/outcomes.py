"""The commands that take outcomes of students, and who was trained outside the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from cyclopts import Parameter

from pd_core.actions import outcomes as actions
from pd_core.cli.context import Call, Shared
from pd_core.cli.exit_codes import DONE, REFUSED
from pd_core.cli.input_files import content_of, label_of
from pd_core.ingestion import Receipt, refused
from pd_core.reports.receipt_text import receipt_text
from pd_core.reports.terminal import say, show, show_json
from pd_core.storage import Store


def outcomes(
    file: str,
    /,
    *,
    good: Annotated[
        Literal["higher", "lower"] | None,
        Parameter(help="Which way is good, for measures where this is not known yet. Asked once."),
    ] = None,
    period: Annotated[str | None, Parameter(metavar="PERIOD", help="The period of rows that have none.")] = None,
    dry_run: Annotated[bool, Parameter(help="Say what would happen, and store nothing.")] = False,
    call: Shared,
) -> int:
    """Loads student outcomes, CSV or XLSX; prints a receipt.

    Its columns: school_id, period, measure, value, n; where known numerator, lower, upper, suppressed, group. Files of
    the OSPI Report Card and of the CRDC are taken as they come. Values are shares, as 67.7% or 0.677, or numbers.
    """

    def take(store: Store) -> Receipt:
        content = content_of(file)
        name = label_of(file)
        return actions.take_outcomes(store, call.visitor, name, content, good=good, period=period, dry_run=dry_run)

    return taken(file, call, take)


def deliveries(file: str, /, *, call: Shared) -> int:
    """Takes who was newly trained outside the plan, CSV or XLSX.

    Its columns: school_id, training_id, period, people. A later file takes the place of the same school, training and
    period.
    """
    return taken(
        file, call, lambda store: actions.take_deliveries(store, call.visitor, label_of(file), content_of(file))
    )


def taken(file: str, call: Call, take: Callable[[Store], Receipt]) -> int:
    """Print the receipt of a file, alone in a list with --json; the exit code."""
    try:
        with call.store() as store:
            receipt = take(store)
    except Exception as error:
        receipt = refused(label_of(file), call.problem(error))
    is_refused = receipt.status == "rejected"
    if is_refused:
        say(receipt_text(receipt))
    elif not call.as_json:
        show(receipt_text(receipt))
    if call.as_json:
        show_json([receipt.as_dict()])
    return REFUSED if is_refused else DONE
