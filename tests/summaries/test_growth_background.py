"""Growth of a large district: in the background, once for everyone, and anew where it failed."""

from __future__ import annotations

import threading

import pytest

from pd_core.background import MOST_SCHOOLS_AT_ONCE, Note
from pd_core.summaries.growth import Growth
from pd_core.summaries.growth_background import progress
from tests.district import District, principal
from tests.growth_work import held_back, wait_until_ended
from tests.summaries.two_waves import NOW, THEN, answer, at_level, grown

MANY = {f"school{number:03}": 40 for number in range(MOST_SCHOOLS_AT_ONCE)}


@pytest.fixture
def large(improved: District) -> District:
    """One school more than pages wait for, most of them without answers."""
    improved.schools(lincoln=60, **MANY)
    return improved


def ended(pair: Growth) -> tuple[int, int]:
    """How far the work is once its thread has ended."""
    wait_until_ended()
    return progress(pair)


def test_growth_of_a_large_district_is_known_once_the_work_has_ended(large: District) -> None:
    with held_back() as may_work:
        assert progress(grown(large)) == (0, 1)
        assert progress(grown(large, scope=principal())) == (0, 1), "the same work serves every scope"
        assert [thread.name for thread in threading.enumerate()].count("growth") == 1
        may_work.set()
        assert ended(grown(large)) == (2, 2), "one pair of waves, and the changes"
        assert progress(grown(large, scope=principal())) == (2, 2)
    assert grown(large).changes.height


def test_each_pair_of_waves_before_it_is_a_step(large: District) -> None:
    answer(large, "Fall 2027", at_level(2, range(40)))
    steps: list[tuple[int, int]] = []
    grown(large, from_wave=THEN, to_wave="Fall 2027").work_out(lambda *step: steps.append(step))
    assert steps == [(0, 3), (1, 3), (2, 3)]


def test_a_smaller_district_is_not_begun(improved: District) -> None:
    assert progress(grown(improved)) == (1, 1)
    assert "growth" not in [thread.name for thread in threading.enumerate()]


def test_new_answers_begin_it_anew(large: District) -> None:
    progress(grown(large))
    assert ended(grown(large)) == (2, 2)
    with held_back():
        answer(large, NOW, {"new": ("lincoln", {"proficiency_word": 1})})
        assert progress(grown(large)) == (0, 1)
    assert progress(grown(large)) == (2, 2)


def test_what_ends_the_work_is_raised_once_and_the_next_call_begins_anew(
    large: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(pair: Growth, note: Note) -> None:
        raise ValueError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(Growth, "work_out", broken)
        with pytest.raises(ValueError, match="disk"):
            progress(grown(large))
            ended(grown(large))
    with held_back():
        assert progress(grown(large)) == (0, 1)
    assert progress(grown(large)) == (2, 2)
