-- What someone wants changed of a session and waits for an answer to; null or empty: nothing.
alter table store.plan_session add column asked varchar;
