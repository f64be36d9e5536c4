"""Answers to follow-up links: whether people did what a session asked of them for the next day."""

from __future__ import annotations

import polars as pl

from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

_LATEST = """(select session_id, mark, answer, line from store.next_day_answer
    qualify row_number() over (partition by session_id, mark order by number desc) = 1)"""


def put_next_day_answer(store: Store, session_id: str, mark: str, answer: str, line: str, most: int) -> bool:
    """Keep the answer of a device, in place of an earlier one; the same again leaves no trace. False, and nothing is
    kept, where `most` devices have answered already and this is another one."""

    def action(change: Change) -> bool:
        known = change.frame(
            f"select mark, answer, line from {_LATEST} where session_id = $session_id", session_id=session_id
        )
        mine = known.filter(pl.col("mark") == mark)
        if mine.is_empty() and known.height >= most:
            return False
        if mine.is_empty() or mine.row(0) != (mark, answer, line):
            row = {"session_id": session_id, "mark": mark, "answer": answer, "line": line}
            change.insert("next_day_answer", pl.DataFrame([row]))
            change.subject = session_id
        return True

    return store.write("next-day answer", "follow-up link", action, is_event=True)


def next_day_counts(store: Reader) -> pl.DataFrame:
    """How many devices gave each answer: session_id, answer, people."""
    return store.frame(
        f"select session_id, answer, count(*)::bigint as people from {_LATEST} group by all order by all"
    )


def next_day_lines(store: Reader, session_id: str) -> list[str]:
    """The lines that people added to their answers, A–Z."""
    found = store.frame(
        f"select line from {_LATEST} where session_id = $session_id and line <> '' order by lower(line), line",
        session_id=session_id,
    )
    return found["line"].to_list()
