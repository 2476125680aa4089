-- Positions of followers whose work is safe to repeat (the city's own rules).
create table cursor (
    name text primary key,
    position bigint not null
);
