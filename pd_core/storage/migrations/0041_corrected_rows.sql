-- By what a row is known that was set aside, corrected and stored: its key of then, without the school. Null for others.
alter table store.response add column origin varchar;
