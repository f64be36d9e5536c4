"""Over random districts: what sentences of needs and verdicts may never say."""

import re
from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.entities import Wave
from pd_core.needs.needs import needs
from pd_core.needs.verdicts import verdicts
from pd_core.presentation.first_screen import overview
from pd_core.presentation.need_sentences import needs_sentence
from pd_core.presentation.reminders import resend_sentence, schools_to_resend
from pd_core.presentation.responses import district_coverage
from pd_core.summaries.planning_problem import planning_problem
from pd_core.summaries.tables import export_table
from pd_core.summaries.training_needs import needs_of
from tests.district import District, row

SKILLS = ("word", "powerpoint", "onenote", "teams", "forms", "immersive_reader")
STAFF = {"ada": 60, "bell": 40, "curie": 12, "darwin": 25, "edison": 9, "fermi": 4}
ROLES = ("teacher", "teacher", "paraeducator", "office_staff", None)
WAVES = [
    pytest.param(f"Wave {number}", marks=[pytest.mark.slow] if number >= 6 else []) for number in range(60)
]  # fmt: skip


def people(source: np.random.Generator, number: int) -> list[dict[str, object]]:
    able, changed = source.uniform(0.1, 0.9, (2, len(SKILLS)))
    asks_all = source.random() < 0.5
    found = []
    for _ in range(number):
        said: dict[str, object] = {"role": ROLES[source.integers(len(ROLES))]}
        for place, skill in enumerate(SKILLS):
            if asks_all or source.random() < 0.8 or place < 2:
                said[f"proficiency_{skill}"] = 2 + int(source.integers(2)) if source.random() < able[place] else 0
            if asks_all or source.random() < 0.6:
                said[f"samr_{skill}"] = 3 if source.random() < changed[place] else int(source.integers(2))
        found.append(said)
    return found


class Districts(dict[str, dict[str, list[dict[str, object]]]]):
    """Wave to school to what each person said; the store holds the same of each wave that was asked for."""

    def __init__(self, district: District) -> None:
        super().__init__()
        self.district = district
        district.schools(**STAFF)

    def __missing__(self, wave: str) -> dict[str, list[dict[str, object]]]:
        source = np.random.default_rng(int(wave.removeprefix("Wave ")))
        self[wave] = {school: people(source, int(source.integers(1, staff + 1))) for school, staff in STAFF.items()}
        self.district.many([(school, 1, one) for school, all_of in self[wave].items() for one in all_of], wave=wave)
        return self[wave]


@pytest.fixture(scope="module")
def districts(shared_district: District) -> Districts:
    return Districts(shared_district)


@pytest.fixture(autouse=True)
def asked(districts: Districts, request: pytest.FixtureRequest) -> None:
    """The wave that a test is about is there."""
    assert districts[request.getfixturevalue("wave")]


def seen(said: list[dict[str, object]], training: str, skill: str) -> int:
    """How many of these people surely need the class."""
    level, use = f"proficiency_{skill}", f"samr_{skill}"
    if training == "entry":
        return sum(one.get(level, 2) < 2 for one in said)
    return sum(one.get(level, 0) >= 2 and one.get(use, 4) <= 1 and one["role"] != "office_staff" for one in said)


@pytest.mark.parametrize("wave", WAVES)
def test_no_sentence_calls_a_class_most_needed_that_two_others_surely_exceed(
    shared_district: District, districts: Districts, wave: str
):
    survey = shared_district.survey(wave=wave)
    names = {survey.codebook.skills[skill].name: skill for skill in SKILLS}
    for school, staff in STAFF.items():
        said = districts[wave][school]
        unseen = staff - len(said)
        for training in ("entry", "implementation"):
            sentence = needs_sentence(needs_of(survey, school, training), "No one.")
            if "needed most" not in sentence:
                continue
            named = [skill for name, skill in names.items() if re.search(rf"\b{name}\b", sentence.split(";")[0])]
            assert named, sentence
            surely = {skill: seen(said, training, skill) for skill in SKILLS}
            silent = {skill: sum(f"proficiency_{skill}" not in one for one in said) for skill in SKILLS}
            for skill in named:
                most = surely[skill] + unseen + silent[skill]
                greater = [other for other in SKILLS if other not in named and surely[other] > most]
                assert len(greater) < 2, (school, sentence, surely)


@pytest.mark.parametrize("wave", WAVES)
def test_chances_are_told_where_every_class_of_the_kind_is_shown_and_nowhere_else(
    shared_district: District, districts: Districts, wave: str
):
    rows = needs(shared_district.survey(wave=wave))
    for (school, _), kind in rows.group_by("school_id", "training"):
        if kind["suppressed"].any() or school == DISTRICT:
            assert kind["top_two"].null_count() == kind["certainty"].null_count() == kind.height
        drawn = kind.drop_nulls("certainty")
        if drawn.height:
            assert drawn["top_two"].null_count() == drawn["people"].null_count()
            assert drawn["certainty"].n_unique() == drawn["decision"].n_unique() == 1
            assert drawn["top_two"].max() >= drawn["certainty"][0] - 1e-9
    people = rows.select("people", "people_low", "people_high", "people_stressed").drop_nulls()
    assert (people == people.select(pl.all().round())).to_numpy().all(), "whole people"


@pytest.mark.parametrize("wave", WAVES)
def test_nothing_asks_for_more_answers_than_are_missing_or_fewer_than_the_rules_need(
    shared_district: District, districts: Districts, wave: str
):
    survey = shared_district.survey(wave=wave)
    found = verdicts(survey)
    for one in found.to_dicts():
        missing = one["headcount"] - one["respondents"]
        texts = (one["sentence"], one["tipping"], overview(survey, one["school_id"]).advice)
        numbers = [int(number) for text in texts for number in re.findall(r"(\d+) (?:more )?answers?", text)]
        numbers += [one[name] for name in ("needed", "more_answers", "missing") if one[name]]
        for number in numbers:
            assert number <= missing or number == 5, (one, texts)
            if one["headcount"] >= 5:
                assert one["respondents"] + number >= 5 or number == 5, (one, texts)


@pytest.mark.parametrize("wave", WAVES)
def test_the_schools_that_get_the_form_again_are_the_same_on_every_page_in_every_file_and_command(
    shared_district: District, districts: Districts, wave: str
):
    survey = shared_district.survey(wave=wave)
    found = verdicts(survey)
    listed = set(found.filter("send_again")["school_id"])
    rows = schools_to_resend(survey, found, Wave(wave), date(2026, 10, 20))
    assert set(rows["school_id"]) == listed
    page = district_coverage(survey, found, Wave(wave), date(2026, 10, 20), to_staff=True)
    assert page.advice == resend_sentence(rows)
    assert (set(page.resend.frame["school_id"]) if page.resend else set()) == listed
    assert overview(survey, verdicts=found).advice == resend_sentence(rows) or not listed
    assert {one for one in STAFF if overview(survey, one).action == "remind"} == listed
    store, codebook = shared_district.store, shared_district.codebook
    exported = export_table(store, codebook, "verdicts", wave=wave, target_share=0.6, scope=EVERYTHING)
    assert set(exported.filter("send_again")["school_id"]) == listed
    planned = set(planning_problem(survey, now=datetime(2026, 10, 20)).resend)
    too_early = set(found.filter(verdict="too early")["school_id"])
    assert planned == {one for one in listed & too_early if row(found, school_id=one)["missing"]}
