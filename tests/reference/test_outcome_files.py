"""Files of outcomes in each layout: values, periods, suppressed and banded ones; what is set aside and why."""

from __future__ import annotations

import polars as pl
import pytest

from pd_core.errors import RefusedFile
from pd_core.reference.outcomes import ReadFile, read_deliveries, read_outcomes
from pd_core.school_names import SchoolNames
from pd_core.storage.outcomes import OUTCOME_SCHEMA
from tests.conftest import SCHOOLS

NOTHING = pl.DataFrame(schema=OUTCOME_SCHEMA)
NAMES = SchoolNames(
    SCHOOLS.vstack(SCHOOLS.head(1).with_columns(school_id=pl.lit("3010"), name=pl.lit("Cedar"), aliases=pl.lit("")))
)


def read(text: str, stored: pl.DataFrame = NOTHING, **options: str) -> ReadFile:
    return read_outcomes("file.csv", text.encode(), NAMES, stored, {}, **options)


def own(*rows: str) -> str:
    return "\n".join(["school_id,period,measure,value,n,lower,upper,suppressed", *rows])


def test_the_districts_own_file_is_read_and_each_bad_row_says_why() -> None:
    found = read(
        own(
            "lincoln,2025-09,Attendance,67.7%,120,,,",
            "LHS,2025-10,attendance,0.71,120,,,",
            "washington,2025-09,attendance,91%,8,,,true",
            "washington,2025-10,attendance,<4.4%,30,,,",
            "washington,2025-11,attendance,,30,0.8,0.9,",
            "lincon,2025-11,attendance,90%,30,,,",
            "lincoln,Fall,attendance,90%,30,,,",
            "lincoln,2025-11,attendance,104%,30,,,",
            "lincoln,2025-12,attendance,many,30,,,",
            "lincoln,2025-09,attendance,67.7%,120,,,",
            "lincoln,2025-09,attendance,68%,120,,,",
        )
    )
    assert found.rows.select("school_id", "period", "value", "lower", "upper", "suppressed").rows() == [
        ("lincoln", "2025-09", 0.677, None, None, False),
        ("lincoln", "2025-10", 0.71, None, None, False),
        ("washington", "2025-09", None, None, None, True),
        ("washington", "2025-10", None, None, 0.044, True),
        ("washington", "2025-11", None, 0.8, 0.9, True),
    ]
    assert (found.rows_read, found.repeated, found.set_aside) == (11, 1, 5)
    reasons = {problem["row"]: problem["reason"] for problem in found.problems}
    assert set(reasons) == {7, 8, 9, 10, 12}
    assert "between 0% and 100%" in reasons[9]
    assert "row 2 already says something else" in reasons[12]
    assert next(problem for problem in found.problems if problem["row"] == 7)["suggestion"] == "Lincoln High"


def test_a_measure_keeps_one_kind_of_period() -> None:
    with pytest.raises(RefusedFile, match=r"a month \(2025-09\) and a school year \(2025-26\)"):
        read(own("lincoln,2025-09,attendance,90%,,,,", "lincoln,2025-26,attendance,90%,,,,"))
    stored = read(own("lincoln,2025-26,attendance,90%,,,,")).rows
    with pytest.raises(RefusedFile, match="a school year"):
        read(own("lincoln,2025-09,attendance,90%,,,,"), stored)


def test_which_way_is_good_is_asked_of_other_measures_once() -> None:
    text = own("lincoln,2025-09,late arrivals,12,,,,")
    with pytest.raises(RefusedFile, match="late arrivals: it is not known yet") as refusal:
        read(text)
    assert "--good higher" in refusal.value.remedy
    assert read(text, good="lower").good == {"late arrivals": "lower"}
    known = read_outcomes("file.csv", text.encode(), NAMES, NOTHING, {"late arrivals": "lower"})
    assert known.rows["value"].to_list() == [12], "and a number above 1 is no share"


@pytest.mark.parametrize(
    ("measure", "way"),
    [("attendance", "higher"), ("Regular attendance rate", None), ("achievement math", "higher"),
     ("achievement gap", None), ("discipline_rate", "lower")],
)  # fmt: skip
def test_a_way_is_known_of_a_measure_and_not_of_any_that_begins_like_it(measure: str, way: str | None) -> None:
    text = own(f"lincoln,2025-09,{measure},12,,,,")
    if way:
        assert list(read(text.replace(",12,", ",0.5,")).good.values()) == [way]
    else:
        with pytest.raises(RefusedFile, match="not known yet whether more of it is good"):
            read(text)


def test_a_way_against_what_is_known_is_refused_and_changes_nothing() -> None:
    text = own("lincoln,2025-09,attendance,0.9,,,,")
    with pytest.raises(RefusedFile, match="attendance, of which higher is better; --good lower says the opposite"):
        read(text, good="lower")
    both = own("lincoln,2025-09,attendance,0.9,,,,", "lincoln,2025-09,late arrivals,12,,,,")
    assert read(both, good="lower").good == {"attendance": "higher", "late arrivals": "lower"}


def test_bounds_that_do_not_hold_the_value_are_set_aside() -> None:
    found = read(own("lincoln,2025-09,attendance,95%,,96%,90%,", "lincoln,2025-10,attendance,95%,,90%,96%,"))
    assert found.rows["period"].to_list() == ["2025-10"]
    assert found.problems[0]["reason"] == "expected bounds with the value between them, lower first"


def test_a_bound_outside_a_share_is_set_aside_with_the_number_it_says() -> None:
    found = read(own("lincoln,2025-09,attendance,,,95,,", "lincoln,2025-10,attendance,,,0.5,1.2,"))
    assert [problem["value"] for problem in found.problems] == ["95", "1.2"]
    assert found.set_aside == 2


def test_a_count_that_is_0_or_1_everywhere_is_no_share() -> None:
    counts = own("lincoln,2025-09,fights,0,,,,", "washington,2025-09,fights,1,,,,")
    stored = read(counts, good="lower").rows
    more = read_outcomes("file.csv", own("lincoln,2025-10,fights,12,,,,").encode(), NAMES, stored, {"fights": "lower"})
    assert more.rows["value"].to_list() == [12]
    shares = own("lincoln,2025-09,belonging,0.5,,,,", "washington,2025-09,belonging,1,,,,")
    assert read(shares, good="higher").rows["is_share"].all()


def test_case_spaces_and_underscores_of_a_column_do_not_matter() -> None:
    found = read("School ID,PERIOD,Measure, Value \nlincoln,2025-09,attendance,67.7%\n")
    assert found.rows.select("school_id", "value").rows() == [("lincoln", 0.677)]
    spaced = read(
        "School Year,Organization Level,School Code,School_Name,Student Group,Grade Level,Measures,Numerator,"
        "Denominator,DAT Reason\n2024-25,School,3010,Cedar,All Students,All Grades,Regular Attendance,300,400,\n"
    )
    assert spaced.rows.select("school_id", "period", "value").rows() == [("3010", "2024-25", 0.75)]


STATE = "SchoolYear,OrganizationLevel,DistrictCode,SchoolCode,SchoolName,StudentGroup,GradeLevel,"


def test_report_card_attendance_is_the_ratio_and_what_is_hidden_is_missing() -> None:
    found = read(
        STATE + "Measures,Numerator,Denominator,Suppression,DATReason\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,Regular Attendance,300,400,No Suppression,\n"
        "2024-25,School,1,9999,LINCOLN HIGH,All Students,All Grades,Regular Attendance,NULL,NULL,Suppressed: N<10,\n"
        "2023-24,School,27010,3010,Cedar,All Students,All Grades,Regular Attendance,,,,Top/Bottom Range: >72.7%\n"
        "2024-25,School,27010,3010,Cedar,All Students,9,Regular Attendance,30,40,,\n"
        "2024-25,District,27010,,,All Students,All Grades,Regular Attendance,3000,4000,,\n"
        "2024-25,School,1,777,Elsewhere,All Students,All Grades,Regular Attendance,30,40,,\n"
        "2024-25,School,27010,3010,Cedar,Female,All Grades,Regular Attendance,140,190,,\n"
    )
    rows = found.rows.select("school_id", "period", "measure", "student_group", "value", "lower", "n").rows()
    assert rows == [
        ("3010", "2024-25", "attendance", "", 0.75, None, 400),
        ("lincoln", "2024-25", "attendance", "", None, None, None),
        ("3010", "2023-24", "attendance", "", None, 0.727, None),
        ("3010", "2024-25", "attendance", "Female", pytest.approx(140 / 190), None, 190),
    ]
    assert (found.rows_read, found.set_aside) == (7, 3)


def test_report_card_discipline_and_assessment_are_read() -> None:
    discipline = read(
        STATE + "DisciplineRate,DisciplineNumerator,DisciplineDenominator,DisciplineDATNotes\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,5.41%,20,370,\n"
        "2024-25,School,27010,,Lincoln High,All Students,All Grades,<10%,,,N<10\n"
    )
    assert discipline.rows.select("value", "upper").rows() == [(0.0541, None), (None, 0.1)]
    assert discipline.good == {"discipline": "lower"}
    met = read(
        STATE + "TestAdministration,TestSubject,PercentMetStandard,CountMetStandard,DAT\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,SBAC,ELA,67.7%,100,\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,SBAC,Math,0.5,100,\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,AIM,Math,0.9,100,\n"
    )
    assert met.rows.select("measure", "value").rows() == [("achievement ela", 0.677), ("achievement math", 0.5)]
    assert met.set_aside == 1
    one = read(
        STATE + "TestAdministration,TestSubject,PercentMetStandard\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,SBAC,Math,0.5\n"
    )
    assert one.rows["measure"].to_list() == ["achievement math"], "the next file may have another subject"


def test_a_bound_stays_one_next_to_a_column_that_only_says_why() -> None:
    found = read(
        STATE + "DisciplineRate,DisciplineNumerator,DisciplineDenominator,DisciplineDATNotes\n"
        "2024-25,School,27010,3010,Cedar,All Students,All Grades,<4.4%,,227,Top/Bottom Range\n"
        "2023-24,School,27010,3010,Cedar,All Students,All Grades,2.1%,,227,Suppressed\n"
        "2022-23,School,27010,3010,Cedar,All Students,All Grades,2.1%,,227,Not suppressed\n"
    )
    assert found.rows.select("value", "upper", "suppressed").rows() == [
        (None, 0.044, True),
        (None, None, True),
        (0.021, None, False),
    ]


SUSPENDED = (
    "COMBOKEY,SCH_NAME,SCH_DISCWODIS_SINGOOS_HI_M,TOT_DISCWODIS_SINGOOS_M,TOT_DISCWODIS_SINGOOS_F,"
    "TOT_DISCWDIS_SINGOOS_IDEA_M,TOT_DISCWDIS_SINGOOS_IDEA_F"
)


def test_civil_rights_counts_add_up_and_a_reserve_code_is_no_count() -> None:
    found = read(
        f"{SUSPENDED},TOT_ENR_M,TOT_ENR_F\n"
        "530870003010,Cedar,4,10,5,3,2,200,200\n"
        "530870009999,Lincoln High,4,10,-9,3,2,200,200\n"
        "1,Washington,0,0,0,0,0,-9,200\n",
        period="2021-22",
    )
    assert found.rows.select("school_id", "measure", "value", "n").rows() == [
        ("3010", "discipline", 0.05, 400),
        ("lincoln", "discipline", None, 400),
        ("washington", "discipline", None, None),
    ]


def test_civil_rights_counts_without_the_enrolled_are_numbers_of_which_less_is_better() -> None:
    found = read(f"{SUSPENDED}\n530870003010,Cedar,4,1,0,0,0\n1,Washington,4,-5,0,0,0\n", period="2021-22")
    assert found.rows.select("measure", "value", "is_share").rows() == [
        ("students suspended", 1, False),
        ("students suspended", None, False),
    ]
    assert found.good == {"students suspended": "lower"}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("TOT_DISCWODIS_SINGOOS_M,TOT_DISCWODIS_SINGOOS_F", "no columns of students with disabilities"),
        ("TOT_DISCWODIS_SINGOOS_M,TOT_DISCWDIS_SINGOOS_IDEA_M", "columns of boys or of girls alone"),
    ],
)
def test_civil_rights_counts_of_a_part_of_the_students_are_set_aside(columns: str, reason: str) -> None:
    found = read(f"COMBOKEY,SCH_NAME,{columns}\n530870003010,Cedar,10,5\n", period="2021-22")
    assert found.rows.is_empty() and found.set_aside == 1
    assert reason in found.problems[0]["reason"]


def test_a_file_of_no_known_layout_is_refused_with_what_was_expected() -> None:
    with pytest.raises(RefusedFile, match="is not a file of outcomes: its first row has a, b") as refusal:
        read("a,b\n1,2\n")
    assert "school_id, period, measure, value" in refusal.value.remedy


def test_deliveries_take_trainings_that_are_in_no_catalogue() -> None:
    text = (
        "school_id,training_id,period,people\nlincoln,own idea,2025-09,7\nlincoln,own idea,2025-10,some\n,x,2025-09,1\n"
    )
    found = read_deliveries("file.csv", text.encode(), NAMES)
    assert found.rows.rows() == [("lincoln", "own idea", "2025-09", 7)]
    assert [problem["column"] for problem in found.problems] == ["people", "school_id"]
