-- name: get_cursor
-- How far a follower has come.
select position from cursor where name = %(name)s

-- name: set_cursors
-- Only forward: of two nodes that follow, the slower one does not pull the other back. Not waited for on the disk: what
-- follows from a fact may be done again, and a sync of its own would stand in the journal's way. In one order, so that
-- two nodes do not wait for each other.
with quick as materialized (select set_config('synchronous_commit', 'off', true))
insert into cursor (name, position)
select moved.name, moved.position from quick, unnest(%(names)s::text[], %(positions)s::bigint[]) moved (name, position)
order by moved.name
on conflict (name) do update set position = greatest(cursor.position, excluded.position)
