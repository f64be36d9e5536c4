"""The commands that write documents: the building brief, the board deck, the school technology plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pd_core.access import DISTRICT
from pd_core.actions import audit
from pd_core.cli.context import Call, Shared
from pd_core.cli.output_files import write_file
from pd_core.errors import UserError
from pd_core.presentation.document import Document
from pd_core.reports.documents.files import TOGETHER, Kind, Shape, file_name, rendered, shape_of, zipped
from pd_core.reports.documents.source import Source, wave_of
from pd_core.reports.terminal import say
from pd_core.storage import Store
from pd_core.summaries.tables import named
from pd_core.wording import plural

_School = Annotated[str | None, Parameter(metavar="ID", help='One school by id or name, or "district".')]
_All = Annotated[bool, Parameter(name="--all", help="Every school.")]
_Wave = Annotated[str | None, Parameter(metavar="NAME", help="The wave. Default: the latest with answers.")]
_Shape = Annotated[Shape | None, Parameter(help="Default: by the ending of --output, else pdf.")]
_Output = Annotated[str, Parameter(metavar="PATH", help="The file to write.")]
_Outputs = Annotated[
    str,
    Parameter(
        metavar="PATH",
        help="The file to write. With --all a folder (a path without an ending) with one file a school, a .zip, or one "
        ".pdf or .pptx with all.",
    ),
]


def brief(
    *, school: _School = None, every: _All = False, wave: _Wave = None, format: _Shape = None, output: _Outputs,
    call: Shared,
) -> None:  # fmt: skip
    """Writes the building brief: one page for the staff meeting and the wall.

    It has the verdict, three findings with their range, what is planned, what came of the last plan, and what the
    answers can't show. Small groups are hidden as on the pages.
    """
    from pd_core.reports.documents.documents import brief_of  # noqa: PLC0415 - its figures take a second to load

    _by_school(call, "brief", brief_of, school, wave, format, output, is_all=every)


def techplan(
    *, school: _School = None, every: _All = False, wave: _Wave = None, format: _Shape = None, output: _Outputs,
    call: Shared,
) -> None:  # fmt: skip
    """Writes the school technology plan: two pages for the principal to edit.

    It has the goal, what staff need, the planned trainings with what everyone does the next day, and growth so far.
    """
    from pd_core.reports.documents.documents import plan_of  # noqa: PLC0415 - its figures take a second to load

    _by_school(call, "techplan", plan_of, school, wave, format, output, is_all=every)


def board(*, wave: _Wave = None, format: _Shape = None, output: _Output, call: Shared) -> None:
    """Writes the board deck: the whole district on a few slides.

    It has coverage and verdicts, needs, plan, hours, growth and effects as far as they are known, and the methods. No
    school is named or ranked.
    """
    from pd_core.reports.documents.documents import board_of  # noqa: PLC0415 - its figures take a second to load

    _by_school(call, "board", board_of, DISTRICT, wave, format, output, is_all=False)


def _by_school(
    call: Call, kind: Kind, make: Callable[[Source, str], Document], school: str | None, wave: str | None,
    format: Shape | None, output: str, *, is_all: bool,
) -> None:  # fmt: skip
    if is_all == (school is not None):
        raise UserError(
            "Both --school and --all are given." if is_all else "Neither --school nor --all is given.",
            "Choose --school ID for one school, or --all for every one.",
        )
    shape = _shape(format, output, is_all=is_all)
    with call.store() as store:
        source = _source(call, store, wave)
        names = {**source.names(), DISTRICT: "Whole district"}
        if is_all:
            made = _all_schools(call, source, kind, make, shape, output)
        else:
            school_id = named("school", str(school), names)
            audit.note_export(store, call.visitor, f"{kind}, {shape}, {source.wave_id}", school_id)
            write_file(output, rendered(kind, [make(source, school_id)], shape, source.now.astimezone()))
            made = [school_id]
    whom = "the district" if made == [DISTRICT] else names[made[0]] if not is_all else plural(len(made), "school")
    what = _NAMES[kind] if len(made) == 1 else f"{_NAMES[kind]}s"
    text = f"{output} holds the {what} of {whom}."
    call.answer(text, report=kind, schools=made, wave_id=source.wave_id, format=shape, output=output)


_NAMES: Mapping[Kind, str] = {"brief": "brief", "board": "board deck", "techplan": "technology plan"}


def _all_schools(
    call: Call, source: Source, kind: Kind, make: Callable[[Source, str], Document], shape: Shape, output: str
) -> list[str]:
    names = source.names()
    if not names:
        raise UserError("There are no schools yet.", "Load the list of schools first: schools FILE.")
    audit.note_export(source.store, call.visitor, f"{kind}, {shape}, {source.wave_id}")
    documents = []
    for number, (school_id, name) in enumerate(names.items(), start=1):
        documents.append(make(source, school_id))
        say(f"{number:,} of {len(names):,}: {name}")
    made_at, ending = source.now.astimezone(), Path(output).suffix.lower()
    if ending not in ("", ".zip"):
        write_file(output, rendered(kind, documents, shape, made_at))
        return list(names)
    files = ((file_name(document, shape), rendered(kind, [document], shape, made_at)) for document in documents)
    if ending == ".zip":
        write_file(output, zipped(files))
        return list(names)
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder {output} cannot be made: {error.strerror}.", "Name a folder where you can write."
        ) from error
    for name, content in files:
        write_file(str(folder / name), content)
    return list(names)


def _source(call: Call, store: Store, wave: str | None) -> Source:
    settings = call.settings
    return Source(
        store, call.codebook, call.visitor, wave_of(store, wave), settings.target_share, settings.local_now(),
        settings.address,
    )  # fmt: skip


def _shape(format: Shape | None, output: str, *, is_all: bool) -> Shape:
    """The format to write. Raises UserError where the file's name says another one, or is no place for it."""
    by_name, ending = shape_of(output), Path(output).suffix.lower()
    if is_all and ending in ("", ".zip"):
        return format or "pdf"
    if ending == ".zip":
        raise UserError(f"{output} is the name of an archive.", "Add --all for every school, or name a single file.")
    if format and by_name and by_name != format:
        raise UserError(f"{output} is the name of a {by_name} file, but the format is {format}.", "Change one of them.")
    shape = format or by_name or "pdf"
    if is_all and shape not in TOGETHER:
        raise UserError(
            f"One {shape} file holds one school.", f"Name a folder or a .zip, or choose {' or '.join(TOGETHER)}."
        )
    return shape
