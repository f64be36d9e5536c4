-- What people answered to a follow-up link: whether they did the next-day action. `mark` is a random code of the device that
-- answered, and of no person; the latest row of a session and a mark counts.
create table store.next_day_answer (
    number bigint not null, session_id varchar not null, mark varchar not null, answer varchar not null, line varchar not null
);
