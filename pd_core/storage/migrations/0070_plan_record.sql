-- The plan as a record: a row for each change of a session. `base` is the number of the change it was decided from (null:
-- a new session). A change counts if its base is the session's latest change. Times are local; `school_ids` are separated
-- by semicolons, the school where it is held first.
create table store.plan_session (
    number bigint not null, session_id varchar not null, base bigint, state varchar not null, school_ids varchar not null,
    training_id varchar not null, trainer_id varchar not null, slot_id varchar not null, starts_at timestamp not null,
    ends_at timestamp not null, reached integer not null, note varchar not null
);
