"""Who did what, when: what changed something, and what only happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pd_core.storage import Store, queries, undo_upload
from pd_core.storage.audit import audit, end_session, has_signed_in, is_over

from .made_up import answers, put, row

COLUMNS = ["recorded_at", "actor", "kind", "school_ids", "subject"]
ANSWERS = answers(row("one", "Ada"), row("two", "Ben", school_id="ruby"))


def test_changes_and_what_changes_nothing_stand_in_one_list_latest_first(store: Store):
    put(store, "first", ANSWERS)
    store.note("export", "Mia", {"lincoln"}, "skill-summary, all waves")
    undo_upload(store, "first", "Mia")
    found = audit(store)
    assert found.columns == COLUMNS
    assert found.select("kind", "school_ids", "subject").rows() == [
        ("undo", "lincoln;ruby", "first.xlsx, upload first"),
        ("export", "lincoln", "skill-summary, all waves"),
        ("upload", "lincoln;ruby", "first.xlsx, Fall 2026: 2 added, upload first"),
    ]
    now = datetime.now(UTC).replace(tzinfo=None)
    assert all(now - timedelta(minutes=5) < at <= now for at in found["recorded_at"])
    assert found["recorded_at"].is_sorted(descending=True)


def test_a_store_in_which_nothing_happened_has_an_empty_audit(store: Store):
    assert audit(store).is_empty() and audit(store).columns == COLUMNS


def test_the_audit_holds_nobody_who_answered(store: Store):
    put(store, "first", ANSWERS)
    assert not {"Ada", "Ben", "one", "two"} & set(" ".join(map(str, audit(store).rows())).replace("'", " ").split())


def test_what_changes_nothing_leaves_the_version_as_it_is(store: Store):
    put(store, "first", ANSWERS)
    before = store.version()
    store.note("sign-in", "ada@example.org", subject="mark")
    store.note("refused", "ada@example.org", {"ruby"}, "page upload")
    end_session(store, "mark", "ada@example.org")
    assert store.version() == before
    assert queries.has_uploads(store)
    assert audit(store)["kind"].to_list() == ["sign-out", "refused", "sign-in", "upload"]


def test_a_sign_in_that_was_ended_is_over_and_no_other_is(store: Store):
    assert not is_over(store, "mark")
    end_session(store, "mark", "ada@example.org")
    end_session(store, "mark", "ada@example.org")
    assert is_over(store, "mark")
    assert not any(is_over(store, other) for other in ("", "mar", "mark2", "%", "Mark"))


def test_an_upload_that_was_taken_out_is_no_sign_in_that_was_ended(store: Store):
    put(store, "first", ANSWERS)
    undo_upload(store, "first", "Mia")
    assert not is_over(store, "first")


def test_a_sign_in_is_noted_once_it_is_noted(store: Store):
    assert not has_signed_in(store, "mark")
    store.note("refused", "ada@example.org", subject="mark")
    assert not has_signed_in(store, "mark")
    store.note("sign-in", "ada@example.org", subject="mark")
    assert has_signed_in(store, "mark")
