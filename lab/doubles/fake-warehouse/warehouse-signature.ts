import { createHmac } from 'node:crypto';

/** Header with the time of signing in seconds since 1970. */
export const WAREHOUSE_TIMESTAMP = 'x-warehouse-timestamp';
/** Header with the hex HMAC-SHA256. */
export const WAREHOUSE_SIGNATURE = 'x-warehouse-signature';

/** Signs a call: method, path with query, time and body, a line each. */
export function signCall(secret: string, method: string, url: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${method}\n${url}\n${timestamp}\n${body}`).digest('hex');
}

/** Signs a webhook: `{timestamp}.{raw body}`. */
export function signEvent(secret: string, timestamp: string, rawBody: string | Uint8Array): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('hex');
}
