"""What stands in a photo's file beside the picture: time, place, camera, program. Read once, kept closed."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from PIL import ExifTags, Image

from hadir.domain.evidence import Marks

_EXIF: Final = ExifTags.IFD.Exif
_GPS: Final = ExifTags.IFD.GPSInfo
# Longer is not the name of a program.
SOFTWARE_MOST: Final = 64


def read(picture: Image.Image, zone: tzinfo) -> Marks | None:
    """None: the file says nothing. `zone`: a camera's time without one is the city's. Never raises for odd tags."""
    try:
        exif = picture.getexif()
        inner, gps = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError):
        return None
    lat, lon = _place(gps)
    marks = Marks(
        at=_time(inner, exif, zone),
        lat=lat,
        lon=lon,
        camera=bool(_text(exif.get(ExifTags.Base.Make)) or _text(exif.get(ExifTags.Base.Model))),
        software=_software(picture, exif),
    )
    return None if marks == Marks() else marks


def _text(value: Any) -> str:
    """Printable text, or nothing."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    return "".join(c for c in value if c.isprintable()).strip() if isinstance(value, str) else ""


def _software(picture: Image.Image, exif: Image.Exif) -> str | None:
    named = _text(exif.get(ExifTags.Base.Software)) or _text(picture.info.get("Software"))
    return named[:SOFTWARE_MOST] or None


def _time(inner: dict[int, Any], exif: Image.Exif, zone: tzinfo) -> datetime | None:
    written = _text(inner.get(ExifTags.Base.DateTimeOriginal)) or _text(exif.get(ExifTags.Base.DateTime))
    try:
        at = datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None
    offset = _offset(_text(inner.get(ExifTags.Base.OffsetTimeOriginal)))
    return at if offset is None else at.replace(tzinfo=offset)


def _offset(written: str) -> tzinfo | None:
    """«+07:00»."""
    try:
        hours, minutes = int(written[1:3]), int(written[4:6])
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(-span if written[0] == "-" else span)
    except (ValueError, IndexError):
        return None


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    # Phones without a fix write zeros.
    return (None, None) if lat is None or lon is None or (lat == 0 and lon == 0) else (lat, lon)


def _degrees(parts: Any, side: Any, negative: str, most: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or abs(value) > most:
        return None
    return -value if _text(side).upper() == negative else value
