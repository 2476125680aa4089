-- name: position
-- The position the rows belong to, and after which deltas are all there.
select position, kept_after from view_cursor where name = 'board';

-- name: lock_position
-- As `position`, and until the end of the transaction nobody else writes.
select position, kept_after from view_cursor where name = 'board' for update;

-- name: move
-- The rows now belong to this position.
update view_cursor set position = %(position)s where name = 'board';

-- name: kept
-- All rows wanted in memory after a start.
select thing, body from board_row where kept order by thing, id;

-- name: row
-- One row.
select body from board_row where thing = %(thing)s and id = %(id)s;

-- name: room
-- An incident and all that belongs to it.
select thing, body from board_row where room = %(room)s order by thing, id;

-- name: put_rows
-- New and changed rows. Contents come as words, because unnest would flatten an array of arrays.
insert into board_row (thing, id, room, kept, at, area, state, category, point, contents, body)
select
    thing, id, room, kept, at, area, state, category, point(lon, lat), string_to_array(contents, ' '), body
from unnest(
    %(things)s::text[], %(ids)s::text[], %(rooms)s::text[], %(kepts)s::boolean[], %(ats)s::timestamptz[],
    %(areas)s::text[], %(states)s::text[], %(categories)s::text[], %(lons)s::float8[], %(lats)s::float8[],
    %(contents)s::text[], %(bodies)s::json[]
) r (thing, id, room, kept, at, area, state, category, lon, lat, contents, body)
on conflict (thing, id) do update set
    room = excluded.room, kept = excluded.kept, at = excluded.at, area = excluded.area, state = excluded.state,
    category = excluded.category, point = excluded.point, contents = excluded.contents, body = excluded.body;

-- name: write
-- A batch: position, news and rows in one statement, which is a transaction of its own. One trip to the server instead
-- of six costs a quarter. Where another process is as far already nothing is written; what it has told stays. It is not
-- waited for on the disk, so a server that is killed may lose the last ones: where the tables stand before the batch
-- begins, nothing is written either. Answers with where they stood.
with cursor as materialized (
    select position, set_config('synchronous_commit', 'off', true) from view_cursor where name = 'board' for update
),
here as (select position from cursor where position >= %(after)s and position < %(position)s),
told as (
    insert into live_delta (position, audience, at, data)
    select d.position, audience, %(at)s, data
    from here, unnest(%(positions)s::bigint[], %(audiences)s::text[], %(datas)s::bytea[]) d (position, audience, data)
    where d.position > here.position
    on conflict do nothing
),
put as (
    insert into board_row (thing, id, room, kept, at, area, state, category, point, contents, body)
    select
        thing, id, room, kept, at, area, state, category, point(lon, lat), string_to_array(contents, ' '), body
    from here, unnest(
        %(things)s::text[], %(ids)s::text[], %(rooms)s::text[], %(kepts)s::boolean[], %(ats)s::timestamptz[],
        %(areas)s::text[], %(states)s::text[], %(categories)s::text[], %(lons)s::float8[], %(lats)s::float8[],
        %(contents)s::text[], %(bodies)s::json[]
    ) r (thing, id, room, kept, at, area, state, category, lon, lat, contents, body)
    on conflict (thing, id) do update set
        room = excluded.room, kept = excluded.kept, at = excluded.at, area = excluded.area, state = excluded.state,
        category = excluded.category, point = excluded.point, contents = excluded.contents, body = excluded.body
),
moved as (
    update view_cursor set position = %(position)s where name = 'board' and exists (select from here)
)
select position from cursor;

-- name: showing
-- Rows that show one of these contents. Reads the whole table: an erasure may take a second.
select thing, body from board_row where contents && %(contents)s::text[] order by thing, id;

-- name: forget_deltas
-- They may hold what was erased, or there are none for what was skipped: whoever was away fetches the board again.
truncate live_delta;

-- name: forgotten
-- Nothing is known any more of what was told up to this position.
update view_cursor set kept_after = %(position)s where name = 'board';

-- name: viewport_holds
-- How many points a rectangle holds, counted no further than %(few)s: the planner cannot know.
select count(*) from (
    select from board_row
    where point is not null and point <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
    limit %(few)s
) held;

-- name: viewport_few
-- All reports in a rectangle that holds few, by the index of points; the newest first.
select body
from board_row
where
    point is not null
    and point <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
    and (%(states)s::text[] = '{}' or state = any(%(states)s))
    and (%(categories)s::text[] = '{}' or category = any(%(categories)s))
    and (%(since)s::timestamptz is null or at >= %(since)s)
    and (%(until)s::timestamptz is null or at < %(until)s)
order by at desc, id desc
limit %(limit)s;

-- name: viewport_many
-- Reports in a rectangle that holds many, among the newest %(look)s: their points are read from the index of times.
select row.body
from (
    select id, at, point from board_row where thing = 'reports' and point is not null
    order by at desc, id desc
    limit %(look)s
) newest
join board_row row on row.thing = 'reports' and row.id = newest.id
where
    newest.point <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
    and (%(states)s::text[] = '{}' or row.state = any(%(states)s))
    and (%(categories)s::text[] = '{}' or row.category = any(%(categories)s))
    and (%(since)s::timestamptz is null or newest.at >= %(since)s)
    and (%(until)s::timestamptz is null or newest.at < %(until)s)
order by newest.at desc, newest.id desc
limit %(limit)s;

-- name: nearest
-- The reports nearest by degrees.
select body from board_row where point is not null order by point <-> point(%(lon)s, %(lat)s) limit %(limit)s;

-- name: lately_over
-- Reports in a rectangle that are over already, among the newest %(look)s of the city: what was just solved or dismissed.
select body
from (
    select point, kept, body from board_row where thing = 'reports' and point is not null and at >= %(since)s
    order by at desc, id desc
    limit %(look)s
) newest
where not kept and point <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
limit %(limit)s;

-- name: began
-- A group's rows that began in a time. Reads all rows of the group, by the primary key: for groups that are not reports.
select body from board_row where thing = %(group)s and at >= %(since)s and at < %(until)s order by id;

-- name: deltas_after
-- What one audience was told after a position: its own rendering, or everybody's.
select position, data
from (
    select distinct on (position) position, data
    from live_delta
    where position > %(position)s and audience in (%(audience)s, '*')
    order by position, audience = '*'
) told
where data <> ''
order by position
limit %(limit)s;

-- name: told
-- Everything told after a position.
select position, audience, data from live_delta where position > %(position)s order by position;

-- name: recent_deltas
-- Everything told of the newest so many facts.
select position, audience, data
from live_delta
where position >= (
    select coalesce(min(position), 0)
    from (select distinct position from live_delta order by position desc limit %(limit)s) newest
)
order by position;

-- name: prune_deltas
-- Forget what was told of facts older than this.
with gone as (delete from live_delta where at < %(before)s returning position),
moved as (
    update view_cursor set kept_after = greatest(kept_after, (select max(position) from gone))
    where name = 'board' and exists (select from gone)
)
select count(*) from gone;
