"""Rows that were set aside, corrected and stored: a later export does not ask about them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pd_core.access import Scope
from pd_core.ingestion.validation import NOT_YOURS, Validated
from pd_core.storage import Store, corrected_rows


def without_corrected(store: Store, reach: Scope, valid: Validated) -> tuple[Validated, int]:
    """What is said of a file without its rows that an earlier one holds corrected, and how many those are."""
    wrong = valid.problems.filter(pl.col("reason") != NOT_YOURS).select(pl.col("row").unique())
    if wrong.is_empty() or not (known := corrected_rows(store, reach)):
        return valid, 0
    rows = valid.origins.join(wrong, on="row", how="semi").filter(pl.col("origin").is_in(list(known)))
    gone = valid.problems.join(rows, on="row", how="semi")
    told = Counter(gone["value"].to_list())

    def left(counts: Mapping[str, int]) -> dict[str, int]:
        return {text: count - told[text] for text, count in counts.items() if count > told[text]}

    unknown = {scale: left(counts) for scale, counts in valid.unknown_answers.items()}
    return (
        replace(
            valid,
            problems=valid.problems.join(rows, on="row", how="anti", maintain_order="left"),
            unknown_schools=left(valid.unknown_schools),
            unknown_answers={scale: counts for scale, counts in unknown.items() if counts},
        ),
        rows.height,
    )
