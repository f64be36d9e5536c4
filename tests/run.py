"""Runs every test: `python3 tests/run.py [pytest's own arguments]`.

Makes .venv, installs requirements.txt and tests/requirements.txt, finds or installs a browser, runs pytest and
returns its exit code. Needs nothing but Python 3.11 or later. Tests run on all processors (`-n 0`: in one process).
Slow tests and benchmarks run only when asked for: `-m slow`, `-m benchmarks`; benchmarks always run in one process.
`--shared` runs the tests of stores in PostgreSQL, which it installs where it can and names where it cannot.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")
SHARED, SHARED_REQUIREMENTS = "--shared", ROOT / "tests" / "requirements-shared.txt"
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / ".pd-requirements"
THREADS = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "SLURM_CPUS_ON_NODE")
"""How many threads Polars, NumPy, SciPy's solvers and DuckDB take; DuckDB has no variable of its own."""
ONE_THREAD = dict.fromkeys(THREADS, "1")
"""A worker of the tests runs on each processor: threads for each small table cost a third of the time."""
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, every server and command that a test starts compiles PD Pulse anew, and each worker all tests."""
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3
"""Files of tests go here where it has this many free bytes: thousands of small stores wait long for a disk."""
SUPPORTED = "import sys; sys.exit(sys.version_info < (3, 11))"
BROWSER_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
)


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"PD Pulse needs Python 3.11 or later; this is {version}. Install a newer one and run this with it.")
    make_environment()
    environment = {**ONE_THREAD, **in_memory(), **os.environ}
    environment.pop(NO_BYTECODE, None)
    if SHARED in arguments:
        make_postgres()
        arguments = ["tests/storage", "-m", "shared", "-n", "0", *(word for word in arguments if word != SHARED)]
    else:
        environment |= browser()
    say("running the tests")
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False).returncode


def make_environment() -> None:
    """.venv with exactly the pinned packages; left alone while the requirement files are the ones it was made from."""
    if not usable():
        say(f"making {ENVIRONMENT}")
        if importlib.util.find_spec("ensurepip") is None:
            install_debian_packages(
                "python3-venv", otherwise="Python's venv module is incomplete: install python3-venv."
            )
        # As `python -m venv` does it: a copied Python finds its libraries on no Mac, and not everywhere on Linux.
        venv.create(ENVIRONMENT, clear=True, symlinks=os.name != "nt", with_pip=True)
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in REQUIREMENTS)).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    say("installing requirements.txt and tests/requirements.txt")
    STAMP.unlink(missing_ok=True)
    files = [argument for file in REQUIREMENTS for argument in ("-r", str(file))]
    # Python compiles what is used when it is first used: half of what is installed never is.
    must([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", *files])
    STAMP.write_text(wanted)


def in_memory() -> dict[str, str]:
    """Has pytest put temporary files in memory, where Linux has room there."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return {"PYTEST_DEBUG_TEMPROOT": str(MEMORY)} if has_room else {}


def usable() -> bool:
    """Whether .venv is there, starts, and is of a Python that PD Pulse runs on."""
    return PYTHON.is_file() and subprocess.run([PYTHON, "-c", SUPPORTED], check=False).returncode == 0


def make_postgres() -> None:
    """PostgreSQL's programs, and what DuckDB reads it with; ends the run with what is missing where it can't install
    them."""
    if postgres_programs() is None:
        install_debian_packages(
            "postgresql", otherwise="PostgreSQL is missing: initdb, postgres, psql and pg_isready are on no known path."
        )
    must([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(SHARED_REQUIREMENTS)])


def postgres_programs() -> Path | None:
    """The folder with PostgreSQL's own programs, the newest of Debian's first; null where there is none."""
    if os.name == "nt":
        return None
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    found = [*reversed(debian), *map(Path, filter(None, [shutil.which("initdb")]))]
    return found[0].parent if found else None


def browser() -> dict[str, str]:
    """What the tests must know of the browser: PD_CHROMIUM, or nothing where Playwright uses its own."""
    found = os.environ.get("PD_CHROMIUM") or system_browser()
    if found is None and is_debian() and can_install():
        install_debian_packages("chromium", "fonts-liberation", otherwise="")
        found = system_browser()
    if found is None:
        say("installing Playwright's own Chromium")
        libraries = ["--with-deps"] if can_install() else []
        must([PYTHON, "-m", "playwright", "install", *libraries, "chromium"])
        return {}
    if shutil.which(found) is None:
        sys.exit(f"PD_CHROMIUM is {found!r}, which cannot be run. Set it to a Chromium or Chrome, or leave it unset.")
    say(f"using the browser {found}")
    return {"PD_CHROMIUM": found}


def system_browser() -> str | None:
    candidates = (*BROWSER_COMMANDS, *map(os.path.expandvars, BROWSER_PATHS))
    return next(filter(None, map(shutil.which, candidates)), None)


def is_debian() -> bool:
    """Debian itself: Ubuntu's package of the same name is only a pointer to a snap."""
    release = Path("/etc/os-release")
    return release.is_file() and "ID=debian" in release.read_text().splitlines()


def can_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_debian_packages(*packages: str, otherwise: str) -> None:
    if not can_install():
        sys.exit(otherwise)
    say(f"installing {', '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    must(["apt-get", "update", "-qq"], environment=quiet)
    must(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], environment=quiet)


def must(command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    """Runs a step that everything after it needs; ends the run with the step's own exit code if it fails."""
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if code:
        print(f"tests/run.py: this step failed: {' '.join(map(str, command))}", file=sys.stderr)
        sys.exit(code)


def say(step: str) -> None:
    print(f"tests/run.py: {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
