-- name: reached
-- How far the rows are, by which rules, and how often they were made anew.
select position, rules, generation from open_cursor where name = 'open';

-- name: lock
-- As `reached`, and until the end of the transaction nobody else writes.
select position, rules, generation from open_cursor where name = 'open' for update;

-- name: rows
-- Reports by id.
select
    position, id, at, changed_at, kind, area, state, origin, lat, lon, answered_at, solved_at, confirmed_at, reopened,
    place_content, moved
from open_report where id = any(%(ids)s);

-- name: at
-- Reports by position, the newest first.
select
    position, id, at, changed_at, kind, area, state, origin, lat, lon, answered_at, solved_at, confirmed_at, reopened,
    place_content, moved
from open_report where position = any(%(positions)s) order by position desc;

-- name: write
-- A batch and the position it reaches, in one statement; nothing where another process has been there. Not waited for on
-- the disk: all of it can be made again.
with here as materialized (
    select position, set_config('synchronous_commit', 'off', true)
    from open_cursor where name = 'open' and position = %(after)s
    for update
),
put as (
    insert into open_report (
        position, id, at, changed_at, kind, area, state, origin, lat, lon, answered_at, solved_at, confirmed_at,
        reopened, place_content, moved
    )
    select r.* from here, unnest(
        %(positions)s::bigint[], %(ids)s::text[], %(ats)s::timestamptz[], %(changed_ats)s::timestamptz[],
        %(kinds)s::text[], %(areas)s::text[], %(states)s::text[], %(origins)s::text[], %(lats)s::float8[],
        %(lons)s::float8[], %(answered_ats)s::timestamptz[], %(solved_ats)s::timestamptz[],
        %(confirmed_ats)s::timestamptz[], %(reopeneds)s::integer[], %(place_contents)s::text[], %(moveds)s::boolean[]
    ) r
    on conflict (position) do update set
        changed_at = excluded.changed_at, kind = excluded.kind, area = excluded.area, state = excluded.state,
        lat = excluded.lat, lon = excluded.lon, answered_at = excluded.answered_at, solved_at = excluded.solved_at,
        confirmed_at = excluded.confirmed_at, reopened = excluded.reopened, place_content = excluded.place_content,
        moved = excluded.moved,
        tick = nextval('open_report_tick')
)
update open_cursor set position = %(position)s where name = 'open' and exists (select from here) returning position;

-- name: put
-- Rows of a side that is being built.
insert into open_report (
    position, id, at, changed_at, kind, area, state, origin, lat, lon, answered_at, solved_at, confirmed_at, reopened,
    place_content, moved
)
select r.* from unnest(
    %(positions)s::bigint[], %(ids)s::text[], %(ats)s::timestamptz[], %(changed_ats)s::timestamptz[],
    %(kinds)s::text[], %(areas)s::text[], %(states)s::text[], %(origins)s::text[], %(lats)s::float8[],
    %(lons)s::float8[], %(answered_ats)s::timestamptz[], %(solved_ats)s::timestamptz[],
    %(confirmed_ats)s::timestamptz[], %(reopeneds)s::integer[], %(place_contents)s::text[], %(moveds)s::boolean[]
) r
on conflict (position) do update set
    changed_at = excluded.changed_at, kind = excluded.kind, area = excluded.area, state = excluded.state,
    lat = excluded.lat, lon = excluded.lon, answered_at = excluded.answered_at, solved_at = excluded.solved_at,
    confirmed_at = excluded.confirmed_at, reopened = excluded.reopened, place_content = excluded.place_content,
        moved = excluded.moved,
    tick = nextval('open_report_tick');

-- name: packed
-- What changed after a tick, as bytes that need no reading one by one (ports.opendata.PACKED).
select
    coalesce(max(tick), 0),
    coalesce(string_agg(
        int8send(position) || int8send(floor(extract(epoch from at))::bigint)
        || int8send(floor(extract(epoch from changed_at))::bigint)
        || int4send(coalesce(round(lat * 1e6)::integer, -2147483648))
        || int4send(coalesce(round(lon * 1e6)::integer, -2147483648))
        || int4send(coalesce(round(extract(epoch from answered_at - at))::integer, -2147483648))
        || int4send(coalesce(round(extract(epoch from solved_at - at))::integer, -2147483648))
        || int2send(coalesce(array_position(%(kinds)s::text[], kind), 0)::smallint)
        || int2send(coalesce(array_position(%(areas)s::text[], area), 0)::smallint)
        || int2send(coalesce(array_position(%(states)s::text[], state), 0)::smallint)
        || int2send(coalesce(array_position(%(origins)s::text[], origin), 0)::smallint)
        || int2send(least(reopened, 9999)::smallint),
        ''::bytea
    ), ''::bytea)
from (select * from open_report where tick > %(after)s order by tick limit %(limit)s) changed;

-- name: side_drop
-- Give up what an earlier rebuild left.
drop table if exists open_report_side;

-- name: side_create
-- A second set of rows. Its ticks go on from those in use, so that every copy in memory learns of every row.
create table open_report_side (like open_report including all);

-- name: side_differences
-- Rows that are not the same in both.
select coalesce(r.id, s.id)
from open_report r full join open_report_side s using (position)
where
    (r.id, r.at, r.changed_at, r.kind, r.area, r.state, r.origin, r.lat, r.lon)
    is distinct from (s.id, s.at, s.changed_at, s.kind, s.area, s.state, s.origin, s.lat, s.lon)
    or (r.answered_at, r.solved_at, r.confirmed_at, r.reopened, r.place_content, r.moved)
    is distinct from (s.answered_at, s.solved_at, s.confirmed_at, s.reopened, s.place_content, s.moved)
order by 1;

-- name: side_analyze
-- So that the planner knows it before it is in use.
analyze open_report_side;

-- name: swap_alone
-- Before the cursor is locked: whoever writes has the table first and then the cursor, and so nobody waits in a ring.
lock table open_report in access exclusive mode;

-- name: swap_old
-- The rows that were in use so far.
drop table open_report;

-- name: swap_new
-- The side takes their place; its indexes keep their names, which nobody asks for.
alter table open_report_side rename to open_report;

-- name: swapped
-- How far the new rows are.
update open_cursor set position = %(position)s, rules = %(rules)s, generation = generation + 1 where name = 'open';
