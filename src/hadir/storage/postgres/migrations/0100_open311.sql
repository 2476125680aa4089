-- Open311 lists requests by time, also those without a point: the index of times covers all reports from now on.

drop index board_row_newest;
create index board_row_newest on board_row (at desc, id desc) where thing = 'reports';
