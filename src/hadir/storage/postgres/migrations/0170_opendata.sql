-- What the public may know of every report, without a word that anybody wrote: the public map, open data, the numbers.
--
-- All of it can be dropped and made again from the journal (`hadir rebuild`). The point is stored as it is published.
-- `tick` grows with every change of a row, so that copies in memory ask for what changed since.

create sequence open_report_tick;

create table open_report (
    position bigint primary key,
    id text not null unique,
    at timestamptz not null,
    changed_at timestamptz not null,
    kind text not null,
    area text,
    state text not null,
    origin text not null,
    lat double precision,
    lon double precision,
    answered_at timestamptz,
    solved_at timestamptz,
    confirmed_at timestamptz,
    reopened integer not null,
    place_content text,
    moved boolean not null,
    tick bigint not null default nextval('open_report_tick')
);

create index open_report_tick_key on open_report (tick);

comment on table open_report is 'One row a report that is not sensitive; whether its kind is public is asked when it is read.';

create table open_cursor (
    name text primary key,
    position bigint not null,
    rules text not null,
    generation bigint not null
);

comment on table open_cursor is 'One row: how far open_report is, and by which rules of the pack. Its lock makes one process the writer.';

insert into open_cursor (name, position, rules, generation) values ('open', 0, '', 0);
