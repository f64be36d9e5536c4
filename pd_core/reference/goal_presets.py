"""The goals that a principal can choose from, and the weights that a goal in one's own words suggests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pd_core.codebook import Codebook, fold
from pd_core.config import ROOT
from pd_core.reference.goals import MOST_WEIGHT
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in, parts

GOALS = ROOT / "data" / "catalogue" / "goals.csv"
NAMED_WEIGHT = 2.0
"""How much a skill counts that a goal names."""
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Goal:
    """A goal to choose: what counts more (skill to weight, 0 to 3), and words that people use for it."""

    goal_id: str
    title: str
    weights: Mapping[str, float]
    words: frozenset[str]


def goal_presets(codebook: Codebook, file: Path = GOALS) -> list[Goal]:
    """The goals of the file, with the skills that the codebook has. Raises RefusedFile that names every bad row."""
    name, rows = read_rows(file.name, file.read_bytes(), ("goal_id", "title", "skills", "words"), ("goal_id", "title"))
    found, problems = [], []
    for number, row in rows:
        weights: dict[str, float] = {}
        for part in parts(row["skills"]):
            skill_id, _, text = part.partition(":")
            weight = number_in(text, 0, MOST_WEIGHT)
            if weight is None:
                problems.append(f"row {number}: “{part}” is not a skill with a weight from 0 to {MOST_WEIGHT}.")
            elif skill_id in codebook.skills:
                weights[skill_id] = weight
        found.append(Goal(row["goal_id"], row["title"], weights, frozenset(map(fold, parts(row["words"])))))
    refuse_rows(name, problems, "Correct these rows.")
    return found


def weights_for(words: str, presets: Sequence[Goal], codebook: Codebook) -> dict[str, float]:
    """The weights that a goal in someone's own words suggests: of the presets that share a word with it, and of the
    skills that it names; the greatest where several do. Empty where no word is known."""
    said = {fold(word) for word in _WORD.findall(words)}
    found: dict[str, float] = {}
    for goal in presets:
        if goal.words & said:
            for skill_id, weight in goal.weights.items():
                found[skill_id] = max(weight, found.get(skill_id, 0.0))
    text = f" {' '.join(_WORD.findall(fold(words)))} "
    for skill in codebook.skills.values():
        if f" {fold(skill.name)} " in text:
            found[skill.skill_id] = max(NAMED_WEIGHT, found.get(skill.skill_id, 0.0))
    return found
