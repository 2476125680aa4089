/**
 * Command ids are made before a command is sent, so that a repeat after a lost answer is recognised.
 * ULID: 48 bits of milliseconds, 80 bits of randomness, Crockford's base 32 (no I, L, O, U), 26 characters.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function ulid(milliseconds: number, randomness: Uint8Array): string {
  if (randomness.length < 10) throw new RangeError("a ULID needs 10 bytes of randomness");
  let value = BigInt(Math.trunc(milliseconds)) & ((1n << 48n) - 1n);
  for (const byte of randomness.subarray(0, 10)) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return text;
}

export function commandId(): string {
  return ulid(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}
