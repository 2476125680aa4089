"""E-mail by SMTP (RFC 5321), over TLS from the start (smtps) or by STARTTLS (smtp); never in the clear elsewhere."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Self
from urllib.parse import unquote, urlsplit

from hadir.domain.notice import Channel
from hadir.ports.sender import Message, Never, NotNow

WITHIN_S = 20.0
_PORTS = {"smtp": 587, "smtps": 465}
#: only these may be spoken to without TLS: nothing leaves the machine
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)
    #: who is shown as the sender
    sender: str

    @classmethod
    def of(cls, url: str, sender: str) -> Self:
        """Raises ValueError with a sentence that does not hold the address: it may hold a password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("the mail server's address has no such port") from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("the mail server is named like smtp://user:password@mail.example:587 or smtps://…:465")
        if "@" not in parseaddr(sender)[1]:
            raise ValueError("e-mail needs a sender, such as hadir@kota.example")
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
        )


class Mail:
    """Fulfils `ports.sender.Sender`; the library waits for the server, so it does that in a thread."""

    channel = Channel.EMAIL

    def __init__(self, server: MailServer, trust: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._trust = trust or ssl.create_default_context()

    async def send(self, address: str, message: Message) -> None:
        letter = _letter(self._server.sender, address, message)
        try:
            await asyncio.to_thread(self._carry, letter)
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(max((code for code, _ in error.recipients.values()), default=550)) from None
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise Never("smtp_without_tls") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(f"smtp_{type(error).__name__}") from None

    def _carry(self, letter: EmailMessage) -> None:
        server = self._server
        if server.tls:
            wire = smtplib.SMTP_SSL(server.host, server.port, timeout=WITHIN_S, context=self._trust)
        else:
            wire = smtplib.SMTP(server.host, server.port, timeout=WITHIN_S)
        with wire:
            if not server.tls:
                self._secured(wire)
            if server.user:
                wire.login(server.user, server.password)
            wire.send_message(letter)

    def _secured(self, wire: smtplib.SMTP) -> None:
        """Raises SMTPNotSupportedError where the server knows no STARTTLS and is not on this machine."""
        wire.ehlo()
        if wire.has_extn("starttls") or self._server.host not in _HERE:
            wire.starttls(context=self._trust)


def _judged(code: int) -> NotNow | Never:
    """RFC 5321 §4.2.1: 4yz may work later, 5yz will not."""
    return NotNow(f"smtp_{code}") if 400 <= code < 500 else Never(f"smtp_{code}")


def _letter(sender: str, to: str, message: Message) -> EmailMessage:
    """The id of the notice makes the Message-ID: a letter that is sent twice is shown once."""
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = " ".join(message.title.split())
    letter["Date"] = formatdate(usegmt=True)
    letter["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    # RFC 3834: nobody's holiday note is wanted in return.
    letter["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers:
        letter[name] = value
    letter.set_content(f"{message.body}\n\n{message.url}\n")
    return letter
