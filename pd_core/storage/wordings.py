"""How forms worded the questions that were recognized in them."""

from __future__ import annotations

import polars as pl

from pd_core.storage.change import Reader
from pd_core.storage.queries import LIVE


def wording_rows(upload_id: str, wordings: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    """Rows of the table `wording` for an upload: item_id and wording of each question."""
    schema = {"item_id": pl.String, "wording": pl.String}
    return pl.DataFrame(list(wordings), schema=schema, orient="row").with_columns(upload_id=pl.lit(upload_id))


def wordings(store: Reader, wave_id: str) -> pl.DataFrame:
    """The wordings of a wave's questions in the forms that each school's answers came with: school_id, item_id,
    wording. What was uploaded before wordings were kept has none."""
    return store.frame(
        f"""select distinct r.school_id, w.item_id, w.wording from store.wording w
        join (select distinct school_id, upload_id from ({LIVE}) where wave_id = $wave_id) r
        on w.upload_id = r.upload_id order by all""",
        wave_id=wave_id,
    )
