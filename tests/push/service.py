"""A push service and its browser, on loopback: takes what we send, decrypts it, and keeps what it saw.

The decryption is written from RFC 8291 and RFC 8188 the other way round, with nothing of ours, so that a mistake in the
program is not repeated here.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Reply = tuple[int, dict[str, str]]


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def decrypted(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """RFC 8188 §2 and RFC 8291 §3.4, one record, HKDF by hand."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    theirs, cipher = body[21 : 21 + length], body[21 + length :]
    assert len(body) <= 4096
    assert len(cipher) <= size
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    own = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    material = _hmac(_hmac(auth, shared), b"WebPush: info\0" + own + theirs + b"\x01")
    prk = _hmac(salt, material)
    cek = _hmac(prk, b"Content-Encoding: aes128gcm\0\x01")[:16]
    nonce = _hmac(prk, b"Content-Encoding: nonce\0\x01")[:12]
    plain = AESGCM(cek).decrypt(nonce, cipher, None).rstrip(b"\0")
    assert plain[-1:] == b"\x02", "the last record ends with 2"
    return plain[:-1]


@dataclass(frozen=True, kw_only=True)
class Rang:
    """One message as the browser got it."""

    headers: dict[str, str]
    payload: dict[str, Any]
    claims: dict[str, Any]
    size: int


@dataclass
class Browser:
    """A subscription with its private half."""

    service: "PushServer"
    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    rang: list[Rang] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"{self.service.url}/send/{self.name}"

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()`."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": b64(point), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}


@dataclass
class PushServer:
    """Speaks RFC 8030 as far as we use it. `reply` may refuse."""

    reply: Callable[[str], Reply] = lambda _name: (201, {})
    browsers: dict[str, Browser] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    def browser(self, name: str) -> Browser:
        return self.browsers.setdefault(name, Browser(self, name))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        first, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        name = first.split(" ")[1].removeprefix("/send/")
        self.asked.append(name)
        status, more = self.reply(name)
        if status < 300:
            self._take(name, headers, body)
        more = {"content-length": "0", "connection": "close"} | more
        told = "".join(f"{k}: {v}\r\n" for k, v in more.items())
        writer.write(f"HTTP/1.1 {status} x\r\n{told}\r\n".encode())
        await writer.drain()
        writer.close()

    def _take(self, name: str, headers: dict[str, str], body: bytes) -> None:
        browser = self.browsers[name]
        assert headers["content-encoding"] == "aes128gcm"
        payload = json.loads(decrypted(body, browser.key, browser.auth))
        claims = self.claims(headers["authorization"])
        browser.rang.append(Rang(headers=headers, payload=payload, claims=claims, size=len(body)))

    @staticmethod
    def claims(authorization: str) -> dict[str, Any]:
        """RFC 8292 §3: the token's claims, its signature checked by the key it brings."""
        scheme, _, rest = authorization.partition(" ")
        assert scheme == "vapid"
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        head, claims, signature = parts["t"].split(".")
        assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
        raw = unb64(signature)
        assert len(raw) == 64
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
        try:
            key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            raise AssertionError("the token's signature is wrong") from None
        return {**json.loads(unb64(claims)), "k": parts["k"]}
