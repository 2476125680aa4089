"""The way out: one request to an address, some of which came from outside (a push endpoint, a webhook).

The name is looked up here and the connection goes to the very address that was checked, so a name that answers with
another address the second time gains nothing. Refused unless the gate is open to private addresses: everything that
is not a public unicast address (loopback, our own network, link-local, a cloud's metadata), also inside IPv6; plain
HTTP; other ports than 443. No redirection is followed, no proxy of the environment used; time and size are limited.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import httpcore

# A push service answers within a second; a slow one must not keep the others waiting.
WITHIN_S = 10.0
# Answers are a few words; what is longer is not read.
ANSWER_MOST = 16 * 1024
CONNECTIONS = 40
_NAT64 = IPv6Network("64:ff9b::/96")


class Forbidden(Exception):
    """This address is not one that we go to."""


class Unreachable(Exception):
    """Nobody answered, or not in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the other side said. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def public(address: str) -> bool:
    """Is it an address out there: unicast, global, and not one of ours inside an IPv6 one?"""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast for each in (ip, *_inner(ip)))


def _inner(ip: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if ip in _NAT64:
        yield IPv4Address(int(ip) & 0xFFFFFFFF)


class Gate:
    """One per process and purpose; `private`: addresses of our own network may be called too."""

    def __init__(self, *, private: bool = False, trust: ssl.SSLContext | None = None) -> None:
        self._private = private
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust or ssl.create_default_context(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS // 2,
            keepalive_expiry=60.0,
            network_backend=_Checked(private),
        )

    async def close(self) -> None:
        await self._pool.aclose()

    def check(self, url: str) -> None:
        """May this address be kept at all? Its name is looked up when it is used. Raises Forbidden."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Forbidden("not an address") from None
        if not parts.hostname or parts.username or parts.password or not url.isascii() or not url.isprintable():
            raise Forbidden("not an address")
        if self._private:
            if parts.scheme not in ("http", "https"):
                raise Forbidden("neither http nor https")
        elif parts.scheme != "https" or port not in (None, 443):
            raise Forbidden("not https on its own port")
        elif _is_number(parts.hostname) and not public(parts.hostname):
            raise Forbidden("not a public address")

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises Forbidden, Unreachable."""
        self.check(url)
        try:
            async with asyncio.timeout(WITHIN_S):
                return await self._post(url, headers, body)
        except TimeoutError as error:
            raise Unreachable("no answer in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise Unreachable(type(error).__name__) from error

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        async with self._pool.stream("POST", url, headers=sent, content=body) as response:
            read = bytearray()
            async for part in response.aiter_stream():
                read += part
                if len(read) > ANSWER_MOST:
                    break
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answer(status=response.status, headers=told, body=bytes(read[:ANSWER_MOST]))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class _Checked(httpcore.AsyncNetworkBackend):
    """Looks a name up, checks every address it has, and connects to one of those."""

    def __init__(self, private: bool) -> None:
        self._private = private
        self._wire = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        for last, address in enumerate(addresses, start=1 - len(addresses)):
            try:
                return await self._wire.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == 0:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    async def _addresses(self, host: str, port: int) -> list[str]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        # One inside address among public ones is a trap, not a mistake.
        if not self._private and not all(public(each) for each in addresses):
            raise Forbidden("not a public address")
        return addresses

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise Forbidden(f"not over a socket of this computer: {path} {timeout} {socket_options}")

    async def sleep(self, seconds: float) -> None:
        await self._wire.sleep(seconds)
