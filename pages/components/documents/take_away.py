"""Take it away: the brief as a file, as a plain page, and for the whole district one for every school."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.components import display
from pages.components.addresses import own_address
from pages.components.browser import hand_over
from pages.components.documents import sources
from pages.components.documents.plain_pages import PATHS
from pages.components.session import records
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT, EVERYWHERE
from pd_core.reports.documents.files import MIMES, Kind, Shape, file_name, rendered, zipped
from pd_core.reports.documents.source import Source

LABELS: Mapping[Shape, str] = {"pdf": "PDF", "pptx": "PowerPoint", "docx": "Word"}
NAMES: Mapping[Kind, str] = {"brief": "", "techplan": "plan as ", "board": "deck as "}
_ALL: Mapping[str, str] = {"pdf": "One PDF", "zip": "A PDF for each school (ZIP)"}
_MADE = "briefs_made"


def section(school_id: str, wave_id: str) -> None:
    """Offer the documents about the school or the district on the page; a printed page has no use for them."""
    with st.container(key="take_away"):
        _offers(school_id, wave_id)


def _offers(school_id: str, wave_id: str) -> None:
    st.header("Take it away")
    st.markdown(
        "The brief is one page for the staff meeting and the wall: the verdict, three findings, what is planned, and "
        "what the answers can't show."
    )
    found = source(wave_id)
    with st.container(horizontal=True):
        for shape in LABELS:
            download(found, "brief", school_id, shape)
        st.link_button("Open as a page", plain_page("brief", school_id, wave_id), icon=":material/open_in_new:")
    sees_all = current().actor.role in EVERYWHERE
    if school_id != DISTRICT:
        st.markdown("The technology plan is a draft for the principal to change: goal, needs, trainings, growth.")
        with st.container(horizontal=True):
            for shape in ("docx", "pdf"):
                download(found, "techplan", school_id, shape)
        _said_and_done(found, school_id, wave_id)
    elif sees_all:
        st.markdown("The board deck is about the whole district: coverage, needs, plan, hours, growth and effects.")
        with st.container(horizontal=True):
            for shape in ("pptx", "pdf"):
                download(found, "board", school_id, shape)
        _every_school(found)


def _said_and_done(found: Source, school_id: str, wave_id: str) -> None:
    """Offer what the staff asked for and what was decided as a page, and as text to send."""
    fold = display.fold("You said, we did: for the staff", "forum", "said")
    if not fold.open:
        return
    from pd_core.presentation.said_done import message  # noqa: PLC0415 - once it is unfolded
    from pd_core.reports.documents.documents import said_of  # noqa: PLC0415 - as above

    with fold:
        document = said_of(found, school_id)
        st.link_button("Open as a page", plain_page("said", school_id, wave_id), icon=":material/open_in_new:")
        with st.container(key="said_text"):
            st.text_area(
                "Text for Teams or an e-mail", message(document), height=300, key=f"said_{school_id}_{wave_id}"
            )
            hand_over.text("said_text", document.title)


def source(wave_id: str) -> Source:
    """What documents are made from for the visitor of the page."""
    return sources.source(current(), wave_id, own_address(), str(st.session_state.get("link") or ""))


def download(found: Source, kind: Kind, school_id: str, shape: Shape) -> None:
    """Offer a document, made on the click."""

    def make() -> bytes:
        from pd_core.reports.documents.documents import MAKERS  # noqa: PLC0415 - on the first click

        return rendered(kind, [MAKERS[kind](found, school_id)], shape, found.now.astimezone())

    name = f"{kind}-{school_id}.{shape}"
    display.download(f"Download {NAMES[kind]}{LABELS[shape]}", name, make, MIMES[shape], key=f"take_{kind}_{shape}")


def plain_page(kind: Kind, school_id: str, wave_id: str) -> str:
    """The address of a document as a plain page, for the visitor who is here."""
    token = st.session_state.get("link")
    asked = {"wave": wave_id} | ({"link": str(token)} if token else {})
    return f"{own_address()}{PATHS[kind].format(school_id=school_id)}?{urlencode(asked)}"


def _every_school(found: Source) -> None:
    """Make the briefs of all schools on a click, with progress, then offer them."""
    stamp = sources.stamp(found)
    with st.container(horizontal=True):
        for kind, label in _ALL.items():
            if st.button(f"Make every school's brief: {label}", icon=":material/library_books:", key=f"all_{kind}"):
                st.session_state[_MADE] = (stamp, kind, _made(found, kind))
    made = st.session_state.get(_MADE)
    if made and made[0] == stamp:
        _, kind, content = made
        name = f"briefs.{kind}"
        display.download(f"Download {_ALL[kind]}", name, lambda: content, MIMES[kind], key="take_all")


def _made(found: Source, kind: str) -> bytes:
    from pd_core.reports.documents.documents import brief_of  # noqa: PLC0415 - on the first click

    names = found.names()
    progress = st.progress(0.0, "Making the briefs …")
    documents = []
    for number, (school_id, name) in enumerate(names.items(), start=1):
        progress.progress(number / (len(names) + 1), f"{number:,} of {len(names):,}: {name}")
        documents.append(brief_of(found, school_id))
    at = found.now.astimezone()
    records.note_export("briefs of all schools")
    content = (
        rendered("brief", documents, "pdf", at)
        if kind == "pdf"
        else zipped((file_name(one, "pdf"), rendered("brief", [one], "pdf", at)) for one in documents)
    )
    progress.empty()
    return content
