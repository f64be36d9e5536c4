"""How forms worded the questions that were recognized in them."""

from __future__ import annotations

import polars as pl

from pd_core.storage.change import Reader
from pd_core.storage.queries import LIVE_UPLOADS


def wording_rows(upload_id: str, wordings: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    """Rows of the table `wording` for an upload: item_id and wording of each question."""
    schema = {"item_id": pl.String, "wording": pl.String}
    return pl.DataFrame(list(wordings), schema=schema, orient="row").with_columns(upload_id=pl.lit(upload_id))


def wordings(store: Reader, wave_id: str) -> dict[str, set[str]]:
    """The wordings of a wave's questions: item_id to wordings. What was uploaded before they were kept has none."""
    found = store.frame(
        f"""select distinct w.item_id, w.wording from store.wording w
        join ({LIVE_UPLOADS}) u on w.upload_id = u.upload_id where u.wave_id = $wave_id""",
        wave_id=wave_id,
    )
    said: dict[str, set[str]] = {}
    for item_id, wording in found.iter_rows():
        said.setdefault(str(item_id), set()).add(str(wording))
    return said
