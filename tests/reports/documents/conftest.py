"""Documents of a school whose answers are written down in the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from pd_core.access import Actor, Visitor
from pd_core.reports.documents.source import Source
from tests.district import FALL, District

NOW = datetime(2026, 11, 28, 9, 30)
ADMINISTRATOR = Visitor.as_oneself(Actor("ada@example.org", "administrator"))


@pytest.fixture
def source(district: District) -> Callable[..., Source]:
    """What documents are made from, once there are answers."""

    def made(visitor: Visitor = ADMINISTRATOR, wave_id: str = FALL) -> Source:
        return Source(district.store, district.codebook, visitor, wave_id, 0.6, NOW, "https://pd.example.org")

    return made
