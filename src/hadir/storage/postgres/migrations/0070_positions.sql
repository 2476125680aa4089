-- Positions of officers: readings, not facts. A table a day, so that forgetting a day costs nothing; the last value of
-- each unit beside it, so that a start reads one row an officer however long the city has been on duty.

create table position (
    unit text not null,
    at timestamptz not null,
    lat double precision not null,
    lon double precision not null,
    accuracy_m real,
    device_at timestamptz,
    battery smallint,
    late boolean not null
) partition by range (at);

create index position_unit_at on position (unit, at);

comment on table position is 'Where officers were, by our clock; late: it came after its time and was never shown as live.';

create table position_last (
    unit text primary key,
    at timestamptz not null,
    lat double precision not null,
    lon double precision not null,
    accuracy_m real,
    device_at timestamptz,
    battery smallint
) with (fillfactor = 50);

comment on table position_last is 'The newest position of each unit that counted.';

create function position_day(day date) returns void language plpgsql as $$
begin
    -- Two processes that meet a new day at once make its table once.
    perform pg_advisory_xact_lock(70, 70);
    if to_regclass('position_' || to_char(day, 'YYYYMMDD')) is null then
        execute format(
            'create table %I partition of position for values from (%L) to (%L)',
            'position_' || to_char(day, 'YYYYMMDD'), day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC'
        );
    end if;
end
$$;

create function position_forget(before date) returns integer language plpgsql as $$
declare
    old text;
    gone integer := 0;
begin
    for old in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'position'::regclass and c.relname < 'position_' || to_char(before, 'YYYYMMDD')
    loop
        execute format('drop table %I', old);
        gone := gone + 1;
    end loop;
    delete from position_last where at < before::timestamp at time zone 'UTC';
    return gone;
end
$$;
