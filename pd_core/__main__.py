"""`python -m pd_core`: starts the command line, and ends without a traceback whatever happens."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence

from pd_core.cli.exit_codes import INTERRUPTED, REFUSED


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code: 0 done, 1 refused, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console lacks letters that people's texts have
    try:
        from pd_core.cli.app import main  # noqa: PLC0415 - after it can be said that a package is missing

        return main(arguments)
    except ImportError as error:
        if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            return INTERRUPTED
        sys.stderr.write(
            f"PD Pulse cannot start: {error}.\nInstall what it needs, with Python 3.11 or later: "
            f"{sys.executable} -m pip install -r requirements.txt\n"
        )
        return REFUSED
    except BrokenPipeError:  # the reader of the output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    # DuckDB loads pandas at the first parameter of a query, only to tell pandas' missing values from others, and
    # pyarrow's datasets at the first table, only to tell them from tables. The first is a third of a short command's
    # time, the second 60 ms, and no command meets either. None keeps Python from looking for a module.
    for name in ("pandas", "pyarrow.dataset"):
        sys.modules[name] = None  # type: ignore[assignment]
    # Two of polars' threads read a large export 3% sooner than one, and cost the small tables of most commands nothing.
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    # Nearly all that a command makes lives until its end: looking for garbage in it, and once more while Python ends,
    # would be a twentieth of its time.
    gc.set_threshold(50_000)
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)
