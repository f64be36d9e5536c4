"""The stores and what is asked of them. Numbers come from pd_core.summaries alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import streamlit as st

from pages.components.session.current_visitor import current
from pages.components.session.singletons import kept
from pd_core.access import EVERYTHING, Scope
from pd_core.actions import guesses
from pd_core.actions.sample import fill_with_sample
from pd_core.actions.uploads import undoable
from pd_core.codebook import Codebook, load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.entities import Wave
from pd_core.errors import UserError
from pd_core.ingestion import SchoolNames
from pd_core.pseudonyms import respondent_key
from pd_core.storage import Store, open_store, queries
from pd_core.storage import waves as kept_waves
from pd_core.summaries import tables
from pd_core.survey.scoped_survey import Survey, survey


@kept
def settings() -> Settings:
    """The settings of this server."""
    return load_settings()


@kept
def codebook() -> Codebook:
    """The survey's description."""
    return load_codebook(settings().codebook)


@kept
def store() -> Store:
    """The store of real answers."""
    return open_store(settings().store, list(codebook().items.values()))


@kept
def sample_store() -> Store:
    """The made-up district, in a file of its own; a changed survey or sample gets a new one."""
    marks = hashlib.sha256()
    for file in sorted([*settings().codebook.glob("*.csv"), *(ROOT / "data" / "sample").glob("*.csv")]):
        marks.update(file.read_bytes())
    path = settings().directory / f"sample-{marks.hexdigest()[:8]}.duckdb"
    with st.spinner("Preparing the sample district …"):
        sample = open_store(str(path), list(codebook().items.values()))
        fill_with_sample(sample, codebook())
    return sample


@kept
def key() -> bytes:
    """The secret behind respondents' codes."""
    return respondent_key(settings(), has_uploads=not queries.uploads(store()).is_empty())


def directory() -> Path:
    """Where the store's own files live; the usual place where the settings cannot be read."""
    try:
        return settings().directory
    except UserError:
        return ROOT / "data" / "store"


def is_sample() -> bool:
    """Whether the sample is shown: as long as no real answers are stored."""
    return not queries.has_uploads(store())


def shown_store() -> tuple[Store, Scope]:
    """The store that the pages show, and whose figures of it the visitor sees. The sample is for everyone."""
    scope = current().scope
    return (sample_store(), EVERYTHING) if is_sample() else (store(), scope)


def waves() -> list[str]:
    """The waves that have answers, latest first; they are the district's, and everyone may know them."""
    shown, _ = shown_store()
    return _waves(shown, shown.location, shown.version())


def schools() -> list[dict[str, object]]:
    """The schools that the visitor sees, by name: school_id, name, level, region, headcount."""
    shown, scope = shown_store()
    return queries.schools(shown, scope).to_dicts()


def school_name(school_id: str) -> str:
    """The name of a school that the visitor sees. Raises KeyError for another."""
    return {str(row["school_id"]): str(row["name"]) for row in schools()}[school_id]


def own_schools() -> list[str]:
    """The ids of the visitor's own schools; none where the whole district is theirs."""
    _, scope = shown_store()
    return sorted(scope.school_ids or ())


@st.cache_data(max_entries=4, show_spinner=False)
def _waves(_store: Store, location: str, version: str) -> list[str]:
    """The waves of a store as it stands at a version: their order in time takes a look at every answer."""
    return queries.waves(_store)["wave_id"].to_list()[::-1]


def wave_survey(wave_id: str, role: str | None = None) -> Survey:
    """The survey of one wave, for one role or all, as far as the visitor sees it."""
    shown, scope = shown_store()
    return survey(shown, codebook(), wave_id, role, settings().target_share, scope)


def wave_settings(wave_id: str) -> Wave:
    """What is set for a wave."""
    shown, _ = shown_store()
    return kept_waves.wave(shown, wave_id)


# What follows is about the store of real answers, whatever the pages show.


def uploads() -> list[dict[str, object]]:
    """The uploads that the visitor sees, latest first, as `summaries.tables.uploads` gives them, and may_undo."""
    mine = undoable(store(), current())
    found = tables.uploads(store(), current().upload_scope).to_dicts()
    return [{**row, "may_undo": row["upload_id"] in mine} for row in found]


def school_names(scope: Scope) -> dict[str, str]:
    """School to name, without those of the sample."""
    return {row["school_id"]: row["name"] for row in queries.schools(store(), scope).to_dicts()}


def real_schools() -> dict[str, str]:
    """School to name, of those for which the visitor may upload."""
    return school_names(current().upload_scope)


def real_waves() -> list[str]:
    """Waves that have real answers, latest first."""
    return _waves(store(), store().location, store().version())


def version() -> str:
    """Changes with every write to the store of real answers."""
    return store().version()


def near_schools(name: str) -> list[str]:
    """Ids of the schools whose names are nearest, best first."""
    return SchoolNames(queries.schools(store(), current().upload_scope)).near(name)


def real_school_rows() -> list[dict[str, object]]:
    """What is known of each school, without those of the sample: school_id, name, headcount, level, region."""
    rows = queries.schools(store(), current().upload_scope).to_dicts()
    return [{name: row[name] for name in ("school_id", "name", "headcount", "level", "region")} for row in rows]


def own_guesses(wave_id: str, school_id: str) -> dict[str, float] | None:
    """What the visitor guessed of a school before looking, as `actions.guesses.own_guesses`."""
    return guesses.own_guesses(store(), current(), wave_id, school_id)
