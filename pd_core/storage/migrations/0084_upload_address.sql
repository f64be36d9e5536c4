-- Addresses to which scripts and flows send files of one school.
create table store.upload_address (
    number bigint not null, address_id varchar not null, school_id varchar not null,
    made_by varchar not null, made_at timestamp not null, expires_at timestamp not null
);
