"""Made-up districts that several files of tests look at."""

import pytest

from tests.district import District
from tests.summaries.two_waves import NOW, THEN, WAVES, answer, at_level


@pytest.fixture
def improved(district: District) -> District:
    """At Lincoln 30 of 40 learned Word; 20 answered both times at Madison, and nothing changed."""
    answer(district, THEN, at_level(1, range(35)) | at_level(2, range(35, 40)))
    answer(district, NOW, at_level(1, range(5)) | at_level(3, range(5, 40)))
    for wave in WAVES:
        answer(district, wave, at_level(0, range(9), "madison") | at_level(2, range(9, 20), "madison"))
    return district
