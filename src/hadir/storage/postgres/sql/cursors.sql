-- name: get_cursor
-- How far a follower has come.
select position from cursor where name = %(name)s

-- name: set_cursor
-- Only forward: of two nodes that follow, the slower one does not pull the other back. Not waited for on the disk: what
-- follows from a fact may be done again, and a sync each 25 ms would stand in the journal's way.
with quick as materialized (select set_config('synchronous_commit', 'off', true))
insert into cursor (name, position) select %(name)s, %(position)s from quick
on conflict (name) do update set position = greatest(cursor.position, excluded.position)
