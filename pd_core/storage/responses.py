"""Single answers of a wave. Only survey, needs and the self-attack may ask: nothing here is fit for showing."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.storage.migrate import quoted
from pd_core.storage.queries import LIVE
from pd_core.storage.store import Reader


def answers(store: Reader, columns: Sequence[str], *, wave_id: str) -> pl.DataFrame:
    """The answers of a wave that count, a row a person: school_id and `columns`. Only to be counted."""
    names = ", ".join(map(quoted, ["school_id", *columns]))
    return store.frame(f"select {names} from ({LIVE}) where wave_id = $wave_id", wave_id=wave_id)


def arrivals(store: Reader, wave_id: str) -> pl.DataFrame:
    """When the answers of a wave that count were given: school_id, day (date), respondents of that day; days in order.

    Only to be counted. Whoever answered again arrives with the answer that counts. Days on which no one answered have
    no row.
    """
    return store.frame(
        f"""select school_id, completed_at::date as day, count(*)::bigint as respondents from ({LIVE})
        where wave_id = $wave_id group by 1, 2 order by 2, 1""",
        wave_id=wave_id,
    )


def respondents_by(store: Reader, wave_id: str, column: str) -> pl.DataFrame:
    """Respondents of a wave by an item with one answer, as role or grade_band: school_id, `column`, respondents.

    Only to be counted. `column` is null for those who left it out; the survey must ask it.
    """
    name = quoted(column)
    return store.frame(
        f"""select school_id, {name}, count(*)::bigint as respondents from ({LIVE})
        where wave_id = $wave_id group by school_id, {name}""",
        wave_id=wave_id,
    )
