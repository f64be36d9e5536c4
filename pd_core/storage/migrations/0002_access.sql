-- Who has a role and for which buildings (`school_ids` separated by `;`). The latest row of an address counts; `listed` is
-- false where the role was taken back.
create table store.person (
    number bigint not null, email varchar not null, role varchar not null, school_ids varchar not null,
    listed boolean not null
);
-- Share links. What stands in `dead` as kind “link” no longer opens anything. The secret part of a link is not kept.
create table store.link (
    number bigint not null, link_id varchar not null, school_id varchar not null, made_by varchar not null,
    made_at timestamp not null, expires_at timestamp not null
);
-- What was done without changing any answer or school: sign-ins, exports, roles, links, refusals. It makes the audit
-- together with `change`.
create table store.event (
    number bigint not null, recorded_at timestamp not null, kind varchar not null, actor varchar not null,
    school_ids varchar not null, subject varchar not null
);
-- What a change was about: its schools (separated by `;`, “district” for the whole) and a few words; no answer.
alter table store.change add column school_ids varchar;
alter table store.change add column subject varchar;
-- Whether whoever uploaded may do so for some schools only: its rows compete with those of the same school alone.
alter table store.upload add column is_limited boolean;
-- Whose mapping it is: null is the district's, else the address of the one person whose files it is for.
alter table store.mapping add column owner varchar;
-- `kind` may also be link (its link_id) and session (the mark of a sign-in that has ended).
