"""The made-up district: what its files hold, and that they are the same every time."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pd_core.codebook import Codebook
from pd_core.config import ROOT
from pd_core.errors import UserError
from pd_core.sample import SampleFiles, write_sample

PROFILE = ROOT / "data" / "sample"
LAST_WAVE = "Fall 2026"


@cache
def sheet(path: Path) -> list[tuple[Any, ...]]:
    workbook = openpyxl.load_workbook(path)
    return list(workbook["Sheet1"].iter_rows(values_only=True))


def answers(path: Path) -> list[dict[str, Any]]:
    headers, *rows = sheet(path)
    return [dict(zip(headers, row, strict=True)) for row in rows]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def respondents(rows: list[dict[str, Any]]) -> int:
    addresses = [row["Email"] for row in rows]
    return len(set(addresses) - {"anonymous"}) + addresses.count("anonymous")


@pytest.fixture(scope="module")
def sample(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return write_sample(tmp_path_factory.mktemp("sample"), codebook)


@pytest.fixture(scope="module")
def exports(sample: SampleFiles) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Rows by wave and school, as the school question names it."""
    found = {}
    for path in sample.exports:
        rows = answers(path)
        found[path.name[:9], rows[0]["Which school do you work at?"]] = rows
    return found


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return shutil.copytree(PROFILE, tmp_path / "profile")


def test_two_runs_write_the_same_cells(codebook: Codebook, sample: SampleFiles, tmp_path: Path):
    again = write_sample(tmp_path / "a folder that is new", codebook)
    assert [path.name for path in again.exports] == [path.name for path in sample.exports]
    for first, second in zip(sample.exports, again.exports, strict=True):
        assert sheet(first) == sheet(second), first.name
    assert again.schools.read_bytes() == sample.schools.read_bytes()
    assert again.roster.read_bytes() == sample.roster.read_bytes()


def test_the_district_has_twelve_schools_of_three_levels_and_three_regions(sample: SampleFiles):
    schools = table(sample.schools)
    assert list(schools[0]) == ["school_id", "name", "aliases", "level", "region", "headcount"]
    assert len({school["school_id"] for school in schools}) == 12
    assert {school["level"] for school in schools} == {"elementary", "middle", "high"}
    assert len({school["region"] for school in schools}) == 3


def test_no_name_or_alias_belongs_to_two_schools(sample: SampleFiles):
    names = [name for school in table(sample.schools) for name in (school["name"], *school["aliases"].split(";"))]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_the_roster_has_as_many_people_as_each_headcount(sample: SampleFiles):
    people = Counter(person["school_id"] for person in table(sample.roster))
    assert people == {school["school_id"]: int(school["headcount"]) for school in table(sample.schools)}


def test_the_roster_uses_the_codebooks_codes_and_addresses_nobody_has(sample: SampleFiles, codebook: Codebook):
    roster = table(sample.roster)
    assert {person["role"] for person in roster} <= set(codebook.labels("role"))
    assert {person["grade_band"] for person in roster} <= set(codebook.labels("grade_band"))
    assert {person["email"].rpartition("@")[2] for person in roster} == {"example.org"}
    assert len({person["email"] for person in roster}) == len(roster)


def test_headers_are_those_of_an_untouched_forms_export(sample: SampleFiles, codebook: Codebook):
    apps = [codebook.skills[item.skill_id].name for item in codebook.items_of("proficiency")]
    again = [codebook.skills[item.skill_id].name + "2" for item in codebook.items_of("samr")]
    expected = [
        *("ID", "Start time", "Completion time", "Email", "Name", "Last modified time"),
        *("Which school do you work at?", "What is your role?", "Which grade band do you work with most?"),
        *apps,
        *again,
        "Which topics would you like training on?",
        "Which times suit you for training?",
        "Is there anything else you would like us to know?",
    ]
    assert (len(apps), len(again)) == (12, 6)
    for path in sample.exports:
        assert list(sheet(path)[0]) == expected, path.name


def test_times_are_serial_numbers_in_the_exports_format_and_rows_stand_in_order_of_completion(sample: SampleFiles):
    cell = openpyxl.load_workbook(sample.exports[0])["Sheet1"]["C2"]
    assert (cell.data_type, cell.number_format) == ("d", "m/d/yy h:mm:ss")
    for path in sample.exports:
        rows = answers(path)
        ends = [row["Completion time"] for row in rows]
        assert ends == sorted(ends), path.name
        assert [row["ID"] for row in rows] == list(range(1, len(rows) + 1)), path.name
        assert all(row["Start time"] < row["Completion time"] for row in rows), path.name


def test_each_wave_is_answered_while_it_is_open(exports: dict[tuple[str, str], list[dict[str, Any]]]):
    for wave in table(PROFILE / "waves.csv"):
        answered = [row for (wave_id, _), rows in exports.items() if wave_id == wave["wave_id"] for row in rows]
        moments: list[datetime] = [row["Completion time"] for row in answered]
        assert date.fromisoformat(wave["opens"]) <= min(moments).date()
        assert max(moments).date() <= date.fromisoformat(wave["closes"])


def test_each_workbook_names_one_school_of_the_list_and_counts_its_rows_in_its_name(sample: SampleFiles):
    names = {school["name"] for school in table(sample.schools)}
    for path in sample.exports:
        rows = answers(path)
        named = {row["Which school do you work at?"] for row in rows}
        assert len(named) == 1 and named <= names, path.name
        assert re.fullmatch(rf"Fall 202[56] {named.pop()}\(1-{len(rows)}\)\.xlsx", path.name)


def test_response_rates_are_as_uneven_as_the_profile_says(
    sample: SampleFiles, exports: dict[tuple[str, str], list[dict[str, Any]]]
):
    schools = {school["school_id"]: school for school in table(sample.schools)}
    rates = {}
    for row in table(PROFILE / "school_waves.csv"):
        school = schools[row["school_id"]]
        people = respondents(exports.get((row["wave_id"], school["name"]), []))
        assert people == round(int(school["headcount"]) * float(row["response_share"])), row
        rates[row["wave_id"], row["school_id"]] = people / int(school["headcount"])
    last = sorted(rate for (wave_id, _), rate in rates.items() if wave_id == LAST_WAVE)
    assert last[0] == 0, "one school has no answers in the last wave"
    assert last[1] < 0.15 and last[-1] > 0.9


def test_three_of_the_six_people_of_the_tiny_school_answered_last(
    sample: SampleFiles, exports: dict[tuple[str, str], list[dict[str, Any]]]
):
    tiny = min(table(sample.schools), key=lambda school: int(school["headcount"]))
    assert int(tiny["headcount"]) == 6
    assert respondents(exports[LAST_WAVE, tiny["name"]]) == 3


def test_some_people_answer_in_both_waves_some_twice_and_some_without_an_address(
    exports: dict[tuple[str, str], list[dict[str, Any]]],
):
    by_wave = {
        wave_id: [row["Email"] for (wave, _), rows in exports.items() if wave == wave_id for row in rows]
        for wave_id in ("Fall 2025", LAST_WAVE)
    }
    both = set(by_wave["Fall 2025"]) & set(by_wave[LAST_WAVE]) - {"anonymous"}
    assert len(both) > 60
    for wave_id, addresses in by_wave.items():
        assert addresses.count("anonymous") >= 3, wave_id
        named = [address for address in addresses if address != "anonymous"]
        assert len(named) - len(set(named)) >= 3, wave_id


def test_answers_are_in_the_codebooks_words(codebook: Codebook, exports: dict[tuple[str, str], list[dict[str, Any]]]):
    rows = [row for rows in exports.values() for row in rows]
    own_words = {row["answer"] for file in ("roles.csv", "wishes.csv") for row in table(PROFILE / file)}
    known = own_words | {label for scale in codebook.scales for label in codebook.labels(scale).values()}
    for row in rows:
        for header, cell in list(row.items())[7:-1]:
            parts = cell.split(";") if cell and cell.endswith(";") else [cell or ""]
            assert set(parts) <= known, (header, cell)


def test_only_people_who_use_an_application_say_how_they_teach_with_it(
    codebook: Codebook, exports: dict[tuple[str, str], list[dict[str, Any]]]
):
    unused = codebook.labels("proficiency")["0"]
    for rows in exports.values():
        for row in rows:
            for item in codebook.items_of("samr"):
                app = item.wordings[0]
                assert row[app] != unused or row[f"{app}2"] is None, (row["Email"], app)


def test_the_story_shows_in_the_answers(codebook: Codebook, exports: dict[tuple[str, str], list[dict[str, Any]]]):
    labels = codebook.labels("proficiency")

    def proficient_share(app: str, wave_id: str) -> float:
        cells = [row[app] for (wave, _), rows in exports.items() if wave == wave_id for row in rows if row[app]]
        return sum(cell in (labels["2"], labels["3"]) for cell in cells) / len(cells)

    assert proficient_share("Teams", LAST_WAVE) > 0.8
    assert proficient_share("OneNote", LAST_WAVE) < 0.45
    assert proficient_share("Sway", LAST_WAVE) < 0.7
    assert proficient_share("Immersive Reader", LAST_WAVE) > proficient_share("Immersive Reader", "Fall 2025") + 0.2


def test_a_changed_profile_changes_only_the_school_it_is_about(
    codebook: Codebook, sample: SampleFiles, profile: Path, tmp_path: Path
):
    path = profile / "school_waves.csv"
    path.write_text(path.read_text().replace("Fall 2026,kelp_harbor,0.12", "Fall 2026,kelp_harbor,0.5"))
    changed = write_sample(tmp_path / "out", codebook, profile)
    before = {path.name: sheet(path) for path in sample.exports}
    different = {path.name[:21] for path in changed.exports if sheet(path) != before.get(path.name)}
    assert different == {"Fall 2026 Kelp Harbor"}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("school_waves.csv", "cedar_hollow,0.62", "cedar_hollow,62", "response_share is '62'"),
        ("school_waves.csv", "Fall 2025,cedar_hollow", "Fall 2024,cedar_hollow", "wave_id 'Fall 2024' is not known"),
        ("school_skills.csv", ",cedar_hollow,onenote", ",cedar,onenote", "school_id 'cedar' is not known"),
        ("schools.csv", "North Shore,42", "North Shore,many", "headcount is 'many'"),
        ("waves.csv", "2025-09-15", "15/09/2025", "opens is '15/09/2025'"),
        ("roles.csv", "weight", "share", "column weight is missing"),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_with_file_and_row(
    codebook: Codebook, profile: Path, tmp_path: Path, file: str, old: str, new: str, message: str
):
    text = (profile / file).read_text()
    assert old in text
    (profile / file).write_text(text.replace(old, new, 1))
    with pytest.raises(UserError) as refusal:
        write_sample(tmp_path / "out", codebook, profile)
    assert f"{file}, row " in refusal.value.text()
    assert message in refusal.value.text()
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_a_plain_error(codebook: Codebook, tmp_path: Path):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(UserError, match="could not be written"):
        write_sample(tmp_path / "taken", codebook)
