-- name: keep
-- The first word of one person on one photo stands.
insert into photo_kept (photo, actor, received_at, taken, marks)
values (%(photo)s, %(actor)s, %(received_at)s, %(taken)s, %(marks)s)
on conflict do nothing

-- name: lock_prints
-- One at a time, until the end of the transaction, so that numbers rise in the order of commits.
select pg_advisory_xact_lock(7236090)

-- name: add_print
-- A photo has one fingerprint, whoever sent it.
insert into photo_print (photo, print, small) select %(photo)s, %(print)s, %(small)s
where not exists (select 1 from photo_print where photo = %(photo)s)

-- name: kept
-- What one person said of a photo.
select received_at, taken, marks from photo_kept where photo = %(photo)s and actor = %(actor)s

-- name: use
-- A photo stands on a thing since a fact; told twice, it is one row.
insert into photo_use (photo, thing, position, at)
values (%(photo)s, %(thing)s, %(position)s, %(at)s)
on conflict do nothing

-- name: uses
-- What these photos were used for before a position, the newest first.
select photo, thing, position, at from photo_use
where photo = any(%(photos)s) and position < %(before)s
order by position desc

-- name: prints_after
-- The next fingerprints after a number.
select n, print from photo_print where n > %(after)s order by n limit %(limit)s

-- name: photos_of
-- The photos of these fingerprints with their small copies, without those that were erased.
select n, photo, small from photo_print where n = any(%(numbers)s)

-- name: forget_kept
-- What people said of a photo goes with it.
delete from photo_kept where photo = %(photo)s

-- name: forget_print
-- Its fingerprint too.
delete from photo_print where photo = %(photo)s

-- name: forget_uses
-- And what it was used for.
delete from photo_use where photo = %(photo)s
