"""No figure of any table moves unless somebody means it to."""

from __future__ import annotations

from pd_core.codebook import Codebook
from tests.golden import FOLDER, stores, tables


def test_every_exported_table_is_as_it_was(codebook: Codebook) -> None:
    for district, store in stores(codebook):
        found = tables(store, codebook)
        known = {file.stem: file.read_text(encoding="utf-8") for file in (FOLDER / district).glob("*.csv")}
        assert found.keys() == known.keys()
        moved = {
            name: [
                line for line in zip(content.splitlines(), known[name].splitlines(), strict=False) if len(set(line)) > 1
            ]
            for name, content in found.items()
            if content != known[name]
        }
        first = {name: lines[:2] for name, lines in moved.items()}
        assert not moved, f"{district}: {first}. If that is meant: python -m tests.golden, and read the difference."
