"""Queries of the stored answers, one function each. Unsuppressed, so never shown directly: see summaries."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pd_core.access import Scope
from pd_core.storage.change import Reader
from pd_core.storage.migrate import quoted

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


def waves(store: Reader) -> pl.DataFrame:
    """Waves in chronological order: wave_id, first_at, last_at, respondents."""
    return store.frame(
        f"""select wave_id, min(completed_at) as first_at, max(completed_at) as last_at, count(*)::bigint as respondents
        from ({LIVE}) group by 1 order by first_at, wave_id"""
    )


def wave_ids(store: Reader) -> list[str]:
    """The names of waves that have uploads or settings. Counts no one, so it is fast at any size."""
    found = store.frame(f"select wave_id from ({LIVE_UPLOADS}) union select wave_id from store.wave order by wave_id")
    return [str(wave_id) for wave_id in found["wave_id"]]


def answers_after(store: Reader, scope: Scope, number: int) -> int:
    """How many answers of the schools in a scope count that came with a change after this one."""
    found = store.frame(
        f"select school_id, count(*)::bigint as answers from ({LIVE}) where number > $number group by 1", number=number
    )
    return sum(answers for school_id, answers in found.iter_rows() if scope.sees(school_id))


def latest_upload(store: Reader, wave_id: str) -> datetime | None:
    """When answers of a wave were last uploaded (UTC); null if never."""
    found = store.frame(f"select max(uploaded_at) as at from ({LIVE_UPLOADS}) where wave_id = $id", id=wave_id)
    at: datetime | None = found["at"].item()
    return at


def schools(store: Reader, scope: Scope) -> pl.DataFrame:
    """Schools in a scope, by name: school_id, name, aliases (separated by `;`), level, region, headcount (null:
    unknown).

    A roster's headcount takes precedence over the list's.
    """
    found = store.frame(
        """with latest as (
            select * from store.school qualify row_number() over (partition by school_id order by number desc) = 1
        ), counted as (
            select school_id, count(*)::integer as headcount from store.roster
            where number = (select max(number) from store.roster) group by 1
        )
        select s.school_id, s.name, s.aliases, s.level, s.region, coalesce(c.headcount, s.headcount) as headcount
        from latest s left join counted c using (school_id) where s.listed order by s.name, s.school_id"""
    )
    return found if scope.school_ids is None else found.filter(pl.col("school_id").is_in(scope.school_ids))


def successors(store: Reader) -> dict[str, str]:
    """School id to the id of the school into which it was merged, as the list of schools says."""
    found = store.frame(
        """select school_id, successor from store.school_successor
        qualify row_number() over (partition by school_id order by number desc) = 1"""
    )
    return {str(school): str(successor) for school, successor in found.sort("school_id").iter_rows() if successor}


def answered_schools(store: Reader, wave_id: str) -> set[str]:
    """The ids of schools with answers of a wave that count."""
    found = store.frame(f"select distinct school_id from ({LIVE}) where wave_id = $wave_id", wave_id=wave_id)
    return set(found["school_id"])


def roster_headcounts(store: Reader) -> pl.DataFrame:
    """Staff of the latest roster: school_id, role (may be null), headcount. No rows without a roster."""
    return roster_by(store, "role")


def roster_by(store: Reader, column: str) -> pl.DataFrame:
    """Staff of the latest roster by its `column` role or grade_band (may be null): school_id, `column`, headcount.

    No rows without a roster.
    """
    name = quoted(column)
    return store.frame(
        f"""select school_id, {name}, count(*)::bigint as headcount from store.roster
        where number = (select max(number) from store.roster) group by school_id, {name}"""
    )


def mapping(store: Reader, form: str, owner: str | None = None) -> pl.DataFrame:
    """What a form's questions and answers mean: subject, answer, code.

    With `answer` null, `subject` is a header and `code` its item (null: left out); otherwise `subject` is a scale.
    Includes the mappings for the files of `owner` only, which take precedence over those for everyone.
    """
    return store.frame(
        """select subject, answer, code from store.mapping where form = $form and (owner is null or owner = $owner)
        qualify row_number() over (
            partition by subject, answer order by owner is not null desc, number desc
        ) = 1""",
        form=form,
        owner=owner,
    )


def schools_of_uploads(store: Reader) -> pl.DataFrame:
    """The schools that each upload has rows of, whether they count or not: upload_id, school_id, rows."""
    return store.frame("select upload_id, school_id, count(*)::bigint as rows from store.response group by 1, 2")
