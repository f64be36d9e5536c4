"""Pólya's urn one ball at a time, as the books tell it, apart from the code under test."""

from collections import defaultdict
from fractions import Fraction
from random import Random

from pd_core.measures.polya_urn import Group

Row = tuple[int, ...]


def rows_of(answers) -> list[Row]:
    return [tuple(int(answer) for answer in row) for row in answers]


def weights(drawn: list[Row], others: list[Row], together: float) -> dict[Row, Fraction]:
    """What each row weighs in an urn of these rows and, as heavy as `together` of them, the others."""
    found: dict[Row, Fraction] = defaultdict(Fraction)
    for row in drawn:
        found[row] += 1
    for row in others:
        found[row] += Fraction(together) / len(others)
    return found


def needs_of(staff: list[Row], headcount: int, items: int) -> tuple[float, ...]:
    """People with a yes by item, those who answered the item standing for all; nan where nobody did."""
    said = [[row[item] for row in staff if row[item] >= 0] for item in range(items)]
    return tuple(headcount * sum(column) / len(column) if column else float("nan") for column in said)


def every_outcome(groups: list[Group]) -> dict[tuple[float, ...], Fraction]:
    """The chance of each outcome of `complete`, by following every sequence of draws of every group."""
    items, headcount = groups[0].answers.shape[1], sum(len(group.answers) + group.unseen for group in groups)
    staffs: dict[tuple[Row, ...], Fraction] = {(): Fraction(1)}
    for group in groups:
        ends: dict[tuple[Row, ...], Fraction] = {tuple(rows_of(group.answers)): Fraction(1)}
        for _ in range(group.unseen):
            longer: dict[tuple[Row, ...], Fraction] = defaultdict(Fraction)
            for drawn, chance in ends.items():
                urn = weights(list(drawn), rows_of(group.others), group.weight) or {(-1,) * items: Fraction(1)}
                for row, weight in urn.items():
                    longer[(*drawn, row)] += chance * weight / sum(urn.values())
            ends = longer
        both: dict[tuple[Row, ...], Fraction] = defaultdict(Fraction)
        for staff, chance in staffs.items():
            for drawn, likely in ends.items():
                both[tuple(sorted(staff + drawn))] += chance * likely
        staffs = both
    outcomes: dict[tuple[float, ...], Fraction] = defaultdict(Fraction)
    for staff, chance in staffs.items():
        outcomes[needs_of(list(staff), headcount, items)] += chance
    return outcomes


def sure_after(answers: int, groups: list[Group], *, enough: float, buildings: int, draws: int, seed: int) -> float:
    """In which share of the buildings the two greatest needs are sure after so many more answers, by plain loops."""
    random = Random(seed)
    others, together = [rows_of(group.others) for group in groups], [group.weight for group in groups]
    items, headcount = groups[0].answers.shape[1], sum(len(group.answers) + group.unseen for group in groups)
    sure_buildings = 0
    for _ in range(buildings):
        waiting = [number for number, group in enumerate(groups) for _ in range(group.unseen)]
        random.shuffle(waiting)
        urns = [rows_of(group.answers) for group in groups]
        _draw(waiting[:answers], urns, others, together, random)
        completed = []
        for _ in range(draws):
            full = [list(urn) for urn in urns]
            _draw(waiting[answers:], full, others, together, random)
            completed.append(needs_of([row for urn in full for row in urn], headcount, items))
        means = [sum(column) / draws for column in zip(*completed, strict=True)]
        first, second = sorted(range(items), key=lambda item: -means[item])[:2]
        kept = 0
        for needs in completed:
            rest = [round(need) for item, need in enumerate(needs) if item not in (first, second)]
            kept += max(rest) <= min(round(needs[first]), round(needs[second]))
        sure_buildings += kept >= enough * draws
    return sure_buildings / buildings


def _draw(
    people: list[int], urns: list[list[Row]], others: list[list[Row]], together: list[float], random: Random
) -> None:
    for number in people:
        urn, beside = urns[number], others[number]
        place = random.random() * (len(urn) + (together[number] if beside else 0))
        urn.append(urn[int(place)] if place < len(urn) else random.choice(beside))
