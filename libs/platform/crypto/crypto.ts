import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a text as 64 hex digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** HMAC-SHA256 as 64 hex digits. */
export function hmacSha256Hex(key: string | Buffer, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

/** Compares two texts without telling by its duration where they differ. */
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
