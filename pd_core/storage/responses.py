"""Single answers of a wave. Only survey, needs and the self-attack may import this: nothing here may be shown."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.storage.change import Reader
from pd_core.storage.migrate import quoted
from pd_core.storage.queries import LIVE


def answers(store: Reader, columns: Sequence[str], *, wave_id: str) -> pl.DataFrame:
    """The answers of a wave that count, one row per person: school_id and `columns`. To be aggregated only."""
    names = ", ".join(map(quoted, ["school_id", *columns]))
    return store.frame(f"select {names} from ({LIVE}) where wave_id = $wave_id", wave_id=wave_id)


def arrivals(store: Reader, wave_id: str) -> pl.DataFrame:
    """When the answers of a wave that count were given: school_id, day (date), respondents of that day; days in order.

    To be aggregated only. A person who answered again counts on the day of the answer that counts. Days without answers
    have no row.
    """
    return store.frame(
        f"""select school_id, completed_at::date as day, count(*)::bigint as respondents from ({LIVE})
        where wave_id = $wave_id group by 1, 2 order by 2, 1""",
        wave_id=wave_id,
    )


def respondents_by(store: Reader, wave_id: str, column: str) -> pl.DataFrame:
    """Respondents of a wave by a single-choice item, such as role or grade_band: school_id, `column`, respondents.

    To be aggregated only. `column` is null for people who skipped the item; the survey must ask it.
    """
    name = quoted(column)
    return store.frame(
        f"""select school_id, {name}, count(*)::bigint as respondents from ({LIVE})
        where wave_id = $wave_id group by school_id, {name}""",
        wave_id=wave_id,
    )
