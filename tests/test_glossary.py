"""The glossary names the things that PD Pulse speaks of: each once, and none that it does not speak of."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", CONTRIBUTING.partition("## Glossary")[2], flags=re.MULTILINE)[1:]
TERMS = [term for term, _ in ROWS if not set(term) <= set("- ")]
SPOKEN = " ".join(
    re.sub(r"[\W_]+", " ", path.read_text(encoding="utf-8")).casefold()
    for folder in ("pages", "pd_core")
    for path in sorted((ROOT / folder).rglob("*.py"))
)


def test_each_term_is_defined_once() -> None:
    counts = Counter(term.casefold() for term in TERMS)
    assert len(counts) > 25
    assert not [term for term, count in counts.items() if count > 1]


def test_each_meaning_says_more_than_its_term() -> None:
    assert not [term for term, meaning in ROWS if meaning.casefold().strip() in ("", term.casefold())]


@pytest.mark.parametrize("term", TERMS)
def test_each_term_is_in_use(term: str) -> None:
    assert re.search(rf"\b{re.escape(term.casefold())}(s|es)?\b", SPOKEN), f"{term!r} is nowhere in pages or pd_core"
