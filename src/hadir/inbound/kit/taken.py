"""What a phone says of a photo that it sends: one header with JSON, the same for a whole upload and one in pieces."""

from collections.abc import Mapping

import msgspec

from hadir.domain.evidence import Taken
from hadir.inbound.kit.problems import Problem

HEADER = "x-hadir-taken"
# Six short fields; longer is no word of a phone.
MOST = 500

_decoder = msgspec.json.Decoder(Taken)


def taken_of(headers: Mapping[str, str]) -> Taken | None:
    """None: it says nothing. Raises Problem(400) for what is not `domain.evidence.Taken`."""
    said = headers.get(HEADER)
    if not said:
        return None
    try:
        if len(said) > MOST:
            raise ValueError("too long")
        return _decoder.decode(said)
    except (msgspec.MsgspecError, ValueError, UnicodeError) as error:
        raise Problem("bad_header", status=400, name=HEADER) from error
