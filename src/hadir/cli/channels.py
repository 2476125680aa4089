"""What `hadir doctor` says of the ways to people: which are open, which are not set up. It sends nothing."""

import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from hadir.settings import Settings, is_loopback, variable
from hadir.storage.keyfile import PUSH_KEY, SIZE

#: (is it well?, what, advice)
Seen = tuple[bool, str, str]


def push(settings: Settings) -> Iterator[Seen]:
    """The key, and what browsers and push services ask for."""
    path = settings.home / PUSH_KEY
    if path.is_file():
        if path.stat().st_size != SIZE or stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield (
                False,
                f"the push key {path} is damaged or others may read it",
                f"Restore it, then chmod 600 '{path}'.",
            )
        else:
            yield True, f"push key {path}", ""
    host = urlsplit(settings.url).hostname or ""
    if not (settings.secure or is_loopback(host)):
        yield False, "phones cannot ring: browsers allow push under https only", "Give TLS: docs/operations/install.md."
    if not (settings.push_contact or settings.public_url.startswith("https://")):
        advice = f"Set {variable('push_contact')}, such as mailto:hadir@kota.example: iPhones' service refuses without."
        yield False, "push services are not told whom to ask", advice


def others(settings: Settings) -> Iterator[Seen]:
    """The channels that follow when no phone answers."""
    given = {"e-mail": "smtp_url", "SMS": "sms_url", "WhatsApp": "whatsapp_url"}
    open_ones = [name for name, field in given.items() if getattr(settings, field)]
    for name, url, key in (("SMS", "sms_url", "sms_key"), ("WhatsApp", "whatsapp_url", "whatsapp_key")):
        if getattr(settings, url) and not getattr(settings, key):
            yield False, f"{name} has an address and no key", f"Set {variable(key)}."
    if open_ones:
        yield True, f"when no phone answers: {', '.join(open_ones)}", ""
    if missing := [f"{name} ({variable(field)})" for name, field in given.items() if name not in open_ones]:
        yield (
            False,
            f"not set up: {', '.join(missing)}",
            "Who has no phone that rings is reached by these only: docs/push.md.",
        )
