-- What tells whether the secret behind respondents' codes is still the one with which the store began: an HMAC of a
-- constant under it. The earliest row counts.
create table store.key_check (number bigint not null, mark varchar not null);
