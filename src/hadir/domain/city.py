"""The city pack as values: everything that differs between one city and the next.

Nothing here knows a city's name. `hadir.storage.citypack` reads a folder of TOML and GeoJSON into one `City`; the
rules take what they need of it as an argument. All values are frozen; `City` and `TriageRules` are compared by
identity (one is loaded per process, and comparing a thousand words would cost more than any rule).
Minutes are minutes of real time unless a `Clocks` says "working"; lengths are centimetres (depth) or metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from hadir.domain.abuse import AbuseRules
from hadir.domain.assign import AssignRules
from hadir.domain.evidence import EvidenceRules
from hadir.domain.fleet import Fleet
from hadir.domain.label import Label
from hadir.domain.language import Tongue
from hadir.domain.notice import NoticeRules
from hadir.domain.ordering import Deputy, Mandate, OrderRules, OrderTemplate, rules_on
from hadir.domain.privacy import PrivacyRules

#: A closed line of (lon, lat), GeoJSON's order; the first point is repeated at the end.
Ring = tuple[tuple[float, float], ...]
#: The outer ring first, then its holes.
Polygon = tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """The smallest unit with a border (kelurahan). RT and RW are integers under it and have no border anywhere."""

    code: str
    name: str
    #: The unit above (kecamatan); its name is often the name of an area too.
    district_code: str
    district: str
    #: Centroid, where a symbol of the whole area stands.
    lat: float
    lon: float
    #: A point that is surely inside, for areas whose centroid is not.
    inner_lat: float
    inner_lon: float
    polygons: tuple[Polygon, ...]
    #: True where no official border may be shipped («batas perkiraan»): the citizen confirms the area.
    approximate: bool
    #: Names of the rivers that cross it.
    crossed_by_river: tuple[str, ...] = ()
    postcode: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """Who can be given a task: a city agency, or a partner that sees only what is handed over to it."""

    code: str
    name: Label
    #: What people call it («DPUPR»).
    short: str
    #: How it is reached: "desk" (works in /opd), "phone", or "letter" (handed over outside the program).
    contact: str
    partner: bool = False
    #: False: the pack's author has not had it confirmed by the city.
    confirmed: bool = True
    handles: Label | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clocks:
    """The three deadlines of a task, in minutes of the calendar named; hold from `since` on."""

    since: date
    #: "real" (emergencies) or "working" (office hours without holidays).
    calendar: str
    respond_min: int
    resolve_min: int
    verify_min: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The upper level of the category tree."""

    code: str
    name: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """The lower level: what is wrong, who acts, how soon."""

    code: str
    group: str
    name: Label
    #: The agency that acts first; not always the owner of the asset (see `owner_note`).
    agency: str
    #: Before any word is read: 1 routine, 2 soon, 3 urgent, 4 emergency.
    urgency: int
    #: Counts towards the flood state of its area.
    flood: bool = False
    #: Never on a public page, and read by few.
    sensitive: bool = False
    #: May be shown on the public map at all.
    public: bool = True
    #: A reporter's point is published only as the middle of a square with this side; 0: as it is.
    blur_m: int = 0
    #: Its photos on public pages: "review" (those that somebody has covered and approved) or "never".
    photos: str = "review"
    #: Sorted by `since`; see `clocks_on`.
    clocks: tuple[Clocks, ...] = ()
    owner_note: Label | None = None
    #: Codes of the order actions that make sense here, the likeliest first.
    actions: tuple[str, ...] = ()

    def clocks_on(self, day: date) -> Clocks | None:
        """The deadlines that hold on `day`: the latest that had begun."""
        return next((c for c in reversed(self.clocks) if c.since <= day), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What an order may ask for. The read-back offers `near` beside it, so that it is chosen and not copied."""

    code: str
    name: Label
    #: Codes of actions that sound or mean nearly the same.
    near: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Words that mean something together: a category, a danger, water, an old story.

    Each term is lower case words as they are after `TriageRules.spellings`; ".." between two means that up to three
    other words may stand there. A word may end in "*" to match the beginning of a word.
    """

    code: str
    terms: tuple[str, ...]
    #: Weight for a category; steps of urgency for a sign (may be negative).
    points: float
    #: Urgency is at least this where the sign is plainly said.
    at_least: int = 0
    #: Steps of urgency for a sign that is said not to be («tidak masuk rumah»).
    denied: float = 0.0
    #: Only counts in these groups of categories; empty = everywhere.
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DepthWord:
    """«selutut» = 45 cm."""

    cm: int
    terms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DepthStep:
    """From `cm` on, water adds `points` steps of urgency, and makes it at least `at_least`."""

    cm: int
    points: float
    at_least: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TriageRules:
    """The words of the city, for `domain.triage`. Compared by identity, so that it can key a cache cheaply."""

    #: Category code → its words; several `Terms` may share a code with different weights.
    categories: tuple[Terms, ...]
    #: People, wires, a closed road … and what lowers urgency.
    signs: tuple[Terms, ...]
    #: «tidak», «belum»: what follows is not so.
    negations: tuple[str, ...]
    #: The only words a negation reaches over («tidak ADA banjir»).
    fillers: tuple[str, ...]
    #: «rawan», «takut», «setiap hujan», «kemarin»: may happen, or happened; not now.
    hedges: tuple[str, ...]
    #: How many words, of any kind, a hedge reaches over.
    reach: int
    #: «tapi», «sekarang», «sudah»: end the reach of the two above.
    breaks: tuple[str, ...]
    #: «air», «banyu»: with a depth they make a flood even if nobody says the word.
    water: tuple[str, ...]
    #: «mulai surut»: the water is going.
    receding: tuple[str, ...]
    #: «sudah surut»: it has gone.
    gone: tuple[str, ...]
    depths: tuple[DepthWord, ...]
    #: «setinggi», «sedalam»: the number that follows is surely a depth.
    depth_leads: tuple[str, ...]
    #: «sepanjang», «jarak»: the number that follows surely is not.
    length_leads: tuple[str, ...]
    depth_steps: tuple[DepthStep, ...]
    #: The category a depth of water alone means.
    depth_category: str
    #: What a text without any known word gets.
    fallback: str
    #: Common ways of writing a word («jln» → «jalan»).
    spellings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PriorityWeights:
    """The one formula of the queue (prioritas). Points; bigger is first."""

    #: Points for urgency 1, 2, 3, 4.
    urgency: tuple[float, float, float, float]
    #: For each independent reporter beyond the first, up to `reporters_most` points.
    reporter: float
    reporters_most: float
    #: For each «saya juga», up to `me_too_most` points.
    me_too: float
    me_too_most: float
    #: A vulnerable place is named (school, clinic, river bank).
    vulnerable: float
    #: Points a minute of waiting is worth. The same for all, so the order of two reports never flips by itself.
    per_minute: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarWeights:
    """When two reports are probably about one thing: parts of 0..1, each times its weight, against `threshold`."""

    distance: float
    #: Metres at which the distance part has fallen to zero.
    distance_m: float
    time: float
    #: Minutes at which the time part has fallen to zero.
    time_min: float
    kind: float
    text: float
    #: Suggest from here on; the weights sum to 1.
    threshold: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FloodRules:
    """How reports become the flood state of an area. Silence never makes it dry."""

    #: This many independent reporters …
    confirm_reporters: int
    #: … in this many minutes confirm an area.
    confirm_within_min: int
    #: Points beside the reporters (a reporter is 1): evidence that makes up for a missing reporter, not for all.
    photo_points: float
    depth_points: float
    #: An officer's word on the spot confirms alone.
    officer_confirms: bool
    #: Depth from which one report counts as deep (`depth_points`).
    deep_cm: int
    #: Exchange grades: from these depths on an area is minor, moderate, severe.
    minor_cm: int
    moderate_cm: int
    severe_cm: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Office hours and holidays, for clocks that run on working time."""

    #: ISO weekday (1 = Monday) → (opens, closes) in minutes after midnight; days not named are closed.
    hours: tuple[tuple[int, int, int], ...]
    holidays: tuple[tuple[date, Label], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPerson:
    """An account that exists in demo mode only. The name says so."""

    account: str
    name: str
    role: str
    agency: str | None = None
    #: Who it belongs to, where one person has several accounts.
    person: str | None = None
    #: Where an officer starts the demo.
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Landmark:
    """A street, river, market or school that people name instead of an address."""

    name: str
    #: "street", "river", "market", "school", "clinic", "settlement", "office" …
    kind: str
    #: Codes of the areas it lies in or crosses; empty = not known.
    areas: tuple[str, ...] = ()
    #: Other ways of writing it.
    also: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Vulnerable:
    """Kinds of place that come first in the queue when a report names them."""

    code: str
    name: Label
    terms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Disposition:
    """Why a report is closed without an incident."""

    code: str
    name: Label
    #: The sentence the reporter reads.
    answer: Label
    #: A free reason must be written beside it.
    needs_reason: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitStatus:
    """One of the ten keys of an officer."""

    key: str
    name: Label
    #: May be offered a task.
    free: bool = False
    #: Follows from a task's state rather than from a press (en route, on scene).
    by_task: bool = False
    #: Wants an answer from the command centre at once.
    calls: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class City:
    """One city, whole. Sequences keep the order of the files: it is the order on the page."""

    code: str
    name: str
    #: What people call it in a sentence, and what it is: «Kota Contoh».
    title: Label
    zone: str
    languages: tuple[str, ...]
    lat: float
    lon: float
    #: «di luar kota» is said only beyond this many metres from the outermost area.
    outside_m: float
    #: Numbers a citizen may call when nothing else works: (number, label).
    phones: tuple[tuple[str, Label], ...]
    areas: tuple[Area, ...]
    agencies: tuple[Agency, ...]
    groups: tuple[Group, ...]
    categories: tuple[Category, ...]
    actions: tuple[Action, ...]
    #: Sorted by `since`; see `order_rules_at`.
    order_rules: tuple[OrderRules, ...]
    triage: TriageRules
    priority: PriorityWeights
    similar: SimilarWeights
    flood: FloodRules
    calendar: Calendar
    people: tuple[DemoPerson, ...]
    landmarks: tuple[Landmark, ...]
    vulnerable: tuple[Vulnerable, ...]
    dispositions: tuple[Disposition, ...]
    statuses: tuple[UnitStatus, ...]
    #: Urgency 1..4 in words.
    urgencies: tuple[Label, Label, Label, Label]
    #: Who can go, with what and when; empty where the pack has no dispatch.toml.
    fleet: Fleet = field(default_factory=Fleet)
    #: Who is offered what lies outside the city; empty: the category says it, as for everything.
    outside_agency: str = ""
    #: Under which licence open data may be used, in words, and the licence's address; empty: nobody has decided yet.
    data_licence: Label = field(default=Label(id="", en=""))
    data_licence_url: str = ""
    #: Where the areas' borders come from, for the credit line on a map.
    areas_source: Label = field(default=Label(id="", en=""))
    #: What is told to whoever verifies a photo of proof.
    evidence: EvidenceRules = field(default_factory=EvidenceRules)
    templates: tuple[OrderTemplate, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    deputies: tuple[Deputy, ...] = ()
    notices: NoticeRules = field(default_factory=NoticeRules)
    #: When a category is given without a person.
    assign: AssignRules = field(default_factory=AssignRules)
    #: Languages that reports are written in.
    tongues: tuple[Tongue, ...] = ()
    #: How much is too much, and what is done then.
    abuse: AbuseRules = field(default_factory=AbuseRules)
    #: How long what people said is kept.
    privacy: PrivacyRules = field(default_factory=PrivacyRules)

    def day_of(self, at: datetime) -> date:
        """The day in the city's zone."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def order_rules_at(self, at: datetime) -> OrderRules:
        """The timers of orders that hold at this time."""
        return rules_on(self.order_rules, self.day_of(at))

    @cached_property
    def area_by_code(self) -> Mapping[str, Area]:
        return {a.code: a for a in self.areas}

    @cached_property
    def agency_by_code(self) -> Mapping[str, Agency]:
        return {a.code: a for a in self.agencies}

    @cached_property
    def category_by_code(self) -> Mapping[str, Category]:
        return {c.code: c for c in self.categories}

    @cached_property
    def category_order(self) -> Mapping[str, int]:
        """Where each category stands in the pack: dangers first."""
        return {c.code: i for i, c in enumerate(self.categories)}

    @cached_property
    def action_by_code(self) -> Mapping[str, Action]:
        return {a.code: a for a in self.actions}

    @cached_property
    def disposition_by_code(self) -> Mapping[str, Disposition]:
        return {d.code: d for d in self.dispositions}

    @cached_property
    def status_by_key(self) -> Mapping[str, UnitStatus]:
        return {s.key: s for s in self.statuses}
