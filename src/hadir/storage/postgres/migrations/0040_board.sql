-- The board: rows of the read models, the deltas of the live stream, and the position both belong to.
--
-- All of it can be dropped and made again from the journal. `board_side` of a rebuild is made like `board_row` and takes
-- its name, so whoever changes this table changes it by dropping and rebuilding, never by a column that only one has.

create table board_row (
    thing text not null,
    id text not null,
    room text,
    kept boolean not null,
    at timestamptz,
    area text,
    state text not null,
    category text,
    point point,
    contents text[] not null,
    body json not null,
    constraint board_row_pkey primary key (thing, id)
);

create index board_row_room on board_row (room) where room is not null;
create index board_row_kept on board_row (thing, id) where kept;
create index board_row_point on board_row using gist (point) where point is not null;
create index board_row_newest on board_row (at desc, id desc) where point is not null;

comment on table board_row is 'Every row of the board, also of what is over; point (degrees: lon, lat) only for reports.';

create table view_cursor (
    name text primary key,
    position bigint not null,
    kept_after bigint not null
);

comment on table view_cursor is 'One row: the position the rows belong to. Its lock makes one process the writer.';

insert into view_cursor (name, position, kept_after) values ('board', 0, 0);

create table live_delta (
    position bigint not null,
    audience text not null,
    at timestamptz not null,
    data bytea not null,
    primary key (position, audience)
);

create index live_delta_at on live_delta (at);

comment on table live_delta is 'What each fact told each audience, for those who were away; * is who has none of his own.';
