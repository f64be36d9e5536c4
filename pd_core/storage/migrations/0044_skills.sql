-- Skills that someone added, renamed or retired on a page, over those of the codebook's files; the latest row of a skill
-- counts. `wordings` are further headers by which an export's question is known, separated by `|`. The years are the first
-- and last in which the survey asks for the skill (null: no limit). `has_samr`: whether it asks for SAMR levels too.
create table store.skill (
    number bigint not null, skill_id varchar not null, name varchar not null, iste_standard varchar not null,
    from_year integer, until_year integer, wordings varchar not null, has_samr boolean not null
);
