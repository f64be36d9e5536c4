-- What a school's principal wants of the year: a ready goal's id (empty: none of them), and the goal in words. The rows of
-- the latest number count, in the order of `place`. A list without rows leaves one with an empty school_id.
create table store.school_goal (
    number bigint not null, place integer not null, school_id varchar not null, goal_id varchar not null, words varchar not null
);
