-- What a district measures of its students, by school and period; the latest row of a school, period, measure and group
-- counts. `value` is null where it was suppressed, or only known to lie within `lower` and `upper`; shares are 0 to 1.
-- `n` students are behind it. `student_group` is empty for all students.
create table store.outcome (
    number bigint not null, school_id varchar not null, period varchar not null, measure varchar not null,
    student_group varchar not null, value double, n bigint, numerator double, lower double, upper double,
    suppressed boolean not null, is_share boolean not null
);
-- Which way of a measure is good (higher or lower), as somebody said; its latest row counts.
create table store.outcome_measure (number bigint not null, measure varchar not null, good varchar not null);
-- People newly trained in a period outside the plan; the latest row of a school, training and period counts.
create table store.outside_delivery (
    number bigint not null, school_id varchar not null, training_id varchar not null, period varchar not null,
    people integer not null
);
