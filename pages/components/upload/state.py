"""The state of an upload between page runs: files are read once; previews are kept until a choice changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components import data
from pages.components.session import records
from pages.components.session.current_visitor import current
from pages.components.upload import work
from pd_core.actions import uploads
from pd_core.errors import UserError
from pd_core.ingestion import AmbiguousDates, Choices, Preview, Receipt, read, refused
from pd_core.ingestion.budget import budget
from pd_core.ingestion.reading import Table
from pd_core.ingestion.wave_names import file_name
from pd_core.reports.files import render
from pd_core.wording import plural

_TABLES, _PREVIEWS, _DONE, _ROUND = "upload_tables", "upload_previews", "upload_done", "upload_round"
_NAMES, _WHOSE, _DATES = "upload_names", "upload_whose", "upload_dates"


@dataclass
class Stored:
    """A receipt and, if rows need correcting, a file with them."""

    receipt: Receipt
    set_aside: bytes = field(default=b"", repr=False)


def start() -> None:
    """Empty the page when the visitor changes, for example when an administrator starts to impersonate someone."""
    actor = current().actor
    if st.session_state.get(_WHOSE, actor) != actor:
        forget()
        clear_receipts()
    st.session_state[_WHOSE] = actor


def uploader_key() -> str:
    """The key of the file widget; a new one empties it."""
    return f"files_{st.session_state.setdefault(_ROUND, 0)}"


def tables(files: list[UploadedFile]) -> dict[str, Table | UserError]:
    """Each file's table, or why it was refused; a file is read once, and forgotten when it is removed from the page."""
    known: dict[str, Table | UserError] = st.session_state.setdefault(_TABLES, {})
    new = [file for file in files if file.file_id not in known]
    if new:
        status = st.status(f"Reading {plural(len(new), 'file')} …")  # the way to cancel is below it: it is folded
        for number, file in enumerate(new, start=1):
            place = f" ({number} of {len(new)})" if len(new) > 1 else ""
            status.update(label=f"Reading {file.name}{place} …")
            try:
                known[file.file_id] = _read(file)
            except UserError as error:
                known[file.file_id] = error
                records.note("refused", f"file {file_name(file.name)}")
        status.update(label=f"{plural(len(new), 'file')} read", state="complete")
    wanted = {file.file_id for file in files}
    for kept in (known, *(st.session_state.get(name, {}) for name in (_PREVIEWS, _NAMES, _DATES))):
        for gone in set(kept) - wanted:
            del kept[gone]
    return {file.file_id: known[file.file_id] for file in files}


def _read(file: UploadedFile) -> Table:
    codebook, content = data.real_codebook(), file.getvalue()
    return work.cancelable(
        f"read_{file.file_id}",
        forget,
        lambda is_canceled: read(file.name, content, codebook, is_canceled=is_canceled),
    )


def preview(file_id: str, table: Table, choices: Choices) -> tuple[Preview, Receipt]:
    """The preview of a file with these choices, and its receipt. Raises UserError."""
    kept = st.session_state.setdefault(_PREVIEWS, {})
    mark = (choices, data.version(), current().actor)
    if file_id not in kept or kept[file_id][0] != mark:
        with st.spinner(f"Checking {table.file} …"):
            kept[file_id] = (mark, _prepared(file_id, table, choices))
    prepared: tuple[Preview, Receipt] = kept[file_id][1]
    return prepared


def _prepared(file_id: str, table: Table, choices: Choices) -> tuple[Preview, Receipt]:
    store, visitor, codebook, key = data.store(), current(), data.real_codebook(), data.key()

    def prepare(is_canceled: Callable[[], bool]) -> tuple[Preview, Receipt]:
        with budget(table.file, is_canceled):
            found = uploads.prepare_upload(store, visitor, table, codebook, key, choices)
            return found, uploads.expected_receipt(store, visitor, found)

    return work.cancelable(f"check_{file_id}", forget, prepare)


def doubtful_dates(file_id: str) -> AmbiguousDates | None:
    """What is doubtful about a file's dates; null where nothing is."""
    found: AmbiguousDates | None = st.session_state.get(_DATES, {}).get(file_id)
    return found


def doubt_dates(file_id: str, error: AmbiguousDates) -> None:
    """Keep what is doubtful about a file's dates."""
    st.session_state.setdefault(_DATES, {})[file_id] = error


def names_said(file_id: str) -> dict[str, str]:
    """School names matched for this file only: name to school_id, or null for no school."""
    found: dict[str, str] = st.session_state.get(_NAMES, {}).get(file_id, {})
    return found


def say_names(file_id: str, names: dict[str, str]) -> None:
    """Keep the school names matched for this file, in place of earlier ones."""
    st.session_state.setdefault(_NAMES, {})[file_id] = names


def store_all(previews: list[Preview]) -> None:
    """Store each preview, keep the receipts, and empty the page."""
    done = []
    bar = st.progress(0.0, f"Storing {plural(len(previews), 'file')} …")
    for number, one in enumerate(previews, start=1):
        bar.progress((number - 1) / len(previews), f"Storing {one.file} ({number} of {len(previews)}) …")
        left = render(one.set_aside(), "csv", bom=True) if one.rows_to_correct else b""
        try:
            receipt = uploads.commit_upload(data.store(), current(), one)
        except UserError as error:
            receipt = refused(one.file, error)
        done.append(Stored(receipt, left if receipt.status != "rejected" else b""))
    bar.empty()
    st.session_state[_DONE] = done
    forget()


def forget() -> None:
    """Empty the page, so that no answer stays in memory longer than needed."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state.pop(_TABLES, None)
    st.session_state.pop(_PREVIEWS, None)
    st.session_state.pop(_NAMES, None)
    st.session_state.pop(_DATES, None)


def receipts() -> list[Stored]:
    """The receipts of the last files stored in this session."""
    found: list[Stored] = st.session_state.get(_DONE, [])
    return found


def clear_receipts() -> None:
    """Forget the receipts and their rows with problems."""
    st.session_state.pop(_DONE, None)
