"""The commands: what the pages do, for IT, schedules and checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from pd_core.cli.commands import erasure, installation, lists, planning, results, uploads, waves
from pd_core.cli.context import DONE, REFUSED, WRONG_USAGE, Call
from pd_core.reports.terminal import say, show_json

app = App(
    name="python -m pd_core",
    help="PD Pulse turns a Microsoft Forms needs assessment into each school's training plan.",
    help_epilogue="Exit code: 0 done, 1 refused (the message says why and what to do), 2 wrong usage.",
    help_formatter="plain",
    version_flags=[],
    default_parameter=Parameter(negative=(), show_default=False),
)
app.meta.suppress_keyboard_interrupt = False  # so that whoever starts this decides how it ends
for command in (
    *(lists.schools, lists.roster, lists.people, waves.wave),
    *(planning.trainers, planning.catalog, planning.slots, planning.goals, planning.travel),
    *(uploads.ingest, uploads.undo),
    *(results.export, results.attack),
    *(erasure.forget, erasure.retain),
    *(installation.sample, installation.doctor),
):
    app.command(command)
app.command(planning.plan)


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
