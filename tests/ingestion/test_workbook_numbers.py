"""The numbers of a sheet, by which its cells name the texts that are kept once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pd_core.ingestion.workbook_limits import _NUMBER, _numbers

PARTS = st.lists(
    st.sampled_from(
        [b"<v>", b"</v>", b"<x:v>", b"</x:v>", b"<", b"/", b">", b" ", b"\n", b"0", b"17", b"123456789", b"a"]
    )
)


@given(PARTS)
def test_just_the_numbers_between_two_tags_are_found_wherever_they_stand(parts: list[bytes]) -> None:
    chunk = b"".join(parts)
    assert _numbers(chunk).tolist() == [int(number) for number in _NUMBER.findall(chunk)]


@pytest.mark.parametrize("text", [b"Room 17", b"room17", b"1234567890", b"17 ", b"a 17 ", b"4-17"])
def test_a_number_that_ends_a_text_names_no_other_text(text: bytes) -> None:
    chunk = b"<is><t>" + text + b"</t></is><v>3</v>"
    is_alone = text.strip().isdigit() and len(text) < 10
    assert _numbers(chunk).tolist() == ([17, 3] if is_alone else [3])


def test_of_a_usual_sheet_it_is_just_the_numbers() -> None:
    chunk = b"".join(b'<c r="A%d" t="s"><v>%d</v></c>' % (number, number * 37) for number in range(1, 5000))
    assert np.array_equal(_numbers(chunk), np.arange(1, 5000) * 37)
