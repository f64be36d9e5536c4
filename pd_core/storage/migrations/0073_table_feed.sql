-- Addresses under which programs read a table: of a school, or of every school (`school_id` is then “district”).
create table store.table_feed (
    number bigint not null, feed_id varchar not null, table_name varchar not null, school_id varchar not null,
    made_by varchar not null, made_at timestamp not null, expires_at timestamp not null
);
