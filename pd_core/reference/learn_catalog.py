"""Reads modules from a saved Microsoft Learn catalog (JSON), titles and durations as they are there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile
from pd_core.ingestion.reading import check_bytes
from pd_core.reference.catalog import CATALOG_FILE

COLUMNS = {
    **dict.fromkeys(("training_id", "title", "skill_id"), pl.String), "minutes": pl.Float64, "url": pl.String
}  # fmt: skip
EXPECTED = "In a browser, save the answer of the Microsoft Learn catalog as a .json file; it has a list “modules”."


def read_modules(file: str, data: bytes, codebook: Codebook) -> pl.DataFrame:
    """The modules that are about a skill of the codebook, by skill and title: training_id (the module's uid), title,
    skill_id, minutes, url.

    A module is about a skill that its title names, or else its products. Modules without a title or a duration are left
    out. Raises RefusedFile for a file that is not such a catalog, or has no module about any skill.
    """
    file = PurePath(file.replace("\\", "/")).name
    check_bytes(file, len(data))
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RefusedFile(f"{file} is not a JSON file.", EXPECTED) from error
    modules = content.get("modules") if isinstance(content, dict) else None
    if not isinstance(modules, list):
        raise RefusedFile(f"{file} has no list “modules”.", EXPECTED)
    found = [row for module in modules if isinstance(module, dict) for row in _rows(module, codebook)]
    if not found:
        raise RefusedFile(
            f"{file} has {len(modules):,} modules, none of them about a skill of the survey.",
            "Save a catalog that has modules about Microsoft 365.",
        )
    frame = pl.DataFrame(found, schema=COLUMNS).unique("training_id", keep="first", maintain_order=True)
    return frame.sort("skill_id", "title", maintain_order=True)


def _rows(module: Mapping[str, Any], codebook: Codebook) -> Iterator[dict[str, object]]:
    uid, title = module.get("uid") or module.get("id"), module.get("title")
    minutes = module.get("duration_in_minutes", module.get("durationInMinutes"))
    if not (isinstance(uid, str) and isinstance(title, str) and uid.strip() and title.strip()):
        return
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes <= 0:
        return
    products = module.get("products")
    skill_id = _skill(title, [str(one) for one in products] if isinstance(products, list) else [], codebook)
    url = module.get("url")
    if skill_id:
        link = url if isinstance(url, str) and url.startswith("https://") else ""
        yield {
            "training_id": uid.strip(), "title": title.strip(), "skill_id": skill_id, "minutes": float(minutes),
            "url": link,
        }  # fmt: skip


def _skill(title: str, products: list[str], codebook: Codebook) -> str | None:
    """The skill that a title names; else the one that a product is called after, with or without “microsoft”."""
    text = f" {fold(title)} "
    for skill in codebook.skills.values():
        if any(f" {fold(skill.name)}{end}" in text for end in (" ", ":", ",", "'", "’", ".")):
            return skill.skill_id
    named = {fold(one).replace("-", " ").removeprefix("microsoft ").removeprefix("office ") for one in products}
    return next((one.skill_id for one in codebook.skills.values() if fold(one.name) in named), None)


def with_modules(catalog: pl.DataFrame, chosen: Sequence[Mapping[str, object]]) -> bytes:
    """The catalog's list with chosen modules added, as a CSV file that `read_catalog` checks; a module that is there
    already takes the place of its row."""
    ids = {str(row["training_id"]) for row in chosen}
    rows = catalog.filter(~pl.col("training_id").is_in(ids)).to_dicts()
    rows += [{name: row.get(name, "") for name in CATALOG_FILE} for row in chosen]
    texts = [{name: "" if row[name] is None else str(row[name]) for name in CATALOG_FILE} for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(CATALOG_FILE, pl.String)).write_csv().encode()
