"""Write docs/reference from the running code: states, events, commands, permissions. `--check` only compares.

    .venv/bin/python tools/make_docs.py [--check]

The diagrams are drawn from the tables that the program obeys, so they cannot show another life than the real one.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from hadir.actions.registry import COMMANDS
from hadir.domain import flood, incident, order, report, task
from hadir.domain.events import KINDS, Event
from hadir.domain.people import PERMISSIONS, SEES, Role

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
NOTE = "<!-- Made by tools/make_docs.py from the code; change the code, not this page. -->\n\n"
BASE = {field.name for field in dataclasses.fields(Event)}


def first_line(thing: object) -> str:
    """The sentence a thing says of itself."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def states() -> str:
    parts = [NOTE, "# States\n\nOne table each in `src/hadir/domain`; an arrow that is not here is refused.\n"]
    tables = {"report": report, "incident": incident, "task": task, "order": order, "area": flood}
    for noun, module in tables.items():
        parts.append(f"\n## {noun}\n\n{first_line(module)}\n\n```mermaid\nstateDiagram-v2\n")
        start = next(iter(module.State))
        parts.append(f"    [*] --> {start.value}\n")
        for state, row in module.TABLE.items():
            parts += [
                f"    {state.value} --> {to.value}: {event.kind.partition('.')[2]}\n" for event, to in row.items()
            ]
        parts.append("```\n")
    return "".join(parts)


def events() -> str:
    parts = [
        NOTE,
        "# Events\n\nEvery kind of fact. Each may also have `content` and `content_digest`: words and photos.\n",
    ]
    for (kind, v), cls in sorted(KINDS.items()):
        fields = [f"`{f.name}`" for f in dataclasses.fields(cls) if f.name not in BASE]
        parts.append(f"\n### {kind} (v{v})\n\n{first_line(cls)}\n\nFields: {', '.join(fields) or 'none'}.\n")
    return "".join(parts)


def commands() -> str:
    parts = [
        NOTE,
        "# Commands\n\n`POST /api/v1/<things>/<id>/<verb>`; a creation has neither id nor verb. "
        "Each body has `command_id` and may have `seen_version`.\n\n"
        "| command | body | what it does | who |\n|---|---|---|---|\n",
    ]
    for (things, verb), use in COMMANDS.items():
        path = f"{things}/…/{verb}" if verb else things
        own = [f.name for f in msgspec.structs.fields(use.body) if f.name not in ("command_id", "seen_version")]
        who = ", ".join(f"{role.value} ({scope.value})" for role, scope in PERMISSIONS[use.verb].items())
        parts.append(f"| `{path}` | {', '.join(own) or '–'} | {use.words} | {who} |\n")
    return "".join(parts)


def permissions() -> str:
    roles = list(Role)
    parts = [NOTE, "# Who may do and see what\n\nFrom the one table in `domain/people.py`. Empty: no.\n\n"]
    parts.append("| verb | " + " | ".join(r.value for r in roles) + " |\n|---|" + "---|" * len(roles) + "\n")
    for verb, row in PERMISSIONS.items():
        parts.append(f"| {verb} | " + " | ".join(row[r].value if r in row else "" for r in roles) + " |\n")
    parts.append("\n## Fields\n\n| sight | rows | fields |\n|---|---|---|\n")
    for sight, rows in SEES.items():
        for things, fields in rows.items():
            shown = "all" if "*" in fields else ", ".join(sorted(fields))
            parts.append(f"| {sight.value} | {things} | {shown} |\n")
    return "".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "states.md": states,
    "events.md": events,
    "commands.md": commands,
    "permissions.md": permissions,
}


def stale() -> list[str]:
    """Names of pages that the code has left behind."""
    return [
        name
        for name, make in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != make()
    ]


def main() -> None:
    if "--check" in sys.argv:
        if names := stale():
            raise SystemExit(f"docs/reference is behind the code: {', '.join(names)}. Run tools/make_docs.py.")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
