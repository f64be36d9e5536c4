"""Every action as a small act on a store, with the people who may do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import polars as pl

from pd_core.access import Visitor
from pd_core.actions import (
    credentials,
    erasure,
    form_mappings,
    guesses,
    outcomes,
    roles,
    schools,
    share_links,
    skills,
    table_feeds,
    training_lists,
    upload_addresses,
    uploads,
    waves,
)
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT
from pd_core.entities import Wave
from pd_core.ingestion import Meaning, Preview, read
from pd_core.storage import Store, links, queries
from pd_core.storage.training_lists import COLUMNS, List
from tests.actions.people import ADMINISTRATOR, COMMAND_LINE, FACILITATOR, FIRST, KEY, MIE, PRINCIPAL
from tests.conftest import SCHOOLS
from tests.forms import Survey, survey_workbook

Act = Callable[[Store, Visitor], object]
CODEBOOK = load_codebook(ROOT / "data" / "codebook")
WAVE = "Fall 2026"
SCHOOL = {"school_id": "lincoln", "name": "Lincoln", "level": "High", "region": "North", "headcount": 61}
ROLES = pl.DataFrame({"email": ["new@example.org"], "role": ["mie"], "school_ids": ["lincoln"]})
STAFF = pl.DataFrame({"respondent": ["code"], "school_id": ["lincoln"], "role": ["teacher"], "grade_band": ["9-12"]})
OUTCOMES = b"school_id,period,measure,value\nlincoln,2025-09,attendance,91%\n"
EARNER = Survey(school="Lincoln High", n=6, seed=1).persons()[0].email
CREDENTIALS = f"email,credential,earned_on\n{EARNER},MCE,2026-01-02\n".encode()
DELIVERIES = b"school_id,training_id,period,people\nlincoln,teams,2025-09,7\n"
ADMINISTRATORS = (ADMINISTRATOR, COMMAND_LINE)
WHOLE_DISTRICT = (*ADMINISTRATORS, FACILITATOR)
UPLOADERS = (*WHOLE_DISTRICT, MIE)


def prepared(store: Store, school: str) -> Preview:
    table = read("new.xlsx", survey_workbook(school=school, n=6, seed=99), CODEBOOK)
    return uploads.prepare_upload(store, ADMINISTRATOR, table, CODEBOOK, KEY)


def ingested(store: Store, who: Visitor) -> object:
    table = read("new.xlsx", survey_workbook(school="Lincoln High", n=6, seed=99), CODEBOOK)
    return uploads.ingest(store, who, table, CODEBOOK, KEY)


def one_of(name: List) -> pl.DataFrame:
    """A list of one row."""
    values = {pl.String: "lincoln", pl.Float64: 2.0, pl.Int32: 20, pl.Date: date(2031, 1, 14)}
    moment = datetime(2031, 1, 14, 15, 30)
    row = {column: values.get(kind, moment) for column, kind in COLUMNS[name].items()}  # type: ignore[call-overload]
    return pl.DataFrame([row], schema=COLUMNS[name])


def first_upload(store: Store) -> str:
    return str(queries.uploads(store)["upload_id"][-1])


def survey_address() -> str:
    """The address of somebody who answered."""
    return str(Survey(school="Lincoln High", n=6, seed=1).persons()[0].email)


# What changes something, who may do it, and which action it is.
CHANGES: dict[str, tuple[str, Act, tuple[Visitor, ...]]] = {
    "upload for the own school": (
        "uploads.commit_upload",
        lambda store, who: uploads.commit_upload(store, who, prepared(store, "Lincoln High")),
        UPLOADERS,
    ),
    "upload for another school": (
        "uploads.commit_upload",
        lambda store, who: uploads.commit_upload(store, who, prepared(store, "Washington Elementary")),
        WHOLE_DISTRICT,
    ),
    "take a file at once": ("uploads.ingest", ingested, UPLOADERS),
    "take out another's upload": (
        "uploads.undo_upload",
        lambda store, who: uploads.undo_upload(store, who, first_upload(store)),
        WHOLE_DISTRICT,
    ),
    "explain a form": (
        "form_mappings.remember",
        lambda store, who: form_mappings.remember(store, who, CODEBOOK, "form", Meaning(items={"A": None})),
        UPLOADERS,
    ),
    "explain a form by a file": (
        "form_mappings.remember_file",
        lambda store, who: form_mappings.remember_file(store, who, CODEBOOK, "form", "m.csv", b"subject,code\nB,\n"),
        UPLOADERS,
    ),
    "add a skill": (
        "skills.add_skill",
        lambda store, who: skills.add_skill(store, who, CODEBOOK, "Canva"),
        ADMINISTRATORS,
    ),
    "rename a skill": (
        "skills.rename_skill",
        lambda store, who: skills.rename_skill(store, who, CODEBOOK, "sway", "Sway and Reels"),
        ADMINISTRATORS,
    ),
    "retire a skill": (
        "skills.retire_skill",
        lambda store, who: skills.retire_skill(store, who, CODEBOOK, "sway", 2026),
        ADMINISTRATORS,
    ),
    "match a school": (
        "schools.match_school",
        lambda store, who: schools.match_school(store, who, "LHS 2", "lincoln"),
        WHOLE_DISTRICT,
    ),
    "add a school": (
        "schools.add_school",
        lambda store, who: schools.add_school(store, who, "New School", headcount=20),
        WHOLE_DISTRICT,
    ),
    "change a school": (
        "schools.change_school",
        lambda store, who: schools.change_school(store, who, dict(SCHOOL)),
        WHOLE_DISTRICT,
    ),
    "set the schools": (
        "schools.set_schools",
        lambda store, who: schools.set_schools(store, who, SCHOOLS),
        WHOLE_DISTRICT,
    ),
    "set the staff list": (
        "schools.set_roster",
        lambda store, who: schools.set_roster(store, who, STAFF),
        WHOLE_DISTRICT,
    ),
    "set a wave": (
        "waves.put_wave",
        lambda store, who: waves.put_wave(store, who, Wave(WAVE, asks_guesses=True)),
        WHOLE_DISTRICT,
    ),
    "set the trainers": (
        "training_lists.set_trainers",
        lambda store, who: training_lists.set_trainers(store, who, one_of("trainer")),
        WHOLE_DISTRICT,
    ),
    "set the catalog": (
        "training_lists.set_catalog",
        lambda store, who: training_lists.set_catalog(store, who, one_of("training")),
        WHOLE_DISTRICT,
    ),
    "set the slots": (
        "training_lists.set_slots",
        lambda store, who: training_lists.set_slots(store, who, one_of("slot")),
        WHOLE_DISTRICT,
    ),
    "set the goals": (
        "training_lists.set_goals",
        lambda store, who: training_lists.set_goals(store, who, one_of("goal")),
        WHOLE_DISTRICT,
    ),
    "set the ways": (
        "training_lists.set_travel",
        lambda store, who: training_lists.set_travel(store, who, one_of("travel")),
        WHOLE_DISTRICT,
    ),
    "set what credentials are for": (
        "credentials.set_credential_map",
        lambda store, who: credentials.set_credential_map(store, who, one_of("credential_map")),
        WHOLE_DISTRICT,
    ),
    "set who applied": (
        "training_lists.set_applicants",
        lambda store, who: training_lists.set_applicants(store, who, one_of("applicant")),
        WHOLE_DISTRICT,
    ),
    "edit what credentials are for": (
        "credentials.put_credential_map",
        lambda store, who: credentials.put_credential_map(store, who, CODEBOOK, [("MCE", "teams", "2.4")]),
        WHOLE_DISTRICT,
    ),
    "take credentials": (
        "credentials.take_credentials",
        lambda store, who: credentials.take_credentials(
            store, who, CODEBOOK, "c.csv", CREDENTIALS, KEY, date(2031, 1, 1)
        ),
        WHOLE_DISTRICT,
    ),
    "set the budget": (
        "training_lists.set_budget",
        lambda store, who: training_lists.set_budget(store, who, one_of("budget")),
        WHOLE_DISTRICT,
    ),
    "set a school's goal": (
        "training_lists.set_school_goal",
        lambda store, who: training_lists.set_school_goal(store, who, CODEBOOK, "lincoln", "", "More", {"teams": 2}),
        WHOLE_DISTRICT,
    ),
    "guess of the own school": (
        "guesses.put_guesses",
        lambda store, who: guesses.put_guesses(store, who, CODEBOOK, WAVE, "lincoln", {"teams": 0.5}),
        (*UPLOADERS, PRINCIPAL),
    ),
    "guess of another school": (
        "guesses.put_guesses",
        lambda store, who: guesses.put_guesses(store, who, CODEBOOK, WAVE, "madrona", {}),
        WHOLE_DISTRICT,
    ),
    "make a link": (
        "share_links.make_link",
        lambda store, who: share_links.make_link(store, who, "lincoln"),
        (*WHOLE_DISTRICT, PRINCIPAL),
    ),
    "make a link to another school": (
        "share_links.make_link",
        lambda store, who: share_links.make_link(store, who, "washington"),
        WHOLE_DISTRICT,
    ),
    "make a link to the district": (
        "share_links.make_link",
        lambda store, who: share_links.make_link(store, who, "district"),
        WHOLE_DISTRICT,
    ),
    "revoke another's link": (
        "share_links.revoke_link",
        lambda store, who: share_links.revoke_link(store, who, links.links(store)[0].link_id),
        WHOLE_DISTRICT,
    ),
    "make an upload address": (
        "upload_addresses.make_upload",
        lambda store, who: upload_addresses.make_upload(store, who, "lincoln", 90),
        WHOLE_DISTRICT,
    ),
    "make a feed": (
        "table_feeds.make_feed",
        lambda store, who: table_feeds.make_feed(store, who, "skill-summary", "lincoln", 90),
        (*WHOLE_DISTRICT, PRINCIPAL),
    ),
    "make a feed of another school": (
        "table_feeds.make_feed",
        lambda store, who: table_feeds.make_feed(store, who, "skill-summary", "washington", 90),
        WHOLE_DISTRICT,
    ),
    "make a feed of every school": (
        "table_feeds.make_feed",
        lambda store, who: table_feeds.make_feed(store, who, "outcomes", "district", 90),
        WHOLE_DISTRICT,
    ),
    "give a role": (
        "roles.give_role",
        lambda store, who: roles.give_role(store, who, {FIRST}, "new@example.org", "principal", ["lincoln"]),
        ADMINISTRATORS,
    ),
    "set all roles": (
        "roles.set_roles",
        lambda store, who: roles.set_roles(store, who, {FIRST}, ROLES),
        ADMINISTRATORS,
    ),
    "remove a role": (
        "roles.remove_role",
        lambda store, who: roles.remove_role(store, who, "old@example.org"),
        ADMINISTRATORS,
    ),
    "take outcomes": (
        "outcomes.take_outcomes",
        lambda store, who: outcomes.take_outcomes(store, who, "outcomes.csv", OUTCOMES),
        WHOLE_DISTRICT,
    ),
    "take deliveries": (
        "outcomes.take_deliveries",
        lambda store, who: outcomes.take_deliveries(store, who, "deliveries.csv", DELIVERIES),
        WHOLE_DISTRICT,
    ),
    "erase a person's answers": (
        "erasure.forget",
        lambda store, who: erasure.forget(store, who, survey_address(), KEY),
        ADMINISTRATORS,
    ),
    "erase old answers": (
        "erasure.retain",
        lambda store, who: erasure.retain(store, who, 1, date(2040, 1, 1)),
        ADMINISTRATORS,
    ),
}
