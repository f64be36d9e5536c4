"""Goals to choose from, and what a goal in a principal's own words suggests."""

from __future__ import annotations

from pathlib import Path

import pytest

from pd_core.codebook import Codebook
from pd_core.errors import RefusedFile
from pd_core.reference.goal_presets import goal_presets, weights_for


def test_the_goals_that_come_with_pd_pulse_count_skills_of_the_codebook_more(codebook: Codebook) -> None:
    presets = goal_presets(codebook)
    assert [goal.title for goal in presets] == [
        "Better family communication", "More technology in class", "Hands-on learning"
    ]  # fmt: skip
    assert all(goal.weights and 1 < max(goal.weights.values()) <= 3 for goal in presets)
    assert all(set(goal.weights) <= set(codebook.skills) for goal in presets)


@pytest.mark.parametrize(
    ("words", "more", "as_usual"),
    [
        ("We want to reach every family at home", "sway", "excel"),
        ("Students build PROJECTS, hands-on!", "onenote", "outlook"),
        ("more Immersive Reader in every room", "immersive_reader", "sway"),
        ("excel", "excel", "word"),
    ],
)
def test_own_words_suggest_weights(codebook: Codebook, words: str, more: str, as_usual: str) -> None:
    found = weights_for(words, goal_presets(codebook), codebook)
    assert found[more] > 1 and as_usual not in found


@pytest.mark.parametrize("words", ["", "Be kind", "excellence in all we do", "wording"])
def test_words_that_are_not_known_suggest_nothing(codebook: Codebook, words: str) -> None:
    assert weights_for(words, goal_presets(codebook), codebook) == {}


def test_a_skill_that_the_codebook_lacks_is_left_out_and_a_wrong_weight_is_refused(
    codebook: Codebook, tmp_path: Path
) -> None:
    file = tmp_path / "goals.csv"
    file.write_text("goal_id,title,skills,words\na,A,padlet:2;teams:2,x\n", encoding="utf-8")
    (goal,) = goal_presets(codebook, file)
    assert dict(goal.weights) == {"teams": 2.0}
    file.write_text("goal_id,title,skills,words\na,A,teams:9,x\n", encoding="utf-8")
    with pytest.raises(RefusedFile) as error:
        goal_presets(codebook, file)
    assert error.value.details == ("row 2: “teams:9” is not a skill with a weight from 0 to 3.",)
