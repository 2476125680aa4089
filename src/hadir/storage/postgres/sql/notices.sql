-- name: put_subscription
-- A browser may ring for an account; a known endpoint changes hands.
insert into push_subscription (id, account, endpoint, p256dh, auth, lang, made_at)
values (%(id)s, %(account)s, %(endpoint)s, %(p256dh)s, %(auth)s, %(lang)s, %(made_at)s)
on conflict (endpoint) do update
set account = excluded.account, p256dh = excluded.p256dh, auth = excluded.auth, lang = excluded.lang,
    made_at = excluded.made_at;

-- name: drop_subscription
-- One's own device is silent from now on.
delete from push_subscription where account = %(account)s and endpoint = %(endpoint)s returning id;

-- name: gone_subscription
-- The push service does not know it any more.
delete from push_subscription where id = %(id)s;

-- name: subscriptions_of
-- All devices of an account, the oldest first.
select id, account, endpoint, p256dh, auth, lang, made_at from push_subscription
where account = %(account)s order by made_at, id;

-- name: subscription
-- One device.
select id, account, endpoint, p256dh, auth, lang, made_at from push_subscription where id = %(id)s;

-- name: contacts_of
-- How a person can be reached.
select account, channel, address from contact where account = %(account)s order by channel;

-- name: set_contact
-- In place of the one of that channel; no row when there is no such account.
insert into contact (account, channel, address)
select id, %(channel)s, %(address)s from account where id = %(account)s
on conflict (account, channel) do update set address = excluded.address
returning account;

-- name: drop_contact
-- Not by this channel any more.
delete from contact where account = %(account)s and channel = %(channel)s;

-- name: quiet_of
-- A person's own quiet hours.
select begins, ends from quiet_hours where account = %(account)s;

-- name: set_quiet
-- A person's own quiet hours; no row when there is no such account.
insert into quiet_hours (account, begins, ends)
select id, %(begins)s, %(ends)s from account where id = %(account)s
on conflict (account) do update set begins = excluded.begins, ends = excluded.ends
returning account;

-- name: drop_quiet
-- The city's hours hold for him again.
delete from quiet_hours where account = %(account)s;

-- name: add_notice
-- One thing to tell, due at once; the same one a second time changes nothing.
insert into notice (id, position, recipient, says, about, topic, urgency, made_at, expires_at, loud, further, timed, detail,
                    step_at)
values (%(id)s, %(position)s, %(to)s, %(says)s, %(about)s, %(topic)s, %(urgency)s, %(made_at)s, %(expires_at)s,
        %(loud)s, %(further)s, %(timed)s, %(detail)s, %(made_at)s)
on conflict (position, recipient, says) do nothing;

-- name: due_notices
-- Claim notices whose next channel is due.
update notice set claimed_until = %(until)s
where id in (
    select id from notice
    where step_at <= %(now)s and (claimed_until is null or claimed_until <= %(now)s)
    order by step_at limit %(limit)s for update skip locked
)
returning id, position, recipient, says, about, topic, urgency, made_at, expires_at, loud, further, timed, detail,
          channel, step_at, delivered_at, delivered_by;

-- name: begin_channel
-- The notice goes by this channel now.
update notice set channel = %(channel)s, step_at = %(step_at)s, claimed_until = null where id = %(id)s;

-- name: add_attempt
-- A try that is to be made.
insert into notice_attempt (id, notice, channel, target, state, tries, next_at, at, detail)
values (%(id)s, %(notice)s, %(channel)s, %(target)s, %(state)s, %(tries)s, %(next_at)s, %(at)s, %(detail)s)
on conflict (id) do nothing;

-- name: claim_attempts
-- Claim tries whose time has come.
update notice_attempt set claimed_until = %(until)s
where id in (
    select id from notice_attempt
    where state = 'waiting' and next_at <= %(now)s and (claimed_until is null or claimed_until <= %(now)s)
    order by next_at limit %(limit)s for update skip locked
)
returning id, notice, channel, target, state, tries, next_at, at, detail;

-- name: settle_attempt
-- What became of a try.
update notice_attempt
set state = %(state)s, tries = %(tries)s, next_at = %(next_at)s, at = %(at)s, detail = %(detail)s, claimed_until = null
where id = %(id)s;

-- name: hasten
-- No device has answered in time: the next channel is due.
update notice set step_at = %(now)s
where about = %(about)s and recipient = %(account)s and further and delivered_at is null and channel is not null;

-- name: delivered
-- The person has it.
update notice set delivered_at = %(now)s, delivered_by = %(by)s, step_at = null
where about = %(about)s and recipient = %(account)s and delivered_at is null;

-- name: received
-- A device shows it. Said again it is as true as before.
update notice set delivered_at = coalesce(delivered_at, %(now)s), step_at = null,
    delivered_by = case when delivered_at is null then 'push' else delivered_by end
where id = %(id)s and recipient = %(account)s
returning id;

-- name: notices
-- These notices.
select id, position, recipient, says, about, topic, urgency, made_at, expires_at, loud, further, timed, detail,
       channel, step_at, delivered_at, delivered_by
from notice where id = any(%(ids)s) order by made_at, id;

-- name: notices_about
-- Everything that was to be told about a thing.
select id, position, recipient, says, about, topic, urgency, made_at, expires_at, loud, further, timed, detail,
       channel, step_at, delivered_at, delivered_by
from notice where about = %(about)s order by made_at, id;

-- name: attempts_of
-- Every try for these notices.
select id, notice, channel, target, state, tries, next_at, at, detail
from notice_attempt where notice = any(%(ids)s) order by id;

-- name: prune_notices
-- Forget what is long over.
delete from notice where made_at < %(before)s;
