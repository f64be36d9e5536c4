"""Every kind of audit entry, with the label that people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

AuditKind = Literal[
    "sign-in",
    "sign-out",
    "refused",
    "upload",
    "undo",
    "people",
    "link made",
    "link revoked",
    "link opened",
    "calendar made",
    "calendar revoked",
    "export",
    "schools",
    "skills",
    "roster",
    "mapping",
    "wave",
    "guess",
    "planning list",
    "plan",
    "forget",
    "retain",
    "settle",
    "key",
    "outcomes",
    "outside deliveries",
    "delivery",
    "attendance",
]
"""The kind of an entry, as the store keeps it."""

AUDIT_LABELS: Mapping[AuditKind, str] = {
    "sign-in": "Sign-in",
    "sign-out": "Sign-out",
    "refused": "Refused",
    "upload": "Upload",
    "undo": "Upload undone",
    "people": "Role given or removed",
    "link made": "Share link made",
    "link revoked": "Share link revoked",
    "link opened": "Share link opened",
    "calendar made": "Calendar address made",
    "calendar revoked": "Calendar address revoked",
    "export": "Table downloaded",
    "schools": "Schools changed",
    "skills": "Skill added, renamed or retired",
    "roster": "Staff list",
    "mapping": "Questions of a form matched",
    "wave": "Wave set up",
    "guess": "Guess before looking",
    "planning list": "Planning list",
    "plan": "Plan changed",
    "forget": "Person's answers erased",
    "retain": "Old answers erased",
    "settle": "Repeated answers resolved",
    "key": "Secret key noted",
    "outcomes": "Outcomes of students",
    "outside deliveries": "Trainings outside the plan",
    "delivery": "Session delivered",
    "attendance": "List of people who attended",
}
"""Each kind with its label, in the order of the Administration page."""
