"""The command that writes down what a form's words may mean, for a person to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pd_core import ingestion
from pd_core.cli.context import Shared
from pd_core.cli.input_files import content_of, label_of
from pd_core.errors import RefusedFile
from pd_core.ingestion import Meaning, mapping_file
from pd_core.ingestion.mapping import fingerprint
from pd_core.ingestion.meaning import UNDECIDED
from pd_core.reports.files import render
from pd_core.storage import queries


def mapping(
    file: str,
    /,
    *,
    output: Annotated[
        Path | None,
        Parameter(metavar="FILE", help="Where to write it. Default: next to the export, as NAME.mapping.csv."),
    ] = None,
    call: Shared,
) -> None:
    """Writes the mapping file of a form to fill in, for ingest --mapping.

    Its columns: subject (a question, or a scale), answer, code (an item of items.csv, or a code of the scale; ? where
    you have to say, empty for left out), suggestion and labels (for you; they are not read).
    """
    with call.store() as store:
        table = ingestion.read(label_of(file), content_of(file), call.codebook)
        meaning = Meaning.from_frame(queries.mapping(store, fingerprint(table, call.codebook)))
    rows = mapping_file(table, call.codebook, meaning)
    path = output or Path(file).with_suffix(".mapping.csv")
    try:
        with path.open("xb") as written:
            written.write(render(rows, "csv", bom=True))
    except FileExistsError as error:
        raise RefusedFile(f"{path} is there already.", "Name another with --output, or delete it.") from error
    except OSError as error:
        raise RefusedFile(
            f"{path} cannot be written: {error.strerror}.", "Name another place with --output."
        ) from error
    asked = int((rows["code"] == UNDECIDED).sum())
    text = f"{path} is written: {rows.height} rows, {asked} of them with “{UNDECIDED}” as the code for you to say."
    text += f"\nThen: python -m pd_core ingest {file} --mapping {path}"
    call.answer(text, file=str(path), rows=rows.height, undecided=asked)
