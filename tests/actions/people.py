"""Who acts in these tests."""

from __future__ import annotations

from pd_core.access import Actor, Visitor, scope_of

KEY = b"a secret of the tests"
FIRST = "first@example.org"
"""An administrator by the setting PD_ADMINISTRATORS."""

ADMINISTRATOR = Visitor.as_oneself(Actor("ada@example.org", "administrator"))
FACILITATOR = Visitor.as_oneself(Actor("fay@example.org", "facilitator"))
MIE = Visitor.as_oneself(Actor("mia@example.org", "mie", frozenset({"lincoln"})))
PRINCIPAL = Visitor.as_oneself(Actor("pat@example.org", "principal", frozenset({"lincoln"})))
GUEST = Visitor.as_oneself(Actor("Link 1", "guest", frozenset({"lincoln"})))
COMMAND_LINE = Visitor.as_oneself(Actor("it (command line)", "administrator"))
EVERYBODY = (ADMINISTRATOR, FACILITATOR, MIE, PRINCIPAL, GUEST, COMMAND_LINE)
IMPERSONATING = Visitor(FACILITATOR.actor, scope_of(FACILITATOR.actor), ADMINISTRATOR.actor)
"""An administrator who looks at the pages as a facilitator sees them."""
