"""`hadir simulate`: a made-up rainy hour for a running demonstration, from outside, over HTTP."""

import argparse
import asyncio
import signal
from pathlib import Path
from typing import Any

from hadir.cli.common import Failure, add_command
from hadir.settings import Settings

WORDS = "Play a simulated rainy hour against a running demonstration. Every report it makes is marked «Simulasi»."


def add(commands: Any) -> None:
    parser = add_command(commands, "simulate", WORDS, run)
    parser.add_argument(
        "--url", default="http://127.0.0.1:8311", help="where the demonstration runs (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same hour (default: %(default)s)")
    parser.add_argument("--speed", type=float, default=1.0, help="minutes of the hour a minute (default: %(default)s)")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes of the hour")
    parser.add_argument(
        "--scenario", type=Path, help="another scenario file (default: simulation.toml of the demo city)"
    )


def run(args: argparse.Namespace) -> int:
    from hadir.outside.client import NotSignedIn
    from hadir.outside.scenario import ScenarioError
    from hadir.outside.simulate import simulate

    if not args.speed > 0:
        raise Failure("--speed must be more than 0.")
    scenario = args.scenario or Settings().city_folder / "simulation.toml"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(simulate(scenario, url=args.url, seed=args.seed, speed=args.speed, minutes=args.minutes))
    except NotSignedIn as error:
        raise Failure(f"The server at {args.url} is no demonstration: {error}.") from error
    except (ScenarioError, TimeoutError) as error:
        raise Failure(str(error)) from error
    return 0
