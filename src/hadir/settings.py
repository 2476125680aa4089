"""Every knob of Hadir: one frozen field each, with its default, its help and its variable HADIR_<FIELD>.

Only `hadir.compose` and `hadir.cli` read settings; everything else gets plain arguments. `reference()` is the page
docs/reference/settings.md, written by `make docs`; a test fails while the two differ. Imports: the standard library.
"""

import dataclasses
import ipaddress
import logging
import os
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

PREFIX = "HADIR_"
#: city packs that come with the program
CITIES = Path(__file__).resolve().parents[2] / "cities"

LogLevel = Literal["debug", "info", "warning", "error"]
Intake = Literal["on", "off"]


class SettingsError(ValueError):
    """A setting cannot be used; the message names it and says what would do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All of it. Build it with `Settings.read`, which also checks that the values fit together."""

    home: Annotated[Path, "The folder of this city: database, photos, logs. Made if missing."] = Path("var/hadir")
    host: Annotated[str, "The address to listen on. Beyond loopback only with TLS or in trial mode."] = "127.0.0.1"
    port: Annotated[int, "The port to listen on; 0 takes a free one."] = 8311
    demo: Annotated[bool, "The demo city with its demo accounts and public passwords; on loopback only."] = False
    trial: Annotated[
        bool, "A trial in your own network: demo accounts with random passwords, printed once; not only on loopback."
    ] = False
    tls_cert: Annotated[Path | None, "The certificate (PEM, with its chain) for serving HTTPS directly."] = None
    tls_key: Annotated[Path | None, "The key of that certificate (PEM)."] = None
    public_url: Annotated[
        str, "The address people type, such as https://hadir.example.go.id, when a proxy stands in front."
    ] = ""
    trusted_proxies: Annotated[
        str, "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses, separated by commas."
    ] = ""
    city: Annotated[str, "The city pack: a name in cities/, or the path of a folder."] = "blitar"
    database_url: Annotated[
        str, "Your own PostgreSQL (15 or newer), as a connection string. Empty: Hadir runs its own in the home."
    ] = ""
    pg_bin: Annotated[Path | None, "The bin folder of another PostgreSQL for that own server."] = None
    pg_user: Annotated[str, "As root: the user that runs the server. Empty: «hadir» if there is one, or «nobody»."] = ""
    pg_memory_mb: Annotated[int, "Shared buffers of that own server, in MB; a quarter of the memory is plenty."] = 256
    state: Annotated[Path, "As root: the folder for the server's files when its user cannot enter the home."] = Path(
        "/var/lib/hadir"
    )
    push_contact: Annotated[
        str, "Whom a push service may ask about our messages: mailto:… or https://…; empty: the public address."
    ] = ""
    push_private: Annotated[
        bool, "Push services at private addresses are gone to as well: for tests, and for a network without internet."
    ] = False
    smtp_url: Annotated[
        str, "The mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Empty: no e-mail."
    ] = field(default="", repr=False)
    mail_from: Annotated[str, "The sender of our e-mail, such as «Hadir <hadir@kota.example>»."] = ""
    sms_url: Annotated[str, "The SMS gateway that messages are posted to (docs/push.md). Empty: no SMS."] = ""
    sms_key: Annotated[str, "Its key; better in the environment than anywhere else."] = field(default="", repr=False)
    whatsapp_url: Annotated[
        str, "Where WhatsApp messages are posted: …/<phone number id>/messages of the Cloud API. Empty: no WhatsApp."
    ] = ""
    whatsapp_key: Annotated[str, "Its access token."] = field(default="", repr=False)
    whatsapp_template: Annotated[str, "The name of the approved template with three values: title, words, link."] = (
        "hadir_notice"
    )
    intake: Annotated[
        Intake, "A second process that takes in reports (Linux, without TLS of its own): for machines of many cores."
    ] = "off"
    open311_per_second: Annotated[
        float, "How many reports a second one Open311 key may send, and twenty times as many at once."
    ] = 20.0
    log_level: Annotated[LogLevel, "How much is logged: debug, info, warning or error."] = "info"

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> Self:
        """Defaults, then the environment, then what was given (None: not given). Raises SettingsError."""
        values: dict[str, Any] = {}
        for name, hint in typing.get_type_hints(cls).items():
            if given.get(name) is not None:
                values[name] = given[name]
            elif (text := environ.get(variable(name), "")) != "":
                values[name] = parse(text, hint, variable(name))
        settings = cls(**values)
        check(settings)
        return settings

    @property
    def city_folder(self) -> Path:
        """Where the city pack lies."""
        named = Path(self.city)
        return named if named.is_dir() else CITIES / self.city

    @property
    def server(self) -> dict[str, Any]:
        """The arguments of the supervisor that runs our own PostgreSQL."""
        return {
            "home": self.home,
            "bin_dir": self.pg_bin,
            "run_as": self.pg_user or None,
            "state_folder": self.state,
            "memory_mb": self.pg_memory_mb,
        }

    @property
    def secure(self) -> bool:
        """Do people reach us over HTTPS? Then cookies are marked Secure."""
        return self.tls_cert is not None or self.public_url.startswith("https://")

    @property
    def url(self) -> str:
        """Where a browser finds this server: the public address, or the one it listens on."""
        scheme = "https" if self.tls_cert else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"{scheme}://{host}:{self.port}"


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()


# --- reading --------------------------------------------------------------------------------------------------------

_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def parse(text: str, hint: Any, name: str) -> Any:
    """A value of the field's type from text; SettingsError names the variable."""
    kind, choices = _kind(hint)
    if choices:
        return _one_of(text.lower(), choices, name)
    if kind is bool:
        return _one_of(text.lower(), _YES | _NO, name) in _YES
    try:
        return kind(text.strip())
    except ValueError as error:
        raise SettingsError(f"{name} must be a number, not «{text}».") from error


def _kind(hint: Any) -> tuple[Any, set[str]]:
    """The plain type behind `T | None`, and the choices of a Literal."""
    if typing.get_origin(hint) is Literal:
        return str, set(typing.get_args(hint))
    if isinstance(hint, types.UnionType):
        return next(each for each in typing.get_args(hint) if each is not types.NoneType), set()
    return hint, set()


def _one_of(text: str, choices: set[str], name: str) -> str:
    if text not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(sorted(choices))}, not «{text}».")
    return text


# --- what must fit together -----------------------------------------------------------------------------------------


def is_loopback(host: str) -> bool:
    """Can only this machine reach that address?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(settings: Settings) -> None:
    """Refuse what would be unsafe or cannot work. Raises SettingsError with one sentence."""
    for problem in (_modes, _tls, _numbers, _address, _channels):
        if sentence := problem(settings):
            raise SettingsError(sentence)


def _modes(s: Settings) -> str | None:
    if s.demo and s.trial:
        return "Demo and trial exclude each other: the demo's passwords are public, a trial's are not."
    if s.demo and not is_loopback(s.host):
        return f"The demo's passwords are public, so it listens on loopback only, not on {s.host}: try --trial."
    behind_proxy = s.public_url.startswith("https://") and s.trusted_proxies
    if not is_loopback(s.host) and not (s.trial or s.tls_cert or behind_proxy):
        return f"Listening on {s.host} without TLS would show passwords to the network: give --tls-cert and --tls-key."
    return None


def _tls(s: Settings) -> str | None:
    if (s.tls_cert is None) != (s.tls_key is None):
        return "TLS needs both the certificate and its key: --tls-cert and --tls-key."
    if s.tls_cert is not None and s.intake == "on":
        return "With a certificate of its own Hadir takes reports in one process: leave HADIR_INTAKE off."
    for path in (s.tls_cert, s.tls_key):
        if path is not None and not path.is_file():
            return f"There is no file {path} for TLS."
    return None


def _numbers(s: Settings) -> str | None:
    if not 0 <= s.port <= 65535:
        return f"The port must be between 0 and 65535, not {s.port}."
    if not 16 <= s.pg_memory_mb <= 65536:
        return f"The database's memory must be between 16 and 65536 MB, not {s.pg_memory_mb}."
    return None


def _address(s: Settings) -> str | None:
    parts = urlsplit(s.public_url)
    if s.public_url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
        return f"The public address must be like https://hadir.example.go.id, without a path, not «{s.public_url}»."
    for each in filter(None, (part.strip() for part in s.trusted_proxies.split(","))):
        try:
            ipaddress.ip_network(each)
        except ValueError:
            return f"A trusted proxy is an address such as 127.0.0.1 or 10.0.0.0/8, not «{each}»."
    return None


def _channels(s: Settings) -> str | None:
    """The values may hold passwords: they are not repeated."""
    if s.push_contact and not s.push_contact.startswith(("mailto:", "https://")):
        return "The push contact is a mailto: or https: address, such as mailto:hadir@kota.example."
    if s.smtp_url and not s.smtp_url.startswith(("smtp://", "smtps://")):
        return "The mail server is named like smtp://user:password@mail.example:587 or smtps://…:465."
    if s.smtp_url and "@" not in s.mail_from:
        return f"E-mail needs a sender: set {variable('mail_from')}, such as hadir@kota.example."
    for name, url in (("sms_url", s.sms_url), ("whatsapp_url", s.whatsapp_url)):
        if url and not url.startswith(("http://", "https://")):
            return f"{variable(name)} is an address like https://gateway.example/send."
    return None


# --- words ----------------------------------------------------------------------------------------------------------


def help_of(name: str) -> str:
    """What a field is for, in a sentence."""
    return typing.get_type_hints(Settings, include_extras=True)[name].__metadata__[0]


def reference() -> str:
    """docs/reference/settings.md."""
    rows = (f"| `{variable(f.name)}` | {_shown(f.default)} | {help_of(f.name)} |" for f in dataclasses.fields(Settings))
    head = (
        "# Settings\n\nWritten by `make docs` from `src/hadir/settings.py`. Every setting is an environment variable; "
        "the usual ones are options of `hadir run` too, and an option wins.\n\n"
        "| variable | default | what it does |\n|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _shown(default: Any) -> str:
    if default in (None, ""):
        return "empty"
    return f"`{int(default) if isinstance(default, bool) else default}`"


def start_logging(level: LogLevel) -> None:
    """One line a record, on standard error, as systemd and containers expect it."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
