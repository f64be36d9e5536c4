"""Every question that is asked of the stored answers, one function a question. Not fit for showing: see summaries.

`school_ids` limits a question to some schools; null asks for all. `wave_id` null asks for all waves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pd_core.storage.migrate import quoted
from pd_core.storage.store import Reader

LIVE_UPLOADS = (
    "select u.* from store.upload u anti join (select id from store.dead where kind = 'upload') d on u.upload_id = d.id"
)
LIVE = """select r.* from store.response r
    anti join (select id from store.dead where kind = 'response') x on r.response_id = x.id
    anti join (select id from store.dead where kind = 'upload') y on r.upload_id = y.id
    where r.stands"""


def has_uploads(store: Reader) -> bool:
    """Whether any answers are stored."""
    return not store.frame(f"select 1 as one from ({LIVE_UPLOADS}) limit 1").is_empty()


def uploads(store: Reader) -> pl.DataFrame:
    """Every upload, latest first: upload_id, file, wave_id, form, uploaded_at (UTC), uploaded_by, rows_*, is_undone."""
    return store.frame(
        """select u.*, d.id is not null as is_undone from store.upload u
        left join (select distinct id from store.dead where kind = 'upload') d on u.upload_id = d.id
        order by u.number desc"""
    )


def upload_schools(store: Reader, upload_id: str) -> dict[str, int]:
    """School to the number of an upload's rows, whether they count or not."""
    found = store.frame(
        "select school_id, count(*)::bigint as rows from store.response where upload_id = $id group by 1 order by 1",
        id=upload_id,
    )
    return {str(school): int(rows) for school, rows in found.iter_rows()}


def waves(store: Reader) -> pl.DataFrame:
    """Waves in the order of time: wave_id, first_at, last_at, respondents."""
    return store.frame(
        f"""select wave_id, min(completed_at) as first_at, max(completed_at) as last_at, count(*)::bigint as respondents
        from ({LIVE}) group by 1 order by first_at, wave_id"""
    )


def wave_ids(store: Reader) -> list[str]:
    """The names of the waves that uploads were put in, without counting anybody: quick at any size."""
    found = store.frame(f"select distinct wave_id from ({LIVE_UPLOADS}) order by wave_id")
    return [str(wave_id) for wave_id in found["wave_id"]]


def schools(store: Reader) -> pl.DataFrame:
    """Schools by name: school_id, name, aliases (separated by `;`), level, region, headcount (null: not known).

    A roster's headcount goes before the list's.
    """
    return store.frame(
        """with latest as (
            select * from store.school qualify row_number() over (partition by school_id order by number desc) = 1
        ), counted as (
            select school_id, count(*)::integer as headcount from store.roster
            where number = (select max(number) from store.roster) group by 1
        )
        select s.school_id, s.name, s.aliases, s.level, s.region, coalesce(c.headcount, s.headcount) as headcount
        from latest s left join counted c using (school_id) where s.listed order by s.name, s.school_id"""
    )


def roster_headcounts(store: Reader) -> pl.DataFrame:
    """Staff of the latest roster: school_id, role (may be null), headcount. No rows without a roster."""
    return store.frame(
        """select school_id, role, count(*)::bigint as headcount from store.roster
        where number = (select max(number) from store.roster) group by school_id, role"""
    )


def mapping(store: Reader, form: str) -> pl.DataFrame:
    """What people said a form's words mean: subject, answer, code.

    With `answer` null, `subject` is a header and `code` its item (null: left out); else `subject` is a scale.
    """
    return store.frame(
        """select subject, answer, code from store.mapping where form = $form
        qualify row_number() over (partition by subject, answer order by number desc) = 1""",
        form=form,
    )


def respondents(store: Reader, *, wave_id: str | None = None, school_ids: Sequence[str] | None = None) -> pl.DataFrame:
    """People who answered: wave_id, school_id, role (may be null), respondents."""
    return _grouped(store, "count(*)::bigint as respondents", wave_id, school_ids, _groups(by_role=True))


def answers(store: Reader, columns: Sequence[str], *, wave_id: str) -> pl.DataFrame:
    """The answers of a wave that count, a row a person: school_id and `columns`. Only to be counted."""
    names = ", ".join(map(quoted, ["school_id", *columns]))
    return store.frame(f"select {names} from ({LIVE}) where wave_id = $wave_id", wave_id=wave_id)


def level_counts(
    store: Reader,
    item_levels: dict[str, int],
    *,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    by_role: bool = False,
) -> pl.DataFrame:
    """People at each level of items: wave_id, school_id, [role,] item_id, level, respondents (0: nobody chose it).

    `item_levels` is item_id to its number of levels. Counted here and not in SQL, where naming each level of each item
    takes longer to plan than the answers of a district take to count.
    """
    groups = ["wave_id", "school_id", *(["role"] if by_role else [])]
    where, params = _scope(wave_id, school_ids)
    columns = ", ".join([*groups, *map(quoted, item_levels)])
    rows = store.frame(f"select {columns} from ({LIVE}) where {where}", **params)
    names = [(item_id, level) for item_id, levels in item_levels.items() for level in range(levels)]
    counts = rows.group_by(groups).agg(
        (pl.col(item_id) == level).sum().cast(pl.Int64).alias(f"{item_id}:{level}") for item_id, level in names
    )
    keys = pl.DataFrame(
        [(f"{item_id}:{level}", item_id, level) for item_id, level in names],
        schema={"column": pl.String, "item_id": pl.String, "level": pl.Int64},
        orient="row",
    )
    long = counts.unpivot(index=groups, variable_name="column", value_name="respondents")
    return long.join(keys, on="column", maintain_order="left").select(
        *groups, "item_id", "level", pl.col("respondents").cast(pl.Int64)
    )


def choice_counts(
    store: Reader,
    item_id: str,
    *,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    by_role: bool = False,
) -> pl.DataFrame:
    """People who chose each answer of a multiple choice: wave_id, school_id, [role,] code, respondents."""
    where, params = _scope(wave_id, school_ids)
    groups = _groups(by_role)
    return store.frame(
        f"""select {groups}, code, sum(people)::bigint as respondents from (
            select {groups}, people, unnest(string_split(answer, ';')) as code from (
                select {groups}, {quoted(item_id)} as answer, count(*) as people
                from ({LIVE}) where {where} and {quoted(item_id)} <> '' group by {groups}, answer
            )
        ) group by {groups}, code""",
        **params,
    )


def answered_counts(
    store: Reader,
    item_id: str,
    *,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    by_role: bool = False,
) -> pl.DataFrame:
    """People who gave any answer to an item: wave_id, school_id, [role,] respondents."""
    columns = f"count({quoted(item_id)})::bigint as respondents"
    return _grouped(store, columns, wave_id, school_ids, _groups(by_role))


def ready_for_implementation(
    store: Reader,
    skills: dict[str, tuple[str, str]],
    *,
    proficient: int,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    by_role: bool = False,
) -> pl.DataFrame:
    """Proficient people who do not yet change tasks: wave_id, school_id, [role,] skill_id, respondents, waiting.

    `skills` is skill_id to its proficiency and SAMR items; `respondents` answered both; `waiting` are proficient and at
    SAMR level none or S.
    """
    columns = []
    for skill_id, (proficiency, samr) in skills.items():
        own, use = quoted(proficiency), quoted(samr)
        columns.append(f"count({own} + {use})::bigint as {quoted(skill_id + ':n')}")
        columns.append(f"count(*) filter ({own} >= $proficient and {use} <= 1)::bigint as {quoted(skill_id + ':x')}")
    found = _grouped(store, ", ".join(columns), wave_id, school_ids, _groups(by_role), proficient=proficient)
    return pl.concat(
        [
            found.select(
                "wave_id",
                "school_id",
                *(["role"] if by_role else []),
                skill_id=pl.lit(skill_id),
                respondents=pl.col(f"{skill_id}:n"),
                waiting=pl.col(f"{skill_id}:x"),
            )
            for skill_id in skills
        ]
    )


def _grouped(
    store: Reader,
    columns: str,
    wave_id: str | None,
    school_ids: Sequence[str] | None,
    groups: str = "wave_id, school_id",
    **params: Any,
) -> pl.DataFrame:
    """Columns of all answers in scope, a row a group: `groups` and `columns`."""
    where, scope = _scope(wave_id, school_ids)
    return store.frame(f"select {groups}, {columns} from ({LIVE}) where {where} group by {groups}", **scope, **params)


def _groups(by_role: bool) -> str:
    return "wave_id, school_id, role" if by_role else "wave_id, school_id"


def _scope(wave_id: str | None, school_ids: Sequence[str] | None) -> tuple[str, dict[str, Any]]:
    """The condition that keeps a wave and some schools, and its parameters.

    Plain comparisons, and only those that are needed: they let the store skip what was not asked for.
    """
    conditions, params = ["true"], dict[str, Any]()
    if wave_id is not None:
        conditions.append("wave_id = $wave_id")
        params["wave_id"] = wave_id
    if school_ids is not None:
        named = {f"school_{place}": school_id for place, school_id in enumerate(school_ids)}
        conditions.append(f"school_id in ({', '.join('$' + name for name in named)})" if named else "false")
        params.update(named)
    return " and ".join(conditions), params
