"""The command that writes the survey as a form for the programs that ask it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pd_core.access import EVERYTHING
from pd_core.cli.context import Shared
from pd_core.cli.output_files import write_file
from pd_core.errors import UserError
from pd_core.form_builder.formats import ROUTES, FormFormat
from pd_core.form_builder.questions import form as form_of
from pd_core.storage import queries
from pd_core.wording import listed, plural


def form(
    *,
    format: Annotated[
        str,
        Parameter(
            metavar="docx,google,limesurvey,qualtrics", help="One, or several separated by commas. Default: docx."
        ),
    ] = "docx",
    output: Annotated[
        str, Parameter(metavar="FILE", help="The file to write; of several formats each adds its name to it.")
    ],
    call: Shared,
) -> None:
    """Writes the survey as a form to make.

    For Microsoft Forms' Quick import (docx), Google Apps Script, LimeSurvey (tab-separated) and Qualtrics (TXT).
    """
    formats = _formats(format)
    with call.store() as store:
        names = queries.schools(store, EVERYTHING)["name"].to_list()
        made = form_of(call.codebook, names, call.settings.local_now().year)
    files = {name: output if len(formats) == 1 else _named(output, name) for name in formats}
    for name, file in files.items():
        write_file(file, ROUTES[name].write(made))
    questions = len(list(made.without_grids()))
    text = f"{listed(list(files.values()))}: {plural(questions, 'question')} for "
    text += f"{listed([ROUTES[name].program for name in formats])}."
    call.answer(text, questions=questions, schools=len(names), files=files)


def _formats(text: str) -> list[FormFormat]:
    """The formats that are named, each once. Raises UserError for one that there is not."""
    named = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    found = [name for name in ROUTES if name in named]
    if unknown := [name for name in named if name not in ROUTES]:
        raise UserError(f"There is no format {listed(unknown)}.", f"Choose from {', '.join(ROUTES)}.")
    if not found:
        raise UserError("No format is named.", f"Choose from {', '.join(ROUTES)}.")
    return found


def _named(output: str, name: FormFormat) -> str:
    """A file for one of several formats: `survey.docx` becomes `survey-google.gs`."""
    path = Path(output)
    return str(path.with_name(f"{path.stem}-{name}{ROUTES[name].ending}"))
