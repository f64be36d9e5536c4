-- What was set for a wave; its latest row counts. `form_link` is empty or the form's address, with {school} where a
-- building's name stands.
create table store.wave (
    number bigint not null, wave_id varchar not null, closes_on date, form_link varchar not null,
    asks_guesses boolean not null
);
-- What somebody expected of a building (`guess_share`: staff at level 2 or above, 0 to 1) before looking at its results.
-- A row without skill ('') and share says that the person looked without guessing. What a person wrote first counts.
create table store.guess (
    number bigint not null, wave_id varchar not null, school_id varchar not null, person varchar not null,
    skill_id varchar not null, guess_share double
);
