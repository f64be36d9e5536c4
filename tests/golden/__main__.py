"""Writes every golden table again."""

from pd_core.codebook_files import load_codebook
from tests.conftest import CODEBOOK_FOLDER
from tests.golden import FOLDER, stores, tables

codebook = load_codebook(CODEBOOK_FOLDER)
for district, store in stores(codebook):
    folder = FOLDER / district
    folder.mkdir(exist_ok=True)
    for name, content in tables(store, codebook).items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
