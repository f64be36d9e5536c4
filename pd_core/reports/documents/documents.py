"""The documents by kind: what each is called, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pd_core.presentation.brief import brief
from pd_core.presentation.document import Document
from pd_core.reports.documents.files import Kind
from pd_core.reports.documents.source import Source


def brief_of(source: Source, school_id: str) -> Document:
    """The brief of a school, or of the district. Raises KeyError for a school that the visitor does not see."""
    return brief(
        source.survey, school_id, source.plan(), source.pair(), today=source.now.date(),
        address=source.live(school_id), is_sample=source.is_sample,
    )  # fmt: skip


MAKERS: Mapping[Kind, Callable[[Source, str], Document]] = {"brief": brief_of}
"""Each kind of document with the function that makes it for a school, or for the district."""
