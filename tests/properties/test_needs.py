"""Over random districts: what sentences of needs and verdicts may never say."""

import re
from datetime import date

import numpy as np
import polars as pl
import pytest

from pd_core.access import DISTRICT
from pd_core.entities import Wave
from pd_core.needs.needs import needs
from pd_core.needs.verdicts import verdicts
from pd_core.presentation.first_screen import overview
from pd_core.presentation.need_sentences import needs_sentence
from pd_core.presentation.reminders import resend_sentence, schools_to_resend
from pd_core.summaries.training_needs import needs_of
from tests.district import District

SKILLS = ("word", "powerpoint", "onenote", "teams", "forms", "immersive_reader")
STAFF = {"ada": 60, "bell": 40, "curie": 12, "darwin": 25, "edison": 9, "fermi": 4}
ROLES = ("teacher", "teacher", "paraeducator", "office_staff", None)
WAVES = [f"Wave {number}" for number in range(6)]


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


@pytest.fixture(scope="module")
def districts(shared_district: District) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Wave to school to what each person said; the store holds the same."""
    shared_district.schools(**STAFF)
    made = {}
    for number, wave in enumerate(WAVES):
        source = np.random.default_rng(number)
        made[wave] = {school: people(source, int(source.integers(1, staff + 1))) for school, staff in STAFF.items()}
        shared_district.many([(school, 1, one) for school, all_of in made[wave].items() for one in all_of], wave=wave)
    return made


def seen(said: list[dict[str, object]], training: str, skill: str) -> int:
    """How many of these people surely need the class."""
    level, use = f"proficiency_{skill}", f"samr_{skill}"
    if training == "entry":
        return sum(one.get(level, 2) < 2 for one in said)
    return sum(one.get(level, 0) >= 2 and one.get(use, 4) <= 1 and one["role"] != "office_staff" for one in said)


@pytest.mark.parametrize("wave", WAVES)
def test_no_sentence_calls_a_class_most_needed_that_two_others_surely_exceed(
    shared_district: District, districts, wave: str
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
    shared_district: District, districts, wave: str
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
    shared_district: District, districts, wave: str
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
def test_the_list_of_buildings_to_send_again_is_the_same_everywhere(shared_district: District, districts, wave: str):
    survey = shared_district.survey(wave=wave)
    found = verdicts(survey)
    rows = schools_to_resend(survey, found, Wave(wave), date(2026, 10, 20))
    assert set(rows["school_id"]) == set(found.filter("send_again")["school_id"])
    advice = overview(survey, verdicts=found).advice
    assert advice == resend_sentence(rows) or rows.is_empty()
