"""A receipt for people who read it in a terminal."""

from __future__ import annotations

from typing import Any

from pd_core.ingestion import Receipt

MOST_PROBLEMS = 10
MOST_LETTERS = 160


def receipt_text(receipt: Receipt) -> str:
    """The receipt as lines: what happened to the file, counts that add up, schools, the first problems, what to do."""
    lines = [f"{receipt.file}: {receipt.status}", *_indented(receipt.message.splitlines())]
    if receipt.wave_id:
        lines.append(f"  Wave: {receipt.wave_id}")
    if receipt.upload_id:
        lines.append(f"  Upload: {receipt.upload_id}")
    lines.append(
        f"  Rows: {receipt.rows_read} read = {receipt.rows_added} added + {receipt.rows_existing} stored before"
        f" + {receipt.rows_replaced} replaced + {receipt.rows_set_aside} with problems"
    )
    if receipt.schools:
        lines.append("  Schools: " + ", ".join(f"{school} {rows}" for school, rows in receipt.schools.items()))
    if receipt.problems:
        lines.append("  Problems:")
        alike = _alike(receipt.problems)
        lines += [f"    {_problem(problems)}" for problems in alike[:MOST_PROBLEMS]]
        if len(alike) > MOST_PROBLEMS:
            lines.append(f"    and {sum(map(len, alike[MOST_PROBLEMS:]))} more: --json lists all.")
    if receipt.unmapped_columns:
        lines.append("  Questions left out, because no one has matched them yet:")
        lines += [f"    “{_short(header)}”" for header in receipt.unmapped_columns]
    return "\n".join(lines)


def _alike(problems: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Problems grouped by everything except their row, in the order of their first rows."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for problem in problems:
        found.setdefault((problem["column"], problem["value"], problem["reason"]), []).append(problem)
    return list(found.values())


def _problem(alike: list[dict[str, Any]]) -> str:
    problem = alike[0]
    others = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
    column = f", “{_short(problem['column'])}”" if problem["column"] else ""
    value = f": “{_short(problem['value'])}”" if problem["value"] else ""
    near = f" Did you mean “{problem['suggestion']}”?" if problem["suggestion"] else ""
    return f"row {problem['row']}{others}{column}{value}: {problem['reason']}.{near}"


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"
