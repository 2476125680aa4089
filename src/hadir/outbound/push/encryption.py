"""A message for one browser and nobody between: RFC 8291 over RFC 8188 («aes128gcm»). Sans-I/O.

One record. The cryptography is the library's (ECDH on P-256, HKDF, AES-GCM); here is only the order in which the RFC
asks for it, checked against its own example in the tests. The plain text is padded to steps, so that its length says
little about it.
"""

import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
# RFC 8291 §4: a push service must take 4,096 bytes and need not take more.
RECORD = 4096
# The header (salt 16, record size 4, key length 1, key 65), the delimiter and the tag are in that.
PLAIN_MOST = RECORD - (16 + 4 + 1 + 65) - 1 - 16
PAD_STEP = 512


class BadKey(ValueError):
    """What the browser gave is not a point on P-256, or not a secret of 16 bytes."""


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def check_keys(p256dh: bytes, auth: bytes) -> ec.EllipticCurvePublicKey:
    """The browser's key. Raises BadKey."""
    if len(p256dh) != 65 or len(auth) != 16:
        raise BadKey("a key of 65 bytes and a secret of 16 are asked for")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    except ValueError as error:
        raise BadKey("not a point on P-256") from error


def encrypt(plain: bytes, p256dh: bytes, auth: bytes) -> bytes:
    """The body of the request. Raises BadKey, ValueError when it is too long."""
    padded = min(PLAIN_MOST, -(-len(plain) // PAD_STEP) * PAD_STEP)
    return sealed(plain, p256dh, auth, ec.generate_private_key(CURVE), secrets.token_bytes(16), padded - len(plain))


def sealed(
    plain: bytes, p256dh: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes, padding: int
) -> bytes:
    """With a key and a salt that must serve for this one message only."""
    if len(plain) > PLAIN_MOST:
        raise ValueError(f"{len(plain)} bytes are more than {PLAIN_MOST}")
    theirs, ours = check_keys(p256dh, auth), public_bytes(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    material = _derived(auth, shared, b"WebPush: info\0" + p256dh + ours, 32)
    key = _derived(salt, material, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, material, b"Content-Encoding: nonce\0", 12)
    # 2 marks the last record; zeros after it are padding.
    cipher = AESGCM(key).encrypt(nonce, plain + b"\x02" + bytes(padding), None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours + cipher


def _derived(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)
