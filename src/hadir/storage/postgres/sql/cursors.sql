-- name: get_cursor
-- How far a follower has come.
select position from cursor where name = %(name)s

-- name: set_cursor
-- Only forward: of two nodes that follow, the slower one does not pull the other back.
insert into cursor (name, position) values (%(name)s, %(position)s)
on conflict (name) do update set position = greatest(cursor.position, excluded.position)
