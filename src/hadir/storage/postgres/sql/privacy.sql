-- name: note
-- One look, before it is shown.
insert into access_log (at, actor, role, what, thing, reason)
values (%(at)s, %(actor)s, %(role)s, %(what)s, %(thing)s, %(reason)s);

-- name: find
-- Looks, the newest first.
select n, at, actor, role, what, thing, reason
from access_log
where
    (%(actor)s::text is null or actor = %(actor)s)
    and (%(what)s::text is null or what = %(what)s)
    and (%(thing)s::text is null or thing = %(thing)s)
    and (%(since)s::timestamptz is null or at >= %(since)s)
    and (%(until)s::timestamptz is null or at < %(until)s)
    and (%(before)s::bigint is null or n < %(before)s)
order by n desc
limit %(limit)s;

-- name: prune
-- Forget looks from before a time.
delete from access_log where at < %(before)s;

-- name: contents_of
-- Contents that came with a stream's facts up to a position, or that are about it.
select c.id from journal j join contents c on c.position = j.position
where j.stream = %(stream)s and j.position <= %(upto)s
union
select id from contents where subject = %(stream)s and erased_at is null and position <= %(upto)s
order by 1;

-- name: contents_by
-- Contents that came with somebody's facts up to a position. Reads the whole journal: a second or two for a million.
select c.id from journal j join contents c on c.position = j.position
where j.actor = %(actor)s and j.position <= %(upto)s and j.content is not null
order by 1;

-- name: blobs_of
-- Blobs that these contents need and no other one does.
with mine as (select distinct unnest(blobs) blob from contents where id = any(%(ids)s))
select blob from mine
where not exists (
    select from contents c where c.blobs @> array[mine.blob] and c.blobs <> '{}' and not c.id = any(%(ids)s)
)
order by 1;

-- name: checks_of
-- Checks of proof that name one of these photos. They are few beside the reports.
select j.stream, c.id from contents c join journal j on j.position = c.position
where
    c.kind = 'evidence.check' and c.erased_at is null
    and exists (select from unnest(%(photos)s::text[]) photo where strpos(c.body::text, photo) > 0)
order by c.position;

-- name: reports_of
-- All reports of a device or account. Reads the whole journal.
select substr(stream, 8) from journal
where kind = 'report.received' and (actor = %(reporter)s or body ->> 'reporter' = %(reporter)s)
order by position;

-- name: reports_reached_by
-- Reports whose reporter left this number or address. Reads all contents. Those of an older version may hold a NUL,
-- at which looking into a JSON fails; their bytes stay, for a digest was made over them.
with plain as (
    select
        subject,
        case
            when strpos(body::text, '\u0000') > 0
            then regexp_replace(body::text, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json
            else body
        end as body
    from contents
    where erased_at is null and subject like 'report/%%'
)

select distinct substr(subject, 8) from plain
where
    %(contact)s <> ''
    and (
        right(regexp_replace(coalesce(body -> 'contact' ->> 'phone', ''), '\D', '', 'g'), 9) = %(contact)s
        or lower(trim(coalesce(body -> 'contact' ->> 'email', ''))) = %(contact)s
    )
order by 1;

-- name: over
-- Things off the board where nothing has happened since, with contents left. The sealed days tell the position.
with old as (
    select j.stream, array_agg(c.id order by c.position) ids, min(c.position) first
    from contents c join journal j on j.position = c.position
    where
        c.erased_at is null
        and c.position <= (select coalesce(max(last), 0) from journal_day where day < (%(before)s at time zone 'UTC')::date)
        and j.stream like %(noun)s || '/%%'
    group by j.stream
)
select stream, ids from old
where
    not exists (select from journal l where l.stream = old.stream and l.at >= %(before)s)
    and not exists (
        select from board_row b
        where b.thing = %(noun)s || 's' and b.id = substr(old.stream, length(%(noun)s) + 2) and b.kept
    )
order by first
limit %(limit)s;

-- name: old_of
-- Old contents of things that are never over.
select j.stream, array_agg(c.id order by c.position)
from contents c join journal j on j.position = c.position
where
    c.erased_at is null
    and c.position <= (select coalesce(max(last), 0) from journal_day where day < (%(before)s at time zone 'UTC')::date)
    and j.stream like %(noun)s || '/%%'
group by j.stream
order by 1
limit %(limit)s;

-- name: unused
-- Photos that came in before a time and that no content names.
select photo from photo_kept k
group by photo
having max(received_at) < %(before)s
    and not exists (select from contents c where c.blobs @> array[k.photo] and c.blobs <> '{}')
order by 1
limit %(limit)s;

-- name: photos_of
-- What somebody sent, used or not.
select photo from photo_kept where actor = %(actor)s order by received_at;

-- name: left_of
-- Contents that still have a body.
select id from contents where id = any(%(ids)s) and erased_at is null order by position;

-- name: forget_name
-- The account stays, since facts name it; nobody signs in with it any more.
update account set name = '(dihapus)', password = null, disabled = true, person = null where id = %(account)s;

-- name: forget_contacts
-- How the person was reached.
delete from contact where account = %(account)s;

-- name: forget_devices
-- Devices that rang.
delete from push_subscription where account = %(account)s;

-- name: forget_quiet
-- The person's own quiet hours.
delete from quiet_hours where account = %(account)s;

-- name: forget_positions
-- Where the person was.
delete from position where unit = %(account)s;

-- name: forget_last_position
-- And was last.
delete from position_last where unit = %(account)s;

-- name: forget_notices
-- What the person was told.
delete from notice where recipient = %(account)s;

-- name: forget_following
-- Subscriptions, and what waits to be told to them.
delete from follower where device = %(device)s or lower(address) = lower(%(address)s);

-- name: forget_following_report
-- Who follows one report goes with it, if nothing else is followed.
with ended as (delete from following where report = %(report)s returning follower)
delete from follower f
where f.id in (select follower from ended)
    and not exists (select from following o where o.follower = f.id and o.report is distinct from %(report)s);
