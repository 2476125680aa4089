"""`hadir user reach NAME …`: a person's other channels and quiet hours. They are personal data: no log, no event."""

import argparse
import re
from datetime import time

from hadir.cli.common import Failure
from hadir.domain.notice import FURTHER, Channel, Quiet, fits

_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


def add_reach(parser: argparse.ArgumentParser) -> None:
    for channel in FURTHER:
        what = "an address" if channel is Channel.EMAIL else "a number"
        parser.add_argument(f"--{channel}", metavar="ADDRESS", help=f"{what}; empty: not by this channel any more")
    parser.add_argument(
        "--quiet", metavar="HOURS", help="own quiet hours such as 22:00-05:00; «never»: none; «city»: those of the pack"
    )


async def reach(args: argparse.Namespace, url: str) -> None:
    """Set what is given, then show what holds. Raises Failure, UnknownAccount."""
    from hadir.compose.reaching import reach_of, set_quiet, set_reach

    addresses = {c: getattr(args, c) for c in FURTHER if getattr(args, c) is not None}
    for channel, address in addresses.items():
        if address and not fits(channel, address):
            raise Failure(f"That is no address for {channel}.")
    quiet = _quiet(args.quiet) if args.quiet is not None else None
    await set_reach(url, args.name, addresses)
    if args.quiet is not None:
        await set_quiet(url, args.name, quiet)
    contacts, own = await reach_of(url, args.name)
    for contact in contacts:
        print(f"{contact.channel:<10} {contact.address}")
    print(f"{'quiet':<10} {_said(own)}")


def _quiet(text: str) -> Quiet | None:
    """None: the city's."""
    if text == "city":
        return None
    if text == "never":
        return Quiet(begins=time(0), ends=time(0))
    try:
        match = _HOURS.fullmatch(text)
        begins, ends = (time.fromisoformat(each) for each in match.groups()) if match else (None, None)
    except ValueError:
        begins = ends = None
    if begins is None or ends is None:
        raise Failure("Quiet hours are written like 22:00-05:00, or «never», or «city».")
    return Quiet(begins=begins, ends=ends)


def _said(quiet: Quiet | None) -> str:
    if quiet is None:
        return "as the city"
    return "never" if quiet.begins == quiet.ends else f"{quiet.begins:%H:%M}-{quiet.ends:%H:%M}"
