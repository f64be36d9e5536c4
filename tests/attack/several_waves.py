"""People of a school who answer some waves and not others, put into a store."""

from __future__ import annotations

from pd_core.attack.attack import attack
from pd_core.attack.findings import Found
from tests.district import District
from tests.summaries.two_waves import LAST, LATER, NOW, THEN, People, answer

WAVES = (THEN, NOW, LATER, LAST)
History = tuple[int | None, ...]
"""A level of Word in each wave (null: they did not answer)."""
Groups = list[tuple[str, int, History]]
"""Role, people and history."""
MADISON: Groups = [("teacher", 12, (1, 2, 2, 2)), ("teacher", 8, (3, 3, 3, 3))]


def waves_of(district: District, groups: Groups, of_madison: Groups = MADISON) -> None:
    """Stores the waves of these people of Lincoln, and of others at Madison."""
    waves = max(len(history) for _, _, history in groups)
    said: list[People] = [{} for _ in range(waves)]
    for school, of_school in (("lincoln", groups), ("madison", of_madison)):
        for number, (role, people, history) in enumerate(of_school):
            for person in range(people):
                for wave, level in zip(said, history, strict=False):
                    if level is not None:
                        wave[f"{school} {number} {person}"] = (school, {"role": role, "proficiency_word": level})
    for name, people in zip(WAVES, said, strict=False):
        answer(district, name, people)


def found(district: District) -> tuple[Found, ...]:
    """What the attack works out."""
    return attack(district.store, district.codebook, 0.6).found
