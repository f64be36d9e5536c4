"""What people see and change nothing by, with the people who may; and what has its test elsewhere."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pd_core.access import Visitor
from pd_core.actions import (
    audit,
    erasure,
    form_mappings,
    guesses,
    plans,
    proposals,
    roles,
    share_links,
    table_feeds,
    upload_addresses,
    uploads,
)
from pd_core.planning.feasibility import NoPlan
from pd_core.storage import Store
from tests.actions.changes import (
    ADMINISTRATORS,
    CODEBOOK,
    WAVE,
    WHOLE_DISTRICT,
    Act,
    prepared,
)
from tests.actions.people import (
    EVERYBODY,
    PRINCIPAL,
)


def proposed(store: Store, who: Visitor) -> object:
    with pytest.raises(NoPlan, match="There are no trainers"):
        plans.propose(store, who, CODEBOOK, WAVE, target_share=0.6, now=datetime(2031, 1, 1))
    return None


def proposals_of(store: Store, who: Visitor) -> proposals.Proposals:
    return proposals.proposals(store, who, CODEBOOK, WAVE, datetime(2031, 1, 1), target_share=0.6)


def another_plan(store: Store, who: Visitor) -> object:
    asked = proposals.Asked(fewest=6)
    return proposals.begin(proposals_of(store, who), who, datetime(2031, 1, 1), asked).cancel()


# What changes nothing.
LOOKS: dict[str, tuple[str, Act, tuple[Visitor, ...]]] = {
    "propose a plan": ("plans.propose", proposed, WHOLE_DISTRICT),
    "ask for a plan of one's own": ("proposals.begin", another_plan, WHOLE_DISTRICT),
    "see the proposals": ("proposals.proposals", proposals_of, EVERYBODY),
    "see how far verdicts are": (
        "proposals.verdicts_to_come",
        lambda store, who: proposals.verdicts_to_come(store, who, CODEBOOK, WAVE, target_share=0.6),
        EVERYBODY,
    ),
    "read who has a role": ("roles.given_roles", roles.given_roles, ADMINISTRATORS),
    "read the audit": ("audit.entries", audit.entries, ADMINISTRATORS),
    "read who did anything": ("audit.names", audit.names, ADMINISTRATORS),
    "list the links": ("share_links.open_links", share_links.open_links, (*WHOLE_DISTRICT, PRINCIPAL)),
    "list the upload addresses": ("upload_addresses.open_uploads", upload_addresses.open_uploads, WHOLE_DISTRICT),
    "list the feeds": ("table_feeds.open_feeds", table_feeds.open_feeds, (*WHOLE_DISTRICT, PRINCIPAL)),
    "count old answers": (
        "erasure.expired",
        lambda store, who: erasure.expired(store, who, 1, date(2040, 1, 1)),
        ADMINISTRATORS,
    ),
    "read what a form means": (
        "form_mappings.remembered",
        lambda store, who: form_mappings.remembered(store, who, "form"),
        EVERYBODY,
    ),
    "read one's own guess": (
        "guesses.own_guesses",
        lambda store, who: guesses.own_guesses(store, who, WAVE, "lincoln"),
        EVERYBODY,
    ),
    "read which waves ask for a guess": (
        "guesses.waves_owed",
        lambda store, who: guesses.waves_owed(store, who, CODEBOOK, "lincoln", 0.6),
        EVERYBODY,
    ),
    "read what can be taken out": ("uploads.undoable", uploads.undoable, EVERYBODY),
    "look at a file": (
        "uploads.expected_receipt",
        lambda store, who: uploads.expected_receipt(store, who, prepared(store, "Lincoln High")),
        EVERYBODY,
    ),
}
# What has a test of its own, for it needs more than a store, or is for everybody.
ELSEWHERE = {"uploads.prepare_upload", "form_mappings.forget", "erasure.rewrite", "audit.note_export"}
ELSEWHERE |= {f"plan_record.{name}" for name in ("record_of", "record_proposal", "take_step", "put_note")}
ELSEWHERE |= {"plan_record.undo_change", "plan_record.change_plan", "plan_record.require_base"}
ELSEWHERE |= {f"plan_by_hand.{name}" for name in ("add", "move", "split", "join")}
ELSEWHERE |= {f"plan_requests.{name}" for name in ("ask_for_change", "answer_request")}
ELSEWHERE |= {"signed_addresses.revoke"}  # of links, calendars and feeds, which are tried as such
ELSEWHERE |= {"table_feeds.revoke_feed", "table_feeds.tables_for"}
ELSEWHERE |= {f"calendar_feeds.{name}" for name in ("make_feed", "open_feeds", "revoke_feed")}
ELSEWHERE |= {"plan_rights.require_step", "plan_rights.may_step", "plan_rights.own_trainer", "plan_import.import_plan"}
ELSEWHERE |= {f"deliveries.{name}" for name in ("deliver", "take_deliver", "known_delivery", "yield_or_refuse")}
ELSEWHERE |= {"next_day.token", "next_day.lines", "payroll.payroll", "attendance.take_attendance"}
ELSEWHERE |= {"guesses.skills_owed"}
ELSEWHERE |= {"upload_addresses.may_make", "upload_addresses.revoke_upload"}
ELSEWHERE |= {"backups.make_backup", "backups.restore", "moving.move", "upkeep.maintain"}
ELSEWHERE |= {"delivery_rules.held", "delivery_rules.may_deliver"}
