"""The commands that export tables, and that test whether hidden numbers can be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import polars as pl
from cyclopts import Parameter

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.actions import audit
from pd_core.cli.context import Call, Shared
from pd_core.cli.exit_codes import DONE, REFUSED
from pd_core.cli.output_files import write_file
from pd_core.errors import UserError
from pd_core.presentation.small_groups import export_notes
from pd_core.reports.files import FORMATS, Format, format_of, render
from pd_core.reports.terminal import say, show_bytes
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, queries
from pd_core.summaries.tables import (
    ALL_TABLES,
    EARNED_TABLES,
    GROWTH_TABLES,
    HELD_TABLES,
    OF_THE_DISTRICT,
    export_table,
)
from pd_core.wording import plural

AUDIT = "audit"
EVERY_TABLE = (*ALL_TABLES, *GROWTH_TABLES, *HELD_TABLES, *EARNED_TABLES, AUDIT)


def export(
    table: Annotated[
        str, Parameter(help=f"One of {', '.join((*ALL_TABLES, *GROWTH_TABLES, *HELD_TABLES, *EARNED_TABLES, AUDIT))}.")
    ],
    /,
    *,
    wave: Annotated[str | None, Parameter(metavar="NAME", help="One wave. Default: all.")] = None,
    school: Annotated[
        str | None, Parameter(metavar="ID", help='One school by id or name, or "district" for the whole district.')
    ] = None,
    skill: Annotated[str | None, Parameter(metavar="ID", help="One skill by id or name.")] = None,
    role: Annotated[str | None, Parameter(metavar="ID", help="One role by id or name.")] = None,
    from_wave: Annotated[
        str | None,
        Parameter(name="--from", metavar="WAVE", help="Growth: the first wave. Default: the last but one."),
    ] = None,
    to_wave: Annotated[
        str | None, Parameter(name="--to", metavar="WAVE", help="Growth: the second wave. Default: the last.")
    ] = None,
    measure: Annotated[
        str | None, Parameter(metavar="NAME", help="Impact and outcomes: one measure. Default: all.")
    ] = None,
    training: Annotated[
        str | None, Parameter(metavar="ID", help="Impact: one training. Default: all together.")
    ] = None,
    format: Annotated[Format | None, Parameter(help="Default: by the ending of --output, else csv.")] = None,
    output: Annotated[
        str | None, Parameter(metavar="FILE", help="The file to write. Default: standard output.")
    ] = None,
    call: Shared,
) -> None:
    """Exports a table, with small groups hidden as on the pages.

    Each export is recorded in the audit. The table `audit` has who did what, when; it has no filters.
    """
    chosen: Format = format or format_of(output or "") or ("json" if call.as_json else "csv")
    if output is None and not FORMATS[chosen].is_text:
        raise UserError(f"{chosen} can't be written to a screen or a pipe.", f"Name a file: --output {table}.{chosen}")
    filters = {"wave": wave, "school": school, "skill": skill, "role": role}
    others = {"from_wave": from_wave, "to_wave": to_wave, "measure": measure, "training": training}
    with call.store() as store:
        if table in GROWTH_TABLES:
            frame = _growth(store, call, table, {**filters, **others})
        elif wrong := [f"--{name.removesuffix('_wave')}" for name, value in others.items() if value is not None]:
            raise UserError(f"The table {table} has no {', '.join(wrong)}.", f"{', '.join(GROWTH_TABLES)} do.")
        elif table == AUDIT:
            frame = _audit(store, call, filters)
        elif table in (*HELD_TABLES, *EARNED_TABLES):
            frame = _held(store, call, table, filters)
        else:
            frame = _one_wave(store, call, table, filters)
        _note(store, call, table, filters)
    content = render(frame, chosen, title=table)
    if output is None:
        show_bytes(content)
        return
    write_file(output, content)
    text = f"{output} holds {frame.height:,} rows of {table}."
    call.answer(text, table=table, rows=frame.height, format=chosen, output=output)


def attack(*, call: Shared) -> int:
    """Tries to work out hidden numbers from everything that is shown.

    It collects what the pages and tables show for every wave, with every filter, and solves the equations.
    """
    from pd_core.attack import attack as attacks  # noqa: PLC0415 - its solver would slow down every other command

    with call.store() as store:
        report = attacks.attack(store, call.codebook, call.settings.target_share, in_two_processes=True)
    looked_at = (
        f"Shown: {plural(report.numbers, 'number')} in {plural(len(report.waves), 'wave')} and "
        f"{plural(len(report.tables), 'table')}, under {plural(len(report.filters), 'filter')}. "
        f"Hidden: {plural(report.hidden, 'group')}. Played: everyone who sees all, and "
        f"{report.visitors:,} guests, principals and MIEs."
    )
    found = report.found
    lines = [looked_at]
    lines += [f"{cell.wave_id}, {cell.item}, {cell.school}, {cell.role or 'all roles'}: {cell.how}" for cell in found]
    lines.append(
        f"Worked out: {plural(len(found), 'hidden group')}. Please report this bug in PD Pulse."
        if found
        else "Nothing hidden can be worked out."
    )
    cells = [asdict(cell) for cell in found]
    call.answer("\n".join(lines), status="leak" if found else "ok", looked_at=looked_at, found=cells)
    return REFUSED if found else DONE


def _one_wave(store: Store, call: Call, table: str, filters: Mapping[str, str | None]) -> pl.DataFrame:
    """A table of each wave; how its district's figures count small groups goes to standard error."""
    target_share = call.settings.target_share
    frame = export_table(store, call.codebook, table, **filters, target_share=target_share, scope=EVERYTHING)
    if table in OF_THE_DISTRICT and (frame["school_id"] == DISTRICT).any():
        wave, role = filters["wave"], filters["role"]
        notes = export_notes(store, call.codebook, wave=wave, role=role, target_share=target_share, scope=EVERYTHING)
        for note in notes:
            say(note)
    return frame


def _growth(store: Store, call: Call, table: str, filters: Mapping[str, str | None]) -> pl.DataFrame:
    """A table of two waves or of outcomes; what one must know to read it goes to standard error."""
    from pd_core.presentation.growth_notes import growth_notes  # noqa: PLC0415 - its statistics load scipy
    from pd_core.summaries.growth_tables import Filters, growth_table  # noqa: PLC0415 - as above

    target_share = call.settings.target_share
    made = growth_table(store, call.codebook, table, Filters(**filters), target_share=target_share, scope=EVERYTHING)
    for note in growth_notes(made.pair) if made.pair else ():
        say(note)
    return made.frame


def _held(store: Store, call: Call, table: str, filters: Mapping[str, str | None]) -> pl.DataFrame:
    from pd_core.summaries.credentials import credential_table, standard_rows  # noqa: PLC0415 - as below
    from pd_core.summaries.held import held_table  # noqa: PLC0415 - only these tables need it
    from pd_core.summaries.programme import programme_rows  # noqa: PLC0415 - as below

    if others := [f"--{name}" for name, value in filters.items() if value is not None and name != "school"]:
        raise UserError(f"The table {table} has no filter {', '.join(others)}.", "It has --school.")
    today = call.settings.local_now().date()
    if table == "programme":
        return programme_rows(store, call.codebook)
    if table == "standards":
        return standard_rows(store, call.codebook, today)
    if table == "credentials":
        return credential_table(store, EVERYTHING, today, filters["school"])
    return held_table(store, table, EVERYTHING, school=filters["school"])


def _audit(store: Store, call: Call, filters: Mapping[str, str | None]) -> pl.DataFrame:
    if wrong := [f"--{name}" for name, value in filters.items() if value is not None]:
        raise UserError(f"The audit has no filter {', '.join(wrong)}.", "Export all of it.")
    return audit.entries(store, call.visitor)


def _note(store: Store, call: Call, table: str, filters: Mapping[str, str | None]) -> None:
    """Record an export in the audit before it is written: its table, filters and school."""
    school = filters["school"]
    school_id = (SchoolNames(queries.schools(store, EVERYTHING)).find(school) if school else None) or DISTRICT
    parts = [table, filters["wave"] or "all waves", filters["skill"], filters["role"]]
    audit.note_export(store, call.visitor, ", ".join(filter(None, parts)), school_id)
