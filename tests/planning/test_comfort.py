"""Of the plans that reach the most people, one with times and ways that suit is chosen, without a long search."""

from __future__ import annotations

import time

import pytest

from pd_core.planning.comfort import most_comfortable, reassigned
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.propose import Search, total_gain
from tests.planning.made_up import district


def test_the_topics_of_a_plan_alone_give_a_more_comfortable_one_where_there_are_many_sessions_to_choose_from() -> None:
    about = Eligibility(district(2, 2))
    search = Search(about, 60)
    search.run(with_comfort=False)
    best, options = search.best, list(about.options())
    assert best is not None and search.is_proved
    found = most_comfortable(
        about, best, 3 * options, most_buildings=search.most_buildings, searched=60, latest=time.monotonic() + 60
    )
    assert total_gain(about, found) == pytest.approx(total_gain(about, best))
    assert about.comfort(found) > about.comfort(reassigned(about, best, lambda: 60.0)) + 0.1
