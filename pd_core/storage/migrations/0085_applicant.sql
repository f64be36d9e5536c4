-- Who applied to become an MIE or a facilitator, and what became of it. A list without rows leaves one with an empty name.
create table store.applicant (
    number bigint not null, place integer not null, name varchar not null, kind varchar not null, school_id varchar not null,
    applied_on date not null, status varchar not null
);
