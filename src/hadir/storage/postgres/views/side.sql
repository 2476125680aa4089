-- name: drop
-- Give up what an earlier rebuild left.
drop table if exists board_side;

-- name: create
-- A second set of rows. Only the two indexes that a rebuild asks are there from the start.
create table board_side (like board_row including comments);

-- name: create_key
-- Rows by name, already while it is filled: what comes back after it was over is looked up.
alter table board_side add constraint board_side_pkey primary key (thing, id);

-- name: create_room
-- Rows of an incident, for the same reason.
create index board_side_room on board_side (room) where room is not null;

-- name: copy
-- Rows that are not in it yet.
copy board_side (thing, id, room, kept, at, area, state, category, point, contents, body) from stdin;

-- name: room_to_sort
-- Until the end of the transaction: a million rows are sorted in memory.
set local maintenance_work_mem = '128MB';

-- name: index_kept
-- As on board_row.
create index board_side_kept on board_side (thing, id) where kept;

-- name: index_point
-- As on board_row.
create index board_side_point on board_side using gist (point) where point is not null;

-- name: index_newest
-- As on board_row.
create index board_side_newest on board_side (at desc, id desc) include (point) where thing = 'reports';

-- name: analyze
-- So that the planner knows it before it is in use.
analyze board_side;

-- name: differences
-- Rows that are not the same in both.
select thing, id
from board_row r full join board_side s using (thing, id)
where
    r.body::text is distinct from s.body::text or r.kept is distinct from s.kept or r.room is distinct from s.room
    or r.point::text is distinct from s.point::text or r.contents is distinct from s.contents
order by thing, id;

-- name: drop_old
-- The rows that were in use so far.
drop table board_row;

-- name: rename
-- The side takes the place of what was in use.
alter table board_side rename to board_row;

-- name: rename_key
-- So that the next rebuild finds the names free.
alter table board_row rename constraint board_side_pkey to board_row_pkey;

-- name: rename_room
-- As above.
alter index board_side_room rename to board_row_room;

-- name: rename_kept
-- As above.
alter index board_side_kept rename to board_row_kept;

-- name: rename_point
-- As above.
alter index board_side_point rename to board_row_point;

-- name: rename_newest
-- As above.
alter index board_side_newest rename to board_row_newest;
