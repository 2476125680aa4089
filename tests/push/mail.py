"""A mail server on loopback, as much of RFC 5321 as a client needs; STARTTLS (RFC 3207) when it has a certificate."""

import asyncio
import base64
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


@dataclass
class MailServer:
    """`letters` holds what was taken; `refuse` may answer a recipient with a code."""

    context: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    refuse: Callable[[str], int | None] = lambda _to: None
    letters: list[EmailMessage] = field(default_factory=list)
    #: was the letter's connection encrypted?
    secured: list[bool] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        known, secure = self.login is None, False
        say("220 test")
        try:
            while line := (await reader.readline()).decode().strip():
                verb = line.split(" ")[0].upper()
                if verb == "EHLO":
                    say("250-test")
                    if self.context and not secure:
                        say("250-STARTTLS")
                    say("250-AUTH PLAIN" if self.login else "250-SIZE")
                    say("250 8BITMIME")
                elif verb == "STARTTLS" and self.context:
                    say("220 go")
                    await writer.drain()
                    await writer.start_tls(self.context)
                    secure = True
                elif verb == "AUTH":
                    _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
                    known = (user, password) == self.login
                    say("235 ok" if known else "535 no")
                elif verb == "MAIL":
                    say("250 ok" if known else "530 sign in")
                elif verb == "RCPT":
                    code = self.refuse(line)
                    say(f"{code} no" if code else "250 ok")
                elif verb == "DATA":
                    say("354 go")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    self.letters.append(cast("EmailMessage", message_from_bytes(data[:-3], policy=default)))
                    self.secured.append(secure)
                    say("250 taken")
                elif verb == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("250 ok")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
