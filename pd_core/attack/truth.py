"""What people really answered, counted by school and role: what an attack must not find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pd_core.codebook import SAMR_LEVELS, Codebook
from pd_core.disclosure.suppression import Counts
from pd_core.survey.counts import Tallies

RESPONSE_RATES = "response-rates"
WAITING = "waiting"


@dataclass(frozen=True)
class Truth:
    """By question, people who answered by school and role (the last: of no role), and by answer those who gave it."""

    people: dict[str, Counts]
    gave: dict[str, dict[str, Counts]]


def true_counts(codebook: Codebook, everybody: Tallies, by_role: Sequence[Tallies]) -> Truth:
    """The truth of a wave, counted without a filter and for each role. A school's own people know their part of it;
    no one is shown the rest."""

    def crossed(total: Counts, of_roles: list[Counts]) -> Counts:
        cells = np.stack(of_roles, axis=1)
        return np.column_stack([cells, total - cells.sum(axis=1)])

    answered, of_roles = _answered(everybody, codebook), [_answered(one, codebook) for one in by_role]
    people = {name: crossed(total, [one[name] for one in of_roles]) for name, total in answered.items()}
    gave, roles_gave = _gave(everybody, codebook), [_gave(one, codebook) for one in by_role]
    return Truth(
        people,
        {
            name: {said: crossed(total, [one[name][said] for one in roles_gave]) for said, total in answers.items()}
            for name, answers in gave.items()
        },
    )


def _gave(tallies: Tallies, codebook: Codebook) -> dict[str, dict[str, Counts]]:
    """Question and answer, as tables say it, to the number of people by school, of the role that was asked for."""
    found: dict[str, dict[str, Counts]] = {}
    for item, of_item in zip(tallies.items, tallies.at_level, strict=True):
        names = SAMR_LEVELS if item.kind == "samr" else [str(level) for level in range(of_item.shape[2])]
        of_role = of_item[:, tallies.role]
        found[f"{item.kind}_{item.skill_id}"] = {
            said: of_role[:, n] for n, said in enumerate(names[: of_role.shape[1]])
        }
    for place, skill_id in enumerate(tallies.pairs):
        waiting, unused = (of[place][:, tallies.role] for of in (tallies.waiting, tallies.not_used))
        found[f"{WAITING}_{skill_id}"] = {"not_used": unused, "substituted": waiting - unused}
    for name, chosen in tallies.chosen.items():
        codes = codebook.labels(codebook.items[name].scale_id)
        found[name] = {code: chosen[:, tallies.role, place] for place, code in enumerate(codes)}
    return found


def _answered(tallies: Tallies, codebook: Codebook) -> dict[str, Counts]:
    """Question to the number of people by school, of the role that was asked for."""
    found = {RESPONSE_RATES: tallies.everybody}
    found |= {item.item_id: of.sum(axis=2) for item, of in zip(tallies.items, tallies.at_level, strict=True)}
    # Counted of all respondents; nothing is shown where no one answered both questions.
    found |= {
        f"{WAITING}_{skill_id}": np.where(both > 0, tallies.everybody, 0)
        for skill_id, both in zip(tallies.pairs, tallies.both, strict=True)
    }
    found |= dict(tallies.answered)
    by_skill = {item.item_id: f"{item.kind}_{item.skill_id}" for item in codebook.items.values() if item.skill_id}
    return {by_skill.get(name, name): counts[:, tallies.role] for name, counts in found.items()}
