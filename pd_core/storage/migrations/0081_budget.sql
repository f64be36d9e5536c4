-- What an hour of one person costs in a year (July to June), and how much each fund has; `trainings`, separated by a
-- semicolon, are paid from it (empty: all that no other fund of the year names). `hours_each` is the most hours a person
-- is paid for in the year. A list without rows leaves one with an empty year.
create table store.budget (
    number bigint not null, place integer not null, year varchar not null, fund varchar not null, rate double not null,
    amount double not null, hours_each double not null, trainings varchar not null
);
