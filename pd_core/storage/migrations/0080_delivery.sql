-- How a session was held; the latest row of an id counts. A session of the plan has its schools, training and trainer
-- there; a training outside the plan has its own. `attended` null: a list of people says it.
create table store.delivery (
    number bigint not null, session_id varchar not null, is_outside boolean not null, school_id varchar not null,
    training_id varchar not null, trainer_id varchar not null, delivered_on date not null, attended integer,
    minutes double not null, note varchar not null
);
-- Who attended, as codes; the latest row of a session and a person counts. `minutes` null: all of the session; 0: the
-- person was taken off the list.
create table store.attendance (
    number bigint not null, session_id varchar not null, person varchar not null, minutes double
);
