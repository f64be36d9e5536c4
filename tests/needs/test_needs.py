"""What each building needs, what its staff wish for, and the same as tables to take away: by hand."""

import pytest

from pd_core.access import EVERYTHING, Scope
from pd_core.errors import UnknownName
from pd_core.needs.needs import needs
from pd_core.storage import open_store
from pd_core.summaries.tables import ALL_TABLES, export_table
from pd_core.survey.preferences import wishes
from tests.district import District, row


def need(district: District, school_id: str, training: str, role: str | None = None) -> dict[str, object]:
    return row(needs(district.survey(role)), school_id=school_id, skill_id="word", training=training)


def test_an_entry_class_is_for_the_share_of_the_staff_below_proficient(district: District):
    district.answers("lincoln", 8, proficiency_word=1)
    district.answers("lincoln", 12, proficiency_word=2)
    found = need(district, "lincoln", "entry")
    assert found["people"] == pytest.approx(60 * 8 / 20, abs=1), "the district is Lincoln alone: it pulls nowhere"
    assert (found["people_low"], found["people_high"]) == (pytest.approx(18, abs=1), pytest.approx(30, abs=1))
    assert found["top_two"] == 0.99, "the one skill that was asked about, while 40 people have not answered"
    assert (found["trainer"], found["respondents"], found["headcount"]) == ("MIE", 20, 60)


def test_an_implementation_class_is_for_the_proficient_who_change_nothing_with_students_yet(district: District):
    district.answers("lincoln", 6, proficiency_word=2, samr_word=0)
    district.answers("lincoln", 3, proficiency_word=3, samr_word=1)
    district.answers("lincoln", 5, proficiency_word=3, samr_word=2)
    district.answers("lincoln", 4, proficiency_word=1, samr_word=0)
    district.answers("lincoln", 7, proficiency_word=2)
    found = need(district, "lincoln", "implementation")
    assert (found["respondents"], found["trainer"]) == (25, "Facilitator")
    assert found["people"] == pytest.approx(60 * 9 / 25, abs=1), (
        "who left out the question about students does not wait"
    )


def test_nothing_is_known_of_an_implementation_class_where_nobody_was_asked_about_students(district: District):
    district.answers("lincoln", 20, proficiency_word=2)
    district.answers("madison", 20, proficiency_word=2, samr_word=0)
    found = need(district, "lincoln", "implementation")
    assert (found["respondents"], found["people"], found["suppressed"]) == (0, None, False)
    assert need(district, "district", "implementation")["people"] == pytest.approx(40)


def test_without_a_headcount_a_need_is_the_respondents_alone(district: District):
    district.schools(lincoln=None)
    district.answers("lincoln", 8, proficiency_word=1, samr_word=0)
    district.answers("lincoln", 12, proficiency_word=2, samr_word=0)
    for training, people in (("entry", 8), ("implementation", 12)):
        for school_id in ("lincoln", "district"):
            found = need(district, school_id, training)
            assert (found["people"], found["people_low"], found["people_high"]) == (people, None, None)


def test_the_districts_need_is_that_of_its_schools_together(district: District):
    district.answers("lincoln", 10, proficiency_word=1)
    district.answers("madison", 5, proficiency_word=1)
    district.answers("madison", 15, proficiency_word=2)
    assert need(district, "district", "entry")["people"] == pytest.approx(60 * 1 + 40 * 0.25)


def test_the_districts_need_leaves_out_the_staff_of_schools_without_answers(district: District):
    district.schools(lincoln=60, madison=40, silent=100)
    district.answers("lincoln", 10, proficiency_word=1)
    district.answers("madison", 20, proficiency_word=2, samr_word=0)
    entry, implementation = (need(district, "district", training) for training in ("entry", "implementation"))
    assert (entry["people"], entry["headcount"]) == (pytest.approx(60), 100)
    assert (implementation["people"], implementation["headcount"]) == (pytest.approx(40), 40), (
        "at Lincoln nobody was asked"
    )


def test_the_greatest_need_comes_first_and_nobodys_last(district: District):
    district.answers("lincoln", 10, proficiency_word=1, proficiency_teams=2, proficiency_excel=2)
    district.answers("lincoln", 5, proficiency_word=1, proficiency_teams=0, proficiency_excel=2)
    rows = needs(district.survey()).filter(school_id="lincoln", training="entry")
    assert rows["skill_id"].head(3).to_list() == ["word", "teams", "excel"]
    assert rows["people"].head(3).to_list() == pytest.approx([60, 20, 0])
    assert rows["people"].tail(rows.height - 3).null_count() == rows.height - 3


def test_needs_of_a_role_are_those_of_its_people(district: District):
    district.roster(lincoln={"teacher": 40, "specialist": 20})
    district.answers("lincoln", 10, role="teacher", proficiency_word=2, samr_word=0)
    district.answers("lincoln", 10, role="specialist", proficiency_word=2, samr_word=4)
    assert need(district, "lincoln", "implementation", "teacher")["people"] == 40
    assert need(district, "lincoln", "implementation", "specialist")["people"] == 0
    # As on the staff list, where teachers are more: not half of all staff, as of those who answered.
    assert need(district, "lincoln", "implementation")["people"] == pytest.approx(40, abs=1)


def test_an_implementation_class_is_for_roles_that_teach_alone(district: District):
    district.answers("lincoln", 10, role="teacher", proficiency_word=2, samr_word=0)
    district.answers("lincoln", 10, role="teacher", proficiency_word=2, samr_word=1)
    district.answers("lincoln", 10, role="office_staff", proficiency_word=2, samr_word=0)
    found = need(district, "lincoln", "implementation")
    assert (found["respondents"], found["people"]) == (30, pytest.approx(40, abs=1))
    assert (found["not_used"], found["substituted"]) == (10, 10), "no use with students and substitution, apart"
    assert need(district, "lincoln", "implementation", "office_staff")["people"] is None
    levels = district.survey().samr_levels.filter(school_id="lincoln", skill_id="word")
    assert levels["answered"].unique().to_list() == [20]


def test_a_hidden_need_has_no_number(district: District):
    district.answers("lincoln", 30, proficiency_word=2, samr_word=0)
    district.answers("madison", 4, proficiency_word=2, samr_word=0)
    for training in ("entry", "implementation"):
        found = need(district, "madison", training)
        assert [found[name] for name in ("respondents", "people", "people_low", "people_high")] == [None] * 4
        assert found["reason"] == "fewer than 5 answers"


def test_wishes_are_counted_by_those_who_answered_the_question(district: District):
    district.answers("lincoln", 6, topics="teams_class;other")
    district.answers("lincoln", 2, topics="excel_data")
    district.answers("lincoln", 4, proficiency_word=1)
    district.answers("madison", 8, topics="excel_data")
    rows = wishes(district.survey(), "topics")
    mine = rows.filter(school_id="lincoln")
    assert mine["code"].head(3).to_list() == ["teams_class", "other", "excel_data"]
    assert mine["respondents"].head(4).to_list() == [6, 6, 2, 0]
    assert mine["answered"].unique().to_list() == [8]
    assert mine["share"].head(3).to_list() == [0.75, 0.75, 0.25]
    everywhere = row(rows, school_id="district", code="excel_data")
    assert (everywhere["respondents"], everywhere["answered"], everywhere["share"]) == (10, 16, 0.625)


def test_wishes_of_a_role_are_those_of_its_people(district: District):
    district.answers("lincoln", 6, role="teacher", times="lunch")
    district.answers("lincoln", 7, role="counselor", times="online")
    found = wishes(district.survey("teacher"), "times").filter(school_id="lincoln")
    assert (found["code"][0], found["respondents"][0], found["answered"][0]) == ("lunch", 6, 6)


def test_times_that_nobody_was_asked_for_have_no_share(district: District):
    district.answers("lincoln", 6, proficiency_word=1)
    rows = wishes(district.survey(), "times").filter(school_id="lincoln")
    assert rows["share"].null_count() == rows.height
    assert not rows["suppressed"].any()


@pytest.fixture
def two_waves(district: District) -> District:
    district.answers("lincoln", 10, wave="Spring 2027", proficiency_word=3, proficiency_teams=1, comment="Thanks")
    district.answers("madison", 10, wave="Fall 2026", role="teacher", proficiency_word=1, comment="More Teams")
    return district


def exported(district: District, table: str, *, scope: Scope = EVERYTHING, **filters: str | None):
    return export_table(district.store, district.codebook, table, target_share=0.6, scope=scope, **filters)


@pytest.mark.parametrize("table", [name for name in ALL_TABLES if name != "uploads"])
def test_a_table_has_all_waves_in_the_order_of_time(two_waves: District, table):
    found = exported(two_waves, table)
    assert found["wave_id"].unique(maintain_order=True).to_list() == ["Spring 2027", "Fall 2026"], (
        "as they were answered"
    )
    assert exported(two_waves, table, wave="fall 2026")["wave_id"].unique().to_list() == ["Fall 2026"]


@pytest.mark.parametrize(("school", "skill"), [("lincoln", "immersive_reader"), ("Lincoln", "immersive reader")])
def test_filters_take_an_id_or_a_name(two_waves: District, school, skill):
    found = exported(two_waves, "skill-summary", school=school, skill=skill)
    assert found.select("school_id", "skill_id").unique().rows() == [("lincoln", "immersive_reader")]


def test_a_role_and_the_district_can_be_asked_for(two_waves: District):
    found = exported(two_waves, "skill-summary", school="District", role="Teacher", skill="word", wave="Fall 2026")
    assert found["respondents"].to_list() == [10]
    assert exported(two_waves, "skill-summary", role="counselor")["respondents"].sum() == 0


@pytest.mark.parametrize(
    ("filters", "message", "near"),
    [
        ({"table": "need"}, "There is no table “need”.", "needs"),
        ({"school": "Lincon"}, "There is no school “Lincon”.", "Lincoln"),
        ({"skill": "OneNot"}, "There is no skill “OneNot”.", "OneNote"),
        ({"wave": "Fall 2025"}, "There is no wave “Fall 2025”.", "Fall 2026"),
        ({"role": "teachr"}, "There is no role “teachr”.", "Teacher"),
    ],
)
def test_an_unknown_name_is_told_with_what_there_is(two_waves: District, filters, message, near):
    with pytest.raises(UnknownName) as error:
        exported(two_waves, **({"table": "needs"} | filters))
    assert message in str(error.value)
    assert f"Did you mean “{near}”?" in str(error.value)


@pytest.mark.parametrize("table", ALL_TABLES)
def test_a_store_without_answers_gives_the_columns_alone(district: District, two_waves_columns, table):
    found = exported(district, table)
    assert found.is_empty()
    assert found.schema == two_waves_columns[table]


@pytest.fixture
def two_waves_columns(tmp_path, codebook):
    other = District(open_store(str(tmp_path / "other.duckdb"), list(codebook.items.values())), codebook)
    other.schools(lincoln=60)
    other.answers("lincoln", 10, proficiency_word=3)
    schemas = {table: exported(other, table).schema for table in ALL_TABLES}
    other.store.close()
    return schemas


def test_uploads_are_listed_for_a_wave_and_a_school(two_waves: District):
    assert exported(two_waves, "uploads")["wave_id"].to_list() == ["Fall 2026", "Spring 2027"], "latest first"
    assert exported(two_waves, "uploads", wave="Fall 2026")["status"].to_list() == ["committed"]
    assert exported(two_waves, "uploads", school="Lincoln")["wave_id"].to_list() == ["Spring 2027"]
