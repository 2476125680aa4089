"""Facts that stand beside a life cycle."""

from __future__ import annotations

from hadir.domain.events.base import Event
from hadir.domain.events.erasure import ContentsErased, ErasureAsked, ErasureWithdrawn
from hadir.domain.events.evidence import EvidenceChecked, PhotoCovered, PhotoOriginalViewed
from hadir.domain.events.order import OrderMoved
from hadir.domain.events.report import (
    ReportCorrected,
    ReportFollowedUp,
    ReportHeard,
    ReportQuestioned,
    ReportQuestionWithdrawn,
    ReportRated,
)
from hadir.domain.events.task import TaskMoved

#: Facts about a thing that never move it: they may come in any state, also after its end.
ASIDE: frozenset[type[Event]] = frozenset(
    {EvidenceChecked, PhotoOriginalViewed, TaskMoved, OrderMoved}
    | {PhotoCovered, ReportCorrected, ErasureAsked, ErasureWithdrawn, ContentsErased}
    | {ReportFollowedUp, ReportQuestioned, ReportQuestionWithdrawn, ReportHeard, ReportRated}
)
