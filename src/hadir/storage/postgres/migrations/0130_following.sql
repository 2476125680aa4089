-- Citizens' subscriptions, what waits to be told to them, what became public, and how results were rated.
-- Endpoints and addresses are personal data: they stand here, never in an event.

create table follower (
    id text primary key,
    channel text not null,
    address text not null,
    p256dh bytea not null,
    auth bytea not null,
    lang text not null,
    device text not null,
    made_at timestamptz not null,
    -- when the next message is due; null: nothing waits
    next_at timestamptz,
    -- no message before: what a subscriber hears is paced
    not_before timestamptz,
    claimed_until timestamptz,
    tries integer not null default 0,
    unique (channel, address)
);

create index follower_due on follower (next_at) where next_at is not null;
create index follower_device on follower (device);

create table following (
    id text primary key,
    follower text not null references follower on delete cascade,
    kind text not null,
    area text,
    lat double precision,
    lon double precision,
    radius_m integer,
    report text,
    made_at timestamptz not null,
    confirmed_at timestamptz,
    ended_at timestamptz
);

create unique index following_once on following (
    follower, kind, coalesce(area, ''), coalesce(lat, 0), coalesce(lon, 0), coalesce(radius_m, 0), coalesce(report, '')
);
create index following_area on following (area) where area is not null and ended_at is null;
create index following_around on following (lat, lon) where lat is not null and ended_at is null;
create index following_report on following (report) where report is not null and ended_at is null;

create table following_news (
    follower text not null references follower on delete cascade,
    about text not null,
    says text not null,
    position bigint not null,
    at timestamptz not null,
    following text not null,
    category text not null,
    area text,
    told_says text not null default '',
    told_position bigint not null default 0,
    -- one line a thing: the newer takes the older one's place
    primary key (follower, about)
);

create table public_change (
    about text primary key,
    says text not null,
    position bigint not null,
    at timestamptz not null,
    began_at timestamptz not null,
    category text not null,
    area text,
    lat double precision,
    lon double precision,
    origin text not null
);

create index public_change_area on public_change (area, at desc);
create index public_change_point on public_change (lat, lon) where lat is not null;

create table rating (
    report text primary key,
    agencies text[] not null,
    result text not null,
    at timestamptz not null
);

create index rating_at on rating (at);
