"""What became of telling somebody."""

from __future__ import annotations

from hadir.domain.events.base import Event, event


@event("notice.channel_changed")
class NoticeChannelChanged(Event):
    """Somebody was not reached by one channel, and the next one was tried; or there was none left."""

    to: str
    #: the thing that he was to be told of, «orders/01J…»
    about: str
    #: which notice it was («order_sent»)
    says: str
    #: push, whatsapp, sms, email
    before: str | None = None
    #: None: nothing was left to try
    channel: str | None = None
    #: no_device, not_delivered, failed
    why: str
