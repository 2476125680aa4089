-- Devices that may ring, how people can be reached, and every attempt to reach them.
-- Addresses are personal data: they stand beside the accounts, never in an event.

create table push_subscription (
    id text primary key,
    account text not null references account on delete cascade,
    endpoint text not null unique,
    p256dh bytea not null,
    auth bytea not null,
    lang text not null,
    made_at timestamptz not null
);

create index push_subscription_account on push_subscription (account);

create table contact (
    account text not null references account on delete cascade,
    channel text not null,
    address text not null,
    primary key (account, channel)
);

create table quiet_hours (
    account text primary key references account on delete cascade,
    begins time not null,
    ends time not null
);

create table notice (
    id text primary key,
    position bigint not null,
    recipient text not null,
    says text not null,
    about text not null,
    topic text not null,
    urgency text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    loud boolean not null,
    further boolean not null,
    timed boolean not null,
    detail text not null,
    channel text,
    -- when the next channel is due; null: not by the clock
    step_at timestamptz,
    claimed_until timestamptz,
    delivered_at timestamptz,
    delivered_by text not null default '',
    -- a notice made twice (after a crash, on two nodes) is one
    unique (position, recipient, says)
);

create index notice_due on notice (step_at) where step_at is not null;
create index notice_about on notice (about);
create index notice_made on notice (made_at);

create table notice_attempt (
    id text primary key,
    notice text not null references notice on delete cascade,
    channel text not null,
    target text not null,
    state text not null,
    tries integer not null,
    next_at timestamptz not null,
    at timestamptz,
    detail text not null,
    claimed_until timestamptz
);

create index notice_attempt_due on notice_attempt (next_at) where state = 'waiting';
create index notice_attempt_notice on notice_attempt (notice);
