-- Open311 tells what happened in a time: only these kinds of facts, which the intake never writes.

create index journal_told on journal (at, position) where kind in (
    'report.joined', 'report.left', 'report.asked', 'report.confirmed', 'report.disputed', 'report.dismissed',
    'report.restored', 'incident.started'
);
