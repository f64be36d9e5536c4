"""Every action, tried by each kind of actor: those who may do it stand in the audit; the others change nothing."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from pd_core import actions
from pd_core.access import Visitor
from pd_core.actions import audit, erasure, form_mappings
from pd_core.errors import RefusedAccess
from pd_core.ingestion import Meaning
from pd_core.storage import Store
from pd_core.storage import audit as stored_audit
from tests.actions.changes import CHANGES, CODEBOOK, UPLOADERS, WHOLE_DISTRICT
from tests.actions.looks import ELSEWHERE, LOOKS
from tests.actions.people import ADMINISTRATOR, EVERYBODY, FACILITATOR, IMPERSONATING, MIE, PRINCIPAL


def written(store: Store) -> tuple[str, int]:
    return store.version(), stored_audit.audit(store).height


def test_every_action_that_takes_a_visitor_is_tried_here() -> None:
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        for name, function in inspect.getmembers(import_module(f"pd_core.actions.{module.name}"), inspect.isfunction):
            is_public = not name.startswith("_") and function.__module__ == f"pd_core.actions.{module.name}"
            if is_public and "visitor" in inspect.signature(function).parameters:
                found.add(f"{module.name}.{name}")
    assert found == {action for action, _, _ in (CHANGES | LOOKS).values()} | ELSEWHERE


@pytest.mark.parametrize("what", [*CHANGES, *LOOKS])
def test_it_is_refused_to_all_who_may_not(store: Store, what: str) -> None:
    _, act, allowed = (CHANGES | LOOKS)[what]
    before = written(store)
    others = [IMPERSONATING] if what in CHANGES else []  # an administrator who looks as somebody else changes nothing
    for who in [who for who in EVERYBODY if who not in allowed] + others:
        with pytest.raises(RefusedAccess):
            act(store, who)
        assert written(store) == before, who.audit_name


@pytest.mark.parametrize(
    ("what", "who"),
    [(what, who) for what, (_, _, allowed) in (CHANGES | LOOKS).items() for who in EVERYBODY if who in allowed],
    ids=lambda one: one if isinstance(one, str) else one.actor.name,
)
def test_it_is_done_for_those_who_may(store: Store, what: str, who: Visitor) -> None:
    before = written(store)
    (CHANGES | LOOKS)[what][1](store, who)
    assert (written(store) != before) is (what in CHANGES)
    if what in CHANGES:
        assert stored_audit.audit(store)["actor"][0] == who.audit_name


@pytest.mark.parametrize("who", [*EVERYBODY, IMPERSONATING], ids=lambda who: f"{who.audit_name} as {who.actor.role}")
def test_what_a_form_means_is_forgotten_by_those_who_upload(store: Store, who: Visitor) -> None:
    form_mappings.remember(store, ADMINISTRATOR, CODEBOOK, "form", Meaning(items={"A": None}))
    if who in UPLOADERS:
        form_mappings.forget(store, who, "form")
        assert form_mappings.remembered(store, who, "form") == Meaning()
    else:
        with pytest.raises(RefusedAccess):
            form_mappings.forget(store, who, "form")
    kept = form_mappings.remembered(store, ADMINISTRATOR, "form")
    assert bool(kept.items) is (who not in WHOLE_DISTRICT), "an MIE's word is for that person's files alone"


@pytest.mark.parametrize("who", [*EVERYBODY, IMPERSONATING], ids=lambda who: f"{who.audit_name} as {who.actor.role}")
def test_an_export_stands_in_the_audit_under_who_really_took_it(store: Store, who: Visitor) -> None:
    audit.note_export(store, who, "skill-summary")
    assert stored_audit.audit(store).row(0)[1:] == (
        who.audit_name,
        "export",
        ";".join(sorted(who.scope.school_ids or {"district"})),
        "skill-summary",
    )


@pytest.mark.parametrize("who", [FACILITATOR, MIE, PRINCIPAL, IMPERSONATING], ids=lambda who: who.audit_name)
def test_a_store_is_written_anew_by_administrators_alone(tmp_path: Path, who: Visitor) -> None:
    with pytest.raises(RefusedAccess):
        erasure.rewrite(who, str(tmp_path / "pd.duckdb"))
