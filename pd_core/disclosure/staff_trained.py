"""Of which schools it is shown by when a share of the staff had been trained."""

from __future__ import annotations

import polars as pl

from pd_core.disclosure.two_waves import MIN_GROUP

_ROUNDING = 1e-9


def tells_when_trained(headcount: pl.Expr, share: float) -> pl.Expr:
    """Whether it may be told when `share` (0-1) of a school's staff had been trained; not where there is no headcount.

    "Yes" says that at least so many people attended, "no" that fewer did. So the share must be `MIN_GROUP` people or
    more: else it would tell of a very small school that it was a few.
    """
    return ((headcount * share - _ROUNDING).ceil() >= MIN_GROUP).fill_null(value=False)
