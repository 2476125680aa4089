-- name: requested
-- Reports of a time, the newest first. A quotation mark inside a JSON string has a backslash in front, so what is
-- looked for in the body cannot stand in somebody's words. What comes after the category (reasons, rank) is half of it
-- and not wanted. «not … > 0», because the planner takes «= 0» for rare, and sorts all of the time's reports.
select convert_to(
    left(body::text, strpos(body::text, ',"category_reasons":') - 1)
    || ',"sensitive":false,"incident":' || coalesce(to_json(room)::text, 'null') || '}',
    'UTF8'
)
from board_row
where
    thing = 'reports'
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
select convert_to(
    left(body::text, strpos(body::text, ',"category_reasons":') - 1)
    || ',"sensitive":false,"incident":' || coalesce(to_json(room)::text, 'null') || '}',
    'UTF8'
)
from board_row, lateral (
    select
        (%(grids)s::jsonb -> category ->> 0)::float8 as lat_step, (%(grids)s::jsonb -> category ->> 1)::float8 as lon_step
) grid
where
    thing = 'reports'
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
