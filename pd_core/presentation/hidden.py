"""The sentence about what a chart hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pd_core.wording import plural


def hidden_note(rows: Iterable[Mapping[str, Any]], noun: str, column: str) -> str:
    """A sentence on how many items (`noun`, such as "school") of `column` are hidden and why; empty if none are."""
    rows = list(rows)
    seen = {row[column] for row in rows if row["share"] is not None}
    reasons = {row[column]: str(row["reason"]) for row in rows if row["suppressed"]}
    if not reasons:
        return ""
    part = " in part" if seen & reasons.keys() else ""
    verb = "is" if len(reasons) == 1 else "are"
    return f"{plural(len(reasons), noun)} {verb} hidden{part}: {', or '.join(dict.fromkeys(reasons.values()))}."
