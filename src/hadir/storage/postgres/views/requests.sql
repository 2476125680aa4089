-- name: requested
-- Reports of a time, the newest first. A quotation mark inside a JSON string has a backslash in front, so what is
-- looked for in the body cannot stand in somebody's words. «not … > 0», because the planner takes «= 0» for rare, and
-- sorts all of the time's reports. Bodies leave whole: to cut them here costs twice what reading all of them does.
select body
from board_row
where
    thing = 'reports'
    and state <> 'held'
    and at >= %(start)s
    and at <= %(end)s
    and category = any(%(categories)s)
    and (%(states)s::text[] = '{}' or state = any(%(states)s))
    and not strpos(body::text, '"sensitive":true') > 0
    and (%(changed_after)s::timestamptz is null or (body ->> 'state_at')::timestamptz >= %(changed_after)s)
    and (%(changed_before)s::timestamptz is null or (body ->> 'state_at')::timestamptz <= %(changed_before)s)
order by at desc, id desc
limit %(limit)s offset %(offset)s;

-- name: requested_in
-- As `requested`, in a rectangle as points are published: `grids` is {category: [step of latitude, step of longitude]}
-- of the blurred ones.
select body
from board_row, lateral (
    select
        (%(grids)s::jsonb -> category ->> 0)::float8 as lat_step, (%(grids)s::jsonb -> category ->> 1)::float8 as lon_step
) grid
where
    thing = 'reports'
    and state <> 'held'
    and at >= %(start)s
    and at <= %(end)s
    and category = any(%(categories)s)
    and (%(states)s::text[] = '{}' or state = any(%(states)s))
    and point is not null
    and coalesce((floor(point[0] / lon_step) + 0.5) * lon_step, point[0]) between %(west)s and %(east)s
    and coalesce((floor(point[1] / lat_step) + 0.5) * lat_step, point[1]) between %(south)s and %(north)s
    and not strpos(body::text, '"sensitive":true') > 0
    and (%(changed_after)s::timestamptz is null or (body ->> 'state_at')::timestamptz >= %(changed_after)s)
    and (%(changed_before)s::timestamptz is null or (body ->> 'state_at')::timestamptz <= %(changed_before)s)
order by at desc, id desc
limit %(limit)s offset %(offset)s;

-- name: named
-- Reports by id.
select body from board_row where thing = 'reports' and id = any(%(ids)s) order by at desc, id desc;

-- name: told
-- What happened in a time to reports that may be known. The kinds are those of the index `journal_told`, which is read
-- in its order, so a page costs a page.
select f.position, f.at, f.kind, b.id
from journal f, lateral (
    select id from board_row
    where
        thing = 'reports' and id = substr(f.stream, 8) and f.kind <> 'incident.started'
        and state <> 'held' and category = any(%(categories)s) and not strpos(body::text, '"sensitive":true') > 0
    union all
    select id from board_row
    where
        thing = 'reports' and room = substr(f.stream, 10) and f.kind = 'incident.started' and at <= f.at
        and state <> 'held' and category = any(%(categories)s) and not strpos(body::text, '"sensitive":true') > 0
) b
where
    f.kind in (
        'report.joined', 'report.left', 'report.asked', 'report.confirmed', 'report.disputed', 'report.dismissed',
        'report.restored', 'incident.started'
    )
    and f.at >= %(start)s
    and f.at <= %(end)s
order by f.at, f.position, b.id
limit %(limit)s offset %(offset)s;

-- name: told_of
-- What happened to these reports.
select f.position, f.at, f.kind, b.id
from board_row b
join journal f on f.stream = 'report/' || b.id
where
    b.thing = 'reports' and b.id = any(%(ids)s)
    and f.kind in (
        'report.joined', 'report.left', 'report.asked', 'report.confirmed', 'report.disputed', 'report.dismissed',
        'report.restored'
    )
union all
select f.position, f.at, f.kind, b.id
from board_row b
join journal f on f.stream = 'incident/' || b.room
where b.thing = 'reports' and b.id = any(%(ids)s) and f.kind = 'incident.started' and b.at <= f.at
order by 1, 4;
