"""Makes calibration.csv: how often what is said of needs and of schools turns out right, in made-up districts.

Run in the project's folder: python tests/measures/reference/calibration.py (some minutes). All staff of each made-up
school are known here, so that what the answers of some of them suggest can be held against the truth. Tests hold the
figures against what the methods promise; `-m slow` makes some of them again.

- chance: who answers is chance.
- by role: teachers, aides and office staff differ in skill and in how many answer; a staff list tells the roles.
- low-skilled: people answer less often the less skilled they are; the urn knows nothing of that.
"""

import csv
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator
from scipy.stats import norm

sys.path.insert(0, str(Path(__file__).parents[3]))

from pd_core.measures.differences import LEAST, with_difference
from pd_core.measures.district import district_share
from pd_core.measures.intervals import inverse_effective_size
from pd_core.measures.polya_posterior import complete, likely_range, more_answers
from pd_core.measures.polya_urn import PRIOR_WEIGHT, Group
from pd_core.measures.reference_groups import with_rest_of_district
from pd_core.needs.certainty import ENOUGH, certainty_of
from pd_core.needs.verdicts import BUILDINGS, DRAWS, OFTEN

FILE = Path(__file__).with_name("calibration.csv")
SKILLS, TARGET, RATES = 12, 0.6, (0.2, 0.9)
MODELS = ("chance", "by role", "low-skilled")
ROLE_SHARES, ROLE_SKILL, ROLE_ANSWERS = (0.65, 0.2, 0.15), (0.2, -0.5, -0.2), (1.15, 0.7, 0.8)


@dataclass
class Building:
    """A made-up school: who needs each class (people, skills), the role of each, and the order in which they answer."""

    needs: np.ndarray
    role: np.ndarray
    order: np.ndarray
    answered: int
    others: np.ndarray
    other_roles: np.ndarray

    def groups(self, answered: int, *, by_role: bool) -> list[Group]:
        here, missing = self.order[:answered], self.order[answered:]
        roles = np.unique(self.role) if by_role else [None]
        groups = []
        for role in roles:
            own, left, base = here, missing, self.others
            if role is not None:
                own, left = here[self.role[here] == role], missing[self.role[missing] == role]
                base = self.others[self.other_roles == role]
            weight = PRIOR_WEIGHT * len(left) / max(1, len(missing))
            groups.append(Group(self.needs[own].astype(np.int8), len(left), base.astype(np.int8), weight))
        return groups


@dataclass
class Counted:
    safe: list[bool] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    reached: list[bool] = field(default_factory=list)


def building(source: Generator, model: str) -> Building:
    staff = int(source.integers(24, 111))
    threshold = norm.ppf(source.uniform(0.1, 0.8, SKILLS))
    others, other_roles, _ = people(source, 300, threshold, model)
    needs, role, skill = people(source, staff, threshold + source.normal(0, 0.35, SKILLS), model)
    willing = norm.ppf(source.random(staff))
    rate = source.uniform(*RATES)
    if model == "low-skilled":
        willing = 0.35 * skill + np.sqrt(1 - 0.35**2) * willing
    elif model == "by role":
        willing = willing + norm.ppf(np.clip(rate * np.array(ROLE_ANSWERS)[role], 0.02, 0.98)) - norm.ppf(rate)
    return Building(needs, role, np.argsort(-willing), max(5, round(rate * staff)), others, other_roles)


def people(source: Generator, number: int, threshold: np.ndarray, model: str) -> tuple[np.ndarray, ...]:
    """Who needs each class, their roles and their general skill."""
    role = source.choice(3, number, p=ROLE_SHARES)
    skill = source.normal(size=number) + (np.array(ROLE_SKILL)[role] if model == "by role" else 0)
    each = np.sqrt(0.4) * skill[:, None] + np.sqrt(0.6) * source.normal(size=(number, len(threshold)))
    return each < threshold, role, skill


def judged(one: Building, answered: int, seed: int, *, by_role: bool):
    draws = complete(one.groups(answered, by_role=by_role), draws=DRAWS, seed=seed)
    most = 0.99 if answered < len(one.role) else 1.0
    return draws, certainty_of(draws, [str(skill) for skill in range(SKILLS)], answered, len(one.role), most)


def counted(model: str, buildings: int, seed: int) -> Counted:
    """Safe to decide: was it right? Ranges: did they hold the truth? k more answers: did they make it safe?"""
    source, found, by_role = np.random.default_rng([seed, MODELS.index(model)]), Counted(), model == "by role"
    for number in range(buildings):
        one = building(source, model)
        draws, certainty = judged(one, one.answered, number, by_role=by_role)
        truth = one.needs.sum(axis=0)
        low, high = likely_range(draws)
        found.held.append(float(((low <= truth) & (truth <= high)).mean()))
        shown = [int(skill) for skill in certainty.shown]
        if certainty.verdict == "safe":
            found.safe.append(bool(np.delete(truth, shown).max() <= truth[shown].min()))
            continue
        more = more_answers(
            one.groups(one.answered, by_role=by_role), entry=range(SKILLS), enough=ENOUGH,
            fewest=int(np.ceil(TARGET * len(one.role))) - one.answered, often=OFTEN, buildings=BUILDINGS, draws=25,
            seed=number,
        )  # fmt: skip
        if more is not None and one.answered + more < len(one.role):  # with all of them it is safe by definition
            _, later = judged(one, one.answered + more, number, by_role=by_role)
            found.reached.append(later.verdict == "safe")
    return found


def words(kind: str, seed: int, schools: int = 60) -> tuple[int, int, int]:
    """Words of 720 cells said of schools that are alike: without ten points and stress, with them, and of the wrong
    sign. “same”: 90% answer everywhere. “unequal”: 20 to 90% do, the less skilled less often."""
    source = np.random.default_rng([seed, kind == "same"])
    staff, threshold = source.integers(24, 111, schools), norm.ppf(source.uniform(0.2, 0.9, SKILLS))
    rates = np.full(schools, 0.9) if kind == "same" else source.uniform(*RATES, schools)
    rows, truths = [], []
    for number, (people_here, rate) in enumerate(zip(staff, rates, strict=True)):
        skill = source.normal(size=people_here)
        able = np.sqrt(0.4) * skill[:, None] + np.sqrt(0.6) * source.normal(size=(people_here, SKILLS)) < threshold
        willing = source.normal(size=people_here)
        if kind == "unequal":
            willing = np.sqrt(0.75) * willing - 0.5 * skill
        answered = np.argsort(-willing)[: max(5, round(rate * people_here))]
        truths.append(able.mean(axis=0))
        rows += [
            (f"s{number:02}", "High", skill_id, len(answered), int(people_here), int(able[answered, skill_id].sum()))
            for skill_id in range(SKILLS)
        ]
    frame = pl.DataFrame(
        rows, schema=["school_id", "level", "skill", "respondents", "headcount", "count"], orient="row"
    ).with_columns(share=pl.col("count") / pl.col("respondents"))
    size = inverse_effective_size(pl.col("respondents").cast(pl.Float64), pl.col("headcount").cast(pl.Float64))
    beside = with_rest_of_district(frame, district_share(frame, by=["skill"]), by="skill").with_columns(
        inverse_size=size, unanswered=1 - pl.col("respondents") / pl.col("headcount")
    )
    found = with_difference(beside, unanswered="unanswered", reference_unanswered="reference_unanswered")
    truth = np.array(truths)
    rest = ((truth * staff[:, None]).sum(axis=0) - truth * staff[:, None]) / (staff.sum() - staff)[:, None]
    sign = found["word"].replace_strict({"clearly above": 1, "clearly below": -1}, default=0).to_numpy()
    before = found.filter((pl.col("adjusted_p") <= 0.05) & (pl.col("difference").abs() >= LEAST / 2)).height
    return before, int((sign != 0).sum()), int((sign * (truth - rest).ravel() < 0).sum())


def figures(buildings: int, districts: int, seed: int = 2026) -> dict[str, float]:
    """All figures by name, each a share or a mean number of words."""
    found: dict[str, float] = {}
    for model in MODELS:
        one = counted(model, buildings, seed)
        found |= {
            f"{model}: safe": len(one.safe) / buildings,
            f"{model}: safe was right": float(np.mean(one.safe)),
            f"{model}: 80% ranges held": float(np.mean(one.held)),
            f"{model}: k more ended in safe": float(np.mean(one.reached)),
        }
    for kind in ("same", "unequal"):
        before, said, wrong = np.mean([words(kind, number) for number in range(districts)], axis=0)
        found |= {
            f"{kind}: words of 720 without ten points and stress": float(before),
            f"{kind}: words of 720": float(said),
            f"{kind}: words of the wrong sign": float(wrong),
        }
    return found


if __name__ == "__main__":
    made = figures(1500, 20)
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["figure", "value"])
        writer.writerows((name, f"{value:.3f}") for name, value in made.items())
