-- Accounts and sessions. Names and passwords stand here alone, never in an event.

create table account (
    id text primary key,
    name text not null,
    role text not null,
    agency text,
    areas text[] not null default '{}',
    on_behalf text,
    -- argon2; null: an account that only has tokens
    password text,
    -- made by demo or trial mode
    demo boolean not null default false,
    disabled boolean not null default false,
    made_at timestamptz not null default now()
);

create table session (
    -- SHA-256 of the cookie's value: a stolen table signs nobody in
    digest bytea primary key,
    account text not null references account on delete cascade,
    until timestamptz not null
);

create index session_account on session (account);
create index session_until on session (until);
