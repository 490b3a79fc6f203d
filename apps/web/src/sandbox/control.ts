import type { PageStart } from './control-types.js';

/** Data that the sandbox wrote into the page. */
export const start = JSON.parse(document.querySelector('#start')?.textContent ?? '{}') as PageStart;

/** An error of the control API, with its message. */
export class ControlError extends Error {
  /** Takes the HTTP status (0 if there was no reply), the message, and messages by field. */
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Options of a request. */
export interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** Calls the control API under `/sandbox`. Throws `ControlError` unless the call succeeds. */
export async function ask<T>(path: string, { method = 'GET', body, signal }: AskOptions = {}): Promise<T> {
  const request: RequestInit = { method };
  if (signal) request.signal = signal;
  if (body) Object.assign(request, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const reply = await fetch(`sandbox${path}`, request).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ControlError(0, 'The sandbox does not respond. Is it running?');
  });
  const answer = (await reply.json().catch(() => ({}))) as { errorMsg?: string; errors?: Record<string, string> };
  if (reply.ok) return answer as T;
  const fields = answer.errors ?? {};
  const details = Object.entries(fields).map(([field, message]) => `${field} ${message}`);
  throw new ControlError(reply.status, [answer.errorMsg ?? `The sandbox returned HTTP ${reply.status}`, ...details].join('; '), fields);
}

/** Calls the control API of the account whose page this is. */
export function askAccount<T>(path: string, options?: AskOptions): Promise<T> {
  return ask(`/accounts/${encodeURIComponent(start.account)}${path}`, options);
}

/** Runs a callback of a module, as a manager's click in the CRM does. */
export function runCallback<T>(module: string, callback: string, body: object = {}): Promise<T> {
  return askAccount(`/modules/${encodeURIComponent(module)}/callbacks/${callback}`, { method: 'POST', body });
}
