"""Web Push and what comes after it: who is told of what, on which device, and by which channel when no device answers.

Facts → notices (`notifier`, by the one table in `table`) → attempts (`courier`) → a push service (`service`, with
RFC 8291 in `encryption` and RFC 8292 in `vapid`) or a `Sender`. Words are chosen at the last moment (`telling`), by
what the receiver may see then.

Invariants: at least once, and twice is seen once; a payload holds nothing that the screen does not show him; endpoints
come from outside and go through the gate. Allowed imports: outbound.kit, actions (to put a changed channel on record),
views and the rings inside them.
"""

from hadir.outbound.push.courier import Courier, Way
from hadir.outbound.push.notifier import Notifier
from hadir.outbound.push.service import PushService
from hadir.outbound.push.telling import Teller
from hadir.outbound.push.vapid import Vapid

__all__ = ["Courier", "Notifier", "PushService", "Teller", "Vapid", "Way"]
