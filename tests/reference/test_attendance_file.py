"""Who attended, from files as they really come."""

from __future__ import annotations

import pytest

from pd_core.errors import RefusedFile
from pd_core.reference.attendance_file import NO_ADDRESS, NO_TIME, ORGANIZER, read_attendance
from pd_core.reference.durations import minutes_of

NEWER = (
    "1. Summary\nMeeting title\tTeams: first steps\nAttended participants\t4\nStart time\t11/6/26, 3:28:00 PM\n\n"
    "2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Mia Lane\t11/6/26, 3:28:00 PM\t11/6/26, 5:00:00 PM\t1h 32m\tmia@example.org\tmia@example.org\tOrganizer\n"
    "Ada Bell\t11/6/26, 3:30:12 PM\t11/6/26, 4:35:15 PM\t1h 5m 3s\tAda@Example.org\tada@example.org\tAttendee\n"
    "Guest\t11/6/26, 3:31:00 PM\t11/6/26, 4:35:00 PM\t1h 4m\t\t\tAttendee\n"
    "Bo Reed\t11/6/26, 3:31:00 PM\t11/6/26, 3:31:00 PM\t0s\t\tbo@example.org\tAttendee\n\n"
    "3. In-Meeting Activities\n"
    "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Ada Bell\t11/6/26, 3:30:12 PM\t11/6/26, 4:00:00 PM\t29m 48s\tada@example.org\tAttendee\n"
)
OLDER = (
    "Meeting Summary\nTotal Number of Participants\t2\nMeeting Title\tPD\n\n"
    "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)\n"
    "Ada Bell\t11/6/2026, 3:30:12 PM\t11/6/2026, 4:00:12 PM\t30m\tada@example.org\tPresenter\tada@example.org\n"
    "Ada Bell\t11/6/2026, 4:10:00 PM\t11/6/2026, 4:20:00 PM\t10m\tada@example.org\tPresenter\tada@example.org\n"
    "Bo Reed\t11/6/2026, 3:30:12 PM\t11/6/2026, 4:30:12 PM\t1h\tbo@example.org\tAttendee\tbo@example.org\n"
)
GERMAN = (
    "1. Zusammenfassung\nBesprechungstitel;PD\n\n2. Teilnehmer\n"
    "Name;Erster Beitritt;Letztes Verlassen;Besprechungsdauer;E-Mail;Teilnehmer-ID (UPN);Rolle\n"
    "Mia;06.11.26, 15:28:00;06.11.26, 17:00:00;1 Std. 32 Min.;mia@example.org;mia@example.org;Organisator\n"
    "Ada;06.11.26, 15:30:12;06.11.26, 16:35:15;1 Std. 5 Min. 3 Sek.;ada@example.org;ada@example.org;Teilnehmer\n"
)


def found(text: str, encoding: str = "utf-16") -> list[tuple[str, float | None, str]]:
    read = read_attendance("report.csv", text.encode(encoding))
    return [(one.addresses[0] if one.addresses else "", one.minutes, one.problem) for one in read.people]


@pytest.mark.parametrize("text", [NEWER, NEWER.replace("\t", ",").replace("6/26, ", "6/26 ")])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_teams_report_is_the_people_of_its_participants_section(text: str, encoding: str) -> None:
    mia, ada, guest, bo = found(text, encoding)
    assert mia[2] == ORGANIZER
    assert ada == ("Ada@Example.org", pytest.approx(65.05), "")
    assert guest[2] == NO_ADDRESS
    assert bo[0] == "bo@example.org" and bo[2] == NO_TIME
    assert read_attendance("r.csv", text.encode(encoding)).form == "Teams attendance report"


def test_without_a_participants_section_the_activities_are_read() -> None:
    text = NEWER.partition("2. Participants")[0] + "3. In-Meeting" + NEWER.partition("3. In-Meeting")[2]
    assert found(text) == [("ada@example.org", pytest.approx(29.8), "")]


def test_a_person_who_joined_twice_in_an_older_report_is_one_person() -> None:
    assert found(OLDER) == [("ada@example.org", 40, ""), ("bo@example.org", 60, "")]


def test_headings_of_another_language_are_found_by_what_is_below_them() -> None:
    mia, ada = found(GERMAN)
    assert mia[2] == ORGANIZER
    assert ada == ("ada@example.org", pytest.approx(65.05), "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@example.org\nbo@example.org\n", [("ada@example.org", None), ("bo@example.org", None)]),
        ("Email\nada@example.org\n\nbo@example.org\n", [("ada@example.org", None), ("bo@example.org", None)]),
        ("ada@example.org; bo@example.org\n", [("ada@example.org", None), ("bo@example.org", None)]),
        ("name,email,minutes\nAda,ada@example.org,45\n", [("ada@example.org", 45)]),
        ("email,hours\nada@example.org,1.5\n", [("ada@example.org", 90)]),
        ("Nom;Adresse de messagerie;Durée\nAda;ada@example.org;1 h 30 min\n", [("ada@example.org", 90)]),
    ],
)
def test_a_list_or_a_sign_in_sheet_is_read(text: str, expected: list[tuple[str, float | None]]) -> None:
    assert [one[:2] for one in found(text, "utf-8")] == expected
    assert not any(one[2] for one in found(text, "utf-8"))


def test_hours_above_24_are_set_aside_and_other_times_are_named() -> None:
    rows = "email,minutes\nada@example.org,1441\nbo@example.org,soon\ncy@example.org,0\n"
    day, wrong, none = found(rows, "utf-8")
    assert none[2] == "the duration is zero"
    assert day[2] == "longer than 24 hours"
    assert "such as 1h 5m 3s" in wrong[2]


def test_a_file_without_addresses_is_refused() -> None:
    with pytest.raises(RefusedFile, match="holds no e-mail address"):
        read_attendance("x.csv", b"name,minutes\nAda,5\n")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h 5m 3s", 65.05), ("30m", 30), ("45s", 0.75), ("1 Std. 5 Min.", 65), ("1 h 5 min 3 s", 65.05),
        ("1:05:03", 65.05),
        ("1:05", 65), ("65", 65), ("0s", 0), ("", None), ("soon", None), ("11/6/26 3:30 PM", None), ("-5", None),
    ],
)  # fmt: skip
def test_durations_are_read_as_files_write_them(text: str, minutes: float | None) -> None:
    assert minutes_of(text) == (None if minutes is None else pytest.approx(minutes))
