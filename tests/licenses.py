"""The licenses of what PD Pulse depends on: `python -m tests.licenses` writes .github/LICENSES.md anew.

They are read from the installed packages. tests/test_licenses.py holds the file to what is installed.
"""

from __future__ import annotations

from importlib.metadata import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / ".github" / "LICENSES.md"
PERMISSIVE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib"),
    "MPL-2.0",  # certifi's list of certificates, used as it is: only changes to its own files must be published
}
# How packages that state no SPDX expression name their license.
SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
ON_WINDOWS_ONLY = {"colorama": "BSD-3-Clause"}
"""Not installed elsewhere, so there is no metadata to read."""
HEADING = """# Licenses of what PD Pulse depends on

Every package in `requirements.txt`, and the license that its own metadata states. All of them allow use, change and
redistribution, also in a district's closed systems, as long as their notices stay with them. The file is written by
`python -m tests.licenses`; a test fails when it is out of date, or when a package comes with another kind of license.

PD Pulse's own license is for its owner to choose; until then all rights are reserved.

| package | license |
|---|---|
"""


def page() -> str:
    """The whole file as it should be."""
    names = sorted(required(), key=str.casefold)
    return HEADING + "".join(f"| {name} | {license_of(name)} |\n" for name in names)


def required() -> list[str]:
    """The packages in requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(text).name for line in lines if (text := line.split("#")[0].strip())]


def license_of(name: str) -> str:
    """A package's license as an SPDX expression, or the words of its metadata where they are not known."""
    if name in ON_WINDOWS_ONLY:
        return ON_WINDOWS_ONLY[name]
    stated = metadata(name)
    if expression := stated.get("License-Expression"):
        return str(expression)
    text = str(stated.get("License") or "")
    if (short := SPDX.get(text, text)) in PERMISSIVE:
        return short
    classifiers = [entry.rpartition(" :: ")[2] for entry in stated.get_all("Classifier") or [] if "License ::" in entry]
    return " AND ".join(SPDX.get(entry, entry) for entry in classifiers) or text or "not stated"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
