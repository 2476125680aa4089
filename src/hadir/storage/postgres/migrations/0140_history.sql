-- Reports of an earlier system, taken in by `hadir import`. They are not facts of this city's journal: they stand in no
-- queue, on no map and in no count; they only teach (`hadir train`). Words are masked before they come here.

create table history (
    id text primary key,
    source text not null,
    said_at timestamptz not null,
    text text not null,
    category text,
    label text not null,
    imported_at timestamptz not null default now()
);

create index history_source on history (source, said_at);

comment on table history is 'Imported reports of an earlier system: for learning only. category: of the city pack, or null.';
