-- The journal and what belongs to it.
--
-- JSON columns are `json`, not `jsonb`: the chain of hashes is made over the very bytes that were written, and jsonb
-- would give back other ones (1e22, key order, \u0000).

create table journal (
    position bigint primary key,
    at timestamptz not null,
    day date not null,
    stream text not null,
    version integer not null,
    kind text not null,
    v integer not null,
    actor text not null,
    role text not null,
    channel text not null,
    cause text,
    command_id text,
    content text,
    audience text[] not null,
    body json not null,
    hash bytea not null,
    unique (stream, version)
);

comment on table journal is 'Everything that happened, gap-free by position. Rows are never changed or removed.';

create function journal_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only';
end
$$;

create trigger journal_append_only before update or delete or truncate on journal
    for each statement execute function journal_is_append_only();

create table journal_day (
    day date primary key,
    first bigint not null,
    last bigint not null,
    hash bytea not null
);

comment on table journal_day is 'One row for each day that is over: its facts, and the hash of the last one.';

create table commands (
    actor text not null,
    command_id text not null,
    digest bytea,
    position bigint not null,
    answer json not null,
    refusal json,
    at timestamptz not null,
    primary key (actor, command_id)
);

create index commands_refused on commands (at) where refusal is not null;

comment on table commands is 'The first outcome of each command. A refusal may go after seven days, an answer stays.';

create table contents (
    id text primary key,
    position bigint not null unique,
    kind text not null,
    subject text not null,
    key bytea,
    body json,
    blobs text[] not null,
    erased_at timestamptz,
    check ((erased_at is null) = (key is not null)),
    check ((key is null) = (body is null))
);

create index contents_subject on contents (subject) where erased_at is null;
create index contents_blobs on contents using gin (blobs) where blobs <> '{}';

comment on table contents is 'What may have to be erased: texts, names, exact points. Key and body go, the row stays.';

create table epoch (
    nr integer generated always as identity primary key,
    epoch text not null unique check (epoch ~ '^[0-9A-Za-z]{1,40}$'),
    at timestamptz not null default now(),
    reason text not null
);

comment on table epoch is 'The newest row is the journal''s epoch: positions remembered from an older one are void.';

insert into epoch (epoch, reason) values (upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)), 'created');
