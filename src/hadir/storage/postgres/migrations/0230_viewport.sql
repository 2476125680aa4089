-- A map's rectangle that holds many is found by time: the point stands in that index, so only what lies in the rectangle
-- is read from the table. A point hardly ever changes; what does (state, kind) is no part of it.

drop index board_row_newest;
create index board_row_newest on board_row (at desc, id desc) include (point) where thing = 'reports';
