"""The performance record: what is written can be read again, and what got slower is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import compare
from tests.benchmarks.record import Figure, Record, differences, read
from tests.load import memory
from tests.server import ROOT

KEPT = ROOT / "tests" / "benchmarks" / "record.json"
DOCUMENT = ROOT / ".github" / "PERFORMANCE.md"


def record(*figures: Figure) -> Record:
    found = Record()
    for figure in figures:
        found.add(figure)
    return found


def click(value: float, bare: float = 100.0) -> Figure:
    return Figure("a click", value, "ms", peer=bare, peer_name="a bare app", at_most=2)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = record(click(150), Figure("briefs", 510, "a second", at_least=500), Figure("memory", 3, "MB"))
    made.write(tmp_path / "new" / "record.json")
    assert read(tmp_path / "new" / "record.json") == made


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (click(200), True),
        (click(201), False),
        (Figure("briefs", 499, "a second", at_least=500), False),
        (Figure("briefs", 500, "a second", at_least=500), True),
        (Figure("memory", 1000, "MB", at_most=999), False),
        (Figure("memory", 1e9, "MB"), True),
    ],
)
def test_limits_are_of_the_value_or_of_how_many_times_the_peer(figure: Figure, holds: bool) -> None:
    assert figure.holds is holds


def test_what_got_worse_is_said_and_a_slower_machine_is_no_worse() -> None:
    before = record(click(150), Figure("briefs", 500, "a second", at_least=1), Figure("start", 2.0, "s", at_most=9))
    after = record(click(300, bare=200), Figure("briefs", 300, "a second", at_least=1), Figure("start", 1.0, "s"))
    worse, better = differences(before, after, 0.25)
    assert worse == ["briefs: 500 became 300 a second"]
    assert better == ["start: 2 became 1 s"]
    assert differences(before, before, 0.0) == ([], [])
    slower, _ = differences(before, record(click(300)), 0.25)
    assert slower == ["a click: 1.5 became 3 times a bare app"]


def test_the_command_ends_with_1_where_something_got_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / name for name in ("before.json", "after.json")]
    for file, value in zip(files, (100, 140), strict=True):
        record(click(value), Figure(f"only {value}", 1, "s")).write(file)
    before, after = map(str, files)
    assert compare.main([before, after]) == 1
    said = capsys.readouterr().out
    assert "Worse:\n  a click: 1 became 1.4 times a bare app" in said
    assert "Only in the first:\n  only 100" in said
    assert compare.main([before, after, "0.5"]) == 0
    assert compare.main([after, before]) == 0


def test_a_name_stands_for_one_figure() -> None:
    with pytest.raises(ValueError, match="twice"):
        record(click(1), click(2))


def test_the_documents_table_is_that_of_the_record() -> None:
    assert read(KEPT).table() in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("megabytes", "times"),
    [([100, 300, 400, 400, 400, 400], 1.0), ([100, 200, 300, 330, 360, 396], 1.2), ([300], 1.0), ([300, 330], 1.1)],
)
def test_growth_of_memory_is_that_after_the_first_third(megabytes: list[float], times: float) -> None:
    assert memory.grown(megabytes) == pytest.approx(times, abs=0.001)
