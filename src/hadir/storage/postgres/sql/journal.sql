-- name: lock
-- One writer at a time over all nodes. A statement of its own: the next one's snapshot must be younger than the lock.
select pg_advisory_xact_lock(4871231);

-- name: head
-- The journal's end, and the versions of the streams that a batch names, in their order.
select
    last.position,
    last.hash,
    last.day,
    array(
        select coalesce((select max(j.version) from journal j where j.stream = s.stream), 0)
        from unnest(%(streams)s::text[]) with ordinality s (stream, nr)
        order by s.nr
    )
from (values (1)) always
left join (select position, hash, day from journal order by position desc limit 1) last on true;

-- name: still
-- In place of the head, by who wrote the newest fact himself: fails (division by zero) when it is not the newest any more.
-- Its hash covers everything before it.
select 1 / coalesce((select hash from journal order by position desc limit 1) = %(hash)s::bytea, false)::integer;

-- name: remembered
-- The first outcomes of the commands that a batch names, as far as there are any.
select c.actor, c.command_id, c.digest, c.position, c.answer, c.refusal
from unnest(%(actors)s::text[], %(command_ids)s::text[]) a (actor, command_id)
join commands c using (actor, command_id);

-- name: insert_facts
-- All facts of a batch. An audience comes as words, because unnest would flatten an array of arrays.
insert into journal (
    position, at, day, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body, hash
)
select
    position, %(at)s::timestamptz, %(day)s::date, stream, version, kind, v, actor, role, channel, cause, command_id, content,
    string_to_array(audience, ' '), body, hash
from unnest(
    %(positions)s::bigint[], %(streams)s::text[], %(versions)s::integer[], %(kinds)s::text[], %(vs)s::integer[],
    %(actors)s::text[], %(roles)s::text[], %(channels)s::text[], %(causes)s::text[], %(command_ids)s::text[],
    %(contents)s::text[], %(audiences)s::text[], %(bodies)s::json[], %(hashes)s::bytea[]
) f (
    position, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body, hash
);

-- name: insert_contents
-- What the facts of a batch bring in that may be erased one day.
insert into contents (id, position, kind, subject, key, body, blobs)
select id, position, kind, subject, key, body, string_to_array(blobs, ' ')
from unnest(
    %(ids)s::text[], %(positions)s::bigint[], %(kinds)s::text[], %(subjects)s::text[], %(keys)s::bytea[],
    %(bodies)s::json[], %(blobs)s::text[]
) c (id, position, kind, subject, key, body, blobs);

-- name: insert_commands
-- The first outcome of each command of a batch.
insert into commands (actor, command_id, digest, position, answer, refusal, at)
select actor, command_id, digest, position, answer, refusal, %(at)s::timestamptz
from unnest(
    %(actors)s::text[], %(command_ids)s::text[], %(digests)s::bytea[], %(positions)s::bigint[], %(answers)s::json[],
    %(refusals)s::json[]
) c (actor, command_id, digest, position, answer, refusal);

-- name: seal_day
-- A new day begins: the one before is sealed with the hash of its last fact.
insert into journal_day (day, first, last, hash)
values (
    %(day)s::date, coalesce((select max(last) from journal_day), 0) + 1, %(last)s::bigint, %(hash)s::bytea
);

-- name: notify
-- Wake the other nodes after the commit: position, hash, and who it was.
select pg_notify('hadir_journal', %(payload)s::text);

-- name: hash_at
-- The hash of one fact: whether a commit whose answer was lost has happened, and whether the journal lost its tail.
select hash from journal where position = %(position)s;

-- name: position
-- The newest position and its hash.
select position, hash from journal order by position desc limit 1;

-- name: read
-- Facts after a position, in order.
select
    position, at, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body
from journal
where position > %(after)s
order by position
limit %(limit)s;

-- name: read_with_contents
-- Facts after a position with the contents they brought in: both tables are read along the same order.
select
    j.position, j.at, j.stream, j.version, j.kind, j.v, j.actor, j.role, j.channel, j.cause, j.command_id, j.content,
    j.audience, j.body, c.body
from journal j
left join contents c on c.position = j.position
where j.position > %(after)s
order by j.position
limit %(limit)s;

-- name: read_stream
-- All facts of one stream, by version.
select
    position, at, stream, version, kind, v, actor, role, channel, cause, command_id, content, audience, body
from journal
where stream = %(stream)s
order by version;

-- name: contents
-- Bodies of contents by id; null: erased.
select id, body from contents where id = any(%(ids)s);

-- name: epoch
-- The journal's epoch.
select epoch from epoch order by nr desc limit 1;

-- name: new_epoch
-- Begin a new epoch.
insert into epoch (epoch, reason) values (%(epoch)s, %(reason)s);

-- name: erase
-- Delete bodies and keys; gives the ids, blobs and positions of what was still there.
with doomed as (
    select id, blobs from contents
    where erased_at is null and (id = any(%(ids)s) or subject = %(subject)s)
    for update
)
update contents c
set key = null, body = null, blobs = '{}', erased_at = %(at)s
from doomed d
where c.id = d.id
returning c.id, d.blobs, c.position;

-- name: forget_digests
-- The digest of a command's body tells of the words in it: it goes with them.
update commands c
set digest = null
from journal j
where j.position = any(%(positions)s) and c.actor = j.actor and c.command_id = j.command_id;

-- name: blobs_in_use
-- Which of these blobs some content still needs.
select distinct blob
from contents c, unnest(c.blobs) blob
where c.blobs && %(blobs)s and c.blobs <> '{}' and blob = any(%(blobs)s);

-- name: prune_refusals
-- Forget refusals from before a time.
delete from commands where refusal is not null and at < %(before)s;

-- name: chain
-- Facts after a position as they are stored, with the contents they brought in, for checking the chain of hashes.
select
    j.position, j.at, j.day, j.stream, j.version, j.kind, j.v, j.actor, j.role, j.channel, j.cause, j.command_id,
    j.content, j.audience, j.body, j.hash, c.id, c.key, c.body, c.blobs, c.kind, c.subject, c.erased_at is not null
from journal j
left join contents c on c.position = j.position
where j.position > %(after)s
order by j.position
limit %(limit)s;

-- name: days
-- The sealed days in order.
select day, first, last, hash from journal_day order by day;

-- name: insist_on_durability
-- A commit is an acknowledgement: wait for the disk, whatever the server's default; stricter settings stay.
select set_config('synchronous_commit', 'on', false)
where current_setting('synchronous_commit') in ('off', 'local');
