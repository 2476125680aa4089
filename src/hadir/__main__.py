"""`python -m hadir` is `hadir`: the way to start it where a script's first line cannot hold the folder's name."""

from hadir.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
