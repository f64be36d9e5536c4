"""Every string, docstring and comment is in plain American English: no banned word comes back."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

BANNED = {
    r"whoever|whomever|nobody|everybody|anybody|somebody": "the person who, no one, everyone, anyone, someone",
    r"beside": "next to, besides, compared with",
    r"blanks": "spaces",
    r"(take|takes|taken|taking|took) (it |them |this |that |an upload |uploads |the upload )?out": "undo",
    r"(take|takes|taken|taking|took) (it |them |(a|the|this|that) role )?back": "remove",
    r"mend|mends|mended|mending": "fix",
    r"told of|is told|are told": "shown, says",
    r"stands": "is",
    r"by the alphabet|order of the alphabet": "alphabetically",
    r"stroke at": "trailing slash",
    r"other signs?|letter for letter|small letters": "characters, exactly, lower case",
    r"per cents?": "percent",
    r"goes before|go before": "takes precedence over, comes first",
    r"opens nothing": "no longer works",
    r"is no (address|date|day|link|number|text)": "is not a",
    r"at worst and at best|narrow it down|all is well": "worst and best case, filters, everything is fine",
    r"grey|colour\w*|favour\w*|behaviours?|neighbours?": "American spelling",
    r"\w*(recognis|organis|normalis|summaris|standardis|minimis|maximis|optimis|initialis|serialis)\w*": "-ize",
    r"analys(e|es|ed|ing)|centre\w*|labelled|labelling|modelled|catalogues?|programmes?|licences?|towards":
        "American spelling",
}  # fmt: skip
"""Regular expression of whole words to what to say instead."""

_WORDS = {re.compile(rf"(?<![`.\w])(?:{words})(?!\w)", re.IGNORECASE): better for words, better in BANNED.items()}
_CODE = re.compile(r"\{[^{}]*\}|`[^`]*`")


def sources() -> list[str]:
    """The files that people read, as paths from the project's root."""
    found = [*ROOT.glob("pd_core/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]
    found += [ROOT / "README.md", *ROOT.glob(".github/*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def texts(path: str) -> Iterator[tuple[int, str]]:
    """Each text of a file with its line number: a Markdown line, or a comment or a string of several words."""
    content = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        yield from enumerate(content.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING) and len(token.string.split()) > 1:
            yield from enumerate(token.string.splitlines(), token.start[0])


def banned(text: str) -> list[str]:
    """The banned words of a text, with what to say instead; code in braces or backticks does not count."""
    plain = _CODE.sub("", text)
    return [f"“{found[0]}”: say {better}" for pattern, better in _WORDS.items() for found in pattern.finditer(plain)]


@pytest.mark.parametrize("path", sources())
def test_a_file_has_no_banned_word(path: str) -> None:
    found = [f"{path}:{line} {problem}" for line, text in texts(path) for problem in banned(text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["Whoever asks", "# take it out again", "in grey", "81 per cent", "It stands here."])
def test_a_banned_word_is_found(text: str) -> None:
    assert banned(text)


@pytest.mark.parametrize("text", ["besides", "{nobody} left", "the column `stands`", "where r.stands", "amended"])
def test_another_word_is_not(text: str) -> None:
    assert not banned(text)
