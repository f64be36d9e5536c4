"""The commands that store uploads and undo them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from cyclopts import Parameter

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.actions import form_mappings
from pd_core.actions import uploads as actions
from pd_core.cli.context import Call, Shared, heard_stops
from pd_core.cli.exit_codes import DONE, REFUSED
from pd_core.cli.input_files import content_of, label_of, matching
from pd_core.errors import UnknownName
from pd_core.ingestion import Choices, DateOrder, Meaning, Receipt, SchoolNames, refused
from pd_core.reports.receipt_text import receipt_text
from pd_core.reports.terminal import say, show, show_json
from pd_core.storage import Store, queries

LARGE = 1_000_000


def ingest(
    *files: Annotated[str, Parameter(required=True, help="Exports from Microsoft Forms or Google Forms, XLSX or CSV.")],
    wave: Annotated[
        str | None, Parameter(metavar="NAME", help='The wave, such as "Fall 2026". Default: from the dates.')
    ] = None,
    school: Annotated[str | None, Parameter(metavar="ID", help="The school all rows are from: its id or name.")] = None,
    mapping: Annotated[
        str | None,
        Parameter(metavar="FILE", help="What questions and answers mean: subject, answer, code. Remembered."),
    ] = None,
    dates: Annotated[DateOrder | None, Parameter(help="The order of day, month and year.")] = None,
    dry_run: Annotated[bool, Parameter(help="Show what would happen to each file, and store nothing.")] = False,
    call: Shared,
) -> int:
    """Stores exports; one receipt per file."""
    names = [name for given in files for name in matching(given)]
    try:
        with call.store() as store:
            meaning = _meaning(mapping, call) if mapping else Meaning()
            choices = Choices(
                (wave or "").strip() or None, _school_id(school, store), meaning, dates, surface="command"
            )
            receipts = list(_receipts(names, store, call, choices, dry_run=dry_run))
    except Exception as error:
        problem = call.problem(error)
        say(problem.text())
        if call.as_json:
            show_json([refused(label_of(name), problem).as_dict() for name in names])
        return REFUSED
    for receipt in receipts:
        if receipt.status == "rejected":
            say(receipt_text(receipt))
        elif not call.as_json:
            show(receipt_text(receipt))
    if call.as_json:
        show_json([receipt.as_dict() for receipt in receipts])
    return REFUSED if any(receipt.status == "rejected" for receipt in receipts) else DONE


def _receipts(names: Sequence[str], store: Store, call: Call, choices: Choices, *, dry_run: bool) -> Iterator[Receipt]:
    with heard_stops() as stops:
        for number, name in enumerate(names, start=1):
            receipt = _receipt(name, store, call, choices, dry_run=dry_run)
            if len(names) > 1:
                say(f"{number} of {len(names)}: {receipt.file} {receipt.status}")
            if stops:
                raise KeyboardInterrupt
            yield receipt


def _receipt(name: str, store: Store, call: Call, choices: Choices, *, dry_run: bool) -> Receipt:
    try:
        content = content_of(name)
        if len(content) > LARGE:
            say(f"Reading {label_of(name)} ({len(content) / 1e6:,.0f} MB) …")
        table = ingestion.read(label_of(name), content, call.codebook)
        return actions.ingest(store, call.visitor, table, call.codebook, call.key(store), choices, dry_run=dry_run)
    except Exception as error:
        return refused(label_of(name), call.problem(error))


def undo(upload_id: str, /, *, call: Shared) -> None:
    """Undoes one upload.

    `export uploads` lists them.
    """
    with call.store() as store:
        people = actions.undo_upload(store, call.visitor, upload_id)
    text = f"Upload {upload_id} was undone: the answers of {people:,} people no longer count."
    call.answer(text, upload_id=upload_id, status="undone", respondents=people)


def _school_id(school: str | None, store: Store) -> str | None:
    if school is None:
        return None
    names = SchoolNames(queries.schools(store, EVERYTHING))
    if found := names.find(school):
        return found
    near = ", ".join(f"{school_id} ({names.names[school_id]})" for school_id in names.near(school))
    remedy = f"Nearest: {near}." if near else "Load the schools first: python -m pd_core schools FILE."
    raise UnknownName(f"There is no school “{school}”, or several have that name.", remedy)


def _meaning(file: str, call: Call) -> Meaning:
    return form_mappings.read_file(call.codebook, label_of(file), content_of(file))
