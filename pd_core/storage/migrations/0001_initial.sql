-- Every row is inserted once and never changed. `number` is the change that wrote the row; the latest row of a key counts.
-- `number` is the moment of the change in microseconds, or one more than the last.
create table store.change (
    number bigint not null, change_id varchar not null, kind varchar not null,
    recorded_at timestamp not null, actor varchar not null
);
create table store.school (
    number bigint not null, school_id varchar not null, name varchar not null, aliases varchar not null,
    level varchar not null, region varchar not null, headcount integer, listed boolean not null
);
create table store.roster (
    number bigint not null, respondent varchar not null, school_id varchar not null, role varchar, grade_band varchar
);
-- What a person said a form's words mean. With `answer` null, `subject` is a header and `code` its item (null: left out);
-- else `subject` is a scale and `code` what that answer means on it.
create table store.mapping (
    number bigint not null, form varchar not null, subject varchar not null, answer varchar, code varchar
);
create table store.upload (
    number bigint not null, upload_id varchar not null, content_hash varchar not null, file varchar not null,
    wave_id varchar not null, form varchar not null, uploaded_at timestamp not null, uploaded_by varchar not null,
    rows_read integer not null, rows_added integer not null, rows_existing integer not null,
    rows_replaced integer not null, rows_set_aside integer not null
);
-- One row of one export. `person` is the respondent's code, or the row's own key where nobody is named. Of all rows of a
-- person in a wave one counts: it `stands` and is not in `dead`. `answers` is how many items the row has an answer to.
-- Each item of the codebook has a column, added on opening.
create table store.response (
    number bigint not null, upload_id varchar not null, response_id varchar not null, row_key varchar not null,
    person varchar not null, is_identified boolean not null, stands boolean not null, is_complete boolean not null,
    wave_id varchar not null, school_id varchar not null, started_at timestamp, completed_at timestamp not null,
    answered_at timestamp not null, answers smallint not null
);
-- What is taken out again: `kind` is upload or response, `id` its upload_id or response_id.
create table store.dead (number bigint not null, kind varchar not null, id varchar not null);
