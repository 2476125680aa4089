"""How a person is reached when no phone answers, and when it is night for him: set by himself, or by who administers.

Addresses are personal data: they stand beside the accounts, never in an event or a log, and of others only the end of
one is shown.
"""

from datetime import time
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, put
from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Meta, UnsetType

from hadir.domain.notice import FURTHER, Channel, Contact, Quiet, fits, masked
from hadir.domain.people import Subject, may
from hadir.inbound.api.answers import AnyRequest, caller_of, json_answer
from hadir.inbound.kit.asgi import body
from hadir.inbound.kit.bodies import decode, require_json
from hadir.inbound.kit.caller import Caller
from hadir.inbound.kit.doors import Doors, signed_in
from hadir.inbound.kit.problems import FieldProblem, Problem
from hadir.ports.notices import Contacts

BODY_MOST = 4096

Address = Annotated[str, Meta(max_length=200)]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """Of the city's clock. Equal: never quiet."""

    begins: Clock
    ends: Clock


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What is not given stays as it is."""

    #: an empty address takes the channel away
    addresses: dict[Literal["whatsapp", "sms", "email"], Address] = {}
    #: null: the city's hours
    quiet: Hours | UnsetType | None = UNSET


def reach_routes(doors: Doors, contacts: Contacts, usable: frozenset[Channel]) -> list[HTTPRouteHandler]:
    """`usable`: the channels that this installation is set up for."""

    @get("/api/v1/people/{id:str}/reach")
    async def shown(request: AnyRequest) -> Response[bytes]:
        """{account, channels: [{channel, address, usable}], quiet, city}; `quiet` null: as the city."""
        caller, account = signed_in(caller_of(request)), request.path_params["id"]
        await _allowed(doors, caller, "people.reach.read", account)
        return json_answer(await _told(doors, contacts, usable, caller, account))

    @put("/api/v1/people/{id:str}/reach")
    async def changed(request: AnyRequest) -> Response[bytes]:
        """Sets what is given, and answers with what holds then."""
        caller, account = signed_in(caller_of(request)), request.path_params["id"]
        await _allowed(doors, caller, "people.reach", account)
        doors.throttle.command(caller)
        require_json(request.scope)
        given = decode(await body(request.scope, request.receive, BODY_MOST), Reach)
        _check(given)
        await _keep(contacts, account, given)
        return json_answer(await _told(doors, contacts, usable, caller, account))

    return [shown, changed]


async def _allowed(doors: Doors, caller: Caller, verb: str, account: str) -> None:
    """Whether there is such an account is told only to who may see all."""
    if refusal := may(verb, caller.actor, Subject(owners=frozenset({account}))):
        raise Problem.of(refusal)
    if account not in {each.id for each in await doors.accounts.accounts()}:
        raise Problem("no_such_thing", status=404)


def _check(given: Reach) -> None:
    wrong = [name for name, address in given.addresses.items() if address and not fits(Channel(name), address)]
    if wrong:
        fields = [FieldProblem(field=f"addresses.{name}", code="pattern") for name in wrong]
        raise Problem("invalid_body", status=422, fields=fields, names=", ".join(wrong))


async def _keep(contacts: Contacts, account: str, given: Reach) -> None:
    for name, address in given.addresses.items():
        if address:
            await contacts.set_contact(Contact(account=account, channel=Channel(name), address=address))
        else:
            await contacts.drop_contact(account, Channel(name))
    if given.quiet is not UNSET:
        await contacts.set_quiet(account, _quiet(given.quiet))


def _quiet(hours: Hours | None) -> Quiet | None:
    return hours and Quiet(begins=time.fromisoformat(hours.begins), ends=time.fromisoformat(hours.ends))


async def _told(doors: Doors, contacts: Contacts, usable: frozenset[Channel], caller: Caller, account: str) -> bytes:
    known = {contact.channel: contact for contact in await contacts.contacts(account)}
    quiet, rules = await contacts.quiet(account), doors.ctx.city.notices
    told = {
        "account": account,
        "channels": [_channel(each, known.get(each), each in usable, account == caller.actor.id) for each in FURTHER],
        "quiet": quiet and _hours(quiet),
        "city": _hours(rules.quiet()),
    }
    return msgspec.json.encode(told)


def _channel(channel: Channel, contact: Contact | None, usable: bool, own: bool) -> dict[str, Any]:
    address = "" if contact is None else contact.address if own else masked(contact)
    return {"channel": channel, "address": address, "usable": usable}


def _hours(quiet: Quiet) -> dict[str, str]:
    return {"begins": f"{quiet.begins:%H:%M}", "ends": f"{quiet.ends:%H:%M}"}
