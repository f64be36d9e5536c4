"""The survey's description is checked when it is read: each problem with its file, its row and what to do."""

import shutil
from pathlib import Path

import pytest

from pd_core.codebook import Skill, fold
from pd_core.codebook_files import load_codebook
from pd_core.config import SETTINGS, load_settings
from pd_core.errors import CodebookError, SettingError
from tests.conftest import CODEBOOK_FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CODEBOOK_FOLDER, tmp_path / "codebook"))


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CodebookError) as error:
        load_codebook(folder)
    assert str(folder) in error.value.message
    assert f"{len(error.value.details)} problem" in error.value.message
    assert error.value.remedy
    return error.value.details


def test_the_codebook_that_comes_along_is_sound(codebook):
    assert len(codebook.items_of("proficiency")) == 12
    assert len(codebook.items_of("samr")) == 6
    assert list(codebook.level_labels("samr")) == [0, 1, 2, 3, 4]
    assert [item.item_id for item in codebook.items_by_wording["word"]] == ["proficiency_word", "samr_word"]


def test_roles_that_do_not_teach_are_told_apart(codebook, folder: Path):
    assert codebook.other_roles == {"counselor", "administrator", "office_staff"}
    file = folder / "scales.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join(line.rpartition(",")[0] for line in lines), encoding="utf-8")
    assert load_codebook(folder).other_roles == frozenset(), "a file without the column: all roles teach, as before"


APPENDED = {
    "an id twice": ("skills.csv", "word,Word,,,", "skill_id 'word' appears twice"),
    "an id with blanks": ("skills.csv", "my skill,Mine,,,", "expected a-z, digits and _"),
    "no name": ("skills.csv", "whiteboard,,,,", "name is empty"),
    "a year that is none": ("skills.csv", "whiteboard,Whiteboard,,26,", "expected a year such as 2026"),
    "a cell too many": ("skills.csv", "whiteboard,Whiteboard,,,,x", "more cells than the header"),
    "an unknown kind": ("items.csv", "mood,mood,,,,How are you?,", "expected one of school, role"),
    "an unknown skill": ("items.csv", "samr_paint,samr,paint,samr,,Paint,", "skill_id 'paint' is not in skills.csv"),
    "an id that does not say what it is": ("items.csv", "teams2,samr,teams,samr,,Teams 2,", "must be 'samr_teams'"),
    "an unknown scale": ("items.csv", "samr_excel,samr,excel,levels,,Excel,", "a samr item uses 'samr'"),
    "no wording": ("items.csv", "samr_excel,samr,excel,samr,,,", "wording is empty"),
    "a wording of another question": ("items.csv", "samr_excel,samr,excel,samr,,Word,", "'Word' is already in row"),
    "a tag twice": ("items.csv", "proficiency_new,proficiency,word,proficiency,q7,New,", "tag 'q7' is already in row"),
    "a tag that is none": ("items.csv", "proficiency_new,proficiency,word,proficiency,Q 7],New,", "tag is 'Q 7]'"),
    "a code twice": ("scales.csv", "role,teacher,,Tutor,", "code 'teacher' appears twice"),
    "a code with a semicolon": ("scales.csv", "times,a;b,,Dawn,", "expected letters, digits and _"),
    "a level in words": ("scales.csv", "role,tutor,high,Tutor,", "level is 'high'"),
    "a label of another answer": ("scales.csv", "role,tutor,,PARA,", "'PARA' is already in row"),
    "neither yes nor no": ("scales.csv", "role,tutor,,Tutor,,often", "teaches is 'often'; expected yes or no"),
    "no label": ("scales.csv", "role,tutor,,,", "label is empty"),
    "a fifth level": ("scales.csv", "proficiency,4,4,Wizard,", "needs the codes 0, 1, 2, 3, in this order"),
    "a grid of an unknown kind": (
        "grids.csv",
        "mood,How are you?",
        "kind is 'mood'; expected one of proficiency, samr",
    ),
    "a grid without a title": ("grids.csv", "samr,", "title is empty. Fill it in, or delete the row"),
    "an unknown leading field": (
        "leading_headers.csv",
        "begin,en,Begun",
        "field is 'begin'; expected one of id, start",
    ),
    "a header of two fields": (
        "leading_headers.csv",
        "end,en,Start time",
        "'Start time' is already the header of start",
    ),
}


@pytest.mark.parametrize("kind", APPENDED)
def test_a_row_that_cannot_be_used_is_named(kind, folder):
    file, row, told = APPENDED[kind]
    path = folder / file
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    path.write_text("\n".join([*lines, row]) + "\n", encoding="utf-8")
    found = [problem for problem in problems(folder) if told in problem]
    assert found, f"expected {told!r}"
    assert found[0].startswith(f"{file}, row {len(lines) + 1}: ") or found[0].startswith(f"{file}: scale")


def test_all_problems_are_told_at_once(folder):
    for file, row, _ in APPENDED.values():
        with (folder / file).open("a", encoding="utf-8") as out:
            out.write(row + "\n")
    assert len(problems(folder)) >= len(APPENDED)


def test_a_missing_file_is_named(folder):
    (folder / "grids.csv").unlink()
    assert any(problem.startswith("grids.csv: cannot be read") for problem in problems(folder))


def test_a_missing_column_is_named_with_those_expected(folder):
    (folder / "skills.csv").write_text("skill_id,name\nword,Word\n")
    assert "skills.csv, row 1: column iste_standard, from, until is missing; expected skill_id" in problems(folder)[0]


def test_a_file_in_an_old_encoding_says_how_to_save_it(folder):
    (folder / "grids.csv").write_bytes("kind,title\nsamr,Für Schüler".encode("cp1252"))
    assert "grids.csv: is not UTF-8 text. In Excel, save it as “CSV UTF-8”." in problems(folder)


def test_without_the_question_for_the_school_no_answer_has_a_building(folder):
    path = folder / "items.csv"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("school,")))
    assert any("the item school is missing" in problem for problem in problems(folder))


def test_a_file_saved_by_excel_and_blank_rows_are_fine(folder):
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("\n", "\r\n") + ",,\r\n"
        file.write_bytes(text.encode("utf-8-sig"))
    assert load_codebook(folder) == load_codebook(CODEBOOK_FOLDER)


@pytest.mark.parametrize(
    "text",
    ["I don’t  use it", "I\xa0don't use\u200b it ", "I DON'T\nUSE IT", "Ｉ don‘t use it", "\ufeffI don't use it\u200e"],
)
def test_texts_that_look_alike_are_compared_as_one(text):
    assert fold(text) == "i don't use it"


def test_a_skill_is_asked_between_its_years():
    skill = Skill("sway", "Sway", "", 2020, 2025)
    assert [skill.is_asked_in(year) for year in (2019, 2020, 2025, 2026)] == [False, True, True, False]
    assert Skill("teams", "Teams", "", None, None).is_asked_in(1999)


def test_without_settings_the_defaults_stand():
    settings = load_settings({})
    assert settings.store.endswith("pd.duckdb")
    assert settings.target_share == 0.6
    assert settings.directory == Path(settings.store).parent
    assert settings.administrators == frozenset() and settings.frames == ()
    assert (settings.other_schools, settings.sign_in_hours, settings.keep_years) == ("hidden", 12, None)


def test_settings_come_from_the_environment_and_a_named_store_goes_first():
    environment = {"PD_STORE": "elsewhere.duckdb", "PD_TARGET_SHARE": " 0.5 ", "PD_CODEBOOK": "words"}
    assert load_settings(environment).store == "elsewhere.duckdb"
    settings = load_settings(environment, store="here.duckdb")
    assert (settings.store, settings.target_share, settings.codebook) == ("here.duckdb", 0.5, Path("words"))


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("PD_TARGET_SHARE", "60", "PD_TARGET_SHARE is '60'. The response rate (0 to 1)"),
        ("PD_TARGET_SHARE", "most", "PD_TARGET_SHARE is 'most'"),
        ("PD_TARGET_SHARE", "nan", "PD_TARGET_SHARE is 'nan'"),
        ("PD_KEY", "short", "PD_KEY is too short"),
        ("PD_ADMINISTRATORS", "ada", "PD_ADMINISTRATORS is 'ada'"),
        ("PD_ADMINISTRATORS", "ada@example.org; ben", "PD_ADMINISTRATORS is"),
        ("PD_ADMINISTRATORS", "*@example.org, a b@example.org", "PD_ADMINISTRATORS is"),
        ("PD_OTHER_SCHOOLS", "all", "hidden, unnamed or named"),
        ("PD_OTHER_SCHOOLS", "Named", "hidden, unnamed or named"),
        ("PD_SIGN_IN_HOURS", "0", "PD_SIGN_IN_HOURS is '0'"),
        ("PD_SIGN_IN_HOURS", "-1", "PD_SIGN_IN_HOURS is '-1'"),
        ("PD_SIGN_IN_HOURS", "721", "720 at most"),
        ("PD_SIGN_IN_HOURS", "nan", "PD_SIGN_IN_HOURS is 'nan'"),
        ("PD_SIGN_IN_HOURS", "inf", "PD_SIGN_IN_HOURS is 'inf'"),
        ("PD_KEEP_YEARS", "0", "1 to 100"),
        ("PD_KEEP_YEARS", "-3", "1 to 100"),
        ("PD_KEEP_YEARS", "1.5", "1 to 100"),
        ("PD_KEEP_YEARS", "forever", "1 to 100"),
        ("PD_TIME_ZONE", "Pacific", "PD_TIME_ZONE is 'Pacific'"),
        ("PD_TIME_ZONE", "America", "PD_TIME_ZONE is 'America'"),
        ("PD_TIME_ZONE", "../etc/passwd", "such as America/Los_Angeles"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(variable, value, told):
    with pytest.raises(SettingError) as error:
        load_settings({variable: value})
    assert told in error.value.text()
    assert "short" not in error.value.text().replace("too short", ""), "a secret is never shown"


@pytest.mark.parametrize(
    "site",
    [
        "*",
        "https://*",
        "https://*.org",
        "https:",
        "http://intranet.example.org",
        "intranet.example.org",
        "https://localhost",
        "https://example.org/page",
        "https://example.org;",
        "https://example.org; script-src *",
        "https://*.*.example.org",
        "https://a.*.example.org",
        "https://teams.example.org *",
        "'self'",
        "data:",
    ],
)
def test_the_app_is_never_framed_by_any_site_that_comes_along(site):
    with pytest.raises(SettingError, match="cannot be used") as error:
        load_settings({"PD_FRAMES": site})
    assert "PD_FRAMES is" in error.value.text()


def test_what_decides_who_sees_what_is_read_from_the_environment():
    settings = load_settings(
        {
            "PD_ADMINISTRATORS": " Ada@Example.org ; ben@example.org, ",
            "PD_OTHER_SCHOOLS": "unnamed",
            "PD_SIGN_IN_HOURS": "0.5",
            "PD_FRAMES": "https://intranet.example.org  https://*.example.org:8443",
            "PD_KEEP_YEARS": " 3 ",
        }
    )
    assert settings.administrators == {"ada@example.org", "ben@example.org"}
    assert (settings.other_schools, settings.sign_in_hours, settings.keep_years) == ("unnamed", 0.5, 3)
    assert settings.frames == ("https://intranet.example.org", "https://*.example.org:8443")


def test_each_setting_says_what_it_is():
    for setting in SETTINGS.values():
        assert setting.variable.startswith("PD_") and setting.help.endswith(".")
