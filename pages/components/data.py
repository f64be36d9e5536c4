"""The stores and the queries that pages make. Numbers come only from pd_core.summaries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.session.current_visitor import current
from pages.components.session.singletons import kept
from pd_core.access import EVERYTHING, Scope
from pd_core.actions import guesses
from pd_core.actions.sample import fill_with_sample
from pd_core.actions.secret import secret_key
from pd_core.actions.uploads import undoable
from pd_core.changed_skills import ChangedSkill, with_skills
from pd_core.codebook import Codebook
from pd_core.codebook_files import load_codebook
from pd_core.config import ROOT, Settings, load_settings
from pd_core.entities import Wave
from pd_core.errors import UserError
from pd_core.ingestion import SchoolNames
from pd_core.reference.waves import read_form_link
from pd_core.storage import Store, open_store, outcomes, queries
from pd_core.storage import training_lists as kept_lists
from pd_core.storage import waves as kept_waves
from pd_core.storage.skills import changed_skills
from pd_core.summaries import tables
from pd_core.summaries.growth import Growth
from pd_core.summaries.growth import growth as growth_of
from pd_core.survey.scoped_survey import Survey, survey

when_opened: list[Callable[[Store], object]] = []
"""What the server does with the store of real answers as soon as it is open."""


@kept
def settings() -> Settings:
    """This server's settings."""
    return load_settings()


@kept
def _codebook_of_files() -> Codebook:
    return load_codebook(settings().codebook)


def check_codebook() -> None:
    """Raise CodebookError where the codebook's files cannot be used."""
    _codebook_of_files()


@kept
def _codebooks() -> dict[str, tuple[tuple[ChangedSkill, ...], Codebook]]:
    """The codebook in use by the location of its store, with the skills that were changed there."""
    return {}


def codebook_of(of: Store) -> Codebook:
    """The codebook's files with the skills that were changed on a page; the same object until one is changed."""
    changed = changed_skills(of)
    known = _codebooks().get(of.location)
    if known is None or known[0] != changed:
        of.add_items([item for skill in changed for item in skill.items()])
        known = _codebooks()[of.location] = (changed, with_skills(_codebook_of_files(), changed))
    return known[1]


def codebook() -> Codebook:
    """The codebook of the answers that the pages show: the description of the survey."""
    return codebook_of(shown_store()[0])


def real_codebook() -> Codebook:
    """The codebook of the real answers, even while the pages show the sample."""
    return codebook_of(store())


@kept
def store() -> Store:
    """The store of real answers."""
    opened = open_store(settings().store, list(_codebook_of_files().items.values()), lambda _: key())
    opened.keep_mirror(settings().mirror_megabytes)
    for then in when_opened:
        then(opened)
    return opened


def sample_store() -> Store:
    """The made-up district's store, in a separate file; a changed codebook or sample gets a new one."""
    if prepared_sample.is_made:
        return prepared_sample()
    with st.spinner("Preparing the sample district …"):
        return prepared_sample()


@kept
def prepared_sample() -> Store:
    """The sample's store, filled. Nothing here is shown: leaving the page meanwhile would end the run at that place."""
    marks = hashlib.sha256()
    for file in sorted([*settings().codebook.glob("*.csv"), *(ROOT / "data" / "sample").glob("*.csv")]):
        marks.update(file.read_bytes())
    path = settings().directory / f"sample-{marks.hexdigest()[:8]}.duckdb"
    known = _codebook_of_files()
    sample = open_store(str(path), list(known.items.values()), lambda _: b"the sample is no secret")
    try:
        fill_with_sample(sample, known, with_past=True)
    except BaseException:
        sample.close()  # it can be opened once, and is tried again
        raise
    return sample


@kept
def key() -> bytes:
    """The secret behind respondents' codes. Raises SettingError where it is not the one with which the store began."""
    return secret_key(store(), settings())


def directory() -> Path:
    """The folder of the store's own files; the default folder if the settings cannot be read."""
    try:
        return settings().directory
    except UserError:
        return ROOT / "data" / "store"


def is_sample() -> bool:
    """Whether the sample is shown, which it is until real answers are stored."""
    return not queries.has_uploads(store())


def shown_store() -> tuple[Store, Scope]:
    """The store that the pages show, and the visitor's scope in it. The sample is open to everyone."""
    scope = current().scope
    return (sample_store(), EVERYTHING) if is_sample() else (store(), scope)


def outcome_store() -> tuple[Store, bool]:
    """The store whose outcomes are shown, and whether it is the sample: until real answers or outcomes are stored."""
    is_made_up = is_sample() and not outcomes.measures(store())
    return (sample_store() if is_made_up else store()), is_made_up


def waves() -> list[str]:
    """The waves that have answers, latest first; they are the same for every visitor."""
    shown, _ = shown_store()
    return _waves(shown, shown.location, shown.version())


def schools() -> list[dict[str, object]]:
    """The schools in the visitor's scope, by name: school_id, name, level, region, headcount."""
    shown, scope = shown_store()
    return queries.schools(shown, scope).to_dicts()


def school_name(school_id: str) -> str:
    """The name of a school in the visitor's scope. Raises KeyError for any other."""
    return {str(row["school_id"]): str(row["name"]) for row in schools()}[school_id]


def own_schools() -> list[str]:
    """The ids of the visitor's own schools; empty for roles with the whole district."""
    _, scope = shown_store()
    return sorted(scope.school_ids or ())


@st.cache_data(max_entries=4, show_spinner=False)
def _waves(_store: Store, location: str, version: str) -> list[str]:
    """The waves of a store at a version, kept because ordering them by time reads every answer."""
    return queries.waves(_store)["wave_id"].to_list()[::-1]


def wave_survey(wave_id: str, role: str | None = None) -> Survey:
    """The survey of one wave, for one role or all, limited to the visitor's scope."""
    shown, scope = shown_store()
    return survey(shown, codebook_of(shown), wave_id, role, settings().target_share, scope)


def growth(from_wave: str | None, to_wave: str | None) -> Growth:
    """Two waves as a pair, by default the last two, limited to the visitor's scope. Raises UserError as
    `summaries.growth.growth`."""
    shown, scope = shown_store()
    return growth_of(
        shown, codebook_of(shown), from_wave=from_wave, to_wave=to_wave, target_share=settings().target_share,
        scope=scope, waves=waves()[::-1],
    )  # fmt: skip


def growth_since(wave_id: str) -> Growth | None:
    """A wave and the one before it as a pair; null for the first, or where the two cannot be compared."""
    known = waves()
    place = known.index(wave_id) + 1
    if place == len(known):
        return None
    try:
        return growth(known[place], wave_id)
    except UserError:
        return None


def wave_settings(wave_id: str) -> Wave:
    """What is set for a wave."""
    shown, _ = shown_store()
    return kept_waves.wave(shown, wave_id)


def school_goal(school_id: str) -> str:
    """A school's goal in words (empty: none). Raises KeyError for a school outside the visitor's scope."""
    school_name(school_id)
    return school_goals().get(school_id, ("", ""))[1]


def school_goals() -> dict[str, tuple[str, str]]:
    """Each school's ready goal (empty: none of them) and its goal in words, of the schools that are seen."""
    shown, scope = shown_store()
    rows = kept_lists.training_list(shown, "school_goal").iter_rows()
    return {school_id: (goal_id, words) for school_id, goal_id, words in rows if scope.sees(school_id)}


def planning_list(name: kept_lists.List) -> Any:
    """A list that plans are made from, as `storage.training_lists.training_list`, for people who plan."""
    current().require("plan")
    return kept_lists.training_list(shown_store()[0], name)


# The functions below are about the store of real answers, even while the pages show the sample.


def uploads() -> list[dict[str, object]]:
    """The uploads in the visitor's scope, latest first, as in `summaries.tables.uploads`, with may_undo."""
    mine = undoable(store(), current())
    found = tables.uploads(store(), current().upload_scope).to_dicts()
    return [{**row, "may_undo": row["upload_id"] in mine} for row in found]


def school_names(scope: Scope) -> dict[str, str]:
    """School id to name, without the sample's schools."""
    return {row["school_id"]: row["name"] for row in queries.schools(store(), scope).to_dicts()}


def real_schools() -> dict[str, str]:
    """School id to name, for the schools that the visitor may upload for."""
    return school_names(current().upload_scope)


def real_waves() -> list[str]:
    """Waves that have real answers, latest first."""
    return _waves(store(), store().location, store().version())


def latest_form_link() -> str:
    """The form's link of the latest wave that has answers; empty if there is none."""
    return kept_waves.wave(store(), real_waves()[0]).form_link if real_waves() else ""


def form_link(text: str) -> Wave:
    """A wave with this link to its form, checked as `reference.waves.read_form_link`. Raises RefusedName."""
    return Wave("", form_link=read_form_link(text.strip(), queries.schools(store(), EVERYTHING)))


def version() -> str:
    """A number that changes with every write to the store of real answers."""
    return store().version()


def new_answers(scope: Scope, since: str) -> int:
    """How many answers of the schools in a scope came after a `version` of the store of real answers."""
    return queries.answers_after(store(), scope, int(since.partition(".")[0]))


def school_finder(scope: Scope) -> SchoolNames:
    """Finds schools by id, name or alias, as files write them."""
    return SchoolNames(queries.schools(store(), scope))


def near_schools(name: str) -> list[str]:
    """Ids of the schools with the most similar names, best first."""
    return SchoolNames(queries.schools(store(), current().upload_scope)).near(name)


def real_school_rows() -> list[dict[str, object]]:
    """The list of schools, without the sample's: school_id, name, headcount, level, region."""
    rows = queries.schools(store(), current().upload_scope).to_dicts()
    return [{name: row[name] for name in ("school_id", "name", "headcount", "level", "region")} for row in rows]


def own_guesses(wave_id: str, school_id: str) -> dict[str, float] | None:
    """The visitor's own guesses about a school, as in `actions.guesses.own_guesses`."""
    return guesses.own_guesses(store(), current(), wave_id, school_id)
