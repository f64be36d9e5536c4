"""The commands that check an installation, and that write a sample to try it with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pd_core.cli.context import Shared
from pd_core.cli.doctor import Check, examine, examine_backup
from pd_core.cli.exit_codes import DONE, REFUSED
from pd_core.sample import write_sample


def sample(
    *,
    output: Annotated[str, Parameter(metavar="DIR", help="The folder. Default: pd-pulse-sample.")] = "pd-pulse-sample",
    call: Shared,
) -> None:
    """Writes the sample district: exports, schools, roster."""
    files = write_sample(Path(output), call.codebook)
    store = f'--store "{Path(output) / "pd.duckdb"}"'
    text = (
        f"{output} has a made-up district: schools.csv, roster.csv and {len(files.exports)} exports. To try it in a "
        f"separate store:\n"
        f'  python -m pd_core schools "{files.schools}" {store}\n'
        f'  python -m pd_core roster "{files.roster}" {store}\n'
        f'  python -m pd_core ingest "{Path(output) / "*.xlsx"}" {store}\n'
        f"  python -m pd_core export skill-summary {store}"
    )
    exports = [str(path) for path in files.exports]
    call.answer(text, output=output, schools=str(files.schools), roster=str(files.roster), exports=exports)


def doctor(
    *,
    backup: Annotated[
        str | None, Parameter(metavar="FILE", help="Check this backup instead; nothing is restored.")
    ] = None,
    call: Shared,
) -> int:
    """Checks the installation; says what to fix.

    It checks Python, libraries, settings, codebook, store, key, sign-in and disk.
    """
    checks = examine(call.store_option) if backup is None else examine_backup(Path(backup))
    is_well, is_whole = (all(getattr(check, name) for check in checks) for name in ("is_ok", "is_whole"))
    lines = [f"{_mark(check)}  {check.name}: {check.message}" for check in checks]
    if not is_well and backup is not None:
        lines.append("Use another backup, and find out what happened to this one.")
    elif not is_well:
        lines.append("Fix the items marked above, then run this again.")
    elif is_whole:
        lines.append("Everything is fine.")
    else:
        lines.append(
            "No fault was found, but not everything could be checked. Run this again when the other program has ended."
        )
    status = "mend" if not is_well else "ok" if is_whole else "incomplete"
    call.answer("\n".join(lines), status=status, checks=[check.as_dict() for check in checks])
    return DONE if is_well else REFUSED


def _mark(check: Check) -> str:
    return "fix" if not check.is_ok else "ok " if check.is_whole else "?  "
