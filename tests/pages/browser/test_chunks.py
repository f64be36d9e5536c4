"""A browser is told at once which of Streamlit's scripts a page will need."""

from __future__ import annotations

import re
from pathlib import Path

from pages.components.browser.chunks import ELEMENTS, LEAST_BYTES, SCRIPTS, preloads

INDEX = (SCRIPTS.parent.parent / "index.html").read_text(encoding="utf-8")


def names(links: str) -> list[str]:
    return re.findall(r'<link rel="modulepreload" crossorigin fetchpriority="low" href="\./static/js/([^"]+)">', links)


def test_the_scripts_of_all_these_elements_are_there_in_the_streamlit_that_is_installed() -> None:
    found = names(preloads(INDEX))
    assert {name.split(".")[0] for name in found} >= set(ELEMENTS)
    assert all((SCRIPTS / name).is_file() for name in found)
    assert len(set(found)) == len(found)


def test_what_the_page_itself_asks_for_is_not_named_again() -> None:
    assert not any(f"./static/js/{name}" in INDEX for name in names(preloads(INDEX)))


def test_a_large_script_comes_once_with_those_that_import_it_though_it_imports_one_of_them(tmp_path: Path) -> None:
    for name, content in {
        "TextInput.1.js": 'import{a as b}from"./shared.2.js";import`./own.3.js`;import("./later.4.js")',
        "Button.5.js": "import{c}from'./shared.2.js'",
        "shared.2.js": 'import{d}from"./own.3.js";import{e}from"./gone.6.js"',
        "own.3.js": 'import"./shared.2.js";import"./index.7.js"',
        "later.4.js": "",
        "index.7.js": "",
    }.items():
        (tmp_path / name).write_text(content.ljust(LEAST_BYTES), encoding="utf-8")
    page = '<script type="module" src="./static/js/index.7.js"></script>'
    assert names(preloads(page, tmp_path)) == ["Button.5.js", "shared.2.js", "own.3.js", "TextInput.1.js"]


def test_a_small_script_has_a_link_only_if_an_element_is_named_like_it(tmp_path: Path) -> None:
    (tmp_path / "Button.1.js").write_text('import"./small.2.js"', encoding="utf-8")
    (tmp_path / "small.2.js").write_text('import"./large.3.js"', encoding="utf-8")
    (tmp_path / "large.3.js").write_text(" " * LEAST_BYTES, encoding="utf-8")
    assert names(preloads(INDEX, tmp_path)) == ["Button.1.js", "large.3.js"]


def test_a_streamlit_that_names_its_scripts_differently_gets_no_links(tmp_path: Path) -> None:
    assert preloads(INDEX, tmp_path) == ""
