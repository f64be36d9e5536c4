-- What people earned, as codes; the latest row of a person, credential, issuer and day counts, if its status does.
create table store.credential (
    number bigint not null, person varchar not null, credential varchar not null, issuer varchar not null, earned_on date not null,
    expires_on date, status varchar not null, skill_id varchar not null, iste varchar not null, source varchar not null
);
-- Which skill and which ISTE standards a credential is for. A list without rows leaves one with an empty credential.
create table store.credential_map (
    number bigint not null, place integer not null, credential varchar not null, skill_id varchar not null, iste varchar not null
);
