"""What a subscriber reads: kind, place and state, never a word that somebody wrote; and how it ends."""

from collections.abc import Callable, Sequence

from hadir.domain.city import City
from hadir.domain.following import News, Subscriber
from hadir.domain.notice import Channel
from hadir.ports.sender import Message
from hadir.words import Words

#: A message lists so many; the page has the rest.
LISTED_MOST = 6


class Letters:
    """Messages in the subscriber's language."""

    def __init__(
        self, *, city: City, words: Words, base: str, link: Callable[[str], str], track: Callable[[str], str]
    ) -> None:
        """`link`: subscription id → its secret; `track`: report id → the secret of its page."""
        self._city = city
        self._words = words
        self._base = base.rstrip("/")
        self._link = link
        self._track = track

    def confirm(self, who: Subscriber, asks: News) -> Message:
        """«Is it you?» Nothing is subscribed until the page behind the link is pressed."""
        return Message(
            id=f"{asks.subscription}-{asks.position}",
            title=self._say(who, "follow.mail.confirm", city=self._city.title.say(who.lang)),
            body=self._say(who, "follow.mail.confirm_body", city=self._city.title.say(who.lang)),
            url=f"{self._base}/sekitar/l/{self._link(asks.subscription)}",
        )

    def news(self, who: Subscriber, news: Sequence[News]) -> Message:
        """One thing whole; several as a list, the newest first."""
        lines = [self._line(who, each) for each in news[:LISTED_MOST]]
        first = lines[0]
        if len(news) == 1:
            title, body = first
        else:
            title = self._say(who, "follow.many", n=str(len(news)))
            body = "\n".join(f"{what}. {where}" for what, where in lines)
        if (more := len(news) - LISTED_MOST) > 0:
            body += "\n" + self._say(who, "follow.more", n=str(more))
        ends = f"{self._base}/sekitar/l/{self._link(news[0].subscription)}"
        mailed = who.channel is Channel.EMAIL
        return Message(
            id=f"{who.id}-{news[0].position}",
            title=title,
            body=f"{body}\n\n{self._say(who, 'follow.mail.end', url=ends)}" if mailed else body,
            url=self._url(who, news),
            headers=_one_press(f"{ends}/henti") if mailed else (),
        )

    def _line(self, who: Subscriber, each: News) -> tuple[str, str]:
        """(what and state, where)"""
        if each.about.startswith("reports/"):
            ref = each.about[-5:]
            return self._say(who, f"follow.report.{each.says}", ref=ref), self._say(who, "follow.report.open")
        where = self._where(who, each)
        kind = self._city.category_by_code.get(each.category)
        what = kind.name.say(who.lang) if kind else ""
        return self._say(who, f"follow.says.{each.says}", what=what), where

    def _where(self, who: Subscriber, each: News) -> str:
        area = self._city.area_by_code.get(each.area or "")
        return area.name if area else self._city.title.say(who.lang)

    def _url(self, who: Subscriber, news: Sequence[News]) -> str:
        reports = {each.about.partition("/")[2] for each in news if each.about.startswith("reports/")}
        if reports and len(reports) == len(news) == 1:
            path = f"/l/{self._track(reports.pop())}"
        else:
            path = f"/sekitar/l/{self._link(news[0].subscription)}"
        return f"{self._base}{path}" if who.channel is Channel.EMAIL else path

    def _say(self, who: Subscriber, key: str, **params: str) -> str:
        return self._words.say(key, who.lang, **params)


def _one_press(url: str) -> tuple[tuple[str, str], ...]:
    """RFC 8058 (one POST ends it) over RFC 2369."""
    return ("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
