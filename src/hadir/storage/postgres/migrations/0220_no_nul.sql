-- A NUL in a JSON lets every query fail that looks into the column. Contents come without one now; rows that were folded
-- from earlier ones lose it here. A backslash before it is doubled, so one that stands alone begins the escape.
update board_row
set body = regexp_replace(body::text, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json
where strpos(body::text, '\u0000') > 0;
