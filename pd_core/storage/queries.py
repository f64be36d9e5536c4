"""Every question that is asked of the stored answers, one function a question. None of this is fit for showing: see summaries.

`school_ids` limits a question to some schools; null asks for all. `wave_id` null asks for all waves.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.storage.migrate import quoted
from pd_core.storage.store import Store

LIVE_UPLOADS = (
    "select u.* from store.upload u anti join (select id from store.dead where kind = 'upload') d on u.upload_id = d.id"
)
LIVE = """select r.* from store.response r
    anti join (select id from store.dead where kind = 'response') x on r.response_id = x.id
    anti join (select id from store.dead where kind = 'upload') y on r.upload_id = y.id
    where r.stands"""
_SCOPE = "($wave_id is null or wave_id = $wave_id) and ($school_ids is null or list_contains($school_ids, school_id))"
_FIELD_BITS = 21  # a count of up to 2,097,151 people, three to a 64-bit number


def has_uploads(store: Store) -> bool:
    """Whether any answers are stored."""
    return not store.frame(f"select 1 as one from ({LIVE_UPLOADS}) limit 1").is_empty()


def uploads(store: Store) -> pl.DataFrame:
    """Every upload, latest first: upload_id, file, wave_id, form, uploaded_at (UTC), uploaded_by, rows_*, is_undone."""
    return store.frame(
        """select u.*, d.id is not null as is_undone from store.upload u
        left join (select distinct id from store.dead where kind = 'upload') d on u.upload_id = d.id
        order by u.number desc"""
    )


def upload_schools(store: Store, upload_id: str) -> dict[str, int]:
    """School to the number of an upload's rows, whether they count or not."""
    found = store.frame(
        "select school_id, count(*)::bigint as rows from store.response where upload_id = $id group by 1 order by 1",
        id=upload_id,
    )
    return {str(school): int(rows) for school, rows in found.iter_rows()}


def waves(store: Store) -> pl.DataFrame:
    """Waves in the order of time: wave_id, first_at, last_at, respondents."""
    return store.frame(
        f"""select wave_id, min(completed_at) as first_at, max(completed_at) as last_at, count(*)::bigint as respondents
        from ({LIVE}) group by 1 order by first_at, wave_id"""
    )


def schools(store: Store) -> pl.DataFrame:
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


def roster_headcounts(store: Store) -> pl.DataFrame:
    """Staff of the latest roster: school_id, role (may be null), headcount. No rows without a roster."""
    return store.frame(
        """select school_id, role, count(*)::bigint as headcount from store.roster
        where number = (select max(number) from store.roster) group by all"""
    )


def mapping(store: Store, form: str) -> pl.DataFrame:
    """What people said a form's words mean: subject, answer, code.

    With `answer` null, `subject` is a header and `code` its item (null: left out); else `subject` is a scale.
    """
    return store.frame(
        """select subject, answer, code from store.mapping where form = $form
        qualify row_number() over (partition by subject, answer order by number desc) = 1""",
        form=form,
    )


def respondents(store: Store, *, wave_id: str | None = None, school_ids: Sequence[str] | None = None) -> pl.DataFrame:
    """People who answered: wave_id, school_id, role (may be null), respondents."""
    return store.frame(
        f"""select wave_id, school_id, role, count(*)::bigint as respondents from ({LIVE}) where {_SCOPE} group by all""",
        wave_id=wave_id,
        school_ids=_listed(school_ids),
    )


def level_counts(
    store: Store,
    item_levels: dict[str, int],
    *,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    by_role: bool = False,
) -> pl.DataFrame:
    """People at each level of items: wave_id, school_id, [role,] item_id, level, respondents; a level nobody chose is 0.

    `item_levels` is item_id to its number of levels. Three levels are counted in one sum, each in its own field of bits:
    a third of the time of one aggregate a level, which is what lets a district of a million answers be read in one scan.
    """
    groups = ["wave_id", "school_id", *(["role"] if by_role else [])]
    sums = {}
    for item_id, levels in item_levels.items():
        for first in range(0, levels, 3):
            weights = " ".join(
                f"when {level} then {1 << (_FIELD_BITS * (level - first))}::bigint"
                for level in range(first, min(first + 3, levels))
            )
            sums[f"{item_id}:{first}"] = f"coalesce(sum(case {quoted(item_id)} {weights} end), 0)::bigint"
    columns = ", ".join(f"{expression} as {quoted(name)}" for name, expression in sums.items())
    packed = store.frame(
        f"select {', '.join(groups)}{', ' if columns else ''}{columns} from ({LIVE}) where {_SCOPE} group by all",
        wave_id=wave_id,
        school_ids=_listed(school_ids),
    )
    unpacked = [
        packed.select(
            *groups,
            item_id=pl.lit(item_id),
            level=pl.lit(level, pl.Int64),
            respondents=pl.col(f"{item_id}:{level // 3 * 3}")
            // (1 << (_FIELD_BITS * (level % 3)))
            % (1 << _FIELD_BITS),
        )
        for item_id, levels in item_levels.items()
        for level in range(levels)
    ]
    empty = {**dict.fromkeys(groups, pl.String), "item_id": pl.String, "level": pl.Int64, "respondents": pl.Int64}
    return pl.concat(unpacked) if unpacked else pl.DataFrame(schema=empty)


def choice_counts(
    store: Store,
    item_id: str,
    *,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
) -> pl.DataFrame:
    """People who chose each answer of a multiple choice: wave_id, school_id, code, respondents."""
    return store.frame(
        f"""select wave_id, school_id, code, count(*)::bigint as respondents from (
            select wave_id, school_id, unnest(string_split({quoted(item_id)}, ';')) as code
            from ({LIVE}) where {_SCOPE} and {quoted(item_id)} <> ''
        ) group by all""",
        wave_id=wave_id,
        school_ids=_listed(school_ids),
    )


def answered_counts(
    store: Store,
    item_id: str,
    *,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
) -> pl.DataFrame:
    """People who gave any answer to an item: wave_id, school_id, respondents."""
    return store.frame(
        f"""select wave_id, school_id, count({quoted(item_id)})::bigint as respondents
        from ({LIVE}) where {_SCOPE} group by all""",
        wave_id=wave_id,
        school_ids=_listed(school_ids),
    )


def ready_for_implementation(
    store: Store,
    skills: dict[str, tuple[str, str]],
    *,
    proficient: int,
    wave_id: str | None = None,
    school_ids: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Proficient people who do not yet change tasks with a skill: wave_id, school_id, skill_id, respondents, waiting.

    `skills` is skill_id to its proficiency and SAMR items; `respondents` answered both; `waiting` are proficient and at SAMR
    level none or S.
    """
    columns = []
    for skill_id, (proficiency, samr) in skills.items():
        own, use = quoted(proficiency), quoted(samr)
        columns.append(
            f"count(*) filter ({own} is not null and {use} is not null)::bigint as {quoted(skill_id + ':n')}"
        )
        columns.append(f"count(*) filter ({own} >= $proficient and {use} <= 1)::bigint as {quoted(skill_id + ':x')}")
    found = store.frame(
        f"select wave_id, school_id, {', '.join(columns)} from ({LIVE}) where {_SCOPE} group by all",
        wave_id=wave_id,
        school_ids=_listed(school_ids),
        proficient=proficient,
    )
    return pl.concat(
        [
            found.select(
                "wave_id",
                "school_id",
                skill_id=pl.lit(skill_id),
                respondents=pl.col(f"{skill_id}:n"),
                waiting=pl.col(f"{skill_id}:x"),
            )
            for skill_id in skills
        ]
    )


def _listed(school_ids: Sequence[str] | None) -> list[str] | None:
    return None if school_ids is None else list(school_ids)
