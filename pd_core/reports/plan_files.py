"""A plan as JSON, and the rules that it keeps as a table for the command."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from pd_core.planning.problem import Rule
from pd_core.planning.result import Plan
from pd_core.reference.locks import LOCK_FILE


def plan_json(plan: Plan) -> bytes:
    """The plan as the command prints it with --json."""
    return json.dumps(plan.as_json(), ensure_ascii=False, indent=1).encode() + b"\n"


def rule_table(rules: Sequence[Rule]) -> pl.DataFrame:
    """The rules as the command takes them with --locks: action, school_id, training_id, trainer_id, slot_id."""
    rows = [(rule.action, rule.school_id, rule.training_id, rule.trainer_id, rule.slot_id) for rule in rules]
    return pl.DataFrame(rows, schema=dict.fromkeys(LOCK_FILE, pl.String), orient="row")
