import type { PageStart } from './control-types.js';

/** What the sandbox wrote into the page. */
export const start = JSON.parse(document.querySelector('#start')?.textContent ?? '{}') as PageStart;

/** A refusal of the control API, in its words. */
export class ControlError extends Error {
  /** Takes the HTTP status (0: no answer), the message, and messages by field. */
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What may go with a request. */
export interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** Asks the control API under `/sandbox`; throws `ControlError` for anything but a success. */
export async function ask<T>(path: string, { method = 'GET', body, signal }: AskOptions = {}): Promise<T> {
  const request: RequestInit = { method };
  if (signal) request.signal = signal;
  if (body) Object.assign(request, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const reply = await fetch(`sandbox${path}`, request).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ControlError(0, 'The sandbox does not answer: is it running?');
  });
  const answer = (await reply.json().catch(() => ({}))) as { errorMsg?: string; errors?: Record<string, string> };
  if (reply.ok) return answer as T;
  const fields = answer.errors ?? {};
  const details = Object.entries(fields).map(([field, message]) => `${field} ${message}`);
  throw new ControlError(reply.status, [answer.errorMsg ?? `The sandbox answered ${reply.status}`, ...details].join('; '), fields);
}

/** The same below the account whose address was opened. */
export function askAccount<T>(path: string, options?: AskOptions): Promise<T> {
  return ask(`/accounts/${encodeURIComponent(start.account)}${path}`, options);
}

/** Runs a callback of a module: what a manager's click does. */
export function runCallback<T>(module: string, callback: string, body: object = {}): Promise<T> {
  return askAccount(`/modules/${encodeURIComponent(module)}/callbacks/${callback}`, { method: 'POST', body });
}
