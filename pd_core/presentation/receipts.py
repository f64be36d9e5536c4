"""What became of a file of a list, in words."""

from __future__ import annotations

from pd_core.ingestion import Receipt


def receipt_said(receipt: Receipt) -> str:
    """The counts of a receipt, which add up to the rows read, and its message."""
    counts = (
        f"{receipt.rows_read:,} rows read: {receipt.rows_added:,} new, {receipt.rows_existing:,} already stored, "
        f"{receipt.rows_replaced:,} changed, {receipt.rows_set_aside:,} with problems."
    )
    return f"{receipt.file}: {counts} {receipt.message}".strip()
