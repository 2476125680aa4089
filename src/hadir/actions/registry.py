"""All commands on one screen: the thing and the verb as they stand in a URL, the body, the handler, what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hadir.actions import (
    alarms,
    answers,
    covering,
    fields,
    incidents,
    merging,
    mydata,
    orders,
    reports,
    talk,
    tasks,
    telling,
)
from hadir.actions import commands as c
from hadir.actions.context import Context
from hadir.actions.decision import Done
from hadir.actions.execute import Handler, run
from hadir.domain.refusals import Refusal, unknown
from hadir.domain.values import Actor


@dataclass(frozen=True, slots=True)
class Use:
    """One command: its body's type, its handler, the permission it asks for, a sentence for the docs."""

    body: type[c.Command]
    handler: Handler
    verb: str
    words: str


COMMANDS: Mapping[tuple[str, str], Use] = {
    ("reports", ""): Use(c.ReceiveReport, reports.receive, "report.receive", "Say what is wrong, and where."),
    ("reports", "add-photos"): Use(
        c.AddPhotos, telling.add_photos, "report.add_photos", "The photos that the report announced."
    ),
    ("reports", "claim"): Use(c.Plain, reports.claim, "report.claim", "Open it, so that nobody else does."),
    ("reports", "release"): Use(c.Plain, reports.release, "report.release", "Put it back into the queue."),
    ("reports", "admit"): Use(c.Plain, reports.admit, "report.admit", "Out of the quarantine, into the queue."),
    ("reports", "hold"): Use(c.Plain, reports.hold, "report.hold", "Undo that: back into the quarantine."),
    ("reports", "dismiss"): Use(c.Dismiss, reports.dismiss, "report.dismiss", "It needs no work, and why."),
    ("reports", "restore"): Use(c.Plain, reports.restore, "report.restore", "Undo a dismissal."),
    ("reports", "join"): Use(c.Join, reports.join, "report.join", "It tells of this incident."),
    ("reports", "leave"): Use(c.Plain, reports.leave, "report.leave", "Undo the joining."),
    ("reports", "recategorise"): Use(
        c.Recategorise, reports.recategorise, "report.recategorise", "Overrule the suggested category."
    ),
    ("reports", "relocate"): Use(c.Relocate, reports.relocate, "report.relocate", "Confirm or correct where it is."),
    ("reports", "prioritise"): Use(
        c.Prioritise, reports.prioritise, "report.prioritise", "Overrule its place in the queue, with a reason."
    ),
    ("reports", "confirm"): Use(c.Plain, reports.confirm, "report.confirm", "The reporter says: solved."),
    ("reports", "dispute"): Use(c.Dispute, reports.dispute, "report.dispute", "The reporter says: not solved."),
    ("reports", "follow-up"): Use(
        c.FollowUp, talk.follow_up, "report.follow_up", "The reporter tells more, or answers a question."
    ),
    ("reports", "rate"): Use(c.Rate, talk.rate, "report.rate", "What the reporter thinks of the result."),
    ("reports", "ask"): Use(c.Ask, talk.ask, "report.ask", "Ask the reporter; he answers behind his link."),
    ("reports", "withdraw"): Use(c.Plain, talk.withdraw, "report.withdraw", "The question is not asked any more."),
    ("reports", "hear"): Use(c.Hear, talk.hear, "report.hear", "This desk has read what the reporter added."),
    ("reports", "cover"): Use(
        covering.CoverPhoto, covering.cover, "photo.cover", "Cover faces and plates in a photo, and let it be public."
    ),
    ("reports", "correct"): Use(
        mydata.CorrectReport, mydata.correct, "report.correct", "The reporter puts own words and contact right."
    ),
    ("reports", "erase"): Use(
        c.Plain, mydata.ask_erasure, "report.erase", "The reporter has it erased, after a time for second thoughts."
    ),
    ("reports", "keep"): Use(c.Plain, mydata.keep, "report.keep", "The erasure is taken back."),
    ("incidents", ""): Use(
        c.OpenIncident, incidents.open_incident, "incident.open", "Open an incident, from a report or from knowledge."
    ),
    ("incidents", "grade"): Use(c.Grade, incidents.grade, "incident.grade", "Set severity and command level."),
    ("incidents", "note"): Use(c.Note, incidents.note, "incident.note", "Write on its timeline."),
    ("incidents", "me-too"): Use(c.Plain, incidents.second, "incident.second", "«Saya juga»: once a person."),
    ("incidents", "resolve"): Use(
        c.Because, incidents.resolve, "incident.resolve", "It is solved; the reporters are asked."
    ),
    ("incidents", "reopen"): Use(c.Because, incidents.reopen, "incident.reopen", "It is not solved after all."),
    ("incidents", "close"): Use(c.Plain, incidents.close, "incident.close", "Over, and off the board."),
    ("incidents", "merge"): Use(c.Merge, merging.merge, "incident.merge", "Other incidents are the same: one goes on."),
    ("incidents", "unmerge"): Use(
        c.Unmerge, merging.unmerge, "incident.unmerge", "Undo a merge: each gets back what it brought."
    ),
    ("incidents", "split"): Use(c.Split, merging.split, "incident.split", "Some reports tell of something else."),
    ("incidents", "unsplit"): Use(c.Unsplit, merging.unsplit, "incident.unsplit", "Undo a split."),
    ("tasks", ""): Use(c.GiveTask, tasks.give, "task.give", "Give an agency something to do about an incident."),
    ("tasks", "assign"): Use(c.Assign, tasks.assign, "task.assign", "Give it to one officer of the agency."),
    ("tasks", "unassign"): Use(
        c.Plain, tasks.unassign, "task.unassign", "Take it back from the officer, as long as he has not taken it."
    ),
    ("tasks", "accept"): Use(c.Pressed, tasks.accept, "task.accept", "The officer takes it."),
    ("tasks", "decline"): Use(c.Because, tasks.decline, "task.decline", "The officer cannot, and why."),
    ("tasks", "depart"): Use(c.Pressed, tasks.depart, "task.depart", "Under way."),
    ("tasks", "arrive"): Use(c.Pressed, tasks.arrive, "task.arrive", "On the scene."),
    ("tasks", "finish"): Use(c.Finish, tasks.finish, "task.finish", "Done, with evidence."),
    ("tasks", "verify"): Use(c.Plain, tasks.verify, "task.verify", "Seen to be done, by one who did not do it."),
    ("tasks", "send-back"): Use(c.Because, tasks.send_back, "task.send_back", "Not done well enough, and why."),
    ("tasks", "cancel"): Use(c.Because, tasks.cancel, "task.cancel", "No longer needed, and why."),
    ("tasks", "offer"): Use(c.Offer, tasks.offer, "task.offer", "Offer it to another agency, and why."),
    ("tasks", "take"): Use(c.Plain, tasks.take, "task.take", "Take over what was offered."),
    ("tasks", "return"): Use(c.Because, tasks.give_back, "task.return", "Decline what was offered, and why."),
    ("orders", ""): Use(c.GiveOrder, orders.give, "order.give", "One order to one named officer."),
    ("orders", "deliver"): Use(
        c.OrderPressed, answers.deliver, "order.deliver", "The addressee's phone has stored it."
    ),
    ("orders", "see"): Use(c.OrderPressed, answers.see, "order.see", "It stood on a visible screen for a second."),
    ("orders", "read-back"): Use(
        c.ReadBack, answers.read_back, "order.read_back", "Say it back, chosen or spoken, never copied."
    ),
    ("orders", "confirm"): Use(c.Plain, orders.confirm, "order.confirm", "It was read back right."),
    ("orders", "correct"): Use(c.Correct, orders.correct, "order.correct", "A new version, to be read back again."),
    ("orders", "accept"): Use(c.OrderPressed, answers.accept, "order.accept", "Take it; a task is made or joined."),
    ("orders", "refuse"): Use(c.Because, answers.refuse, "order.refuse", "Cannot, and why."),
    ("orders", "cancel"): Use(c.Because, orders.cancel, "order.cancel", "Take it back, and why."),
    ("units", "status"): Use(c.SetStatus, fields.set_status, "unit.set_status", "One of the ten keys."),
    ("units", "emergency"): Use(c.Emergency, alarms.raise_emergency, "unit.emergency", "An officer needs help now."),
    ("units", "check-in"): Use(c.Pressed, alarms.check_in, "unit.check_in", "«Saya aman», or heard on the radio."),
    ("units", "acknowledge"): Use(c.Alarm, alarms.acknowledge, "unit.acknowledge", "Take an officer's alarm."),
    ("units", "close-alarm"): Use(c.CloseAlarm, alarms.close, "unit.close_alarm", "An alarm is over, and how."),
    ("areas", "sign"): Use(c.Sign, fields.sign, "area.sign", "An officer stands in the water."),
    ("areas", "declare"): Use(c.Declare, fields.declare, "area.declare", "A named person declares the flood."),
    ("areas", "recede"): Use(c.Plain, fields.recede, "area.recede", "The water goes down."),
    ("areas", "end"): Use(c.Plain, fields.end, "area.end", "It is over."),
}
"""(things, verb) → the command. Creations have an empty verb."""


async def execute(ctx: Context, actor: Actor, things: str, verb: str, id: str, command: c.Command) -> Done | Refusal:
    """Carry out one command on one thing; `id` is empty for a creation. Raises DiskFull and Unavailable."""
    use = COMMANDS.get((things, verb))
    if use is None:
        return unknown("no_command")
    return await run(ctx, actor, use.verb, id, command, use.handler)
