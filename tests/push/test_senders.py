"""E-mail to a server that speaks SMTP with and without TLS, SMS and WhatsApp to the simulated gateways."""

import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hadir.domain.notice import Channel
from hadir.outbound.kit.gate import Gate
from hadir.outbound.senders.gateways import SMS_MOST, Sms, WhatsApp, number
from hadir.outbound.senders.mail import Mail
from hadir.outbound.senders.mail import MailServer as MailAt
from hadir.outside.gateways import Gateways
from hadir.ports.sender import Message, Never, NotNow, Sender
from tests.push.mail import MailServer

MESSAGE = Message(
    id="01JN", title="Perintah: Evakuasi\nwarga", body="Paling lambat 14.30.", url="https://h.example/p#/order/1"
)


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    made = Gate(private=True)
    yield made
    await made.close()


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    made = MailServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's context, one that trusts it)."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    file = tmp_path / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    return serving, ssl.create_default_context(cadata=made.public_bytes(Encoding.PEM).decode())


async def test_a_letter_says_what_where_and_that_nobody_wrote_it(server: MailServer) -> None:
    await Mail(MailAt.of(f"smtp://127.0.0.1:{server.port}", "Hadir <hadir@kota.example>")).send("a@b.example", MESSAGE)
    (letter,) = server.letters
    assert letter["Subject"] == "Perintah: Evakuasi warga", "a line break in a subject would be another header"
    assert letter["Message-ID"] == "<01JN@kota.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == "Paling lambat 14.30.\n\nhttps://h.example/p#/order/1\n"


async def test_starttls_and_a_password_are_used(
    server: MailServer, certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server.context, trust = certificate
    server.login = ("hadir", "p@ss/word")
    at = MailAt.of(f"smtp://hadir:p%40ss%2Fword@127.0.0.1:{server.port}", "hadir@kota.example")
    await Mail(at, trust).send("a@b.example", MESSAGE)
    assert server.secured == [True]
    assert "p@ss" not in repr(at)


async def test_a_server_whose_certificate_is_not_trusted_gets_neither_password_nor_letter(
    server: MailServer, certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server.context, _ = certificate
    at = MailAt.of(f"smtp://hadir:secret@127.0.0.1:{server.port}", "hadir@kota.example")
    with pytest.raises(NotNow, match="SSL"):
        await Mail(at).send("a@b.example", MESSAGE)
    assert server.letters == []


async def test_without_tls_nothing_leaves_the_machine(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hadir.outbound.senders.mail._HERE", frozenset())
    at = MailAt.of(f"smtp://127.0.0.1:{server.port}", "hadir@kota.example")
    with pytest.raises(Never, match="smtp_without_tls"):
        await Mail(at).send("a@b.example", MESSAGE)
    assert server.letters == []


@pytest.mark.parametrize(("code", "says"), [(450, NotNow), (550, Never)])
async def test_what_the_server_says_decides(server: MailServer, code: int, says: type[Exception]) -> None:
    server.refuse = lambda _to: code
    at = MailAt.of(f"smtp://127.0.0.1:{server.port}", "hadir@kota.example")
    with pytest.raises(says, match=f"smtp_{code}") as refused:
        await Mail(at).send("secret-name@b.example", MESSAGE)
    assert "secret-name" not in str(refused.value)


async def test_a_server_that_is_down_is_tried_again() -> None:
    with pytest.raises(NotNow):
        await Mail(MailAt.of("smtp://127.0.0.1:1", "hadir@kota.example")).send("a@b.example", MESSAGE)


@pytest.mark.parametrize(
    ("url", "sender"),
    [("http://x", "a@b"), ("smtp://", "a@b"), ("smtp://u:secret@h:bad", "a@b"), ("smtp://u:secret@h", "")],
)
def test_a_mail_server_that_cannot_be_one_is_refused_without_its_password(url: str, sender: str) -> None:
    with pytest.raises(ValueError, match=r"mail|sender") as refused:
        MailAt.of(url, sender)
    assert "secret" not in str(refused.value)


# ── gateways ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def gateways() -> AsyncIterator[tuple[Gateways, str]]:
    made = Gateways(key="right")
    port = await made.start()
    yield made, f"http://127.0.0.1:{port}"
    await made.stop()


SENDERS: dict[Channel, Callable[[Gate, str, str], Sender]] = {
    Channel.SMS: lambda gate, url, key: Sms(gate, f"{url}/sms", key),
    Channel.WHATSAPP: lambda gate, url, key: WhatsApp(gate, f"{url}/whatsapp", key, "hadir_notice"),
}


@pytest.mark.parametrize("channel", SENDERS)
async def test_a_gateway_takes_a_message_once_however_often_it_is_sent(
    gate: Gate, gateways: tuple[Gateways, str], channel: Channel
) -> None:
    there, url = gateways
    sender = SENDERS[channel](gate, url, "right")
    for _ in range(2):
        await sender.send("0812 3456-7890", MESSAGE)
    (taken,) = there.taken
    assert (there.requests, taken.gateway) == (2, channel.value)
    assert taken.to.lstrip("+") == "6281234567890"
    assert "Evakuasi" in taken.text
    assert taken.text.endswith(MESSAGE.url)


@pytest.mark.parametrize("channel", SENDERS)
async def test_a_wrong_key_is_for_good_and_a_busy_gateway_is_not(
    gate: Gate, gateways: tuple[Gateways, str], channel: Channel
) -> None:
    there, url = gateways
    with pytest.raises(Never, match="http_401"):
        await SENDERS[channel](gate, url, "wrong").send("081234567890", MESSAGE)
    there.refuse = lambda _path: 429
    with pytest.raises(NotNow, match="http_429"):
        await SENDERS[channel](gate, url, "right").send("081234567890", MESSAGE)
    assert there.taken == []


async def test_an_sms_is_no_longer_than_two_and_keeps_its_link(gate: Gate, gateways: tuple[Gateways, str]) -> None:
    there, url = gateways
    long = Message(id="x", title="T", body="panjang " * 100, url=MESSAGE.url)
    await Sms(gate, f"{url}/sms", "right").send("081234567890", long)
    assert len(there.taken[0].text) <= SMS_MOST
    assert there.taken[0].text.endswith(f"… {MESSAGE.url}")


@pytest.mark.parametrize(
    ("text", "is_"),
    [("0812-345 678", "+62812345678"), ("+62 (812) 345678", "+62812345678"), ("62812345678", "+62812345678")],
)
def test_numbers_as_people_write_them(text: str, is_: str) -> None:
    assert number(text, "62") == is_


@pytest.mark.parametrize("text", ["", "0812", "call me", "+62812345678901234", "0812;345678"])
def test_what_is_no_number_is_never_sent(text: str) -> None:
    with pytest.raises(Never, match="bad_number"):
        number(text, "62")
