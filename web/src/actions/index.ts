/** Every action by name, and all of them in one list for the palette, the help and the tests. */
import { declare } from "./area/declare.ts";
import { end } from "./area/end.ts";
import { recede } from "./area/recede.ts";
import { close } from "./incident/close.ts";
import { giveOrder } from "./incident/giveOrder.ts";
import { giveTask } from "./incident/giveTask.ts";
import { grade } from "./incident/grade.ts";
import { note } from "./incident/note.ts";
import { openIncident } from "./incident/openIncident.ts";
import { reopen } from "./incident/reopen.ts";
import { resolve } from "./incident/resolve.ts";
import { acceptOrder } from "./order/acceptOrder.ts";
import { cancelOrder } from "./order/cancelOrder.ts";
import { confirmOrder } from "./order/confirmOrder.ts";
import { correct } from "./order/correct.ts";
import { deliver } from "./order/deliver.ts";
import { readBack } from "./order/readBack.ts";
import { refuse } from "./order/refuse.ts";
import { see } from "./order/see.ts";
import { sign } from "./area/sign.ts";
import { claim } from "./report/claim.ts";
import { dismiss } from "./report/dismiss.ts";
import { join } from "./report/join.ts";
import { leave } from "./report/leave.ts";
import { open } from "./report/open.ts";
import { prioritise } from "./report/prioritise.ts";
import { recategorise } from "./report/recategorise.ts";
import { release } from "./report/release.ts";
import { relocate } from "./report/relocate.ts";
import { acceptTask } from "./task/acceptTask.ts";
import { arrive } from "./task/arrive.ts";
import { assign } from "./task/assign.ts";
import { cancelTask } from "./task/cancelTask.ts";
import { decline } from "./task/decline.ts";
import { depart } from "./task/depart.ts";
import { finish } from "./task/finish.ts";
import { giveBack } from "./task/giveBack.ts";
import { offer } from "./task/offer.ts";
import { sendBack } from "./task/sendBack.ts";
import { take } from "./task/take.ts";
import { verify } from "./task/verify.ts";
import { acknowledge } from "./unit/acknowledge.ts";
import { checkIn } from "./unit/checkIn.ts";
import { closeAlarm } from "./unit/closeAlarm.ts";
import { emergency } from "./unit/emergency.ts";
import { setStatus } from "./unit/setStatus.ts";
import type { Action } from "./types.ts";

export const reportActions = { claim, dismiss, join, leave, open, prioritise, recategorise, release, relocate };
export const incidentActions = { close, giveOrder, giveTask, grade, note, openIncident, reopen, resolve };
export const taskActions = { acceptTask, arrive, assign, cancelTask, decline, depart, finish, giveBack, offer, sendBack, take, verify };
export const orderActions = { acceptOrder, cancelOrder, confirmOrder, correct, deliver, readBack, refuse, see };
export const unitActions = { acknowledge, checkIn, closeAlarm, emergency, setStatus };
export const areaActions = { declare, end, recede, sign };

export const ALL = [reportActions, incidentActions, taskActions, orderActions, unitActions, areaActions].flatMap(
  (group) => Object.values(group) as unknown as Action<unknown, unknown>[],
);
