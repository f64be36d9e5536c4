"""How often what is said turns out right, in simulated districts: the figures of reference/calibration.py."""

import csv
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "reference" / "calibration.py"


@pytest.fixture(scope="module")
def committed() -> dict[str, float]:
    with SCRIPT.with_suffix(".csv").open(encoding="utf-8") as file:
        return {row["figure"]: float(row["value"]) for row in csv.DictReader(file)}


def hold(found: dict[str, float], *, slack: float = 0.0) -> None:
    assert found["chance: safe was right"] >= 0.95 - slack
    assert found["by role: safe was right"] >= 0.90 - slack
    assert found["low-skilled: safe was right"] >= 0.85 - slack
    assert 0.75 - slack <= found["chance: 80% ranges held"] <= 0.87 + slack
    assert all(found[f"{model}: k more ended in safe"] >= 0.70 - slack for model in ("chance", "by role"))
    assert found["same: words of 720"] <= 100 * (1 + 4 * slack)
    assert found["unequal: words of 720"] <= 40 * (1 + 4 * slack)
    assert found["unequal: words of the wrong sign"] <= 0.01 * found["unequal: words of 720"] + slack * 10


def test_what_is_said_is_right_as_often_as_the_methods_say(committed):
    hold(committed)


def test_the_words_are_far_fewer_than_chance_alone_would_earn(committed):
    for kind in ("same", "unequal"):
        before = committed[f"{kind}: words of 720 without ten points and stress"]
        assert committed[f"{kind}: words of 720"] < 0.5 * before


@pytest.mark.slow
def test_the_committed_figures_come_out_again_from_fewer_districts(committed):
    spec = importlib.util.spec_from_file_location("calibration", SCRIPT)
    calibration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(calibration)
    found = calibration.figures(200, 8, seed=7)
    assert found.keys() == committed.keys()
    hold(found, slack=0.06)
    for name, value in found.items():
        # Words differ by a quarter from district to district: three standard errors of the mean of eight.
        apart = 0.3 * committed[name] + 4 if "words" in name else 0.1
        assert abs(value - committed[name]) < apart, name
