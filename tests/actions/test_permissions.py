"""Every action, tried by each kind of actor: those who may do it stand in the audit; the others change nothing."""

from __future__ import annotations

import inspect
import pkgutil
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from pd_core import actions
from pd_core.access import Visitor
from pd_core.actions import audit, erasure, form_mappings
from pd_core.codebook import Codebook
from pd_core.errors import RefusedAccess
from pd_core.ingestion import Meaning
from pd_core.storage import Store, open_store
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


@pytest.fixture(scope="module")
def unchanged(acted_on: Path, tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[Store]:
    """A copy of `acted_on` for all tests after which a store is as it was before."""
    copy = shutil.copy(acted_on, tmp_path_factory.mktemp("unchanged") / "pd.duckdb")
    opened = open_store(str(copy), list(codebook.items.values()))
    yield opened
    opened.close()


@pytest.mark.parametrize("what", [*CHANGES, *LOOKS])
def test_it_is_refused_to_all_who_may_not(unchanged: Store, what: str) -> None:
    _, act, allowed = (CHANGES | LOOKS)[what]
    before = written(unchanged)
    others = [IMPERSONATING] if what in CHANGES else []  # an administrator who looks as somebody else changes nothing
    for who in [who for who in EVERYBODY if who not in allowed] + others:
        with pytest.raises(RefusedAccess):
            act(unchanged, who)
        assert written(unchanged) == before, who.audit_name


def those_who_may(actions: Mapping[str, tuple[str, Callable[..., object], Collection[Visitor]]]) -> list[object]:
    """Each action with each person who may do it."""
    return [
        pytest.param(what, who, id=f"{what}-{who.actor.name}")
        for what, (_, _, allowed) in actions.items()
        for who in EVERYBODY
        if who in allowed
    ]


@pytest.mark.parametrize(("what", "who"), those_who_may(CHANGES))
def test_a_change_is_made_for_those_who_may_and_stands_in_the_audit(store: Store, what: str, who: Visitor) -> None:
    before = written(store)
    CHANGES[what][1](store, who)
    assert written(store) != before
    assert stored_audit.audit(store)["actor"][0] == who.audit_name


@pytest.mark.parametrize(("what", "who"), those_who_may(LOOKS))
def test_a_look_is_given_to_those_who_may_and_changes_nothing(unchanged: Store, what: str, who: Visitor) -> None:
    before = written(unchanged)
    LOOKS[what][1](unchanged, who)
    assert written(unchanged) == before


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
