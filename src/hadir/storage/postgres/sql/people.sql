-- name: accounts
-- All accounts that are not disabled.
select id, name, role, agency, areas, person, demo from account where not disabled order by id;

-- name: password
-- The argon2 hash of an account that may sign in.
select password from account where id = %(id)s and not disabled;

-- name: add
-- A new account; gives no row when the name is taken.
insert into account (id, name, role, agency, areas, person, password, demo)
values (%(id)s, %(name)s, %(role)s, %(agency)s, %(areas)s, %(person)s, %(password)s, %(demo)s)
on conflict (id) do nothing
returning id;

-- name: set_password
-- Another password.
update account set password = %(password)s where id = %(id)s returning id;

-- name: set_disabled
-- Shut an account out, or let it in again; its history stays.
update account set disabled = %(disabled)s where id = %(id)s returning id;

-- name: same_person
-- All accounts of the person whose account this is, disabled ones too.
select id from account
where coalesce(person, id) = (select coalesce(person, id) from account where id = %(id)s);

-- name: set_person
-- Who it belongs to; null: a person of its own.
update account set person = %(person)s where id = %(id)s returning id;

-- name: disable_demo
-- Outside demo mode the demo's accounts, whose passwords are public, must not work.
update account set disabled = true where demo and not disabled;

-- name: open_session
-- Somebody signed in.
insert into session (digest, account, until) values (%(digest)s, %(account)s, %(until)s);

-- name: find_session
-- Whose session this is, and until when.
select account, until from session where digest = %(digest)s;

-- name: extend_session
-- It is still used.
update session set until = %(until)s where digest = %(digest)s;

-- name: close_session
-- Signed out.
delete from session where digest = %(digest)s;

-- name: close_sessions_of
-- All sessions of one account.
delete from session where account = %(account)s;

-- name: prune_sessions
-- Forget what has long been over.
delete from session where until < %(before)s;
