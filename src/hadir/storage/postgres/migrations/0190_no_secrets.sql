-- Answers of commands held the secret of the reporter's link; it is made for every answer now, and no longer kept.
update commands set answer = (answer::jsonb - 'secret')::json where answer ->> 'secret' is not null;
