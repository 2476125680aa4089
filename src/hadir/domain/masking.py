"""Hides what identifies a person in free text, on its way to anyone who need not see it.

NIK and KK numbers (16 digits), telephone numbers, other long numbers (accounts, licences), e-mail addresses, vehicle
plates, names after a label («nama:», «a.n.»); numbers and addresses in words (`spoken`), a name behind «Pak» or «Bu»
(`honoured`). It errs towards hiding: a masked number that was harmless costs a question, a published one cannot be
taken back. Not found: a name that neither a label nor an honorific announces («Contoh jatuh», «pak contoh»). Whoever
publishes free text looks at it.
"""

from __future__ import annotations

import re

from hadir.domain.honoured import hide_honoured, may_honour
from hadir.domain.spoken import HARMLESS, hide_said, may_say

# Begins where a run of signs begins: tried at each of them, 4,000 letters would take a seventh of a second.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(
    rf"(?P<harmless>{HARMLESS})"
    # 16 digits, also in groups of any size: 3572 0112 3456 0001, 357201.123456.0001
    r"|(?P<identity>(?<!\d)\d(?:[ .\-/_]?\d){15}(?!\d))"
    # +62 812-3456-7890, 0812 3456 7890, (0342) 801171, 62812…, wa0812…, 812-3456-7890, and an O for the nought
    r"|(?P<phone>(?<!\d)(?:(?:\+ ?62|\(?0|62(?= ?8)|\bO(?=8\d))(?:[ .\-()]{0,2}\d){7,15}"
    r"|8[1-9]\d(?:[ .\-]?\d{4}){2,3})(?!\d))"
    # a tax number as it is printed, and whatever else is so long without a gap: an account, a licence
    r"|(?P<other>(?<!\d)\d\d\.\d{3}\.\d{3}\.\d[.-]\d{3}\.\d{3}(?!\d)|(?<![\d.,])\d{9,}(?!\d))",
    re.IGNORECASE,
)
#: Fewer digits than any of these has.
_FEW = 7
_DIGIT = re.compile(r"\d")
_IS = {"identity": "[NIK/KK]", "phone": "[telepon]", "other": "[nomor]"}
# AG 1234 XY: one or two letters, one to four digits, up to three letters; «RT 2 RW 1» is not one (see _plate)
_PLATE = re.compile(r"\b(?P<area>[A-Z]{1,2})[ .\-]?\d{1,4}[ .\-]?(?P<tail>[A-Z]{1,3})\b", re.IGNORECASE)
#: «plat AG 1234»: behind a label it is one also without its last letters
_PLATE_SAID = re.compile(r"\b(?P<label>(?:plat|no\.? ?pol\w*)[ .:=]{0,3})[A-Z]{1,2}[ .\-]?\d{1,4}\b", re.IGNORECASE)
_WHOSE = "saya|ku|pelapor|terlapor|lengkap|panggilan|korban|pemilik|pengendara|ibu|bapak|ayah|anak|suami|istri|warga"
#: «nama saya Contoh Satu», «a.n. CONTOH», «pelapor: contoh satu»: after a colon any words, else capitalised ones.
_NAME = re.compile(
    rf"\b(?P<label>(?i:nama(?:\s+(?:{_WHOSE}))?|a[./]\s?n\.?|an\.|atas\s+nama|pelapor|korban)\s*)"
    r"(?:(?P<colon>[:=]\s*)[^\W\d_][\w']*(?:[ ]+[^\W\d_][\w']*){0,3}"
    r"|[A-Z](?:\.|[\w']*)(?:[ ]+[A-Z](?:\.|[\w']*)){0,3})"
)
#: Looked for first, in lower case: of most reports the pattern above would try every word for nothing.
_LABELS = ("nama", "a.n", "a. n", "a/n", "an.", "pelapor", "korban")
#: Other spaces, strokes and digits than the keyboard's, and marks that show nothing: messengers copy numbers with them
#: («0812‑3456‑7890» has no hyphen in it).
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " "),
        **dict.fromkeys(map(chr, (*range(0x2010, 0x2016), 0x2212, 0xFE63, 0xFF0D)), "-"),
        **dict.fromkeys(
            map(chr, (0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
        ),
        **{chr(first + n): str(n) for first in (0xFF10, 0x660, 0x6F0) for n in range(10)},
        **dict(zip("＋．＠／（）：＝", "+.@/():=", strict=True)),
    }
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


#: Digits, signs of an address, and marks that show nothing (a label may be hidden by them).
_SIGN = re.compile(r"[\d@＠\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def telling(text: str) -> bool:
    """Whether there may be anything to hide: quicker by far than looking for it, and most texts have none of it."""
    if _SIGN.search(text):
        return True
    low = text.lower()
    return any(label in low for label in _LABELS) or may_say(text) or may_honour(text)


def mask(text: str) -> str:
    """The text with personal numbers and addresses replaced by what they are, in brackets."""
    plain = text if text.isascii() else text.translate(_PLAIN)
    masked = _masked(plain)
    return text if masked == plain else masked


def _masked(text: str) -> str:
    text = hide_said(text)
    if "@" in text:
        text = _MAIL.sub("[surel]", text)
    if len(_DIGIT.findall(text)) >= _FEW:
        text = _NUMBER.sub(_number, text)
    low = text.lower()
    if any(label in low for label in _LABELS):
        text = _NAME.sub(_name, text)
    text = hide_honoured(text)
    text = _PLATE.sub(_plate, text)
    return _PLATE_SAID.sub(_plate_said, text) if "pol" in low or "plat" in low else text


def _number(found: re.Match[str]) -> str:
    return _IS.get(found.lastgroup or "", found.group())


def _name(found: re.Match[str]) -> str:
    return f"{found['label']}{found['colon'] or ''}[nama]"


def _plate_said(found: re.Match[str]) -> str:
    return f"{found['label']}[pelat]"


def _plate(found: re.Match[str]) -> str:
    area, tail = found["area"].upper(), found["tail"].upper()
    is_plate = area in _PLATES and tail not in _NOT_TAIL
    return "[pelat]" if is_plate else found.group()
