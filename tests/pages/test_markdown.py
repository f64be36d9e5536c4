"""Other people's words are shown letter for letter."""

from __future__ import annotations

import pytest

from pages.components.markdown import address, mail_to, plain
from pd_core.wording import plural


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lincoln High", "Lincoln High"),
        ("40 of 60 staff answered: enough to plan on.", "40 of 60 staff answered: enough to plan on."),
        ("[click](https://example.org)", "\\[click\\](https:\u2060//example.org)"),
        ("$x^2$ and **bold** and `code`", r"\$x^2\$ and \*\*bold\*\* and \`code\`"),
        ("1. Grundschule", r"1\. Grundschule"),
        ("# Not a heading", r"\# Not a heading"),
        ("<b>no</b>", r"\<b>no\</b>"),
        (":material/home:", ":\u2060material/home:"),
        ("www.example.org", "www\u2060.example.org"),
        ("It was refused:\n- one\n- two", "It was refused:  \n\\- one  \n\\- two"),
    ],
)
def test_signs_that_mean_something_in_markdown_are_taken_literally(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it@example.org", "`it@example.org`"),
        ("*[a](b)*@example.org", "`*[a](b)*@example.org`"),
        ("`x` **y**@example.org", "`x **y**@example.org`"),
        ("one@example.org\n\n# two", "`one@example.org # two`"),
        ("This computer", "This computer"),
        ("*account*", r"\*account\*"),
    ],
)
def test_an_address_copies_clean_and_means_nothing_in_markdown(text: str, shown: str) -> None:
    assert address(text) == shown


def test_an_address_opens_a_message_to_nobody_else() -> None:
    assert mail_to("it@example.org") == "[`it@example.org`](mailto:it@example.org)"
    assert mail_to("a)b?cc=x@example.org") == "[`a)b?cc=x@example.org`](mailto:a%29b%3Fcc%3Dx@example.org)"


def test_one_is_singular() -> None:
    assert (plural(1, "row"), plural(2, "row"), plural(1000, "row")) == ("1 row", "2 rows", "1,000 rows")
