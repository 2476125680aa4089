-- Who looked at what of a person. Not in the journal: a look is forgotten after its time, a fact never.

create table access_log (
    n bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    role text not null,
    what text not null,
    thing text not null,
    reason text not null
);

create index access_log_at on access_log (at);
create index access_log_actor on access_log (actor, n);
create index access_log_thing on access_log (thing, n);
create index photo_kept_actor on photo_kept (actor);
