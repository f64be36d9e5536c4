"""The documents by kind: what each is called, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from pd_core.access import DISTRICT
from pd_core.errors import UserError
from pd_core.needs.verdicts import verdicts
from pd_core.presentation.board_deck import board_deck
from pd_core.presentation.brief import brief
from pd_core.presentation.document import Document
from pd_core.presentation.said_done import said_done
from pd_core.presentation.technology_plan import technology_plan
from pd_core.reports.documents.files import Kind
from pd_core.reports.documents.source import Source
from pd_core.summaries.deliveries import summed
from pd_core.summaries.held import held_table
from pd_core.summaries.impact_answers import Answer
from pd_core.summaries.impact_board import measures
from pd_core.summaries.impact_figures import ALL, MOST_OUTCOMES, Impact
from pd_core.summaries.taught import taught


def brief_of(source: Source, school_id: str) -> Document:
    """The brief of a school, or of the district. Raises KeyError for a school that the visitor does not see."""
    return brief(
        source.survey, school_id, source.plan(), source.pair(), today=source.now.date(),
        address=source.live(school_id), is_sample=source.is_sample,
    )  # fmt: skip


def plan_of(source: Source, school_id: str) -> Document:
    """The technology plan of a school. Raises KeyError as `brief_of`."""
    return technology_plan(
        source.survey, school_id, source.goal(school_id), source.plan(), source.pair(), today=source.now.date(),
        address=source.live(school_id), is_sample=source.is_sample,
    )  # fmt: skip


def said_of(source: Source, school_id: str) -> Document:
    """What a school's staff said and what was done about it. Raises KeyError as `brief_of`."""
    return said_done(
        source.survey, school_id, source.plan(), today=source.now.date(), address=source.live(school_id),
        is_sample=source.is_sample,
    )  # fmt: skip


def board_of(source: Source, school_id: str = DISTRICT) -> Document:
    """The board deck. Raises RefusedAccess for people who don't see every school, UserError for a single school."""
    if school_id != DISTRICT:
        raise UserError("The board deck is about the whole district.", "Leave out the school.")
    source.visitor.require("outcomes")
    return board_deck(
        source.survey, verdicts(source.survey), source.plan(), source.pair(), summed(source.store),
        _effects(source), _held(source, "hours"), _held(source, "money"),
        today=source.now.date(), address=source.live(DISTRICT), is_sample=source.is_sample,
    )  # fmt: skip


def _held(source: Source, table: str) -> pl.DataFrame:
    """A table of sessions that were held; without rows for the sample, which has none."""
    found = held_table(source.store, table, source.scope)
    return found.clear() if source.is_sample else found


def _effects(source: Source) -> list[Answer]:
    """What is known of all trainings' effect on the first outcomes, by name; none where nothing is stored."""
    named = tuple(measures(source.store)[:MOST_OUTCOMES])
    if not named or taught(source.store).rows.is_empty():
        return []
    return Impact(source.store, named, ALL).answers


MAKERS: Mapping[Kind, Callable[[Source, str], Document]] = {
    "brief": brief_of, "techplan": plan_of, "board": board_of, "said": said_of,
}  # fmt: skip
"""Each kind of document with the function that makes it for a school, or for the district."""
