"""Hides what identifies a person in free text, on its way to anyone who need not see it.

NIK and KK numbers (16 digits), telephone numbers, e-mail addresses, vehicle plates. It errs towards hiding: a masked
number that was harmless costs a question, a published one cannot be taken back.
"""

from __future__ import annotations

import re

_MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[surel]"),
    # 16 digits, also in groups of any size: 3572 0112 3456 0001, 357201.123456.0001
    (re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15}(?!\d)"), "[NIK/KK]"),
    # +62 812-3456-7890, 0812 3456 7890, (0342) 801171, 62812…
    (re.compile(r"(?<![\w/])(?:\+\s?62|\(?0|62(?=\s?8))(?:[ .\-()]{0,2}\d){7,13}(?!\d)"), "[telepon]"),
    # AG 1234 XY: one or two letters, one to four digits, up to three letters; «RT 2 RW 1» is not one (see _plate)
    (re.compile(r"\b(?P<area>[A-Z]{1,2})[ .\-]?\d{1,4}[ .\-]?(?P<tail>[A-Z]{1,3})\b", re.IGNORECASE), ""),
)
#: First letters of Indonesian plates (Perkapolri 5/2012): without this list «RT 2 RW» would be a vehicle.
_PLATES = frozenset(
    re.findall(
        r"\w+",
        "A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT E EA EB ED "
        "F G H K KB KH KT KU L M N P PA PB R S T W Z",
    )
)
#: What may stand behind a number and is no plate: measures, times, directions, connecting words.
_NOT_TAIL = frozenset(
    re.findall(r"\w+", "CM M KM KG KK MM L HP WIB WIT RT RW DI KE DAN ATM ORG JAM HR BLN THN MNT KV V W A X KWH")
)


def mask(text: str) -> str:
    """The text with personal numbers and addresses replaced by what they are, in brackets."""
    (mail, a), (identity, b), (phone, c), (plate, _) = _MASKS
    text = phone.sub(c, identity.sub(b, mail.sub(a, text)))
    return plate.sub(_plate, text)


def _plate(found: re.Match[str]) -> str:
    area, tail = found["area"].upper(), found["tail"].upper()
    is_plate = area in _PLATES and tail not in _NOT_TAIL
    return "[pelat]" if is_plate else found.group()
