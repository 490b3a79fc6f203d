import { createHash, createHmac, hash, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** SHA-256 of a text as 64 hex digits. */
export function sha256Hex(text: string): string {
  return hash('sha256', text);
}

/** HMAC-SHA256 as 64 hex digits. */
export function hmacSha256Hex(key: string | Buffer, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

/** Compares two texts in a time that does not reveal where they differ. */
export function equalInConstantTime(left: string, right: string): boolean {
  // Hashing makes both sides equally long, so the length reveals nothing.
  const a = createHash('sha256').update(left).digest();
  const b = createHash('sha256').update(right).digest();
  return timingSafeEqual(a, b);
}

/** A random token of `bytes` bytes as URL-safe text; 32 bytes by default. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** Random bytes in an id, and the number of ids that they are fetched for in one call. */
const ID_BYTES = 16;
const IDS_AT_ONCE = 256;
const randomness = new Uint8Array(ID_BYTES * IDS_AT_ONCE);
let used = randomness.length;

/**
 * Returns a new UUID of version 7, as `uuid` makes them, at a sixth of the cost. Ids of one millisecond are
 * unordered.
 * `at`: its time in milliseconds since 1970, by default now.
 */
export function newId(at?: number): string {
  if (used === randomness.length) {
    randomFillSync(randomness);
    used = 0;
  }
  used += ID_BYTES;
  const random = randomness.subarray(used - ID_BYTES, used);
  return uuidv7(at === undefined ? { random } : { random, msecs: at });
}

/** Returns the lowest id of version 7 that can be made at a time. */
export function toFirstId(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
