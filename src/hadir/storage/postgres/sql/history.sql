-- name: put_history
-- Rows of an import; one that is there already is taken over where it has changed. How many are new, how many changed.
with put as (
    insert into history (id, source, said_at, text, category, label)
    select id, source, said_at, text, category, label
    from unnest(
        %(ids)s::text[], %(sources)s::text[], %(ats)s::timestamptz[], %(texts)s::text[], %(categories)s::text[],
        %(labels)s::text[]
    ) r (id, source, said_at, text, category, label)
    on conflict (id) do update set
        said_at = excluded.said_at, text = excluded.text, category = excluded.category, label = excluded.label
    where (history.said_at, history.text, history.category, history.label)
        is distinct from (excluded.said_at, excluded.text, excluded.category, excluded.label)
    returning xmax = 0 as fresh
)
select count(*) filter (where fresh), count(*) filter (where not fresh) from put;

-- name: history
-- What an earlier system's reports teach, the newest so many.
select said_at, text, category from history where category is not null order by said_at desc limit %(most)s;

-- name: forget_history
-- All that came from one source.
delete from history where source = %(source)s;

-- name: sources
-- What has been imported.
select source, count(*), count(category), min(said_at), max(said_at) from history group by source order by source;

-- name: closed_reports
-- The newest reports that are over, with the category a person left on them; what was dismissed nobody has categorised.
select body from board_row where thing = 'reports' and not kept and state <> 'dismissed' order by at desc limit %(most)s;
