"""Quiet hours over midnight, and the order of channels."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.domain.notice import Channel, Contact, NoticeRules, Quiet, next_channel, sleeps
from hadir.outbound.push.courier import wakes_at

ALL = frozenset(Channel)
ORDER = ("whatsapp", "sms", "email")


def contact(channel: Channel) -> Contact:
    return Contact(account="ana", channel=channel, address="x")


@pytest.mark.parametrize(
    ("begins", "ends", "at", "quiet"),
    [
        ("22:00", "05:00", "23:00", True),
        ("22:00", "05:00", "04:59", True),
        ("22:00", "05:00", "05:00", False),
        ("22:00", "05:00", "21:59", False),
        ("12:00", "13:00", "12:30", True),
        ("12:00", "13:00", "13:00", False),
        ("00:00", "00:00", "00:00", False),
    ],
)
def test_quiet_hours(begins: str, ends: str, at: str, quiet: bool) -> None:
    hours = Quiet(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    assert hours.at(time.fromisoformat(at)) is quiet


@given(st.times(), st.times(), st.integers(0, 20 * 366 * 86_400))
def test_whoever_sleeps_wakes_within_a_day_and_not_before(begins: time, ends: time, seconds: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    ends = ends.replace(second=0, microsecond=0)
    quiet = Quiet(begins=begins, ends=ends)
    wakes = wakes_at(quiet, now, "Asia/Jakarta")
    assert now < wakes <= now + timedelta(days=1)
    if begins != ends:
        assert not sleeps(quiet, wakes, "Asia/Jakarta")


def test_channels_are_tried_in_the_citys_order_and_each_once() -> None:
    contacts = [contact(each) for each in (Channel.EMAIL, Channel.SMS)]
    first = next_channel(Channel.PUSH, contacts, ALL, ORDER)
    assert first == contact(Channel.SMS)
    assert next_channel(Channel.SMS, contacts, ALL, ORDER) == contact(Channel.EMAIL)
    assert next_channel(Channel.EMAIL, contacts, ALL, ORDER) is None


def test_a_channel_that_is_not_set_up_is_passed_over() -> None:
    contacts = [contact(each) for each in (Channel.EMAIL, Channel.SMS)]
    assert next_channel(None, contacts, frozenset({Channel.EMAIL}), ORDER) == contact(Channel.EMAIL)
    assert next_channel(None, contacts, frozenset(), ORDER) is None


def test_the_rules_of_a_pack_that_says_nothing() -> None:
    assert NoticeRules().quiet() == Quiet(begins=time(22), ends=time(5))
