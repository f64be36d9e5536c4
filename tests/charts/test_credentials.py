"""Credentials month by month: a layer for what is known and one for what is hidden, where there is any."""

import polars as pl
import pytest

from pd_core.charts.credentials import month_bars
from tests.charts.specs import layers, rows_of, spec_of


@pytest.mark.parametrize(
    ("awards", "drawn"), [([7, 0], [[7, 0]]), ([7, None], [[7], [None]]), ([None, None], [[None, None]])]
)
def test_no_layer_is_without_marks_which_would_be_a_picture_without_a_description(awards, drawn) -> None:
    months = {"month": ["2026-01", "2026-02"], "month_text": ["January 2026", "February 2026"]}
    spec = spec_of(month_bars(pl.DataFrame({**months, "awards": pl.Series(awards, dtype=pl.Int64)})))
    assert [[row["awards"] for row in rows_of(spec, layer)] for layer in layers(spec, "bar")] == drawn
