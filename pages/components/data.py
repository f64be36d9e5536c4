"""The stores and what is asked of them. Numbers come from pd_core.summaries alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.components.session import current_visitor
from pages.components.session.singletons import kept
from pd_core.access import DISTRICT, EVERYTHING, EVERYWHERE, Scope, can_undo, scope_of
from pd_core.actions import schools as school_actions
from pd_core.actions.sample import fill_with_sample
from pd_core.codebook import Codebook, load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.entities import Wave
from pd_core.errors import RefusedAccess, RefusedName, UserError
from pd_core.ingestion import Choices, Meaning, Preview, Receipt, SchoolNames, commit, prepare
from pd_core.ingestion.reading import Table
from pd_core.pseudonyms import respondent_key
from pd_core.reference.waves import read_wave
from pd_core.storage import Store, open_store, queries, reference, undo_upload
from pd_core.storage import guesses as kept_guesses
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


def shown() -> tuple[Store, Scope]:
    """The store that the pages show, and whose figures of it the visitor sees. The sample is for everybody."""
    scope = current_visitor.current().scope
    return (sample_store(), EVERYTHING) if is_sample() else (store(), scope)


def waves() -> list[str]:
    """The waves that have answers, latest first; they are the district's, and everybody may know them."""
    shown_store, _ = shown()
    return _waves(shown_store, shown_store.location, shown_store.version())


def schools() -> list[dict[str, object]]:
    """The schools that the visitor sees, by name: school_id, name, level, region, headcount."""
    shown_store, scope = shown()
    return queries.schools(shown_store, scope).to_dicts()


def school_name(school_id: str) -> str:
    """The name of a school that the visitor sees. Raises KeyError for another."""
    return {str(row["school_id"]): str(row["name"]) for row in schools()}[school_id]


def own_schools() -> list[str]:
    """The ids of the visitor's own buildings; none where the whole district is theirs."""
    _, scope = shown()
    return sorted(scope.school_ids or ())


@st.cache_data(max_entries=4, show_spinner=False)
def _waves(_store: Store, location: str, version: str) -> list[str]:
    """The waves of a store as it stands at a version: their order in time takes a look at every answer."""
    return queries.waves(_store)["wave_id"].to_list()[::-1]


def wave_survey(wave_id: str, role: str | None = None) -> Survey:
    """The survey of one wave, for one role or all, as far as the visitor sees it."""
    shown_store, scope = shown()
    return survey(shown_store, codebook(), wave_id, role, settings().target_share, scope)


def wave_settings(wave_id: str) -> Wave:
    """What is set for a wave."""
    shown_store, _ = shown()
    return kept_waves.wave(shown_store, wave_id)


# What people change. It always goes to the store of real answers, never to the sample.


def name() -> str:
    """What the audit calls whoever looks at the page."""
    return current_visitor.current().behind.name


def reach() -> Scope:
    """The schools for which the visitor may upload."""
    return scope_of(current_visitor.current().actor, "upload")


def owner() -> str | None:
    """Whose files a form's words hold for, where that is not everybody: somebody's who has buildings."""
    actor = current_visitor.current().actor
    return None if actor.role in EVERYWHERE else actor.name


def uploads() -> list[dict[str, object]]:
    """The uploads that the visitor sees, latest first, as `summaries.tables.uploads` gives them, and may_undo."""
    actor = current_visitor.current().actor
    found = tables.uploads(store(), reach()).to_dicts()
    schools_of: dict[object, list[str]] = {}
    if reach().school_ids is not None:  # whoever has the whole district may take out any
        for row in queries.schools_of_uploads(store()).to_dicts():
            schools_of.setdefault(row["upload_id"], []).append(row["school_id"])
    return [
        {**row, "may_undo": can_undo(actor, str(row["uploaded_by"]), schools_of.get(row["upload_id"], ()))}
        for row in found
    ]


def school_names(scope: Scope) -> dict[str, str]:
    """School to name, without those of the sample."""
    return {row["school_id"]: row["name"] for row in queries.schools(store(), scope).to_dicts()}


def real_schools() -> dict[str, str]:
    """School to name, of those for which the visitor may upload."""
    return school_names(reach())


def real_waves() -> list[str]:
    """Waves that have real answers, latest first."""
    return _waves(store(), store().location, store().version())


def version() -> str:
    """Changes with every write to the store of real answers."""
    return store().version()


def near_schools(name: str) -> list[str]:
    """Ids of the schools whose names are nearest, best first."""
    return SchoolNames(queries.schools(store(), reach())).near(name)


def prepared(table: Table, choices: Choices) -> tuple[Preview, Receipt]:
    """What a file would store, and the receipt it would get. Raises UserError."""
    preview = prepare(table, codebook(), store(), key(), reach(), choices, owner())
    return preview, commit(store(), preview, name(), dry_run=True)


def commit_upload(preview: Preview) -> Receipt:
    """Stores a file's answers."""
    current_visitor.current().require("upload", *preview.schools)
    return commit(store(), preview, name())


def undo(upload_id: str) -> int:
    """Takes an upload out; returns how many people's answers no longer count. Raises UserError."""
    found = next((row for row in uploads() if row["upload_id"] == upload_id), None)
    if found is None or not found["may_undo"] or current_visitor.current().is_looking_as:
        raise RefusedAccess("This upload is not yours to take out.", "Ask your facilitator.")
    return undo_upload(store(), upload_id, name())


def remember(form: str, meaning: Meaning) -> None:
    """Remembers what a form's words mean, for every later file of that form; for a visitor with buildings, theirs."""
    current_visitor.current().require("upload")
    reference.save_mapping(store(), form, meaning.to_frame(), name(), owner())


def match_building(name_in_file: str, school_id: str) -> None:
    """Remembers another name of a school."""
    current_visitor.current().require("schools", school_id)
    school_actions.match_building(store(), name_in_file, school_id, name())


def add_building(new_name: str, headcount: int | None) -> str:
    """Adds a school; returns its id. Raises UserError where the name is taken."""
    current_visitor.current().require("schools")
    return school_actions.add_building(store(), new_name, name(), headcount=headcount)


def change_building(row: dict[str, object]) -> None:
    """Puts new values of a school in place. Raises UserError."""
    current_visitor.current().require("schools", str(row["school_id"]))
    school_actions.change_building(store(), row, name())


def real_school_rows() -> list[dict[str, object]]:
    """What is known of each school, without those of the sample: school_id, name, headcount, level, region."""
    rows = queries.schools(store(), reach()).to_dicts()
    return [{name: row[name] for name in ("school_id", "name", "headcount", "level", "region")} for row in rows]


def has_meaning(form: str) -> bool:
    """Whether somebody said what this form's words mean."""
    meaning = Meaning.from_frame(queries.mapping(store(), form, owner()))
    return bool(meaning.items or meaning.answers)


def forget_meaning(form: str) -> None:
    """Takes back what was said of a form, so that it is asked again."""
    remember(form, Meaning.from_frame(queries.mapping(store(), form, owner())).undecided())


def put_wave(wave: Wave) -> None:
    """Sets a wave, in place of what was set before. Raises RefusedName for a link or day that cannot be used."""
    current_visitor.current().require("waves")
    schools = queries.schools(store(), EVERYTHING)
    checked = read_wave(wave.wave_id, wave.closes_on, wave.form_link, wave.asks_guesses, schools)
    kept_waves.put_wave(store(), checked, name())


def own_guesses(wave_id: str, school_id: str) -> dict[str, float] | None:
    """What the visitor guessed of a building before looking: skill to share (0-1); empty: looked without guessing.

    Null for whoever has done neither yet. Empty too where no guess is taken: `put_guesses` says where.
    """
    who = current_visitor.current()
    takes_one = not (who.is_looking_as or who.actor.role == "guest" or school_id == DISTRICT or is_sample())
    if not takes_one or not who.may("view", school_id):
        return {}
    return kept_guesses.guesses_of(store(), wave_id, school_id, name())


def put_guesses(wave_id: str, school_id: str, guesses: Mapping[str, float]) -> None:
    """Keeps what the visitor expects of a building: skill to share (0-1); empty: looked without guessing.

    Whoever has an entry keeps that one. Raises RefusedAccess for another's building, for guests of a link, while
    looking as somebody else and for the sample; RefusedName for what is no building, wave, skill or share.
    """
    who = current_visitor.current()
    who.require("view", school_id)
    if who.is_looking_as:
        raise RefusedAccess("You look at the pages as somebody else: a guess is your own.", "Stop that first.")
    if who.actor.role == "guest":
        raise RefusedAccess("A guest of a link makes no guesses.", "Sign in to make your own.")
    if is_sample():
        raise RefusedAccess("These schools are made up: no guess of them is kept.", "Upload your own answers first.")
    unknown = {school_id} - school_names(EVERYTHING).keys()
    unknown |= {wave_id} - set(queries.wave_ids(store()))
    unknown |= guesses.keys() - codebook().skills.keys()
    if unknown:
        raise RefusedName(f"There is no {' or '.join(sorted(unknown))}.", "Reload the page. Nothing was stored.")
    kept_guesses.put_guesses(store(), wave_id, school_id, name(), guesses)
