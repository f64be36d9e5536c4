"""Every kind of entry that the audit has, with the label that people read."""

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
    "export",
    "schools",
    "roster",
    "mapping",
    "wave",
    "guess",
    "forget",
    "retain",
    "settle",
    "key",
]
"""What the store writes down as the kind of an entry."""

AUDIT_LABELS: Mapping[AuditKind, str] = {
    "sign-in": "Sign-in",
    "sign-out": "Sign-out",
    "refused": "Refused",
    "upload": "Upload",
    "undo": "Upload taken out",
    "people": "Role given or taken back",
    "link made": "Share link made",
    "link revoked": "Share link revoked",
    "link opened": "Share link opened",
    "export": "Table downloaded",
    "schools": "Schools changed",
    "roster": "Staff list",
    "mapping": "Words of a form",
    "wave": "Wave set up",
    "guess": "Guess before looking",
    "forget": "Person's answers erased",
    "retain": "Old answers erased",
    "settle": "Repeated answers settled",
    "key": "Secret noted",
}
"""Each kind with its label, in the order in which the Administration page offers them."""
