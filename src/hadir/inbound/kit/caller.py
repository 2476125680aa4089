"""Who calls: read from the request's headers, proved by session, token, tracking link or nothing at all."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import msgspec

from hadir.actions.secrets import Secrets
from hadir.domain.people import Account, Role
from hadir.domain.values import Actor
from hadir.inbound.kit.asgi import Scope
from hadir.inbound.kit.problems import Problem
from hadir.inbound.kit.sessions import COOKIE, SessionDesk
from hadir.ports.clock import Clock
from hadir.ports.people import People
from hadir.words import LANGUAGES

DEVICE_COOKIE, LANG_COOKIE = "hadir_device", "hadir_lang"
DEVICE_HEADER = "x-hadir-device"
# Whose outbox a request comes from. A phone keeps one for each person; what one pressed is never taken as another's,
# nor as a passer-by's after he has signed out.
ACCOUNT_HEADER = "x-hadir-account"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Network = IPv4Network | IPv6Network


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """One request's caller."""

    actor: Actor
    account: Account | None
    #: anonymous, session or token
    via: str
    #: secret of the calling device, None when it brought none
    device: str | None
    lang: str
    #: the client's address; behind a trusted proxy the one it forwards
    address: str
    #: the address is this computer's own and nobody forwarded another
    local: bool
    #: session cookie's value
    session: str | None = None
    #: «https://host», where the caller thinks we are
    origin: str = ""

    @property
    def limit_key(self) -> str:
        """What its own limit is counted by."""
        return self.actor.id


class Gate:
    """Judges requests; the same for every door."""

    def __init__(
        self,
        *,
        people: People,
        sessions: SessionDesk,
        secrets: Secrets,
        clock: Clock,
        trusted: tuple[Network, ...] = (),
        hosts: frozenset[str] | None = None,
        origin: str = "",
    ) -> None:
        """`hosts`: names under which we answer (None: any); `origin`: our public address, when there is one."""
        self._people = people
        self._sessions = sessions
        self._secrets = secrets
        self._clock = clock
        self._trusted = trusted
        self._hosts = hosts
        self._origin = origin

    async def caller(self, scope: Scope) -> Caller:
        """Raises Problem: 421 unknown host, 403 foreign origin, 401 for a token or session that does not hold."""
        headers = _headers(scope)
        cookies = parse_cookies(headers.get("cookie", ""))
        address, forwarded = self._address(scope, headers)
        own = self._own_origin(scope, headers, forwarded)
        self._check_host(headers)
        lang = language(headers, cookies, scope["query_string"])
        unsafe = scope["method"] not in SAFE_METHODS
        seen = _Seen(
            device=_device(headers, cookies),
            lang=lang,
            address=address,
            local=not forwarded and is_loopback(address),
            origin=own,
        )
        caller = await self._by(headers, cookies, seen, unsafe=unsafe)
        meant = headers.get(ACCOUNT_HEADER)
        if meant is not None and meant != caller.actor.id:
            raise Problem("session_over", status=401)
        return caller

    async def _by(self, headers: dict[str, str], cookies: dict[str, str], seen: "_Seen", *, unsafe: bool) -> Caller:
        authorization = headers.get("authorization", "")
        if authorization[:7].lower() == "bearer ":
            return await self._by_token(authorization[7:].strip(), seen)
        session = cookies.get(COOKIE)
        if unsafe:
            _check_origin(headers, seen.origin, has_session=session is not None)
        if session:
            return await self._by_session(session, seen)
        return self._anonymous(seen)

    async def _by_token(self, token: str, seen: "_Seen") -> Caller:
        id = self._secrets.account_of(token, self._clock.now())
        account = None if id is None else await self._people.account(id)
        if account is None:
            raise Problem("bad_token", status=401, headers=[(b"www-authenticate", b"Bearer")])
        return seen.signed_in(account, via="token", session=None)

    async def _by_session(self, value: str, seen: "_Seen") -> Caller:
        """A session that is over is nobody: pages send its owner to sign in, the API answers 401 where it must."""
        id = await self._sessions.account_of(value)
        account = None if id is None else await self._people.account(id)
        return self._anonymous(seen, session=value) if account is None else seen.signed_in(account, "session", value)

    def _anonymous(self, seen: "_Seen", session: str | None = None) -> Caller:
        known = seen.device or f"address/{seen.address}"
        channel = "citizen-web" if seen.device else "api"
        actor = Actor(id=f"device/{self._secrets.pseudonym(known)}", role=Role.CITIZEN, channel=channel)
        return seen.caller(actor, None, "anonymous", session)

    def _address(self, scope: Scope, headers: dict[str, str]) -> tuple[str, bool]:
        """The client's address, and whether a trusted proxy told it."""
        peer = (scope.get("client") or ("", 0))[0]
        told = headers.get("x-forwarded-for", "")
        if not told or not self._is_trusted(peer):
            return peer, False
        # The last address that is not a proxy of ours: what stands before it the client may have made up.
        for each in reversed([part.strip() for part in told.split(",")]):
            if not self._is_trusted(each):
                return each, True
        return peer, True

    def _is_trusted(self, address: str) -> bool:
        if not self._trusted:
            return False
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._trusted)

    def _own_origin(self, scope: Scope, headers: dict[str, str], forwarded: bool) -> str:
        if self._origin:
            return self._origin
        scheme = headers.get("x-forwarded-proto", scope["scheme"]) if forwarded else scope["scheme"]
        return f"{scheme}://{headers.get('host', '')}"

    def _check_host(self, headers: dict[str, str]) -> None:
        """A page elsewhere that rebinds its name to our address would pass for our own; in demo mode passwords too."""
        if self._hosts is not None and host_name(headers.get("host", "")) not in self._hosts:
            raise Problem("unknown_host", status=421)


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the headers alone say."""

    device: str | None
    lang: str
    address: str
    local: bool
    origin: str

    def caller(self, actor: Actor, account: Account | None, via: str, session: str | None) -> Caller:
        return Caller(
            actor=actor,
            account=account,
            via=via,
            device=self.device,
            lang=self.lang,
            address=self.address,
            local=self.local,
            session=session,
            origin=self.origin,
        )

    def signed_in(self, account: Account, via: str, session: str | None) -> Caller:
        channel = "api" if via == "token" else _CHANNELS.get(account.role, "desk")
        actor = Actor(id=account.id, role=account.role, agency=account.agency, areas=account.areas, channel=channel)
        return self.caller(actor, account, via, session)


_CHANNELS = {Role.OFFICER: "phone", Role.LEADER: "phone", Role.INTEGRATOR: "api"}


def _headers(scope: Scope) -> dict[str, str]:
    """By lower-case name; of several cookies headers the first counts, as browsers send one."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


def parse_cookies(header: str) -> dict[str, str]:
    """Name → value; what is not name=value is passed over."""
    if not header:
        return {}
    pairs = (part.strip().partition("=") for part in header.split(";") if "=" in part)
    return {name: value.strip('"') for name, _, value in pairs}


def _device(headers: dict[str, str], cookies: dict[str, str]) -> str | None:
    given = headers.get(DEVICE_HEADER) or cookies.get(DEVICE_COOKIE) or ""
    return given if 16 <= len(given) <= 64 and given.isascii() and given.isprintable() else None


def language(headers: dict[str, str], cookies: dict[str, str], query: bytes) -> str:
    """?lang=, then the cookie, then an application's Accept-Language, then Indonesian.

    A browser's Accept-Language does not count: half the city's phones are set to English by whoever sold them, and a
    refusal must be in the language of the page it appears on. Browsers are known by Sec-Fetch-Site.
    """
    if b"lang=" in query:
        for part in query.split(b"&"):
            if part[:5] == b"lang=" and part[5:].decode("latin-1") in LANGUAGES:
                return part[5:].decode("latin-1")
    if (kept := cookies.get(LANG_COOKIE)) in LANGUAGES:
        return str(kept)
    return LANGUAGES[0] if "sec-fetch-site" in headers else _accepted(headers.get("accept-language", ""))


def _accepted(header: str) -> str:
    if not header:
        return LANGUAGES[0]
    ranked = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        code = tag[:2].lower()
        if code in LANGUAGES:
            ranked.append((_weight(weight), code))
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _check_origin(headers: dict[str, str], own: str, *, has_session: bool) -> None:
    """A page of another site must not press our buttons. Raises Problem(403).

    Browsers say where a request comes from by Sec-Fetch-Site, older ones by Origin. What says neither is no browser;
    with a session cookie it is refused all the same.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site in ("same-origin", "none"):
        return
    foreign = site is not None or (origin is not None and origin != own)
    if foreign or (origin is None and has_session):
        raise Problem("foreign_origin", status=403)


@lru_cache(maxsize=64)
def host_name(host: str) -> str:
    """The name in a Host header, without the port."""
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower().rstrip(".")


# Reading an address takes 6 us; those who post a thousand times a second come from a few.
@lru_cache(maxsize=1024)
def is_loopback(address: str) -> bool:
    """Does it name this computer itself?"""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def networks(text: str) -> tuple[Network, ...]:
    """«127.0.0.1, 10.0.0.0/8»."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
