"""Who may do what, and who may see what: one table, asked by every door. Deny by default.

A verb that is not in PERMISSIONS, a role that is not under the verb, a field that is not in SEES: no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hadir.domain.refusals import Refusal, forbidden
from hadir.domain.values import Actor


class Role(StrEnum):
    CITIZEN = "citizen"
    OFFICER = "officer"
    DESK = "desk"
    AGENCY_HEAD = "agency_head"
    AREA_HEAD = "area_head"
    OPERATOR = "operator"
    LEADER = "leader"
    PARTNER = "partner"
    ADMIN = "admin"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    SYSTEM = "system"


class Scope(StrEnum):
    """On what: one's own, one's agency's, one's area's, or anything in the city."""

    OWN = "own"
    AGENCY = "agency"
    AREA = "area"
    CITY = "city"


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A person who signs in. Names are personal data and stand here, never in an event."""

    id: str
    name: str
    role: Role
    agency: str | None = None
    areas: tuple[str, ...] = ()
    demo: bool = False
    #: who it belongs to, where one person has several accounts: the same word on each; None: the account's own name
    person: str | None = None

    @property
    def owner(self) -> str:
        return self.person or self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a command is about, as far as permission goes."""

    #: account ids it belongs to (an officer's task, a commander's order, a reporter's report)
    owners: frozenset[str] = field(default_factory=frozenset)
    agencies: frozenset[str] = field(default_factory=frozenset)
    area: str | None = None


_STAFF = {Role.OPERATOR: Scope.CITY, Role.LEADER: Scope.CITY}
_AGENCY = {Role.DESK: Scope.AGENCY, Role.AGENCY_HEAD: Scope.AGENCY}
_AREA = {Role.AREA_HEAD: Scope.AREA}
_OFFICER = {Role.OFFICER: Scope.OWN}
_SYSTEM = {Role.SYSTEM: Scope.CITY}
_ANYONE = dict.fromkeys((r for r in Role if r not in {Role.AUDITOR, Role.ADMIN}), Scope.CITY)
_REPORTER = {Role.CITIZEN: Scope.OWN}
_COMMANDER = {Role.LEADER: Scope.OWN, Role.OPERATOR: Scope.OWN}
_SELF = dict.fromkeys((r for r in Role if r not in {Role.CITIZEN, Role.INTEGRATOR, Role.SYSTEM}), Scope.OWN)

PERMISSIONS: Mapping[str, Mapping[Role, Scope]] = {
    "report.receive": _ANYONE,
    "report.claim": {Role.OPERATOR: Scope.CITY},
    "report.release": {Role.OPERATOR: Scope.CITY},
    "report.admit": {Role.OPERATOR: Scope.CITY},
    "report.hold": {Role.OPERATOR: Scope.CITY},
    "report.dismiss": {Role.OPERATOR: Scope.CITY},
    "report.restore": {Role.OPERATOR: Scope.CITY},
    "report.join": {Role.OPERATOR: Scope.CITY},
    "report.leave": {Role.OPERATOR: Scope.CITY},
    "report.recategorise": {Role.OPERATOR: Scope.CITY},
    "report.relocate": {Role.OPERATOR: Scope.CITY} | _REPORTER,
    "report.prioritise": _STAFF,
    "report.confirm": _REPORTER,
    "report.dispute": _REPORTER,
    "report.add_photos": _REPORTER,
    "report.follow_up": _REPORTER,
    "report.rate": _REPORTER,
    "report.ask": _AGENCY | {Role.OPERATOR: Scope.CITY},
    "report.withdraw": _AGENCY | {Role.OPERATOR: Scope.CITY},
    "report.hear": _AGENCY | {Role.OPERATOR: Scope.CITY},
    "ratings.read": _STAFF | _AGENCY | {Role.AUDITOR: Scope.CITY},
    "incident.open": {Role.OPERATOR: Scope.CITY},
    "incident.grade": _STAFF,
    "incident.note": _STAFF | _AGENCY | _AREA | _OFFICER,
    "incident.second": _ANYONE,
    "incident.resolve": {Role.OPERATOR: Scope.CITY},
    "incident.reopen": _STAFF | _AGENCY,
    "incident.close": {Role.OPERATOR: Scope.CITY},
    "incident.merge": {Role.OPERATOR: Scope.CITY},
    "incident.unmerge": {Role.OPERATOR: Scope.CITY},
    "incident.split": {Role.OPERATOR: Scope.CITY},
    "incident.unsplit": {Role.OPERATOR: Scope.CITY},
    "task.give": _STAFF,
    "task.assign": _AGENCY | {Role.OPERATOR: Scope.CITY},
    "task.unassign": _AGENCY | {Role.OPERATOR: Scope.CITY},
    "task.accept": _OFFICER,
    "task.decline": _OFFICER,
    "task.depart": _OFFICER,
    "task.arrive": _OFFICER,
    "task.finish": _OFFICER,
    "task.verify": _AGENCY | _STAFF,
    "task.send_back": _AGENCY | _STAFF,
    "task.cancel": _STAFF,
    "task.offer": _AGENCY,
    "task.take": _AGENCY,
    "task.return": _AGENCY,
    "order.give": {Role.LEADER: Scope.CITY, Role.OPERATOR: Scope.CITY},
    "order.deliver": _OFFICER,
    "order.see": _OFFICER,
    "order.read_back": _OFFICER,
    "order.confirm": _COMMANDER,
    "order.correct": _COMMANDER,
    "order.accept": _OFFICER,
    "order.refuse": _OFFICER,
    "order.cancel": _COMMANDER,
    "order.expire": _SYSTEM,
    "order.miss": _SYSTEM,
    "order_stats.read": _STAFF | _AGENCY | {Role.ADMIN: Scope.CITY, Role.AUDITOR: Scope.CITY},
    "voice.add": _STAFF | {Role.OFFICER: Scope.CITY, Role.CITIZEN: Scope.CITY},
    "voice.read": _STAFF | {Role.AUDITOR: Scope.CITY},
    "unit.set_status": _OFFICER,
    "unit.position": _OFFICER,
    "unit.emergency": _OFFICER,
    "unit.check_in": _OFFICER | {Role.OPERATOR: Scope.CITY},
    "unit.acknowledge": _STAFF,
    "unit.close_alarm": {Role.OPERATOR: Scope.CITY},
    "area.sign": _SYSTEM | _OFFICER,
    "area.declare": _STAFF,
    "area.recede": _STAFF | _AREA,
    "area.end": _STAFF | _AREA,
    "report.correct": _REPORTER,
    "report.erase": _REPORTER,
    "report.keep": _REPORTER,
    "content.erase": _SYSTEM,
    "photo.cover": {Role.OPERATOR: Scope.CITY},
    "personal.read": {Role.OPERATOR: Scope.CITY},
    "access.read": {Role.AUDITOR: Scope.CITY},
    "photo.add": _ANYONE,
    "open.read": dict.fromkeys(Role, Scope.CITY),
    "open311.read": dict.fromkeys(Role, Scope.CITY),
    "open311.file": {Role.INTEGRATOR: Scope.CITY},
    "board.read": dict.fromkeys(Role, Scope.CITY),
    "dispatch.read": _STAFF | _AGENCY | {Role.AUDITOR: Scope.CITY},
    "triage.read": _STAFF | {Role.AUDITOR: Scope.CITY},
    "training.read": _STAFF | {Role.ADMIN: Scope.CITY, Role.AUDITOR: Scope.CITY},
    "timeline.read": _STAFF | _AGENCY | _AREA | _OFFICER | {Role.AUDITOR: Scope.CITY},
    "photo.read": _STAFF | _AGENCY | _AREA | _OFFICER | _REPORTER | {Role.AUDITOR: Scope.CITY},
    "original.read": _STAFF | _AGENCY | {Role.AUDITOR: Scope.CITY},
    "notices.read": _STAFF | {Role.AUDITOR: Scope.CITY},
    "people.read": _STAFF | _AGENCY | {Role.ADMIN: Scope.CITY, Role.AUDITOR: Scope.CITY},
    "people.manage": {Role.ADMIN: Scope.CITY},
    "people.reach.read": _SELF | {Role.ADMIN: Scope.CITY},
    "people.reach": _SELF | {Role.ADMIN: Scope.CITY},
    "persons.read": {Role.ADMIN: Scope.CITY, Role.AUDITOR: Scope.CITY},
    "health.read": {Role.ADMIN: Scope.CITY, Role.AUDITOR: Scope.CITY, Role.OPERATOR: Scope.CITY},
}
"""verb → role → on what."""


class Sight(StrEnum):
    """How much of a row somebody sees. Everyone has one sight."""

    CITY = "city"
    AGENCY = "agency"
    PERSON = "person"
    PUBLIC = "public"


SIGHT: Mapping[Role, Sight] = {
    Role.OPERATOR: Sight.CITY,
    Role.LEADER: Sight.CITY,
    Role.AUDITOR: Sight.CITY,
    Role.DESK: Sight.AGENCY,
    Role.AGENCY_HEAD: Sight.AGENCY,
    Role.OFFICER: Sight.PERSON,
}
"""Roles that are not here (citizen, admin, integrator, partner, area head) see what the public sees."""


def audience_of(actor: Actor) -> str:
    """The one audience key of a viewer: city, agency:<code>, person:<id> or public."""
    sight = SIGHT.get(Role(actor.role), Sight.PUBLIC)
    if sight is Sight.AGENCY and actor.agency:
        return f"agency:{actor.agency}"
    if sight is Sight.PERSON:
        return f"person:{actor.id}"
    return sight.value if sight is Sight.CITY else Sight.PUBLIC.value


_ALL = frozenset({"*"})
_PUBLIC_INCIDENT = frozenset(
    {"id", "ref", "state", "version", "place", "since", "category", "severity", "people", "last_report_at", "flood"}
    | {"origin", "agencies", "photos"}
)
_PUBLIC_AREA = frozenset(
    {"id", "state", "version", "place", "since", "name", "district", "reasons", "reports", "depth_cm", "heard_at"}
    | {"origin"}
)
_AGENCY_REPORT = frozenset(
    {"id", "ref", "state", "version", "place", "since", "channel", "origin", "text", "photos", "category"}
    | {"category_reasons", "urgency", "urgency_reasons", "incident", "me_too", "depth_cm", "flood", "erased"}
    | {"talk"}
)
#: An officer does not read what the check of the own proof found: that is for whoever verifies.
_OFFICER_TASK = frozenset(
    {"id", "ref", "state", "version", "place", "since", "state_at", "incident", "agency", "category", "offered_to"}
    | {"officer", "what", "action", "order", "sent_back_reason", "done_photos", "done_note"}
)

SEES: Mapping[Sight, Mapping[str, frozenset[str]]] = {
    Sight.CITY: dict.fromkeys(("reports", "incidents", "tasks", "orders", "units", "areas"), _ALL),
    Sight.AGENCY: {
        "reports": _AGENCY_REPORT,
        "incidents": _ALL,
        "tasks": _ALL,
        "orders": _ALL,
        "units": _ALL,
        "areas": _ALL,
    },
    Sight.PERSON: {
        "reports": _AGENCY_REPORT,
        "incidents": _ALL,
        "tasks": _OFFICER_TASK,
        "orders": _ALL,
        "units": _ALL,
        "areas": _ALL,
    },
    Sight.PUBLIC: {"incidents": _PUBLIC_INCIDENT, "areas": _PUBLIC_AREA},
}
"""sight → kind of row → fields ("*": all). Kinds and fields that are not here are not shown."""

OPEN_REPORT = frozenset(
    {"id", "state", "state_at", "since", "place", "channel", "origin", "text", "category", "incident", "open_photos"}
)
"""Fields of a report that open interfaces (Open311) are made of.

Only where it is not sensitive and its category is public: `text` is masked, `place` is blurred as the category says,
of `incident` only what the public sees of it. Of the photos only copies that somebody has covered and made public.
"""


OPEN_DATA = frozenset(
    {"id", "received", "changed", "kind", "kind_name", "agency", "agency_name", "area", "area_name", "lat", "lon"}
    | {"blur_m", "state", "state_name", "answered", "solved", "confirmed", "reopened", "origin"}
)
"""Fields of a report that open data, the public map and the numbers are made of (`inbound.opendata.told`).

Only where it is not sensitive, not held, and its category is public. No words of the reporter, no photos, no channel,
no RT and RW; the point is blurred as the category says, and times are told to the minute.
"""


HIDES: Mapping[Sight, frozenset[str]] = {Sight.PERSON: frozenset({"evidence.checked", "photo.original_viewed"})}
"""sight → kinds of facts that a timeline does not tell it: how an officer's proof was looked at is not for him."""


def within(scope: Scope, actor: Actor, subject: Subject) -> bool:
    """Does the subject lie within the actor's reach?"""
    match scope:
        case Scope.CITY:
            return True
        case Scope.AGENCY:
            return actor.agency is not None and actor.agency in subject.agencies
        case Scope.AREA:
            return subject.area is not None and subject.area in actor.areas
        case Scope.OWN:
            return actor.id in subject.owners


def may(verb: str, actor: Actor, subject: Subject | None = None) -> Refusal | None:
    """None when the actor may do this to the subject; else the refusal. Unknown verbs and roles are refused."""
    scope = PERMISSIONS.get(verb, {}).get(Role(actor.role))
    if scope is None:
        return forbidden("not_your_role")
    if not within(scope, actor, subject or Subject()):
        return forbidden("not_yours")
    return None
