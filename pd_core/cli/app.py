"""The command line: what the pages do, for IT, scheduled jobs and checks.

A command is imported when it is called: its dependencies take a second to load, and help and version need none of them.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Mapping, Sequence
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError

from pd_core.cli.exit_codes import DONE, REFUSED, WRONG_USAGE
from pd_core.config import ROOT
from pd_core.reports.terminal import say, show_json

COMMANDS = {
    "lists": ("schools", "roster", "people"),
    "waves": ("wave",),
    "uploads": ("ingest", "undo"),
    "inbox": ("watch",),
    "mappings": ("mapping",),
    "outcomes": ("outcomes", "deliveries"),
    "delivery": ("deliver", "attendance"),
    "credentials": ("credentials", "standards"),
    "planning": ("trainers", "catalog", "slots", "goals", "travel", "budget", "applicants"),
    "results": ("export", "attack"),
    "form": ("form",),
    "erasure": ("forget", "retain"),
    "backups": ("backup", "restore"),
    "moving": ("move",),
    "upkeep": ("maintain",),
    "installation": ("sample", "doctor"),
}
"""The modules of `pd_core.cli.commands`, and the functions in each that are commands."""

PLAN_COMMANDS: Mapping[str, Sequence[str]] = {
    "planning": ("propose",),
    "plan_record": ("agree", "schedule", "cancel", "note", "undo", "show", "history", "import_", "export"),
    "calendar_feeds": ("feeds", "revoke"),
    "plan_by_hand": ("add", "move", "split", "join", "ask", "answer"),
}
"""The commands of `plan`, as `COMMANDS`."""

REPORT_COMMANDS: Mapping[str, Sequence[str]] = {"reports": ("brief", "techplan", "board")}
"""The commands of `report`, as `COMMANDS`."""


def version() -> str:
    """The version that pyproject.toml states."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"PD Pulse {project['version']}"


app = App(
    name="python -m pd_core",
    help="PD Pulse turns a Microsoft Forms needs assessment into each school's training plan.",
    help_epilogue="Exit codes: 0 done, 1 refused (the message says why and what to do), 2 wrong usage.",
    help_formatter="plain",
    help_format="plaintext",  # Markdown would load a parser and a highlighter first
    version=version,
    default_parameter=Parameter(negative=(), show_default=False),
)
app.meta.suppress_keyboard_interrupt = False  # so that the caller decides how it ends


def _register(group: App, module: str, names: Sequence[str]) -> None:
    """Adds a module's commands. Their docstrings, which are their help, are read from its source."""
    source = (ROOT / "pd_core" / "cli" / "commands" / f"{module}.py").read_text(encoding="utf-8")
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    for name in names:
        path, said = (
            f"pd_core.cli.commands.{module}:{name}",
            name.rstrip("_"),
        )  # `import_` is a Python name, for `import`
        group.command(path, name=said, help=ast.get_docstring(functions[name]) or "")


plan = App(
    name="plan", help="Which training is given where, by whom and when: proposed, decided, kept.", version_flags=[]
)
for module, names in PLAN_COMMANDS.items():
    _register(plan, module, names)
app.command(plan)
report = App(name="report", help="Documents to take away: for a staff meeting, a board, a principal.", version_flags=[])
for module, names in REPORT_COMMANDS.items():
    _register(report, module, names)
app.command(report)
for module, names in COMMANDS.items():
    _register(app, module, names)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Raises BrokenPipeError if the reader of the result is gone."""
    try:
        code = app.meta(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        said = f"{error}"
        if isinstance(error, UnusedCliTokensError):
            unused = " ".join(error.unused_tokens or ())
            said = f"The command ends before this: {unused}. Put a name with spaces in quotes."
        say(f"{said}\n`python -m pd_core --help` lists the commands, `python -m pd_core COMMAND --help` its options.")
        return WRONG_USAGE
    return code if isinstance(code, int) else DONE


@app.meta.default
def start(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    store: Annotated[
        str | None, Parameter(metavar="PATH-or-URL", help="Where answers are kept. Default: PD_STORE or data/store.")
    ] = None,
    json: Annotated[bool, Parameter(help="Print only machine-readable output on standard output.")] = False,
) -> int:
    """Run the command that `tokens` name."""
    command, bound, shared = app.parse_args(tokens, exit_on_error=False, print_error=False)
    if not shared:  # help and version need no store
        command(*bound.args, **bound.kwargs)
        return DONE
    from pd_core.cli.context import Call  # here, because it loads the database, which help and version do not need

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
