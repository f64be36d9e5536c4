"""Outcomes and deliveries from files, and what is told of the effect of trainings, from the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.command import Answer, audited, pd
from tests.measures.panels import outcomes, random_starts, starts_after_bad_periods

MONTHS = [f"{2024 + (8 + month) // 12}-{(8 + month) % 12 + 1:02d}" for month in range(18)]
COLUMNS = [
    "measure", "training_id", "schools_treated", "schools_not_yet", "periods", "effect", "effect_low", "effect_high",
    "p", "smallest_effect", "check_effect", "verdict", "reason",
]  # fmt: skip


def write(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def filled(folder: Path, values: np.ndarray, starts: np.ndarray, *, hidden: str = "") -> Path:
    """A store with these outcomes (in per cents) of schools with 20 staff, 8 of them trained from the start on."""
    store, schools = folder / "pd.duckdb", [f"s{number}" for number in range(len(values))]
    months = MONTHS[: values.shape[1]]
    listed = write(folder / "schools.csv", "school_id,name,headcount", [f"{s},School {s},20" for s in schools])
    assert pd("schools", listed, store=store).code == 0
    rows = [
        f"{school},{month},attendance,{value:.3f}%,200"
        for school, own in zip(schools, values, strict=True)
        for month, value in zip(months, own, strict=True)
    ]
    assert pd("outcomes", write(folder / "o.csv", "school_id,period,measure,value,n", rows), store=store).code == 0
    trained = [
        f"{school},teams,{months[max(start, 0)] if start >= 0 else '2024-01'},8"
        for school, start in zip(schools, starts.tolist(), strict=True)
        if start < len(months)
    ]
    file = write(folder / "d.csv", "school_id,training_id,period,people", trained)
    assert pd("deliveries", file, store=store).code == 0
    return store


def impact(store: Path, *options: str) -> dict[str, object]:
    (row,) = pd("export", "impact", *options, "--json", store=store).json
    return row


def shrunken(values: np.ndarray) -> np.ndarray:
    """The made-up outcomes as per cents well inside 0 to 100."""
    return 50 + 0.5 * (values - 90)


def test_an_effect_is_found_as_a_share_with_what_could_have_been_seen(tmp_path: Path) -> None:
    source = np.random.default_rng(30)
    values, starts = shrunken(outcomes(source)), random_starts(source)
    values = values + 3 * (np.arange(18) >= starts[:, None])
    store = filled(tmp_path, values, starts)
    found = impact(store)
    assert list(found) == COLUMNS
    assert (found["measure"], found["training_id"], found["verdict"]) == ("attendance", "all", "higher")
    assert (found["schools_treated"], found["schools_not_yet"], found["periods"]) == (30, 30, 18)
    assert found["effect"] == pytest.approx(0.03, abs=0.01)
    assert found["effect_low"] < 0.03 < found["effect_high"]
    assert found["smallest_effect"] == pytest.approx(2.8 / 1.96 * (found["effect_high"] - found["effect"]), rel=0.01)
    assert impact(store, "--measure", "Attendance", "--training", "TEAMS")["training_id"] == "teams"
    for option, value in (("--measure", "grades"), ("--training", "word")):
        answer = pd("export", "impact", option, value, store=store)
        assert answer.code == 1 and value in answer.err


def test_schools_that_joined_after_a_bad_month_cannot_tell(tmp_path: Path) -> None:
    values = outcomes(np.random.default_rng(31), again=0)
    found = impact(filled(tmp_path, shrunken(values), starts_after_bad_periods(values)))
    assert (found["verdict"], found["reason"]) == ("cannot tell", "schools joined after an unusual period")


@pytest.mark.parametrize(
    ("starts", "reason"),
    [
        (np.full(24, 6), "all schools started at once"),
        (np.where(np.arange(24) < 10, -1, 12), "all trained schools started before the outcome had 3 periods"),
        (np.where(np.arange(24) < 3, 6, 12), "3 trained schools"),
        (np.full(24, 12), "deliveries"),
    ],
)
def test_what_cannot_be_answered_says_why(tmp_path: Path, starts: np.ndarray, reason: str) -> None:
    values = shrunken(outcomes(np.random.default_rng(32), schools=24, periods=12))
    store = filled(tmp_path, values, starts)
    answer = pd("export", "impact", "--json", store=store)
    text = answer.err if answer.code else str(answer.json[0]["reason"])
    assert reason in text
    if not answer.code:
        assert answer.json[0]["verdict"] == "cannot tell"
    if reason.startswith("3 trained"):
        assert "synthetic control" in text and answer.json[0]["p"] is not None


def receipt(answer: Answer) -> dict[str, object]:
    (found,) = answer.json
    assert found["rows_read"] == sum(
        found[name] for name in ("rows_added", "rows_existing", "rows_replaced", "rows_set_aside")
    )
    return found


def test_a_file_of_outcomes_gives_a_receipt_and_comes_out_again(store: Path, tmp_path: Path) -> None:
    rows = ["lincoln,2025-09,attendance,67.7%,120", "ruby,2025-09,attendance,*,8", "nowhere,2025-09,attendance,70%,9"]
    file = write(tmp_path / "o.csv", "school_id,period,measure,value,n", rows)
    first = receipt(pd("outcomes", file, "--json", store=store))
    assert (first["status"], first["rows_added"], first["rows_set_aside"]) == ("committed", 2, 1)
    again = pd("outcomes", file, "--json", store=store)
    assert again.code == 0 and receipt(again)["status"] == "unchanged"
    write(file, "school_id,period,measure,value,n", ["lincoln,2025-09,attendance,68%,120"])
    assert receipt(pd("outcomes", file, "--json", store=store))["rows_replaced"] == 1
    rows = pd("export", "outcomes", store=store).rows
    assert [list(row.values())[:8] for row in rows] == [
        ["lincoln", "2025-09", "attendance", "0.68", "120", "", "", "false"],
        ["ruby", "2025-09", "attendance", "", "8", "", "", "true"],
    ]
    assert "outcomes" in {entry["kind"] for entry in audited(store)}


def test_a_trial_stores_nothing(store: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "o.csv", "school_id,period,measure,value", ["lincoln,2025-09,attendance,67.7%"])
    assert receipt(pd("outcomes", file, "--dry-run", "--json", store=store))["rows_added"] == 1
    assert pd("export", "outcomes", store=store).rows == []


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (["lincoln,2025-09,lateness,3"], "--good higher, or --good lower"),
        (["lincoln,2025-09,attendance,90%", "lincoln,2025-26,attendance,90%"], "Keep one kind of period"),
        (["lincoln,2025-09,attendance,190%"], "between 0% and 100%"),
        (["nowhere,2025-09,attendance,90%"], "no school of the list"),
    ],
)
def test_outcomes_that_cannot_be_used_are_refused_in_a_sentence(
    store: Path, tmp_path: Path, rows: list[str], sentence: str
) -> None:
    answer = pd("outcomes", write(tmp_path / "o.csv", "school_id,period,measure,value", rows), "--json", store=store)
    assert answer.code == 1 and sentence in answer.err
    assert receipt(answer)["status"] == "rejected"


def test_more_people_trained_than_a_school_has_staff_are_taken_and_to_be_checked(store: Path, tmp_path: Path) -> None:
    header, said = (
        "school_id,training_id,period,people",
        "lincoln: 100 people newly trained in all, and it has 40 staff",
    )
    first = write(tmp_path / "a.csv", header, ["lincoln,teams,2026-01,40", "lincoln,forms,2026-01,40"])
    assert "Check" not in pd("deliveries", first, store=store).out
    second = write(tmp_path / "b.csv", header, ["lincoln,teams,2026-02,60"])
    for _ in range(2):
        answer = pd("deliveries", second, store=store)
        assert answer.code == 0 and f"Check teams at {said}." in answer.out and "forms" not in answer.out
    many = [f"lincoln,training {number},2026-01,41" for number in range(5)]
    answer = pd("deliveries", write(tmp_path / "c.csv", header, many), store=store)
    assert answer.out.count("Check") == 3 and "2 more like that." in answer.out


def test_impact_without_outcomes_or_deliveries_says_what_to_load(store: Path, tmp_path: Path) -> None:
    assert "outcomes FILE" in pd("export", "impact", store=store).err
    file = write(tmp_path / "o.csv", "school_id,period,measure,value", ["lincoln,2025-09,attendance,67.7%"])
    pd("outcomes", file, store=store)
    assert "deliveries FILE" in pd("export", "impact", store=store).err


def test_growth_of_the_made_up_district_is_exported_with_its_columns(district: Path) -> None:
    growth = pd("export", "growth", "--skill", "OneNote", "--school", "district", store=district)
    (row,) = growth.rows
    assert (row["from_wave"], row["to_wave"], row["skill_id"]) == ("Fall 2025", "Fall 2026", "onenote")
    assert "without answers in Fall 2026" in growth.err
    transitions = pd("export", "transitions", "--from", "Fall 2025", "--to", "Fall 2026", store=district).rows
    assert list(transitions[0])[:8] == [
        "from_wave", "to_wave", "school_id", "skill_id", "level_from", "level_to", "people", "suppressed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("growth", "--from", "Fall 2026", "--to", "Fall 2026"), "cannot be compared with itself"),
        (("growth", "--from", "Fall 2062"), "There is no wave"),
        (("growth", "--wave", "Fall 2026"), "has no --wave"),
        (("skill-summary", "--from", "Fall 2025"), "has no --from"),
    ],
)
def test_pairs_and_filters_that_make_no_sense_are_refused(
    district: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    answer = pd("export", *arguments, store=district)
    assert (answer.code, answer.out) == (1, "")
    assert sentence in answer.err
