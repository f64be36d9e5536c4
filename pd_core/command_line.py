"""The commands: what the pages do, for IT, schedules and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from pd_core import ingestion
from pd_core.call import Call, actor, content_of, heard_stops, label_of, matching
from pd_core.codebook import Codebook
from pd_core.doctor import examine
from pd_core.errors import RefusedFile, UnknownName, UserError
from pd_core.ingestion import Choices, DateOrder, Meaning, Receipt, SchoolNames, commit, prepare, refused
from pd_core.ingestion.registers import read_mapping, read_roster, read_schools
from pd_core.reports.files import FORMATS, Format, format_of, render
from pd_core.reports.receipt_text import receipt_text
from pd_core.reports.terminal import say, show, show_bytes, show_json
from pd_core.sample import write_sample
from pd_core.storage import Store, queries, registers, undo_upload
from pd_core.summaries.tables import ALL_TABLES, export_table

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
LARGE = 1_000_000


Shared = Annotated[Call, Parameter(parse=False)]
app = App(
    name="python -m pd_core",
    help="PD Pulse turns a Microsoft Forms needs assessment into each school's training plan.",
    help_epilogue="Exit code: 0 done, 1 refused (the message says why and what to do), 2 wrong usage.",
    help_formatter="plain",
    version_flags=[],
    default_parameter=Parameter(negative=(), show_default=False),
)
app.meta.suppress_keyboard_interrupt = False  # so that whoever starts this decides how it ends


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code. Raises BrokenPipeError where nobody reads the result any more."""
    try:
        code = app.meta(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        say(f"{error}\n`python -m pd_core --help` lists the commands, `python -m pd_core COMMAND --help` its options.")
        return WRONG_USAGE
    return code if isinstance(code, int) else DONE


@app.meta.default
def start(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    store: Annotated[
        str | None, Parameter(metavar="PATH-or-URL", help="Where answers are kept. Default: PD_STORE, else data/store.")
    ] = None,
    json: Annotated[bool, Parameter(help="Print machine-readable output alone on standard output.")] = False,
) -> int:
    """Runs the command that `tokens` name."""
    command, bound, shared = app.parse_args(tokens, exit_on_error=False, print_error=False)
    call = Call(store, json)
    try:
        code = command(*bound.args, **bound.kwargs, **dict.fromkeys(shared, call))
        return code if isinstance(code, int) else DONE
    except BrokenPipeError:
        raise
    except Exception as error:
        message = call.problem(error).text()
    say(message)
    if json:
        show_json({"status": "refused", "message": message})
    return REFUSED


@app.command
def schools(file: str, /, *, call: Shared) -> None:
    """Sets the schools from a list, CSV or XLSX.

    Its columns: school_id, name, aliases (separated by ;), level, region, headcount.
    """
    listed = read_schools(label_of(file), content_of(file))
    with call.store() as store:
        kept = registers.set_schools(store, listed, actor())
    staff, unknown = int(listed["headcount"].sum()), listed["headcount"].null_count()
    text = f"{listed.height} schools are set, with {staff:,} staff."
    text += f" {unknown} of them have no headcount yet, so no response rate." if unknown else ""
    text += f"\nKept, though not listed, since they have answers: {', '.join(kept)}." if kept else ""
    call.answer(text, schools=listed.height, headcount=staff, without_headcount=unknown, kept=kept)


@app.command
def roster(file: str, /, *, call: Shared) -> None:
    """Sets the staff list, CSV or XLSX; replaces headcounts.

    Its columns: email, school_id, role, grade_band. Addresses are not stored.
    """
    with call.store() as store:
        names = SchoolNames(queries.schools(store))
        staff = read_roster(label_of(file), content_of(file), call.codebook, names, call.key)
        registers.set_roster(store, staff, actor())
    buildings = staff["school_id"].n_unique()
    text = f"{staff.height:,} staff in {buildings} schools are set; each school's headcount is now theirs."
    call.answer(text, staff=staff.height, schools=buildings)


@app.command
def ingest(
    *files: Annotated[str, Parameter(required=True, help="Exports of Microsoft Forms or Google Forms, XLSX or CSV.")],
    wave: Annotated[
        str | None, Parameter(metavar="NAME", help='The round, such as "Fall 2026". Default: by the dates.')
    ] = None,
    school: Annotated[
        str | None, Parameter(metavar="ID", help="The building all rows are from: its id or name.")
    ] = None,
    mapping: Annotated[
        str | None,
        Parameter(metavar="FILE", help="What the form's words mean: subject, answer, code. Remembered for the form."),
    ] = None,
    dates: Annotated[DateOrder | None, Parameter(help="The order of day, month and year.")] = None,
    dry_run: Annotated[bool, Parameter(help="Say what would happen to each file, alone, and store no answer.")] = False,
    call: Shared,
) -> int:
    """Takes exports; one receipt a file."""
    names = [name for given in files for name in matching(given)]
    try:
        with call.store() as store:
            meaning = _meaning(mapping, call.codebook) if mapping else Meaning()
            choices = Choices((wave or "").strip() or None, _school_id(school, store), meaning, dates)
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
        preview = prepare(table, call.codebook, store, call.key, choices)
        if not dry_run and not preview.blockers:
            _remember(store, preview.form, choices.meaning)
        return commit(store, preview, actor(), dry_run=dry_run)
    except Exception as error:
        return refused(label_of(name), call.problem(error))


@app.command
def undo(upload_id: str, /, *, call: Shared) -> None:
    """Takes one upload out again.

    `export uploads` lists them.
    """
    with call.store() as store:
        people = undo_upload(store, upload_id, actor())
    text = f"Upload {upload_id} was taken out: the answers of {people:,} people no longer count."
    call.answer(text, upload_id=upload_id, status="undone", respondents=people)


@app.command
def export(
    table: Annotated[str, Parameter(help=f"One of {', '.join(ALL_TABLES)}.")],
    /,
    *,
    wave: Annotated[str | None, Parameter(metavar="NAME", help="One wave. Default: all.")] = None,
    school: Annotated[
        str | None, Parameter(metavar="ID", help='One school by id or name; "district" is the whole.')
    ] = None,
    skill: Annotated[str | None, Parameter(metavar="ID", help="One skill by id or name.")] = None,
    role: Annotated[str | None, Parameter(metavar="ID", help="One role by id or name.")] = None,
    format: Annotated[Format | None, Parameter(help="Default: by the ending of --output, else csv.")] = None,
    output: Annotated[
        str | None, Parameter(metavar="FILE", help="The file to write. Default: standard output.")
    ] = None,
    call: Shared,
) -> None:
    """Writes a table, small groups hidden as on the pages."""
    chosen: Format = format or format_of(output or "") or ("json" if call.as_json else "csv")
    if output is None and not FORMATS[chosen].is_text:
        raise UserError(f"{chosen} is no text for a screen or a pipe.", f"Name a file: --output {table}.{chosen}")
    with call.store() as store:
        frame = export_table(
            store, call.codebook, table, wave=wave, school=school, skill=skill, role=role,
            target_share=call.settings.target_share,
        )  # fmt: skip
    content = render(frame, chosen, title=table)
    if output is None:
        show_bytes(content)
        return
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise UserError(
            f"{output} cannot be written: {error.strerror}.", "Name a file in a folder that you may write to."
        ) from error
    text = f"{output} holds {frame.height:,} rows of {table}."
    call.answer(text, table=table, rows=frame.height, format=chosen, output=output)


@app.command
def sample(
    *,
    output: Annotated[str, Parameter(metavar="DIR", help="The folder. Default: pd-pulse-sample.")] = "pd-pulse-sample",
    call: Shared,
) -> None:
    """Writes the made-up district: exports, schools, roster."""
    files = write_sample(Path(output), call.codebook)
    store = f'--store "{Path(output) / "pd.duckdb"}"'
    text = (
        f"{output} holds a made-up district: schools.csv, roster.csv and {len(files.exports)} exports. To try it, in a "
        f"store of its own:\n"
        f'  python -m pd_core schools "{files.schools}" {store}\n'
        f'  python -m pd_core roster "{files.roster}" {store}\n'
        f'  python -m pd_core ingest "{Path(output) / "*.xlsx"}" {store}\n'
        f"  python -m pd_core export skill-summary {store}"
    )
    exports = [str(path) for path in files.exports]
    call.answer(text, output=output, schools=str(files.schools), roster=str(files.roster), exports=exports)


@app.command
def doctor(*, call: Shared) -> int:
    """Checks the installation; says what to mend.

    It looks at Python, libraries, settings, codebook, store, key and disk.
    """
    checks = examine(call.store_option)
    is_well = all(check.is_ok for check in checks)
    lines = [f"{'ok  ' if check.is_ok else 'mend'}  {check.name}: {check.message}" for check in checks]
    lines.append("All is well." if is_well else "Mend what is marked above, then run this again.")
    call.answer("\n".join(lines), status="ok" if is_well else "mend", checks=[check.as_dict() for check in checks])
    return DONE if is_well else REFUSED


def _school_id(school: str | None, store: Store) -> str | None:
    if school is None:
        return None
    names = SchoolNames(queries.schools(store))
    if found := names.find(school):
        return found
    near = ", ".join(f"{school_id} ({names.names[school_id]})" for school_id in names.near(school))
    remedy = f"Nearest: {near}." if near else "Set the schools first: python -m pd_core schools FILE."
    raise UnknownName(f"There is no school “{school}”, or several have that name.", remedy)


def _meaning(file: str, codebook: Codebook) -> Meaning:
    """What a mapping file says. Raises RefusedFile naming items, scales and codes that the codebook does not have."""
    rows = read_mapping(label_of(file), content_of(file))
    problems = []
    for subject, answer, code in rows.iter_rows():
        if answer is None and code is not None and code not in codebook.items:
            problems.append(f"“{subject}” is said to be “{code}”, which is no item_id of items.csv.")
        elif answer is not None and subject not in codebook.scales:
            problems.append(f"“{subject}” is no scale_id of scales.csv; an answer needs one as its subject.")
        elif answer is not None and code is not None and code not in codebook.labels(subject):
            problems.append(f"“{answer}” is said to be “{code}”; the codes are {', '.join(codebook.labels(subject))}.")
    if problems:
        remedy = "Correct them and try again. Nothing was changed."
        raise RefusedFile(f"{label_of(file)} has {len(problems)} row(s) that cannot be used.", remedy, problems)
    return Meaning.from_frame(rows)


def _remember(store: Store, form: str, meaning: Meaning) -> None:
    known = Meaning.from_frame(queries.mapping(store, form))
    if known.updated(meaning) != known:
        registers.save_mapping(store, form, meaning.to_frame(), actor())
