-- name: put_follower
-- A known address keeps its id.
insert into follower (id, channel, address, p256dh, auth, lang, device, made_at)
values (%(id)s, %(channel)s, %(address)s, %(p256dh)s, %(auth)s, %(lang)s, %(device)s, %(made_at)s)
on conflict (channel, address) do update
set p256dh = excluded.p256dh, auth = excluded.auth, lang = excluded.lang, device = excluded.device
returning id, channel, address, p256dh, auth, lang, device, made_at;

-- name: add_following
-- The same wish again is the known one, living again; an address that said «yes» has said it.
insert into following (id, follower, kind, area, lat, lon, radius_m, report, made_at, confirmed_at)
values (%(id)s, %(subscriber)s, %(kind)s, %(area)s, %(lat)s, %(lon)s, %(radius_m)s, %(report)s, %(made_at)s,
        %(confirmed_at)s)
on conflict (follower, kind, coalesce(area, ''), coalesce(lat, 0), coalesce(lon, 0), coalesce(radius_m, 0),
             coalesce(report, ''))
do update set confirmed_at = case when following.ended_at is null
                                  then coalesce(following.confirmed_at, excluded.confirmed_at)
                                  else excluded.confirmed_at end,
              made_at = case when following.ended_at is null and following.confirmed_at is not null
                             then following.made_at else excluded.made_at end,
              ended_at = null
returning id, follower, kind, area, lat, lon, radius_m, report, made_at, confirmed_at, ended_at;

-- name: get_following
-- One wish and whose it is.
select f.id, f.follower, f.kind, f.area, f.lat, f.lon, f.radius_m, f.report, f.made_at, f.confirmed_at, f.ended_at,
       w.id, w.channel, w.address, w.p256dh, w.auth, w.lang, w.device, w.made_at
from following f join follower w on w.id = f.follower where f.id = %(id)s;

-- name: followings_of
-- What a device has subscribed, the newest first.
select f.id, f.follower, f.kind, f.area, f.lat, f.lon, f.radius_m, f.report, f.made_at, f.confirmed_at, f.ended_at,
       w.id, w.channel, w.address, w.p256dh, w.auth, w.lang, w.device, w.made_at
from following f join follower w on w.id = f.follower
where w.device = %(device)s and f.ended_at is null order by f.made_at desc, f.id desc;

-- name: followings_by
-- What a subscriber follows.
select id, follower, kind, area, lat, lon, radius_m, report, made_at, confirmed_at, ended_at
from following where follower = %(id)s and ended_at is null order by made_at desc, id desc;

-- name: asked
-- Wishes that wait for a «yes»: to this address, from this device.
select count(*) filter (where w.address = %(address)s), count(*) filter (where w.device = %(device)s)
from following f join follower w on w.id = f.follower
where w.channel = 'email' and f.confirmed_at is null and f.made_at > %(since)s
  and (w.address = %(address)s or w.device = %(device)s);

-- name: confirm_following
-- The address said «yes»; a second time changes nothing.
update following set confirmed_at = coalesce(confirmed_at, %(now)s), ended_at = null where id = %(id)s;

-- name: end_following
-- Over, or with null going on again.
update following set ended_at = %(now)s where id = %(id)s;

-- name: forget_follower
-- The browser or the mailbox is gone, with all that it followed.
delete from follower where id = %(id)s;

-- name: prune_following
-- What never said «yes», what ended, reports long over.
delete from following
where (confirmed_at is null and made_at < %(asked_before)s) or ended_at < %(ended_before)s
   or (report is not null and made_at < %(reports_before)s);

-- name: prune_followers
-- Who follows nothing is forgotten.
delete from follower w where not exists (select from following f where f.follower = w.id);

-- name: following_change
-- Live wishes near a change: of its area, or circles whose square holds its point (a degree of latitude is 111,320 m).
select id, follower, kind, area, lat, lon, radius_m, report, made_at, confirmed_at, ended_at
from following
where area = %(area)s and ended_at is null and confirmed_at is not null
union all
select id, follower, kind, area, lat, lon, radius_m, report, made_at, confirmed_at, ended_at
from following
where lat between %(south)s and %(north)s and lon between %(west)s and %(east)s
  and ended_at is null and confirmed_at is not null;

-- name: following_report
-- Live wishes about one report.
select id, follower, kind, area, lat, lon, radius_m, report, made_at, confirmed_at, ended_at
from following where report = %(report)s and ended_at is null and confirmed_at is not null;

-- name: drop_report
-- Nobody follows this report any more.
delete from following where report = %(report)s;

-- name: note_news
-- The newest about a thing, each (follower, about) once; what was told by this position already stays told. Its message is
-- due then, if nothing is due earlier, and never before its pace allows.
with noted as (
    insert into following_news (follower, about, says, position, at, following, category, area)
    select n.follower, n.about, n.says, n.position, n.at, n.following, n.category, n.area
    from unnest(%(subscriber)s::text[], %(about)s::text[], %(says)s::text[], %(position)s::bigint[],
                %(at)s::timestamptz[], %(subscription)s::text[], %(category)s::text[], %(area)s::text[])
         as n (follower, about, says, position, at, following, category, area)
    join follower w on w.id = n.follower
    on conflict (follower, about) do update
    set says = excluded.says, position = excluded.position, at = excluded.at, following = excluded.following,
        category = excluded.category, area = excluded.area
    where excluded.position > greatest(following_news.position, following_news.told_position)
      and not (excluded.says = any(%(once)s::text[]) and excluded.says = following_news.told_says)
    returning follower
)
update follower
set next_at = greatest(least(coalesce(next_at, %(due)s), %(due)s), coalesce(not_before, %(due)s))
where id in (select follower from noted);

-- name: due_followers
-- Claim those whose message is due.
update follower set claimed_until = %(until)s
where id in (
    select id from follower
    where next_at <= %(now)s and (claimed_until is null or claimed_until <= %(now)s)
    order by next_at limit %(limit)s for update skip locked
)
returning id, channel, address, p256dh, auth, lang, device, made_at, tries;

-- name: news_of
-- What these have not been told, the newest first.
select follower, about, says, position, at, following, category, area from following_news
where follower = any(%(ids)s) and position > told_position order by position desc;

-- name: later
-- Not now.
update follower set next_at = %(at)s, claimed_until = null, tries = case when %(failed)s then tries + 1 else tries end
where id = %(id)s;

-- name: told_news
-- This was told.
update following_news set told_position = %(position)s, told_says = %(says)s
where follower = %(subscriber)s and about = %(about)s and told_position < %(position)s;

-- name: told_follower
-- The next message at the pace; what came meanwhile is due then, otherwise nothing is.
update follower w set not_before = %(not_before)s, claimed_until = null, tries = 0,
    next_at = case when exists (select from following_news n where n.follower = w.id and n.position > n.told_position)
                   then %(not_before)s end
where id = %(id)s;

-- name: prune_news
-- What was told long ago.
delete from following_news where position <= told_position and at < %(before)s;

-- name: put_change
-- The newest public state of a thing; when it began stays.
insert into public_change (about, says, position, at, began_at, category, area, lat, lon, origin)
values (%(about)s, %(says)s, %(position)s, %(at)s, %(began_at)s, %(category)s, %(area)s, %(lat)s, %(lon)s, %(origin)s)
on conflict (about) do update
set says = excluded.says, position = excluded.position, at = excluded.at, category = excluded.category,
    area = excluded.area, lat = excluded.lat, lon = excluded.lon, origin = excluded.origin
where excluded.position > public_change.position;

-- name: change
-- One thing's newest public state.
select about, says, position, at, began_at, category, area, lat, lon, origin from public_change where about = %(about)s;

-- name: changes_of_area
-- What changed in an area, the newest first.
select about, says, position, at, began_at, category, area, lat, lon, origin from public_change
where area = %(area)s order by at desc, position desc limit %(limit)s;

-- name: changes_within
-- What changed in a rectangle, the newest first.
select about, says, position, at, began_at, category, area, lat, lon, origin from public_change
where lat between %(south)s and %(north)s and lon between %(west)s and %(east)s
order by at desc, position desc limit %(limit)s;

-- name: put_rating
-- The newest counts.
insert into rating (report, agencies, result, at) values (%(report)s, %(agencies)s, %(result)s, %(at)s)
on conflict (report) do update set agencies = excluded.agencies, result = excluded.result, at = excluded.at
where excluded.at >= rating.at;

-- name: ratings
-- By agency and result.
select agency, result, count(*) from rating, unnest(agencies) as agency
where at >= %(since)s and at < %(until)s group by agency, result order by agency, result;
