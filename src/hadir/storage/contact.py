"""A telephone number or an e-mail address, so that two ways of writing it are one."""

import re


def plain_contact(text: str) -> str:
    """A number's last nine digits, whatever stands before and between them; an address in lower case."""
    text = text.strip().lower()
    return text if "@" in text else re.sub(r"\D", "", text)[-9:]
