-- name: make_day
-- The table of a day, made if it is not there.
select position_day(%(day)s)

-- name: soon_on_disk
-- Readings need not wait for the disk: after a power cut the last second of them is missing, and nothing else.
set local synchronous_commit = off

-- name: copy_positions
-- Many readings in one go.
copy position (unit, at, lat, lon, accuracy_m, device_at, battery, late) from stdin (format binary)

-- name: keep_newest
-- The last value of each unit; one that is no newer than the kept one changes nothing.
insert into position_last (unit, at, lat, lon, accuracy_m, device_at, battery)
select * from unnest(
    %(units)s::text[], %(ats)s::timestamptz[], %(lats)s::float8[], %(lons)s::float8[],
    %(accuracies)s::real[], %(device_ats)s::timestamptz[], %(batteries)s::smallint[]
)
on conflict (unit) do update set
    at = excluded.at, lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m,
    device_at = excluded.device_at, battery = excluded.battery
where position_last.at < excluded.at

-- name: newest
-- The last value of every unit.
select unit, at, lat, lon, accuracy_m, device_at, battery, false from position_last order by unit

-- name: track
-- Where a unit was in a stretch of time, oldest first, late readings too.
select unit, at, lat, lon, accuracy_m, device_at, battery, late from position
where unit = %(unit)s and at >= %(since)s and at < %(until)s order by at limit %(limit)s

-- name: forget
-- Drop the days before this one; how many went.
select position_forget(%(before)s)
