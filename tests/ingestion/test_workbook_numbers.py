"""The numbers of a sheet, by which its cells name the texts that are kept once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pd_core.ingestion.workbook_limits import _NUMBER, _numbers

PARTS = st.lists(
    st.sampled_from(
        [b"<v>", b"</v>", b"<x:v>", b"</x:v>", b"<", b"/", b">", b" ", b"\n", b"0", b"17", b"123456789", b"a"]
    )
)


@given(PARTS)
def test_every_number_between_two_tags_is_found_wherever_it_stands(parts: list[bytes]) -> None:
    chunk = b"".join(parts)
    wanted = [int(number) for number in _NUMBER.findall(chunk)]
    found = _numbers(chunk).tolist()
    assert all(found.count(number) >= wanted.count(number) for number in wanted)


def test_of_a_usual_sheet_it_is_just_the_numbers() -> None:
    chunk = b"".join(b'<c r="A%d" t="s"><v>%d</v></c>' % (number, number * 37) for number in range(1, 5000))
    assert np.array_equal(_numbers(chunk), np.arange(1, 5000) * 37)
