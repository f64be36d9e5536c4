"""Made-up districts for the planner: the same seed gives the same district."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from pd_core.planning.problem import Problem, Rule, School, Slot, Trainer, Training

NOW = datetime(2026, 11, 1, 12)
SKILLS = [f"skill{number}" for number in range(12)]


def district(schools: int, seed: int) -> Problem:
    """A district as large as a real one: 1.4 MIEs a building, a facilitator for ten, 24 trainings, 6 slots."""
    random = np.random.default_rng(seed)
    regions = max(1, schools // 12)
    buildings = tuple(
        School(f"s{number:03}", f"School {number}", f"region{random.integers(regions)}") for number in range(schools)
    )
    trainings = tuple(
        Training(
            f"{kind[0]}-{skill}", f"{skill} {kind}", skill, kind,
            float(random.choice([45, 60, 90])), int(random.choice([12, 16, 20, 24])),
        )
        for skill in SKILLS
        for kind in ("entry", "implementation")
    )  # fmt: skip
    slots = tuple(
        Slot(f"t{number}", NOW + timedelta(days=7 * number, hours=3),
             NOW + timedelta(days=7 * number, hours=4 + 0.5 * (number % 2)),
             ["after_school", "before_school", "pd_day"][number % 3])
        for number in range(1, 7)
    )  # fmt: skip
    trainers = [
        Trainer(
            f"m{number:03}", f"MIE {number}", "mie", buildings[number % schools].school_id,
            frozenset(random.choice(SKILLS, size=int(random.integers(2, 7)), replace=False).tolist()),
            60.0 * float(random.choice([3, 4, 6, 8])),
            None if random.random() < 0.6 else _some(random, [slot.slot_id for slot in slots], 4),
        )
        for number in range(round(1.4 * schools))
    ]  # fmt: skip
    trainers += [
        Trainer(
            f"f{number:03}", f"Facilitator {number}", "facilitator",
            buildings[int(random.integers(schools))].school_id if random.random() < 0.5 else None,
            frozenset(random.choice(SKILLS, size=8, replace=False).tolist()), 60.0 * float(random.choice([10, 16, 20])),
        )
        for number in range(max(1, round(schools / 10)))
    ]  # fmt: skip
    needs: dict[tuple[str, str, str], int] = {}
    hard = random.uniform(0.1, 0.7, len(SKILLS))
    for school in buildings:
        staff = int(random.integers(25, 110))
        for skill, share in zip(SKILLS, hard, strict=True):
            entry = np.clip(share + random.normal(0, 0.12), 0.02, 0.95)
            needs[school.school_id, skill, "entry"] = int(staff * entry)
            needs[school.school_id, skill, "implementation"] = int(staff * (1 - entry) * random.uniform(0.1, 0.6))
    ways = {}
    for school in buildings:
        same = [other for other in buildings if other.region == school.region and other != school]
        if same and random.random() < 0.5:
            other = same[int(random.integers(len(same)))]
            if (other.school_id, school.school_id) not in ways:
                ways[school.school_id, other.school_id] = float(random.integers(4, 15))
    shares = {(school.school_id, slot.time): float(random.uniform(0.1, 0.8)) for school in buildings for slot in slots}
    return Problem(buildings, trainings, tuple(trainers), slots, needs, NOW, {}, ways, shares)


def _some(random: np.random.Generator, ids: list[str], number: int) -> frozenset[str]:
    return frozenset(random.choice(ids, size=number, replace=False).tolist())


def tiny(seed: int) -> Problem:
    """A district so small that every plan can be tried; all limits bind in some seeds."""
    random = np.random.default_rng(seed)
    buildings = tuple(
        School(f"s{number}", f"School {number}", f"r{random.integers(2)}") for number in range(random.integers(2, 4))
    )
    skills = ["a", "b", "c"][: int(random.integers(1, 4))]
    trainings = tuple(
        Training(
            f"t{number}", f"Training {number}", str(random.choice(skills)),
            "entry" if random.random() < 0.7 else "implementation",
            float(random.choice([45, 60, 90, 240, 300], p=[0.35, 0.35, 0.2, 0.05, 0.05])), int(random.integers(2, 5)),
        )
        for number in range(random.integers(2, 5))
    )  # fmt: skip
    number_of_slots = int(random.integers(2, 4))
    slots = tuple(
        Slot(
            f"x{number}",
            start := NOW + timedelta(hours=int(random.choice([-3, 3, 4, 30, 54], p=[0.1, 0.2, 0.2, 0.25, 0.25]))),
            start + timedelta(hours=float(random.choice([1, 1.5, 5]))), str(random.choice(["", "early", "late"])),
        )
        for number in range(number_of_slots)
    )  # fmt: skip
    trainers = tuple(
        Trainer(
            f"p{number}", f"Person {number}", kind := "mie" if random.random() < 0.7 else "facilitator",
            str(random.choice([one.school_id for one in buildings]))
            if kind == "mie" or random.random() < 0.6 else None,
            frozenset(random.choice(skills, size=int(random.integers(1, len(skills) + 1)), replace=False).tolist()),
            60 * float(random.choice([0, 1, 1.5, 3, 6, 12], p=[0.05, 0.1, 0.15, 0.3, 0.2, 0.2])),
            None if random.random() < 0.5 else _some(random, [slot.slot_id for slot in slots], number_of_slots - 1),
        )
        for number in range(2 if number_of_slots > 2 or random.random() < 0.5 else 3)
    )  # fmt: skip
    needs = {
        (school.school_id, skill, kind): int(random.integers(0, 6))
        for school in buildings for skill in skills for kind in ("entry", "implementation")
    }  # fmt: skip
    pairs = [(one.school_id, other.school_id) for i, one in enumerate(buildings) for other in buildings[i + 1 :]]
    ways = {pair: float(random.choice([5, 10, 15, 30])) for pair in pairs if random.random() < 0.6}
    weights = {
        (school.school_id, skill): float(random.choice([0, 0.5, 1, 2, 3]))
        for school in buildings for skill in skills if random.random() < 0.4
    }  # fmt: skip
    shares = {
        (school.school_id, time): round(float(random.random()), 2) for school in buildings for time in ("early", "late")
    }
    resend = {school.school_id: 3 for school in buildings if random.random() < 0.1}
    rules = tuple(
        Rule(
            "lock" if random.random() < 0.4 else "forbid",
            *(
                str(random.choice(ids)) if random.random() < 0.4 else ""
                for ids in (
                    [one.school_id for one in buildings], [one.training_id for one in trainings],
                    [one.trainer_id for one in trainers], [one.slot_id for one in slots],
                )
            ),
            row=number + 2,
        )
        for number in range(random.choice([0, 0, 1, 2]))
    )  # fmt: skip
    budget = float(random.integers(50, 400)) if random.random() < 0.25 else None
    return Problem(
        buildings, trainings, trainers, slots, needs, NOW, weights, ways, shares, resend, rules,
        int(random.choice([1, 2, 3])), budget, 40.0 if budget else 0.0,
    )  # fmt: skip
