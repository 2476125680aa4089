"""`hadir replay`: a real data set through the citizens' door, from outside, over HTTP."""

import argparse
import asyncio
import os
from pathlib import Path
from typing import Any

from hadir.cli.common import Failure, add_command

WORDS = (
    "Pour a data set (CSV) through the citizens' door of a running server. A mapping file says which column is what; "
    "every report is marked as a replay, and a second run doubles nothing."
)


def add(commands: Any) -> None:
    parser = add_command(commands, "replay", WORDS, run)
    parser.add_argument("file", type=Path, help="the CSV")
    parser.add_argument("--map", type=Path, required=True, metavar="MAPPING", help="a TOML like those in mappings/")
    parser.add_argument(
        "--speed",
        type=float,
        default=60.0,
        help="times real time; 0: as fast as the server takes it (default: %(default)s)",
    )
    parser.add_argument("--url", default="http://127.0.0.1:8311", help="the server (default: %(default)s)")
    parser.add_argument(
        "--key",
        default=os.environ.get("HADIR_KEY"),
        help="token of an account that may replay (hadir token replay), or HADIR_KEY; a demonstration needs none",
    )


def run(args: argparse.Namespace) -> int:
    import httpx

    from hadir.outside.client import NotSignedIn
    from hadir.outside.mapping import MappingError
    from hadir.outside.replay import replay

    if args.speed < 0:
        raise Failure("--speed must be 0 or more.")
    try:
        summary = asyncio.run(replay(args.file, args.map, url=args.url, key=args.key, speed=args.speed))
    except MappingError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"{args.file} cannot be read: {error.strerror or error}") from error
    except NotSignedIn as error:
        raise Failure(f"{error}. Make a key with «hadir token replay» and give it with --key.") from error
    except httpx.HTTPStatusError as error:
        raise Failure(refused(args.url, error.response.status_code)) from error
    except httpx.HTTPError as error:
        raise Failure(f"{args.url} does not answer: {error}") from error
    print("\n".join(summary.lines()))
    return 0 if summary.accepted or summary.repeated else 1


def refused(url: str, status: int) -> str:
    if status in {401, 403}:
        return f"{url} does not know this key, or it has ended: make one with «hadir token replay»."
    return f"{url} answers {status}: is it a Hadir, and a running one?"
