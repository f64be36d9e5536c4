-- The school into which another was merged; the latest row of a school counts, an empty successor: none.
create table store.school_successor (
    number bigint not null, school_id varchar not null, successor varchar not null
);
