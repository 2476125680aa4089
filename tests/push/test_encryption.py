"""RFC 8291, RFC 8292 and RFC 8030's headers: against the RFC's own example, and against a decoder that is not ours."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from hadir.outbound.push.encryption import CURVE, PLAIN_MOST, BadKey, check_keys, encrypt, public_bytes, sealed
from hadir.outbound.push.service import retry_after, topic_name
from hadir.outbound.push.vapid import Vapid
from tests.push.service import PushServer, decrypted, unb64

NOW = datetime(2026, 1, 7, 14, 0, tzinfo=UTC)
KEY = ec.generate_private_key(CURVE)
POINT = public_bytes(KEY.public_key())


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), CURVE)


def test_the_example_of_rfc_8291_appendix_a_comes_out_byte_for_byte() -> None:
    body = sealed(
        b"When I grow up, I want to be a watermelon",
        unb64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        unb64("BTBZMqHH6r4Tts7J_aSIgg"),
        private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        unb64("DGv6ra1nlYgDCS1FRnbzlw"),
        padding=0,
    )
    assert body == unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.binary(min_size=1, max_size=PLAIN_MOST).filter(lambda plain: not plain.endswith((b"\0", b"\x02"))))
def test_what_is_encrypted_comes_back_and_fits(plain: bytes) -> None:
    auth = b"a" * 16
    assert decrypted(encrypt(plain, POINT, auth), KEY, auth) == plain


def test_lengths_are_hidden_in_steps() -> None:
    sizes = {len(encrypt(b"x" * length, POINT, b"a" * 16)) for length in range(1, 513)}
    assert len(sizes) == 1


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        encrypt(b"x" * (PLAIN_MOST + 1), POINT, b"a" * 16)


@pytest.mark.parametrize(
    ("point", "auth"),
    [(POINT[:-1], b"a" * 16), (b"\4" * 65, b"a" * 16), (POINT, b"a" * 15)],
    ids=["a point too short", "no point of the curve", "a secret too short"],
)
def test_keys_that_are_none_are_refused(point: bytes, auth: bytes) -> None:
    with pytest.raises(BadKey):
        check_keys(point, auth)


def test_the_token_says_who_we_are_to_one_service_and_not_for_long() -> None:
    vapid = Vapid(b"s" * 32, "mailto:hadir@kota.example")
    claims = PushServer.claims(vapid.authorization("https://push.example/send/1?x=y", NOW))
    assert (claims["aud"], claims["sub"]) == ("https://push.example", "mailto:hadir@kota.example")
    assert timedelta(0) < datetime.fromtimestamp(claims["exp"], UTC) - NOW <= timedelta(hours=24)
    assert claims["k"] == vapid.public
    assert PushServer.claims(vapid.authorization("https://other.example/1", NOW))["aud"] == "https://other.example"


def test_a_token_is_used_again_and_made_anew_before_it_is_over() -> None:
    vapid = Vapid(b"s" * 32, "mailto:x@y.example")
    first = vapid.authorization("https://push.example/1", NOW)
    assert vapid.authorization("https://push.example/2", NOW + timedelta(hours=5)) == first
    later = PushServer.claims(vapid.authorization("https://push.example/2", NOW + timedelta(hours=11)))
    assert datetime.fromtimestamp(later["exp"], UTC) > NOW + timedelta(hours=20)


@pytest.mark.parametrize("secret", [b"\0" * 32, b"\xff" * 32])
def test_any_secret_makes_a_key(secret: bytes) -> None:
    PushServer.claims(Vapid(secret, "mailto:x@y.example").authorization("https://push.example", NOW))


def test_a_topic_is_short_and_tells_nothing() -> None:
    name = topic_name("petugas-1 order/orders/01J")
    assert len(name) == 32
    assert name.replace("-", "").replace("_", "").isalnum()
    assert name == topic_name("petugas-1 order/orders/01J") != topic_name("petugas-2 order/orders/01J")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", None), ("120", 120.0), ("999999", 3600.0), ("soon", None), ("Wed, 07 Jan 2026 14:01:00 GMT", 60.0)],
)
def test_a_service_may_say_when(text: str, seconds: float | None) -> None:
    assert retry_after(text, NOW) == seconds
