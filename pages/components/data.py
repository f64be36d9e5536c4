"""The stores and what is asked of them. Numbers come from pd_core.summaries alone."""

from __future__ import annotations

import hashlib

import streamlit as st

from pd_core.codebook import Codebook, load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.identity import respondent_key
from pd_core.ingestion import Choices, Meaning, Preview, Receipt, SchoolNames, buildings, commit, prepare
from pd_core.ingestion.reading import Table
from pd_core.ingestion.sample_district import fill_with_sample
from pd_core.storage import Store, open_store, queries, registers, undo_upload
from pd_core.summaries import tables
from pd_core.summaries.survey import Survey, survey


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this server."""
    return load_settings()


@st.cache_resource(show_spinner=False)
def codebook() -> Codebook:
    """The survey's description."""
    return load_codebook(settings().codebook)


@st.cache_resource(show_spinner="Opening the store …")
def store() -> Store:
    """The store of real answers."""
    return open_store(settings().store, list(codebook().items.values()))


@st.cache_resource(show_spinner="Preparing the sample district …")
def sample_store() -> Store:
    """The made-up district, in a file of its own; a changed survey or sample gets a new one."""
    marks = hashlib.sha256()
    for file in sorted([*settings().codebook.glob("*.csv"), *(ROOT / "data" / "sample").glob("*.csv")]):
        marks.update(file.read_bytes())
    path = settings().directory / f"sample-{marks.hexdigest()[:8]}.duckdb"
    sample = open_store(str(path), list(codebook().items.values()))
    fill_with_sample(sample, codebook())
    return sample


@st.cache_resource(show_spinner=False)
def key() -> bytes:
    """The secret behind respondents' codes."""
    return respondent_key(settings())


def is_sample() -> bool:
    """Whether the sample is shown: as long as no real answers are stored."""
    return not queries.has_uploads(store())


def shown_store() -> Store:
    """The store that the pages show."""
    return sample_store() if is_sample() else store()


def waves() -> list[str]:
    """The waves that have answers, latest first."""
    shown = shown_store()
    return _waves(shown, shown.location, shown.version())


def schools() -> list[dict[str, object]]:
    """The schools by name: school_id, name, level, region, headcount."""
    return queries.schools(shown_store()).to_dicts()


@st.cache_data(max_entries=4, show_spinner=False)
def _waves(_store: Store, location: str, version: str) -> list[str]:
    """The waves of a store as it stands at a version: their order in time takes a look at every answer."""
    return queries.waves(_store)["wave_id"].to_list()[::-1]


def wave_survey(wave_id: str, role: str | None = None) -> Survey:
    """The survey of one wave, for one role or all."""
    return survey(shown_store(), codebook(), wave_id, role, settings().target_share)


# What people change. It always goes to the store of real answers, never to the sample.

ACTOR = "This computer"


def uploads() -> list[dict[str, object]]:
    """Every upload, latest first, as `summaries.tables.uploads` gives them."""
    return tables.uploads(store()).to_dicts()


def real_schools() -> dict[str, str]:
    """School to name, without those of the sample."""
    return {row["school_id"]: row["name"] for row in queries.schools(store()).to_dicts()}


def real_waves() -> list[str]:
    """Waves that have real answers, latest first."""
    return _waves(store(), store().location, store().version())


def version() -> str:
    """Changes with every write to the store of real answers."""
    return store().version()


def near_schools(name: str) -> list[str]:
    """Ids of the schools whose names are nearest, best first."""
    return SchoolNames(queries.schools(store())).near(name)


def prepared(table: Table, choices: Choices) -> tuple[Preview, Receipt]:
    """What a file would store, and the receipt it would get. Raises UserError."""
    preview = prepare(table, codebook(), store(), key(), choices)
    return preview, commit(store(), preview, ACTOR, dry_run=True)


def commit_upload(preview: Preview) -> Receipt:
    """Stores a file's answers."""
    return commit(store(), preview, ACTOR)


def undo(upload_id: str) -> int:
    """Takes an upload out; returns how many people's answers no longer count."""
    return undo_upload(store(), upload_id, ACTOR)


def remember(form: str, meaning: Meaning) -> None:
    """Remembers what a form's words mean, for every later file of that form."""
    registers.save_mapping(store(), form, meaning.to_frame(), ACTOR)


def match_building(name: str, school_id: str) -> None:
    """Remembers another name of a school."""
    buildings.match_building(store(), name, school_id, ACTOR)


def add_building(name: str, headcount: int | None) -> str:
    """Adds a school; returns its id. Raises UserError where the name is taken."""
    return buildings.add_building(store(), name, ACTOR, headcount=headcount)


def change_building(row: dict[str, object]) -> None:
    """Puts new values of a school in place. Raises UserError."""
    buildings.change_building(store(), row, ACTOR)


def real_school_rows() -> list[dict[str, object]]:
    """What is known of each school, without those of the sample: school_id, name, headcount, level, region."""
    rows = queries.schools(store()).to_dicts()
    return [{name: row[name] for name in ("school_id", "name", "headcount", "level", "region")} for row in rows]


def has_meaning(form: str) -> bool:
    """Whether somebody said what this form's words mean."""
    meaning = Meaning.from_frame(queries.mapping(store(), form))
    return bool(meaning.items or meaning.answers)


def forget_meaning(form: str) -> None:
    """Takes back what was said of a form, so that it is asked again."""
    remember(form, Meaning.from_frame(queries.mapping(store(), form)).undecided())
