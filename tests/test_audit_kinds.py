"""Every kind of entry in the audit has one label."""

from __future__ import annotations

from typing import get_args

from pd_core.audit_kinds import AUDIT_LABELS, AuditKind


def test_each_kind_has_a_label_of_its_own() -> None:
    assert tuple(AUDIT_LABELS) == get_args(AuditKind)
    assert len(set(AUDIT_LABELS.values())) == len(AUDIT_LABELS)
