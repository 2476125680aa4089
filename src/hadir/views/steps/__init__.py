"""One fact on one row: the row after it. Pure; derived fields (counts, who is on it) are `derive`'s matter.

The state comes from the tables of `hadir.domain`; a file for each group of the board gives only the fields that each
event changes, so the whole fold of a noun can be read as a dict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hadir.domain import events as e
from hadir.domain import incident, report, task
from hadir.views.steps.areas import area_after
from hadir.views.steps.incidents import INCIDENT, opened
from hadir.views.steps.orders import order_after, sent
from hadir.views.steps.reports import REPORT, received
from hadir.views.steps.tasks import TASK, given
from hadir.views.steps.told import Fields, Lens, Told, fold_by
from hadir.views.steps.units import unit_after

__all__ = ["AFTER", "BORN", "Fields", "Lens", "Told"]

BORN: Mapping[type[e.Event], Callable[..., Any]] = {
    e.ReportReceived: received,
    e.IncidentOpened: opened,
    e.TaskGiven: given,
    e.OrderSent: sent,
}
"""The first fact of a thing → its row."""

AFTER: Mapping[str, Callable[[Told[Any]], Any]] = {
    "reports": fold_by(REPORT, report.TABLE, report.State),
    "incidents": fold_by(INCIDENT, incident.TABLE, incident.State),
    "tasks": fold_by(TASK, task.TABLE, task.State),
    "orders": order_after,
    "units": unit_after,
    "areas": area_after,
}
"""group → the fold of one fact on one row."""
