-- The lists that a training plan is made from. Each load replaces the whole list: the rows of the latest number count,
-- in the order of `place`. Lists within a cell (skills, slots, actions) are separated by a semicolon.
create table store.trainer (
    number bigint not null, place integer not null, trainer_id varchar not null, name varchar not null,
    kind varchar not null, home_school_id varchar not null, skills varchar not null, hours double not null, slots varchar not null
);
create table store.training (
    number bigint not null, place integer not null, training_id varchar not null, title varchar not null,
    skill_id varchar not null, kind varchar not null, minutes double not null, seats integer not null, actions varchar not null,
    url varchar not null
);
-- Local time; `time` is a choice of the form's question about times, or empty.
create table store.slot (
    number bigint not null, place integer not null, slot_id varchar not null, starts_at timestamp not null, ends_at timestamp not null,
    time varchar not null
);
-- How much a person of a building counts in a skill (0 to 3). A list without rows leaves one with an empty school_id.
create table store.goal (
    number bigint not null, place integer not null, school_id varchar not null, skill_id varchar not null, weight double not null
);
-- Minutes between two buildings, both ways. A list without rows leaves one with an empty school_id.
create table store.travel (
    number bigint not null, place integer not null, school_id varchar not null, other_school_id varchar not null, minutes double not null
);
