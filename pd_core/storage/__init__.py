"""The store: the only package that imports DuckDB. Append-only: rows are inserted, and only erasure deletes."""

from pd_core.storage import audit, guesses, links, queries, reference, responses, roles, waves
from pd_core.storage.reached import reach_store
from pd_core.storage.store import Store, open_store
from pd_core.storage.stored_rows import corrected_rows, stored_rows
from pd_core.storage.upload_comparison import Outcome, Upload
from pd_core.storage.uploads import store_upload, undo_upload

__all__ = [
    "Outcome",
    "Store",
    "Upload",
    "audit",
    "corrected_rows",
    "guesses",
    "links",
    "open_store",
    "queries",
    "reach_store",
    "reference",
    "responses",
    "roles",
    "store_upload",
    "stored_rows",
    "undo_upload",
    "waves",
]
