-- What is known of photos that came in. All of it goes when the photo's original is erased.

-- What one person's phone said of a photo, and what stands in the file. Closed: read by the check and the verifier.
create table photo_kept (
    photo text not null,
    actor text not null,
    received_at timestamptz not null,
    taken jsonb,
    marks jsonb,
    primary key (photo, actor)
);

-- Fingerprints, 32 bytes each. `n` rises in the order of commits (an advisory lock), so that "after n" misses nothing.
create table photo_print (
    n bigint generated always as identity primary key,
    photo text not null unique,
    print bytea not null
);

-- What each photo was used for: by position, so that "earlier" has one meaning.
create table photo_use (
    photo text not null,
    thing text not null,
    position bigint not null,
    at timestamptz not null,
    primary key (photo, thing, position)
);
