-- One person may have several accounts; what one of them worked on none of them verifies. Null: the account's own name.
alter table account add column person text;
-- In whose name somebody gives orders stands in the city pack, with its days (ADR 11); nothing read this any more.
alter table account drop column on_behalf;
create index account_person on account (coalesce(person, id));
