"""Made-up districts of any size, put into a store without going through files."""

import numpy as np
import polars as pl

from pd_core.codebook import Codebook
from pd_core.storage import Store, reference
from pd_core.storage.store import Change

WAVES = ("Fall 2022", "Fall 2023", "Fall 2024", "Fall 2025", "Fall 2026")


def fill(store: Store, codebook: Codebook, *, schools: int, responses: int, again: bool = False) -> None:
    """Spreads `responses` over five waves and `schools` schools of very different sizes, some of them tiny.

    With `again`, the same people of a school answer in each wave.
    """
    random = np.random.default_rng(7)
    ids = [f"school_{number:04}" for number in range(schools)]
    weights = random.gamma(2, size=schools)
    expected = weights / weights.sum() * responses / len(WAVES)
    listed = pl.DataFrame(
        {
            "school_id": ids,
            "name": [f"School {number:04}" for number in range(schools)],
            "aliases": "",
            "level": random.choice(["elementary", "middle", "high"], schools),
            "region": random.choice(["North", "South"], schools),
            "headcount": (expected * 1.8 + 3).astype(int),
        }
    )
    reference.set_schools(store, listed, "test")
    rows = _responses(random, codebook, random.choice(ids, responses, p=weights / weights.sum()))
    if again:
        number = pl.int_range(pl.len()).over("school_id", "wave_id")
        rows = rows.with_columns(person=pl.format("{} {}", "school_id", number))
    upload = pl.DataFrame(
        {
            "upload_id": WAVES,
            "content_hash": WAVES,
            "file": "made up.csv",
            "wave_id": WAVES,
            "form": "form",
            "uploaded_by": "test",
            **dict.fromkeys(("rows_read", "rows_added", "rows_existing", "rows_replaced", "rows_set_aside"), 0),
        }
    )

    def action(change: Change) -> None:
        change.insert("upload", upload.with_columns(uploaded_at=pl.lit(change.at)))
        change.insert("response", rows)

    store.write("upload", "test", action)


def _responses(random: np.random.Generator, codebook: Codebook, school_ids: np.ndarray) -> pl.DataFrame:
    size = len(school_ids)
    wave_ids = np.sort(random.choice(WAVES, size))
    moment = pl.datetime(2026, 9, 1)
    answers = {"role": random.choice(list(codebook.labels("role")), size)}
    for item in codebook.items_of("proficiency", "samr"):
        levels = random.integers(0, len(codebook.scales[item.scale_id]), size).astype(np.int8)
        answers[item.item_id] = pl.Series(levels).set(pl.Series(random.random(size) < 0.03), None)
    for item in codebook.items_of("topics", "times"):
        codes = list(codebook.labels(item.scale_id))
        pairs = [f"{one};{other}" for one, other in zip(codes, codes[1:] + codes[:1], strict=True)]
        answers[item.item_id] = random.choice(pairs, size)
    frame = pl.DataFrame({"school_id": school_ids, "wave_id": wave_ids, "upload_id": wave_ids, **answers})
    return frame.with_row_index("row").select(
        pl.exclude("row"),
        response_id=pl.format("r{}", "row"),
        row_key=pl.format("r{}", "row"),
        person=pl.format("p{}", "row"),
        is_identified=pl.lit(True),
        stands=pl.lit(True),
        is_complete=pl.lit(True),
        started_at=moment,
        completed_at=moment,
        answered_at=moment,
        answers=pl.lit(20, pl.Int16),
    )
