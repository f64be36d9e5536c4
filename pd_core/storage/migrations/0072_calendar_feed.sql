-- Addresses under which calendars read sessions: of a trainer, a school, or the district (`subject_id` is then “district”).
create table store.calendar_feed (
    number bigint not null, feed_id varchar not null, about varchar not null, subject_id varchar not null,
    made_by varchar not null, made_at timestamp not null
);
