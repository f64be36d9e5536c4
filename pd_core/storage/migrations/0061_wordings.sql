-- How the form of an upload worded each question that was recognized.
create table store.wording (
    number bigint not null, upload_id varchar not null, item_id varchar not null, wording varchar not null
);
